"""A person with a browser: opens links, presses what is offered, and decides at the till's vendor or in the shop."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, Request, Response

from sandbox.bigcommerce.web.install import install_address
from tests.functional.grants.deployment import ADMIN, SHOPIFY_SHOP, Deployment
from tillbridge.domain.merchant import System

ACTION = "button[type=submit], a.button"
"""What a page of ours offers to be pressed."""


@dataclass
class Visit:
    """One tab, and what its present page has fetched."""

    deployment: Deployment
    page: Page
    requests: list[str] = field(default_factory=list)
    answer: Response | None = None
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", self._note_request)
        self.page.on("response", self._note_response)
        self.page.on("console", self._note_complaint)

    def open(self, url: str) -> None:
        self.page.goto(url)

    def open_link(self, system: System, address: str = "") -> str:
        """Open a fresh invitation; gives its link."""
        link = self.deployment.invite(system, address=address)
        self.open(link)
        return link

    def go_on(self, address: str = "") -> None:
        """Press the one thing to press, with the shop's address where it is asked for."""
        if address:
            self.page.fill("input[name=address]", address)
        self._press(ACTION)

    def approve(self, employee: str = ADMIN) -> None:
        """Approve on the vendor's page."""
        self.page.check(f"input[name=employee][value='{employee}']")
        self._press("button[value=approve]")

    def deny(self) -> None:
        self._press("button[value=deny]")

    def approve_in_shop(self) -> None:
        self._press("a.wc-auth-approve")

    def deny_in_shop(self) -> None:
        self._press("a.wc-auth-deny")

    def connect_till(self, employee: str = ADMIN) -> str:
        """Go the whole way of a till."""
        link = self.open_link(System.LIGHTSPEED)
        self.go_on()
        self.approve(employee)
        return link

    def connect_shop(self) -> str:
        """Go the whole way of a shop."""
        link = self.open_link(System.WOOCOMMERCE, self.deployment.shop_url)
        self.go_on()
        self.approve_in_shop()
        return link

    def ask_shopify(self) -> str:
        """Go as far as the page of a Shopify shop; gives the link."""
        link = self.open_link(System.SHOPIFY, SHOPIFY_SHOP)
        self.go_on()
        return link

    def install_in_shopify(self) -> None:
        self._press("button[value=install]")

    def cancel_in_shopify(self) -> None:
        self._press("button[value=cancel]")

    def connect_shopify(self) -> str:
        """Go the whole way of a Shopify shop."""
        link = self.ask_shopify()
        self.install_in_shopify()
        return link

    def expect_store(self) -> str:
        """Go as far as the page that waits for a BigCommerce store."""
        link = self.open_link(System.BIGCOMMERCE)
        self.go_on(self.deployment.bigcommerce.settings.store_hash)
        return link

    def install_in_panel(self) -> None:
        """Install the app in the store's control panel, and see what its frame shows."""
        self.open(install_address(self.deployment.bigcommerce))

    def connect_store(self) -> str:
        """Go the whole way of a BigCommerce store."""
        link = self.expect_store()
        self.install_in_panel()
        return link

    def expect_magento(self) -> str:
        """Go as far as the page that waits for a Magento shop."""
        link = self.open_link(System.MAGENTO)
        self.go_on(self.deployment.magento_url)
        return link

    def approve_but_do_not_arrive(self) -> str:
        """Send the vendor's form with this browser's cookies, but do not follow; gives the address of the callback."""
        asked = self.page.input_value("input[name=request]")
        sent = self.page.context.request.post(
            self.page.url, form={"request": asked, "employee": ADMIN, "decision": "approve"}, max_redirects=0
        )
        return sent.headers["location"]

    @property
    def title(self) -> str:
        return self.page.locator("h1").inner_text()

    @property
    def words(self) -> str:
        return " ".join(self.page.locator("body").inner_text().split())

    def _press(self, selector: str) -> None:
        with self.page.expect_navigation():
            self.page.locator(selector).click()

    def _note_request(self, request: Request) -> None:
        if request.is_navigation_request():
            self.requests, self.complaints = [], []
        self.requests.append(urlsplit(request.url).netloc)

    def _note_complaint(self, message: ConsoleMessage) -> None:
        if message.location["url"].startswith(self.deployment.url):
            self.complaints.append(message.text)

    def _note_response(self, response: Response) -> None:
        if response.request.is_navigation_request():
            self.answer = response
