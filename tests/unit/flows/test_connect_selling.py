"""Connecting a till at which web orders are to be sold asks for more, and tells what is missing for that."""

from collections.abc import Callable

import pytest

from tests.unit.flows.lobby import SHOP, SHOPIFY_SHOP, Lobby, Process
from tests.unit.flows.test_connect_killed import (
    BIG,
    KEYS,
    MAGENTO,
    SHOPIFY,
    TILL,
    WEB,
    connect_bigcommerce,
    connect_magento,
    connect_shop,
    connect_shopify,
)
from tests.unit.flows.test_connect_refusals import Till
from tillbridge.domain.errors import MissingRightError
from tillbridge.domain.merchant import System
from tillbridge.flows.connect_bigcommerce import missing_to_sell_of
from tillbridge.grants import shopify as asked
from tillbridge.systems.bigcommerce.diagnosis import NEEDED_TO_SELL
from tillbridge.systems.shopify.api.scopes import SCOPES, SCOPES_OF_SALES, missing_scopes
from tillbridge.systems.till import TillAccount

UNSOLD = TillAccount("1", "Shop", missing_to_sell=("register: without it web orders cannot become sales",))


@pytest.fixture
def lobby() -> Lobby:
    return Lobby()


@pytest.mark.parametrize("selling", [False, True])
def test_the_rights_for_selling_are_asked_for_by_who_sells(lobby: Lobby, selling: bool) -> None:  # noqa: FBT001
    lobby.selling = selling
    door, token = lobby.process().till, lobby.invite(TILL)
    assert ("employee:register" in door.rights(lobby.merchant)) is selling
    assert ("selling=yes" in door.leave(token, "B" * 43)) is selling


def test_what_is_missing_for_selling_matters_to_who_sells(lobby: Lobby) -> None:
    lobby.vendor.account = UNSOLD
    lobby.selling = True
    with pytest.raises(MissingRightError, match="web orders cannot become sales"):
        Till(lobby).come_back()
    assert (lobby.live(), lobby.vendor.live) == ([], set())


def test_what_is_missing_for_selling_is_nothing_to_who_does_not(lobby: Lobby) -> None:
    lobby.vendor.account = UNSOLD
    Till(lobby).come_back()
    assert len(lobby.live()) == 1


@pytest.mark.parametrize("selling", [False, True])
def test_a_shop_is_asked_for_what_selling_needs(lobby: Lobby, selling: bool) -> None:  # noqa: FBT001
    lobby.selling = selling
    door, token = lobby.process().shopify, lobby.invite(SHOPIFY)
    assert ("write_orders" in door.rights(lobby.merchant)) is selling
    assert ("&selling" in door.leave(token, "B" * 43, SHOPIFY_SHOP)) is selling


@pytest.mark.parametrize(("invite", "connect"), [(SHOPIFY, connect_shopify), (BIG, connect_bigcommerce)])
def test_a_shop_that_lets_nobody_sell_is_connected_by_who_does_not(
    lobby: Lobby, invite: System, connect: Callable[[Lobby, Process, str], None]
) -> None:
    lobby.selling = True
    token = lobby.invite(invite)
    with pytest.raises(MissingRightError):
        connect(lobby, lobby.process(), token)
    assert lobby.live() == []

    lobby.selling = False
    connect(lobby, lobby.process(), token)
    assert len(lobby.live()) == 1


def connect_with_keys(lobby: Lobby, process: Process, _: str) -> None:
    lobby.shops.keys = {SHOP: {"ck_1"}}
    process.shop.connect_with_keys(lobby.merchant, WEB, SHOP, KEYS)


@pytest.mark.parametrize(
    ("invite", "connect"), [(WEB, connect_shop), (WEB, connect_with_keys), (MAGENTO, connect_magento)]
)
def test_keys_that_may_not_sell_are_taken_from_who_does_not(
    lobby: Lobby, invite: System, connect: Callable[[Lobby, Process, str], None]
) -> None:
    """Nobody has to wait for the first order to hear of it."""
    lobby.selling = lobby.shops.sell_nothing = True
    with pytest.raises(MissingRightError, match="without it nothing is sold"):
        connect(lobby, lobby.process(), lobby.invite(invite))
    assert lobby.live() == []

    lobby.selling = False
    connect(lobby, lobby.process(), lobby.invite(invite))
    assert len(lobby.live()) == 1


def test_what_selling_needs_is_named_at_shopify() -> None:
    granted = frozenset(SCOPES)
    assert missing_scopes(granted) == ()
    assert [told.partition(":")[0] for told in missing_scopes(granted, selling=True)] == list(SCOPES_OF_SALES)
    assert missing_scopes(granted | frozenset(SCOPES_OF_SALES), selling=True) == ()
    assert set(asked.SELLING_SCOPES) == set(SCOPES_OF_SALES)


@pytest.mark.parametrize(
    ("granted", "missing"),
    [
        ({"store_v2_orders", "store_v2_transactions"}, []),
        ({"store_v2_orders", "store_v2_transactions_read_only"}, []),
        ({"store_v2_orders_read_only"}, ["store_v2_orders", "store_v2_transactions_read_only"]),
    ],
)
def test_what_selling_needs_is_named_at_bigcommerce(granted: set[str], missing: list[str]) -> None:
    assert [told.partition(":")[0] for told in missing_to_sell_of(NEEDED_TO_SELL, granted)] == missing
