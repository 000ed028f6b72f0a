"""The connecting functions as they are deployed, in this process.

Their handlers behind TLS, a table, queues and a vault (moto), the stand-ins for the till's and the shop's side, and a
browser.
"""

import base64
import html
import importlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import requests
from werkzeug.wrappers import Request, Response

from sandbox.bigcommerce.shop import Shop as BigCommerceShop
from sandbox.common.faults import FaultPlan
from sandbox.lightspeed.state import Lightspeed
from sandbox.magento.shop import Shop as MagentoShop
from sandbox.shopify.shop import Shop as ShopifyShop
from sandbox.woocommerce.shop import Shop
from tests.fakes.clock import FakeClock, FakeDeadline
from tillbridge.domain.grant import AppCredentials, Grant, Secret
from tillbridge.domain.merchant import Connection, Merchant, System
from tillbridge.domain.shop_keys import ShopKeys
from tillbridge.runtime import aws, oauth, refresh
from tillbridge.runtime.container import Container
from tillbridge.runtime.oauth import Doors
from tillbridge.runtime.refresh import TokenRefresh

CLIENT_ID, CLIENT_SECRET = "client-1", "a secret of the provider"
ADMIN, LIMITED, LOCKED = "1", "2", "3"
SHOP_PATH = "/shop"
SHOPIFY_ID, SHOPIFY_SECRET, SHOPIFY_SHOP = "shopify-app", "the secret of the app at Shopify", "anns.myshopify.com"
BIGCOMMERCE_SECRET = "the secret of the app at BigCommerce, which is as long as one should be"
SIGNING_KEY = "the key that signs invitations in tests"
"""Sample events hold a link that this key has signed."""


@dataclass(frozen=True)
class Context:
    """As much of a Lambda context as the handlers use."""

    aws_request_id: str = "request-1"
    function_name: str = "oauth-callback"
    memory_limit_in_mb: int = 512
    invoked_function_arn: str = "arn:aws:lambda:eu-central-1:1:function:oauth-callback"

    def get_remaining_time_in_millis(self) -> int:
        return 55_000


def event_of(request: Request, **changes: Any) -> dict[str, Any]:
    """Write a request as API Gateway hands it to a function."""
    query = parse_qs(request.query_string.decode(), keep_blank_values=True)
    event = {
        "resource": "/connect/{proxy+}",
        "path": request.path,
        "httpMethod": request.method,
        "headers": dict(request.headers.items()),
        "multiValueHeaders": {name: [value] for name, value in request.headers.items()},
        "queryStringParameters": {name: values[-1] for name, values in query.items()} or None,
        "multiValueQueryStringParameters": query or None,
        "pathParameters": {"proxy": request.path.partition("/connect/")[2]},
        "requestContext": {"stage": "local", "requestId": "r", "identity": {"sourceIp": "127.0.0.1"}},
        "body": request.get_data(as_text=True) or None,
        "isBase64Encoded": False,
    }
    return {**event, **changes}


@dataclass
class Gateway:
    """Plays API Gateway: turns requests into events and answers into responses."""

    events: list[dict[str, Any]] = field(default_factory=list)
    answers: list[dict[str, Any]] = field(default_factory=list)
    base: str = ""  # a base path that a custom domain puts in front

    def __call__(self, environ: Any, start_response: Any) -> Any:
        answer = self.invoke(event_of(Request(environ)))
        content = answer["body"] or ""
        body = base64.b64decode(content) if answer.get("isBase64Encoded") else content.encode()
        headers = [(name, value) for name, values in answer["multiValueHeaders"].items() for value in values]
        return Response(body, answer["statusCode"], headers)(environ, start_response)

    def invoke(self, event: dict[str, Any]) -> dict[str, Any]:
        handler = importlib.import_module("functions.oauth_callback.app").handler
        self.events.append(event)
        answer: dict[str, Any] = handler(event, Context())
        self.answers.append(answer)
        return answer


