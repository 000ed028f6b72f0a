"""The pages that BigCommerce's control panel shows in a frame, and the calls of its servers (invariant 7)."""

from dataclasses import dataclass
from http import HTTPStatus

from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEvent

from tillbridge.domain.errors import InputError
from tillbridge.domain.merchant import System
from tillbridge.runtime import observe
from tillbridge.runtime.connect_pages import Answer, ConnectPages
from tillbridge.runtime.pages import web
from tillbridge.runtime.pages.render import told_page


@dataclass(frozen=True, slots=True)
class BigCommercePages:
    """The pages below ``/connect/bigcommerce``."""

    pages: ConnectPages

    def auth(self, event: APIGatewayProxyEvent) -> Answer:
        """Take an installation."""
        return self.pages.done(self.pages.doors.bigcommerce.install(web.query_of(event)))

    def load(self, event: APIGatewayProxyEvent) -> Answer:
        """Show that the store is connected to whoever opens the app, any user of the store."""
        call = self.pages.doors.signed_call(web.parameter(event, "signed_payload_jwt"))
        connection = self.pages.doors.bigcommerce.connected(call.store)
        if connection is None:
            return self.pages.page(
                told_page(
                    "Begin with your provider's link",
                    "Nothing is connected: Tillbridge has to know which till this store belongs to.",
                    "Open the link that your provider sent you, enter this store there, and install the app again.",
                )
            )
        return self.pages.page(
            told_page(
                "This store is connected",
                f"{connection.account_name or connection.account_id} is kept in step with its till.",
                "There is nothing to do here. If something does not work, tell your provider.",
            )
        )

    def uninstall(self, event: APIGatewayProxyEvent) -> Answer:
        """Close the connection of a store that the app was taken out of; a server asks, not a person."""
        return self._called(event, closes=True)

    def remove_user(self, event: APIGatewayProxyEvent) -> Answer:
        """Take note that a user has gone: nothing is kept about users."""
        return self._called(event, closes=False)

    def _called(self, event: APIGatewayProxyEvent, *, closes: bool) -> Answer:
        try:
            call = self.pages.doors.signed_call(web.parameter(event, "signed_payload_jwt"))
        except InputError as error:
            observe.trouble(error)
            observe.count("HookRefused")
            return web.told(HTTPStatus.UNAUTHORIZED, error.code)
        if closes:
            self.pages.doors.gone.uninstalled(System.BIGCOMMERCE, call.store, call.at)
            observe.count("AppUninstalled")
        return web.told(HTTPStatus.OK, "ok")
