"""The pages of connecting a Shopify, BigCommerce or Magento shop, and how one gets to each in a browser."""

from collections.abc import Callable, Mapping
from urllib.parse import urlencode

from sandbox.bigcommerce.web.install import STAFF, install_address, load_address
from sandbox.magento.web.handshake import SUCCESS, activate
from tests.browser.visit import Visit
from tests.functional.grants.deployment import SHOPIFY_SHOP, query_of
from tests.functional.grants.test_connect_bigcommerce import HASH, payload
from tests.functional.grants.test_connect_magento import integration, post
from tests.functional.grants.test_connect_shopify import signed
from tillbridge.domain.merchant import System

SHOPIFY, BIGCOMMERCE, MAGENTO = System.SHOPIFY, System.BIGCOMMERCE, System.MAGENTO
OTHER = "m2"


def shopify_invitation(visit: Visit) -> None:
    visit.open_link(SHOPIFY, SHOPIFY_SHOP)


def shopify_address_refused(visit: Visit) -> None:
    visit.open_link(SHOPIFY)
    visit.go_on("https://shop.example.com")


def shopify_other_shop(visit: Visit) -> None:
    visit.open_link(SHOPIFY, SHOPIFY_SHOP)
    visit.go_on("other.myshopify.com")


def shopify_connected(visit: Visit) -> None:
    visit.connect_shopify()


def shopify_renewed(visit: Visit) -> None:
    visit.connect_shopify()
    visit.deployment.advance(hours=1)
    visit.connect_shopify()


def shopify_denied(visit: Visit) -> None:
    visit.ask_shopify()
    visit.cancel_in_shopify()


def shopify_forged(visit: Visit) -> None:
    """Somebody has changed what the shop signed."""
    callback = shopify_callback(visit)
    visit.open(f"{callback}&more=x")


def shopify_signed_too_long_ago(visit: Visit) -> None:
    callback = shopify_callback(visit)
    visit.deployment.advance(seconds=91)
    visit.open(callback)


def shopify_other_shop_answers(visit: Visit) -> None:
    callback = shopify_callback(visit)
    visit.open(f"{callback.partition('?')[0]}?{signed({**query_of(callback), 'shop': 'other.myshopify.com'})}")


def shopify_replayed(visit: Visit) -> None:
    visit.connect_shopify()
    visit.page.reload()


def shopify_other_browser(visit: Visit) -> None:
    callback = shopify_callback(visit)
    visit.page.context.clear_cookies()
    visit.open(callback)


def shopify_code_refused(visit: Visit) -> None:
    callback = shopify_callback(visit)
    visit.open(f"{callback.partition('?')[0]}?{signed({**query_of(callback), 'code': 'made-up'})}")


def shopify_error(visit: Visit) -> None:
    """The shop itself ends the authorisation."""
    callback = shopify_callback(visit)
    visit.open(f"{callback.partition('?')[0]}?{signed({**query_of(callback), 'error': 'server_error'})}")


def shopify_scopes_missing(visit: Visit) -> None:
    visit.ask_shopify()
    page, query = visit.page.url.partition("?")[0], query_of(visit.page.url)
    less = [name for name in query["scope"].split(",") if name not in {"write_inventory", "read_orders"}]
    visit.open(f"{page}?{urlencode({**query, 'scope': ','.join(less)})}")
    visit.install_in_shopify()


def shopify_taken(visit: Visit) -> None:
    visit.deployment.install(visit.deployment.invite(SHOPIFY))
    visit.deployment.add_merchant(OTHER, "Bert")
    visit.open(visit.deployment.invite(SHOPIFY, OTHER))
    visit.go_on(SHOPIFY_SHOP)
    visit.install_in_shopify()


def shopify_down(visit: Visit) -> None:
    callback = shopify_callback(visit)
    visit.deployment.shopify.switches.paused = True
    visit.open(callback)


def shopify_begun_in_the_shop(visit: Visit) -> None:
    open_in_admin(visit)


def shopify_opened_in_the_shop(visit: Visit) -> None:
    visit.deployment.install(visit.deployment.invite(SHOPIFY))
    open_in_admin(visit)


def open_in_admin(visit: Visit) -> None:
    """Open the app's address as the shop's admin does."""
    query = {"shop": SHOPIFY_SHOP, "timestamp": f"{visit.deployment.clock.now():%s}", "host": "x"}
    visit.open(f"{visit.deployment.url}/connect/shopify?{signed(query)}")