@dataclass
class Seen:
    """A page as a person sees it."""

    status: int
    url: str
    text: str
    headers: Mapping[str, str]

    @property
    def words(self) -> str:
        body = re.sub(r"(?s)<(style|head)\b.*?</\1>|<[^>]+>", " ", self.text)
        return " ".join(html.unescape(body).split())

    def field(self, name: str) -> str:
        found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', self.text)
        assert found, self.text
        return html.unescape(found[1])


class Browser:
    """Follows redirects and keeps cookies, as browsers do."""

    def __init__(self, ca: str) -> None:
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.verify = ca
        self.seen: list[Seen] = []

    def get(self, url: str) -> Seen:
        return self._follow("GET", url)

    def post(self, url: str, **form: str) -> Seen:
        return self._follow("POST", url, form)

    def stop_before(self, part: str, method: str, url: str, **form: str) -> str:
        """Follow redirects until one leads to an address with this part; give that address."""
        for _ in range(10):
            answer = self.session.request(method, url, data=form or None, allow_redirects=False, timeout=10)
            assert answer.is_redirect, answer.text
            url, method, form = urljoin(url, answer.headers["Location"]), "GET", {}
            if part in url:
                return url
        raise AssertionError("too many redirects")

    def _follow(self, method: str, url: str, form: Mapping[str, str] | None = None) -> Seen:
        for _ in range(10):
            answer = self.session.request(method, url, data=form or None, allow_redirects=False, timeout=10)
            self.seen.append(Seen(answer.status_code, url, answer.text, answer.headers))
            if not answer.is_redirect:
                return self.seen[-1]
            url, method, form = urljoin(url, answer.headers["Location"]), "GET", None
        raise AssertionError("too many redirects")


