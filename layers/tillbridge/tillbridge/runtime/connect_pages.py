"""What each page of connecting does: take the request apart, ask the flows, and show what came of it.

Neither queries nor bodies nor cookies are logged: codes, states and keys are in them (invariant 5).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEvent

from tillbridge.domain.errors import BrokenConnectionError, InputError, RetryLaterError, TillbridgeError
from tillbridge.domain.merchant import System
from tillbridge.flows.connect_book import Connected
from tillbridge.flows.connect_errors import LINK_USED
from tillbridge.flows.connect_invite import Welcome
from tillbridge.flows.connect_till import VendorAnswer
from tillbridge.grants.keys import read_hand_off
from tillbridge.runtime import observe
from tillbridge.runtime.oauth import Doors
from tillbridge.runtime.pages import web
from tillbridge.runtime.pages.render import (
    SHOP_RIGHTS,
    activate_page,
    done_page,
    install_page,
    problem_page,
    start_page,
)

Answer = Response[str]


@dataclass(frozen=True, slots=True)
class ConnectPages:
    """The pages below ``/connect``."""

    doors: Doors
    request_id: str
    framed: str = ""  # whose pages may show these in a frame

    def start(self, event: APIGatewayProxyEvent) -> Answer:
        """Show what would be connected; looking at it uses nothing up."""
        return self._start(web.parameter(event, "invitation"), web.browser_of(event))

    def go_on(self, event: APIGatewayProxyEvent) -> Answer:
        """Send the browser to the vendor or shop; an address that will not do is asked for again."""
        form, browser = web.form_of(event), web.browser_of(event)
        token, address = form.get("invitation", ""), form.get("address", "")
        system = self.doors.reception.find(token).system
        if system.is_till:
            return web.redirect(self.doors.till.leave(token, browser), token)
        try:
            return self._leave(system, token, browser, address)
        except (InputError, BrokenConnectionError) as error:
            if isinstance(error, InputError) and error.field != "address":
                raise
            return self._start(token, browser, problem=error, address=address)

    def _leave(self, system: System, token: str, browser: str, address: str) -> Answer:
        """Send the browser to the shop, or say what has to be done there."""
        match system:
            case System.SHOPIFY:
                return web.redirect(self.doors.shopify.leave(token, browser, address), token)
            case System.BIGCOMMERCE:
                return self.page(install_page(self.doors.bigcommerce.expect(token, browser, address)))
            case System.MAGENTO:
                shop = self.doors.magento.expect(token, browser, address)
                return self.page(activate_page(shop, self.doors.reception.public_url))
            case _:
                return web.redirect(self.doors.shop.leave(token, browser, address), token)

    def lightspeed_callback(self, event: APIGatewayProxyEvent) -> Answer:
        """Take the browser back from the till's vendor."""
        state, code, error = (web.parameter(event, name) for name in ("state", "code", "error"))
        answer = VendorAnswer(state=state, code=code, error=error)
        return self.done(self.doors.till.come_back(answer, web.browser_of(event)))

    def woocommerce_keys(self, event: APIGatewayProxyEvent) -> Answer:
        """Take the keys from the shop's server, which deletes them again unless the answer is 200."""
        self.doors.shop.take_keys(read_hand_off(web.body_of(event, web.JSON)))
        return web.told(HTTPStatus.OK, "ok")

    def woocommerce_return(self, event: APIGatewayProxyEvent) -> Answer:
        """Take the browser back from the shop."""
        nonce, approved = web.parameter(event, "user_id"), web.parameter(event, "success") == "1"
        return self.done(self.doors.shop.come_back(nonce, web.browser_of(event), approved=approved))

    def problem(self, error: TillbridgeError, link: str = "") -> Answer:
        """Show an error of ours: what happened and what to do; ``link`` is where to begin again."""
        observe.trouble(error)
        observe.count("ConnectFailed")
        return self.page(problem_page(error, self.request_id, link), _status(error))

    def unexpected(self, error: Exception) -> Answer:
        """Show a defect as calmly as anything else; the log has its stack and an alarm its count."""
        observe.logger.error("A page of connecting failed", exc_info=error)
        observe.count("ConnectDefects")
        apology = TillbridgeError(
            "Something went wrong on our side.",
            remedy="Open the link once more in a few minutes. If it happens again, tell your provider.",
            code="Unexpected",
        )
        return self.page(problem_page(apology, self.request_id), HTTPStatus.INTERNAL_SERVER_ERROR)

    def guarded(self, serve: Callable[[APIGatewayProxyEvent], Answer], event: APIGatewayProxyEvent) -> Answer:
        """Serve a page; whatever goes wrong ends on a page as well (invariant 7)."""
        observe.count("ConnectRequests")
        try:
            return self._served(serve, event)
        except Exception as error:  # noqa: BLE001  told to the log, to a metric with an alarm, and to the merchant
            return self.unexpected(error)

    def _served(self, serve: Callable[[APIGatewayProxyEvent], Answer], event: APIGatewayProxyEvent) -> Answer:
        """Serve a page or say why not. To a browser whose link has had its effect, nothing else is worth saying."""
        try:
            return serve(event)
        except TillbridgeError as error:
            token = web.link_of(event)
            try:
                link = self.doors.reception.link(token) if token else ""
            except TillbridgeError as ended:
                return self.problem(ended if ended.code == LINK_USED else error)
            return self.problem(error, link)

    def _start(self, token: str, browser: str, *, problem: TillbridgeError | None = None, address: str = "") -> Answer:
        reception = self.doors.reception
        welcome = reception.welcome(token, browser)
        rights = self._rights(welcome)
        html = start_page(welcome, rights, reception.public_url, problem=problem, address=address)
        return self.page(html, _status(problem) if problem else HTTPStatus.OK, browser=welcome.browser)

    def _rights(self, welcome: Welcome) -> Mapping[str, str]:
        match welcome.invitation.system:
            case System.LIGHTSPEED:
                return self.doors.till.rights(welcome.merchant)
            case System.SHOPIFY:
                return self.doors.shopify.rights(welcome.merchant)
            case _:
                return SHOP_RIGHTS

    def done(self, connected: Connected) -> Answer:
        """Say that it worked."""
        observe.count("Reconnected" if connected.renewed else "Connected")
        observe.logger.info("Connected", extra=observe.about(connected.connection))
        merchant = self.doors.reception.merchants.get(connected.connection.merchant_id)
        return self.page(done_page(connected, merchant.name))

    def page(self, html: str, status: HTTPStatus = HTTPStatus.OK, *, browser: str = "") -> Answer:
        """Answer with a page."""
        return web.page(html, status, browser=browser, local=self.doors.local, framed=self.framed)


def _status(error: TillbridgeError) -> HTTPStatus:
    if isinstance(error, RetryLaterError):
        return HTTPStatus.SERVICE_UNAVAILABLE
    return HTTPStatus.BAD_REQUEST if isinstance(error, InputError) else HTTPStatus.UNPROCESSABLE_ENTITY