def shopify_callback(visit: Visit) -> str:
    """Approve in the shop and take the signed address that it sends the browser to, without going there."""
    visit.ask_shopify()
    form: dict[str, str | float | bool] = {**query_of(visit.page.url), "decision": "install"}
    sent = visit.page.context.request.post(visit.page.url.partition("?")[0], form=form, max_redirects=0)
    return sent.headers["location"]


def bigcommerce_invitation(visit: Visit) -> None:
    visit.open_link(BIGCOMMERCE)


def bigcommerce_address_refused(visit: Visit) -> None:
    visit.open_link(BIGCOMMERCE)
    visit.go_on("https://shop.example.com")


def bigcommerce_other_store(visit: Visit) -> None:
    visit.open_link(BIGCOMMERCE, HASH)
    visit.go_on("other99")


def bigcommerce_expected(visit: Visit) -> None:
    visit.expect_store()


def bigcommerce_connected(visit: Visit) -> None:
    visit.connect_store()


def bigcommerce_renewed(visit: Visit) -> None:
    visit.connect_store()
    visit.install_in_panel()


def bigcommerce_nobody_waits(visit: Visit) -> None:
    visit.install_in_panel()


def bigcommerce_code_refused(visit: Visit) -> None:
    visit.expect_store()
    address = install_address(visit.deployment.bigcommerce)
    visit.open(f"{address.partition('?')[0]}?{urlencode({**query_of(address), 'code': 'made-up'})}")


def bigcommerce_scopes_missing(visit: Visit) -> None:
    visit.deployment.bigcommerce.app.scopes = ("store_v2_products", "store_v2_orders_read_only")
    visit.expect_store()
    visit.install_in_panel()


def bigcommerce_taken(visit: Visit) -> None:
    visit.connect_store()
    visit.deployment.add_merchant(OTHER, "Bert")
    visit.open(visit.deployment.invite(BIGCOMMERCE, OTHER))
    visit.go_on(HASH)
    visit.install_in_panel()


def bigcommerce_waited_for(visit: Visit) -> None:
    """Another link waits for the very store."""
    visit.expect_store()
    visit.deployment.add_merchant(OTHER, "Bert")
    visit.open(visit.deployment.invite(BIGCOMMERCE, OTHER))
    visit.go_on(HASH)


def bigcommerce_opened(visit: Visit) -> None:
    visit.connect_store()
    visit.open(load_address(visit.deployment.bigcommerce, STAFF))


def bigcommerce_opened_unconnected(visit: Visit) -> None:
    visit.open(load_address(visit.deployment.bigcommerce, STAFF))


def bigcommerce_forged(visit: Visit) -> None:
    open_signed(visit, secret="a secret that is as long as the app's and is not the app's")


def bigcommerce_signed_too_long_ago(visit: Visit) -> None:
    open_signed(visit, exp=1)


def open_signed(visit: Visit, **changes: object) -> None:
    address = f"{visit.deployment.url}/connect/bigcommerce/load"
    visit.open(f"{address}?signed_payload_jwt={payload(visit.deployment, **changes)}")


def magento_invitation(visit: Visit) -> None:
    visit.open_link(MAGENTO)


def magento_address_refused(visit: Visit) -> None:
    visit.open_link(MAGENTO)
    visit.go_on("https://10.1.2.3")


def magento_other_shop(visit: Visit) -> None:
    visit.open_link(MAGENTO, "https://shop.example.com")
    visit.go_on(visit.deployment.magento_url)


def magento_expected(visit: Visit) -> None:
    visit.expect_magento()


def magento_keys_missing(visit: Visit) -> None:
    visit.expect_magento()
    open_identity(visit)


def magento_other_browser(visit: Visit) -> None:
    visit.expect_magento()
    address = activated(visit)
    visit.page.context.clear_cookies()
    visit.open(address)


def magento_too_late(visit: Visit) -> None:
    visit.expect_magento()
    address = activated(visit)
    visit.deployment.advance(seconds=301)
    visit.open(address)


def magento_refused(visit: Visit) -> None:
    """Somebody else has posted made-up secrets for the shop."""
    visit.expect_magento()
    assert post(visit.deployment) == 200
    open_identity(visit)


def magento_leads_away(visit: Visit) -> None:
    visit.expect_magento()
    assert post(visit.deployment) == 200
    open_identity(visit, success_call_back="https://evil.example/x")


