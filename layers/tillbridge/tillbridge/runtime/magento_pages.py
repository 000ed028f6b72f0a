"""What a Magento shop's server and its admin's pop-up call (invariant 7)."""

from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import parse_qsl

from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEvent

from tillbridge.domain.errors import InputError
from tillbridge.runtime import observe
from tillbridge.runtime.connect_pages import Answer, ConnectPages
from tillbridge.runtime.pages import web


@dataclass(frozen=True, slots=True)
class MagentoPages:
    """The addresses below ``/connect/magento``."""

    pages: ConnectPages

    def activated(self, event: APIGatewayProxyEvent) -> Answer:
        """Keep what the shop's server posts, and answer at once. It does not look at the answer."""
        from tillbridge.runtime.magento_handshake import posted, sealed  # noqa: PLC0415

        try:
            activation = posted(dict(parse_qsl(web.body_of(event, web.FORM), max_num_fields=web.MOST_FIELDS)))
            self.pages.doors.magento.activated(activation.address, activation.consumer_key, sealed(activation))
        except (InputError, ValueError) as error:
            observe.count("HookRefused")
            if isinstance(error, InputError):
                observe.trouble(error)
            return web.told(HTTPStatus.BAD_REQUEST, getattr(error, "code", "BadBody"))
        return web.told(HTTPStatus.OK, "ok")

    def identify(self, event: APIGatewayProxyEvent) -> Answer:
        """Finish in the pop-up, and send it back to the shop's admin, which closes it."""
        query = web.query_of(event)
        connected, back = self.pages.doors.magento.finish(
            query.get("oauth_consumer_key", ""), web.browser_of(event), query.get("success_call_back", "")
        )
        self.pages.done(connected)
        return web.leave(back)
