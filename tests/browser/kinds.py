"""Every kind of page that a merchant can end on, and how one gets there in a browser."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import requests

from tests.browser.shop_kinds import SHOP_KINDS
from tests.browser.visit import Visit
from tests.functional.grants.deployment import CLIENT_ID, LIMITED, query_of
from tillbridge.domain.merchant import System

TILL, WEB = System.LIGHTSPEED, System.WOOCOMMERCE
SHOP = "https://shop.example.com"


def till_invitation(visit: Visit) -> None:
    visit.open_link(TILL)


def shop_invitation(visit: Visit) -> None:
    visit.open_link(WEB, SHOP)


def shop_address_refused(visit: Visit) -> None:
    visit.open_link(WEB)
    visit.go_on("https://10.1.2.3")


def shop_keys_refused(visit: Visit) -> None:
    """The shop's own page tells of the trouble, and ours does when the link is opened again."""
    link = visit.open_link(WEB, visit.deployment.shop_url)
    visit.go_on()
    keys = {"consumer_key": f"ck_{'0' * 40}", "consumer_secret": f"cs_{'0' * 40}", "key_permissions": "read_write"}
    requests.post(
        f"{visit.deployment.url}/connect/woocommerce/keys",
        json={"user_id": query_of(visit.page.url)["user_id"], **keys},
        verify=visit.deployment.ca,
        timeout=10,
    )
    visit.open(link)


def till_connected(visit: Visit) -> None:
    visit.connect_till()


def till_renewed(visit: Visit) -> None:
    visit.deployment.connect_till()
    visit.connect_till()


def shop_connected(visit: Visit) -> None:
    visit.connect_shop()


def link_used(visit: Visit) -> None:
    visit.open(visit.connect_till())


def link_expired(visit: Visit) -> None:
    link = visit.deployment.invite(TILL)
    visit.deployment.advance(hours=7 * 24)
    visit.open(link)


def link_damaged(visit: Visit) -> None:
    visit.open(visit.deployment.invite(TILL)[:-9])


def denied(visit: Visit) -> None:
    visit.open_link(TILL)
    visit.go_on()
    visit.deny()


def denied_in_shop(visit: Visit) -> None:
    visit.open_link(WEB, visit.deployment.shop_url)
    visit.go_on()
    visit.deny_in_shop()


def replayed(visit: Visit) -> None:
    visit.connect_till()
    visit.page.reload()


def too_late(visit: Visit) -> None:
    visit.open_link(TILL)
    visit.go_on()
    visit.deployment.clock.advance(minutes=10)
    visit.approve()


def forged(visit: Visit) -> None:
    visit.open(f"{visit.deployment.url}/connect/lightspeed/callback?state={'A' * 43}&code=made-up")


def other_browser(visit: Visit) -> None:
    visit.open_link(TILL)
    visit.go_on()
    visit.page.context.clear_cookies()
    visit.approve()


def other_account(visit: Visit) -> None:
    visit.deployment.connect_till()
    visit.deployment.till.settings = replace(visit.deployment.till.settings, account_id=999)
    visit.connect_till()


def missing_rights(visit: Visit) -> None:
    visit.connect_till(employee=LIMITED)


def keys_missing(visit: Visit) -> None:
    visit.open_link(WEB, visit.deployment.shop_url)
    visit.go_on()
    nonce = query_of(visit.page.url)["user_id"]
    visit.open(f"{visit.deployment.url}/connect/woocommerce/return?success=1&user_id={nonce}")


def vendor_down(visit: Visit) -> None:
    visit.open_link(TILL)
    visit.go_on()
    visit.deployment.till.clients.block(CLIENT_ID, blocked=True)
    visit.approve()


def no_page(visit: Visit) -> None:
    visit.open(f"{visit.deployment.url}/connect/nowhere")


KINDS: Mapping[str, tuple[int, Callable[[Visit], None]]] = {
    "till-invitation": (200, till_invitation),
    "shop-invitation": (200, shop_invitation),
    "shop-address-refused": (422, shop_address_refused),
    "shop-keys-refused": (200, shop_keys_refused),
    "till-connected": (200, till_connected),
    "till-renewed": (200, till_renewed),
    "shop-connected": (200, shop_connected),
    "link-used": (400, link_used),
    "link-expired": (400, link_expired),
    "link-damaged": (400, link_damaged),
    "denied": (400, denied),
    "denied-in-shop": (400, denied_in_shop),
    "replayed": (400, replayed),
    "too-late": (400, too_late),
    "forged": (400, forged),
    "other-browser": (400, other_browser),
    "other-account": (400, other_account),
    "missing-rights": (422, missing_rights),
    "keys-missing": (400, keys_missing),
    "vendor-down": (503, vendor_down),
    "no-page": (400, no_page),
    **SHOP_KINDS,
}
"""By name: the status that its page comes with, and the way to it."""
