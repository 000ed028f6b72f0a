"""What is refused while a Shopify shop is connected, and that nothing is changed by it (invariant 7)."""

import pytest

from tests.unit.flows.lobby import SHOPIFY_SHOP, Lobby, Process, state_of
from tests.unit.flows.test_connect_killed import SHOPIFY, connect_shopify
from tests.unit.flows.test_connect_refusals import refused, tasks
from tillbridge.domain.errors import InputError, RetryLaterError, TillbridgeError, UnauthorisedError
from tillbridge.domain.merchant import Lane
from tillbridge.domain.shop_names import is_shopify_shop, shopify_shop

OTHER = "other.myshopify.com"


@pytest.fixture
def lobby() -> Lobby:
    return Lobby()


class Shop:
    """A merchant on the way to the shop's page."""

    def __init__(self, lobby: Lobby, token: str = "", shop: str = SHOPIFY_SHOP) -> None:
        self.lobby, self.token = lobby, token or lobby.invite(SHOPIFY)
        self.browser = lobby.process().reception.welcome(self.token, "").browser
        self.state = state_of(lobby.process().shopify.leave(self.token, self.browser, shop))

    def come_back(self, browser: str | None = None, **changes: str) -> Process:
        process = self.lobby.process()
        query = {"shop": SHOPIFY_SHOP, "state": self.state, "code": self.lobby.vendor.approve(), "hmac": "signed"}
        process.shopify.come_back({**query, **changes}, self.browser if browser is None else browser)
        return process


def test_what_is_not_signed_does_not_even_end_the_attempt(lobby: Lobby) -> None:
    shop = Shop(lobby)
    assert refused(lobby, lambda: shop.come_back(hmac="")).code == "Forged"
    assert refused(lobby, lambda: shop.come_back(shop=OTHER)).code == "WrongShop"
    assert refused(lobby, lambda: shop.come_back("B" * 43)).code == "OtherBrowser"
    shop.come_back()
    assert refused(lobby, shop.come_back).code == "StaleAttempt"


def test_a_state_lives_for_ten_minutes(lobby: Lobby) -> None:
    shop = Shop(lobby)
    lobby.clock.advance(minutes=10)
    assert refused(lobby, shop.come_back).code == "StaleAttempt"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"code": ""}, "BadCode"),
        ({"code": "made up"}, "BadCode"),
        ({"code": "x" * 4097}, "BadCode"),
        ({"error": "access_denied"}, "Denied"),
        ({"error": "server_error"}, "VendorError"),
    ],
)
def test_an_answer_without_a_good_code(lobby: Lobby, changes: dict[str, str], code: str) -> None:
    assert refused(lobby, lambda: Shop(lobby).come_back(**changes)).code == code


def come_back_with_less(lobby: Lobby) -> TillbridgeError:
    lobby.vendor.scopes = frozenset({"write_products"})
    shop = Shop(lobby)
    with pytest.raises(TillbridgeError) as caught:
        shop.come_back()
    return caught.value


def test_scopes_that_are_missing_are_named(lobby: Lobby) -> None:
    error = come_back_with_less(lobby)
    assert (error.code, "read_orders: orders" in error.happened) == ("MissingRights", True)
    assert not lobby.live()
    assert not lobby.secrets.versions


@pytest.mark.parametrize("trouble", [RetryLaterError("down"), UnauthorisedError("no", remedy="r")])
def test_a_shop_that_does_not_say_who_it_is_stays_unconnected(lobby: Lobby, trouble: TillbridgeError) -> None:
    lobby.vendor.trouble = trouble
    with pytest.raises(type(trouble)):
        Shop(lobby).come_back()
    assert not lobby.live()
    assert not lobby.secrets.versions


def test_the_token_has_to_be_of_the_very_shop(lobby: Lobby) -> None:
    lobby.vendor.shop = OTHER
    with pytest.raises(InputError, match="anns") as caught:
        Shop(lobby).come_back()
    assert caught.value.code == "WrongShop"
    assert not lobby.live()


def test_a_new_shop_is_filled_and_a_known_one_catches_up(lobby: Lobby) -> None:
    for task in ("resync", "push"):
        assert (Lane.CATALOGUE, task) in tasks(Shop(lobby).come_back())
        lobby.clock.advance(hours=2)


def test_an_installation_that_began_at_the_shop_finds_what_is_connected(lobby: Lobby) -> None:
    query = {"shop": SHOPIFY_SHOP, "hmac": "signed"}
    door = lobby.process().shopify
    assert door.begun_elsewhere(query) is None
    connect_shopify(lobby, lobby.process(), lobby.invite(SHOPIFY))
    assert door.begun_elsewhere(query) == lobby.live()[0]
    lobby.process().ending.end(lobby.live()[0])
    assert door.begun_elsewhere(query) is None
    assert refused(lobby, lambda: door.begun_elsewhere({**query, "hmac": ""})).code == "Forged"


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("anns.myshopify.com", "anns.myshopify.com"),
        (" HTTPS://Anns.MyShopify.com/admin ", "anns.myshopify.com"),
        ("https://admin.shopify.com/store/anns", "anns.myshopify.com"),
        ("admin.shopify.com/store/anns/products?query=x", "anns.myshopify.com"),
    ],
)
def test_a_shop_has_one_name(given: str, name: str) -> None:
    assert shopify_shop(given) == name


@pytest.mark.parametrize(
    "name",
    ["", "anns", "x.myshopify.com.", "x.myshopify.com\n", "\nx.myshopify.com", "x.y.myshopify.com", "X.myshopify.com"],
)
def test_a_name_is_a_shops_from_its_first_letter_to_its_last(name: str) -> None:
    assert not is_shopify_shop(name)
