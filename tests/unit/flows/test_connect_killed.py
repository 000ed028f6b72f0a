"""A process dies at any step of connecting or disconnecting; the merchant opens the link again, and all is well."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.fakes.clock import FakeDeadline
from tests.fakes.crash import Crash, KilledError
from tests.unit.flows.lobby import SHOP, SHOPIFY_SHOP, Lobby, Process, state_of
from tillbridge.domain.grant import Grant, Secret, hashed
from tillbridge.domain.merchant import ConnectionState, Place, System
from tillbridge.domain.shop_keys import HandedKeys, KeyKind, ShopKeys
from tillbridge.flows.connect_till import VendorAnswer
from tillbridge.grants.secret_store import path_of

KEYS = ShopKeys.woocommerce(Secret("ck_1"), Secret("cs_1"))
BIG, MAGENTO = System.BIGCOMMERCE, System.MAGENTO
TILL, WEB, SHOPIFY = System.LIGHTSPEED, System.WOOCOMMERCE, System.SHOPIFY


def connect_till(lobby: Lobby, process: Process, token: str) -> None:
    browser = process.reception.welcome(token, "").browser
    state = state_of(process.till.leave(token, browser))
    process.till.come_back(VendorAnswer(state=state, code=lobby.vendor.approve()), browser)


def connect_shop(lobby: Lobby, process: Process, token: str) -> None:
    lobby.shops.keys = {SHOP: {"ck_1"}}
    browser = process.reception.welcome(token, "").browser
    nonce = state_of(process.shop.leave(token, browser, SHOP), "user_id")
    process.shop.take_keys(HandedKeys(nonce=nonce, keys=KEYS, permissions="read_write"))
    process.shop.come_back(nonce, browser, approved=True)


def connect_shopify(lobby: Lobby, process: Process, token: str) -> None:
    browser = process.reception.welcome(token, "").browser
    state = state_of(process.shopify.leave(token, browser, SHOPIFY_SHOP))
    query = {"shop": SHOPIFY_SHOP, "state": state, "code": lobby.vendor.approve(), "hmac": "signed"}
    process.shopify.come_back(query, browser)


def connect_bigcommerce(lobby: Lobby, process: Process, token: str) -> None:
    browser = process.reception.welcome(token, "").browser
    process.bigcommerce.expect(token, browser, "abc123")
    query = {"code": lobby.vendor.approve(), "scope": "all", "context": "stores/abc123"}
    process.bigcommerce.install(query)


def connect_magento(lobby: Lobby, process: Process, token: str) -> None:
    browser = process.reception.welcome(token, "").browser
    process.magento.expect(token, browser, SHOP)
    process.magento.activated(f"{SHOP}/", "key-1", Secret("told"))
    process.magento.finish("key-1", browser, f"{SHOP}/admin")


Way = Callable[[Lobby, Process, str], None]
WAYS: dict[System, Way] = {
    TILL: connect_till,
    WEB: connect_shop,
    SHOPIFY: connect_shopify,
    BIG: connect_bigcommerce,
    MAGENTO: connect_magento,
}


def steps_of(system: System, *, renewing: bool) -> int:
    lobby, crash = prepared(system, renewing=renewing), Crash()
    WAYS[system](lobby, lobby.process(crash), lobby.invite(system))
    return len(crash.steps)


def prepared(system: System, *, renewing: bool) -> Lobby:
    lobby = Lobby()
    if renewing:
        WAYS[system](lobby, lobby.process(), lobby.invite(system))
        lobby.clock.advance(hours=30)
    return lobby


CASES = [
    (system, renewing, step)
    for system in WAYS
    for renewing in (False, True)
    for step in range(steps_of(system, renewing=renewing))
]


@pytest.mark.parametrize(("system", "renewing", "step"), CASES)
def test_a_kill_while_connecting(system: System, renewing: bool, step: int) -> None:  # invariant 3  # noqa: FBT001
    lobby = prepared(system, renewing=renewing)
    before = [connection.connection_id for connection in lobby.live()]
    token = lobby.invite(system)
    with pytest.raises(KilledError):
        WAYS[system](lobby, lobby.process(Crash(at=step)), token)
    for connection in lobby.live():  # whatever is connected now has a grant that works
        if system is not BIG:  # whose token was void from the moment of the exchange on
            check_grant(lobby, connection.place)
    if hashed(token) in lobby.invitations:  # else it was used up: everything had been done
        WAYS[system](lobby, lobby.process(), token)
    (connection,) = lobby.live()
    assert connection.state is ConnectionState.ACTIVE
    assert not before or connection.connection_id == before[0]
    check_grant(lobby, connection.place)
    check_nothing_forgotten(lobby)


def check_grant(lobby: Lobby, place: Place) -> None:
    held = lobby.held(place)
    if isinstance(held, Grant):
        assert held.pair.refresh.reveal() in lobby.vendor.live
    elif place.system is BIG:
        assert held == ShopKeys(KeyKind.BIGCOMMERCE, {"access_token": lobby.vendor.newest})
    elif place.system is MAGENTO:
        assert isinstance(held, ShopKeys)
        assert held.secrets["access_token"] == Secret("told")
    else:
        assert held == KEYS


def check_nothing_forgotten(lobby: Lobby) -> None:  # invariant 5
    """After two hours nothing is in the vault that belongs to no connection."""
    for _ in range(3):
        lobby.clock.advance(hours=1)
        lobby.process().round.run(FakeDeadline())
    expected = {f"t/connection/{path_of(connection.place)}" for connection in lobby.live()}
    assert {name for name, versions in lobby.secrets.versions.items() if versions} == expected


def steps_of_ending(system: System) -> int:
    lobby, crash = prepared(system, renewing=True), Crash()
    (connection,) = lobby.live()
    lobby.process(crash).ending.end(connection)
    return len(crash.steps)


@pytest.mark.parametrize(
    ("system", "step"), [(system, step) for system in WAYS for step in range(steps_of_ending(system))]
)
def test_a_kill_while_disconnecting(system: System, step: int) -> None:  # invariant 5
    lobby = prepared(system, renewing=True)
    (connection,) = lobby.live()
    with pytest.raises(KilledError):
        lobby.process(Crash(at=step)).ending.end(connection)
    if lobby.live():
        check_grant(lobby, connection.place)
        lobby.process().ending.end(connection)
    assert lobby.live() == []
    lobby.clock.time += timedelta(hours=2)
    lobby.process().round.run(FakeDeadline())
    assert not lobby.secrets.versions
    assert not lobby.vendor.live or not system.is_till  # a shop's grant ends when its app is uninstalled there