@dataclass
class Deployment:
    """Everything at once."""

    parts: Container
    gateway: Gateway
    till: Lightspeed
    shop: Shop
    shopify: ShopifyShop
    bigcommerce: BigCommerceShop
    magento: MagentoShop
    url: str
    till_url: str
    shop_url: str
    shopify_url: str
    magento_url: str
    ca: str
    clock: FakeClock
    faults: FaultPlan

    @property
    def doors(self) -> Doors:
        return oauth.doors()

    @property
    def round(self) -> TokenRefresh:
        return refresh.build(self.parts)

    def browser(self) -> Browser:
        return Browser(self.ca)

    def add_merchant(self, merchant_id: str = "m1", name: str = "Ann's & Söhne <b>") -> Merchant:
        merchant = Merchant(merchant_id=merchant_id, name=name, created_at=self.clock.now())
        self.parts.merchants.add(merchant)
        return merchant

    def rename_merchant(self, name: str) -> None:
        self.parts.merchants.save(replace(self.parts.merchants.get("m1"), name=name))

    def invite(self, system: System, merchant_id: str = "m1", address: str = "") -> str:
        merchant = self.parts.merchants.get(merchant_id)
        return self.doors.reception.invite(merchant, system, address).link

    def approve(self, link: str, browser: Browser | None = None, employee: str = ADMIN) -> Seen:
        """Follow a till's link to its end."""
        browser = browser or self.browser()
        return self.decide(self.consent(link, browser), browser, employee=employee)

    def consent(self, link: str, browser: Browser) -> Seen:
        """Go as far as the vendor's page."""
        start = browser.get(link)
        assert start.status == 200, start.text
        return browser.post(f"{self.url}/connect/continue", invitation=start.field("invitation"))

    def decide(self, page: Seen, browser: Browser, *, employee: str = ADMIN, decision: str = "approve") -> Seen:
        assert "/auth/oauth/authorize" in page.url, page.words
        return browser.post(page.url, request=page.field("request"), employee=employee, decision=decision)

    def hand_over(self, link: str, browser: Browser | None = None, address: str = "") -> Seen:
        """Follow a shop's link to its end."""
        browser = browser or self.browser()
        asked = self.shop_page(link, browser, address)
        return browser.get(urljoin(asked.url, self.approval(asked)))

    def shop_page(self, link: str, browser: Browser, address: str = "") -> Seen:
        """Go as far as the shop's page."""
        start = browser.get(link)
        assert start.status == 200, start.text
        given = {"invitation": start.field("invitation"), "address": address or self.shop_url}
        return browser.post(f"{self.url}/connect/continue", **given)

    def approval(self, page: Seen, word: str = "access_granted") -> str:
        links = [html.unescape(found) for found in re.findall(r'href="([^"]+)"', page.text)]
        return next(link for link in links if word in link)

    def install(self, link: str, browser: Browser | None = None, shop: str = SHOPIFY_SHOP) -> Seen:
        """Follow the link of a Shopify shop to its end."""
        browser = browser or self.browser()
        return self.answer_shopify(self.shopify_page(link, browser, shop), browser)

    def shopify_page(self, link: str, browser: Browser, shop: str = SHOPIFY_SHOP) -> Seen:
        """Go as far as the page of the Shopify shop."""
        start = browser.get(link)
        assert start.status == 200, start.text
        return browser.post(f"{self.url}/connect/continue", invitation=start.field("invitation"), address=shop)

    def answer_shopify(self, page: Seen, browser: Browser, decision: str = "install") -> Seen:
        return browser.post(page.url.partition("?")[0], **query_of(page.url), decision=decision)

    def connect_till(self) -> Connection:
        """Have a till connected."""
        assert self.approve(self.invite(System.LIGHTSPEED)).status == 200
        return self.connections()[0]

    def call(self, connection: Connection) -> str:
        """Call the till's API as a fresh process would; gives the name of the account."""
        parts = Container(self.parts.settings)
        parts.__dict__["clock"] = self.clock
        return parts.systems.till(connection, FakeDeadline(timedelta(minutes=2))).account().name

    def connections(self, merchant_id: str = "m1") -> list[Connection]:
        return list(self.parts.connections.of_merchant(merchant_id))

    def grant(self, connection: Connection) -> Grant:
        held = self.parts.credentials.vault.anything(connection.place)
        assert isinstance(held, Grant)
        return held

    def keys(self, connection: Connection) -> ShopKeys:
        held = self.parts.credentials.vault.anything(connection.place)
        assert isinstance(held, ShopKeys)
        return held

    def set_app(self, secret: str = CLIENT_SECRET) -> None:
        self.parts.credentials.apps.put(System.LIGHTSPEED, AppCredentials(CLIENT_ID, Secret(secret)))
        self.set_shopify_app()
        app = self.bigcommerce.app
        self.parts.credentials.apps.put(System.BIGCOMMERCE, AppCredentials(app.client_id, Secret(app.client_secret)))

    def set_shopify_app(self, secret: str = SHOPIFY_SECRET) -> None:
        self.parts.credentials.apps.put(System.SHOPIFY, AppCredentials(SHOPIFY_ID, Secret(secret)))

    def rows(self) -> list[dict[str, Any]]:
        return aws.dynamodb().scan(TableName=self.parts.settings.table)["Items"]

    def secrets(self) -> dict[str, str]:
        """Everything the vault holds."""
        client = aws.secrets()
        names = [entry["Name"] for entry in client.list_secrets()["SecretList"]]
        return {name: client.get_secret_value(SecretId=name)["SecretString"] for name in names}

    def snapshot(self) -> tuple[list[str], dict[str, str]]:
        """What must not change when something is refused: all but invitations, attempts and our own client."""
        rows = [row for row in self.rows() if not row["pk"]["S"].startswith(("INVITE#", "STATE#"))]
        return sorted(map(repr, rows)), self.secrets()

    def sent(self) -> list[str]:
        """List the wakes that were sent, as their bodies."""
        client, bodies = aws.sqs(), []
        for url in self.parts.settings.queue_urls.values():
            while found := client.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
                bodies += [message["Body"] for message in found]
                for message in found:
                    client.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return bodies

    def advance(self, **time: float) -> None:
        """Let time pass here and at the till."""
        before = self.clock.now()
        self.clock.advance(**time)
        seconds = (self.clock.now() - before).total_seconds()
        self.till.clock.advance(seconds)
        for shop in (self.shopify, self.bigcommerce, self.magento):
            shop.instruments.clock.sleep(seconds)


def query_of(url: str) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(urlsplit(url).query).items()}