def magento_replayed(visit: Visit) -> None:
    visit.expect_magento()
    address = activated(visit)
    visit.open(address)
    visit.open(address)


def activated(visit: Visit) -> str:
    """Press *Activate* in the shop's admin; gives the address that its pop-up opens."""
    return activate(visit.deployment.magento, integration(visit.deployment))


def open_identity(visit: Visit, **changes: str) -> None:
    query = {"oauth_consumer_key": "k" * 32, "success_call_back": f"{visit.deployment.magento_url}{SUCCESS}", **changes}
    visit.open(f"{visit.deployment.url}/connect/magento/identity?{urlencode(query)}")


SHOP_KINDS: Mapping[str, tuple[int, Callable[[Visit], None]]] = {
    "shopify-invitation": (200, shopify_invitation),
    "shopify-address-refused": (400, shopify_address_refused),
    "shopify-other-shop": (400, shopify_other_shop),
    "shopify-connected": (200, shopify_connected),
    "shopify-renewed": (200, shopify_renewed),
    "shopify-denied": (400, shopify_denied),
    "shopify-forged": (400, shopify_forged),
    "shopify-signed-too-long-ago": (400, shopify_signed_too_long_ago),
    "shopify-other-shop-answers": (400, shopify_other_shop_answers),
    "shopify-replayed": (400, shopify_replayed),
    "shopify-other-browser": (400, shopify_other_browser),
    "shopify-code-refused": (400, shopify_code_refused),
    "shopify-error": (400, shopify_error),
    "shopify-scopes-missing": (422, shopify_scopes_missing),
    "shopify-taken": (400, shopify_taken),
    "shopify-down": (503, shopify_down),
    "shopify-begun-in-the-shop": (200, shopify_begun_in_the_shop),
    "shopify-opened-in-the-shop": (200, shopify_opened_in_the_shop),
    "bigcommerce-invitation": (200, bigcommerce_invitation),
    "bigcommerce-address-refused": (400, bigcommerce_address_refused),
    "bigcommerce-other-store": (400, bigcommerce_other_store),
    "bigcommerce-expected": (200, bigcommerce_expected),
    "bigcommerce-connected": (200, bigcommerce_connected),
    "bigcommerce-renewed": (200, bigcommerce_renewed),
    "bigcommerce-nobody-waits": (400, bigcommerce_nobody_waits),
    "bigcommerce-code-refused": (400, bigcommerce_code_refused),
    "bigcommerce-scopes-missing": (422, bigcommerce_scopes_missing),
    "bigcommerce-taken": (400, bigcommerce_taken),
    "bigcommerce-waited-for": (400, bigcommerce_waited_for),
    "bigcommerce-opened": (200, bigcommerce_opened),
    "bigcommerce-opened-unconnected": (200, bigcommerce_opened_unconnected),
    "bigcommerce-forged": (400, bigcommerce_forged),
    "bigcommerce-signed-too-long-ago": (400, bigcommerce_signed_too_long_ago),
    "magento-invitation": (200, magento_invitation),
    "magento-address-refused": (422, magento_address_refused),
    "magento-other-shop": (400, magento_other_shop),
    "magento-expected": (200, magento_expected),
    "magento-keys-missing": (400, magento_keys_missing),
    "magento-other-browser": (400, magento_other_browser),
    "magento-too-late": (422, magento_too_late),
    "magento-refused": (422, magento_refused),
    "magento-leads-away": (400, magento_leads_away),
    "magento-replayed": (400, magento_replayed),
}
"""By name: the status that its page comes with, and the way to it. Magento's success ends on a page of the shop."""

ADVISING = frozenset({"shopify-begun-in-the-shop", "shopify-opened-in-the-shop"}) | frozenset(
    {"bigcommerce-opened", "bigcommerce-opened-unconnected"}
)
"""Nothing went wrong, and yet they say what to do."""

FRAMED = frozenset(
    {
        "bigcommerce-connected",
        "bigcommerce-renewed",
        "bigcommerce-nobody-waits",
        "bigcommerce-code-refused",
        "bigcommerce-scopes-missing",
        "bigcommerce-taken",
        "bigcommerce-opened",
        "bigcommerce-opened-unconnected",
        "bigcommerce-forged",
        "bigcommerce-signed-too-long-ago",
    }
)
"""BigCommerce's control panel shows them in a frame; nobody else may, and of the others nobody at all."""
