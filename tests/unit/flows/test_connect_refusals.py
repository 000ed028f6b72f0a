"""What is refused while connecting, with which remedy, and that nothing is changed by it (invariant 7)."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.unit.flows.lobby import SHOP, Lobby, Process, Shops, state_of
from tests.unit.flows.test_connect_killed import KEYS, TILL, WEB, connect_shop, connect_till
from tillbridge.domain.errors import MissingRightError, RetryLaterError, TillbridgeError, UnauthorisedError
from tillbridge.domain.grant import Secret
from tillbridge.domain.merchant import ConnectionState, Lane, System
from tillbridge.domain.shop_keys import HandedKeys, ShopKeys
from tillbridge.flows.connect_till import VendorAnswer
from tillbridge.systems.till import TillAccount

OTHER_KEYS = ShopKeys.woocommerce(Secret("ck_2"), Secret("cs_2"))


@pytest.fixture
def lobby() -> Lobby:
    return Lobby(shops=Shops({SHOP: {"ck_1"}}))


class Till:
    """A merchant on the way to the till's vendor."""

    def __init__(self, lobby: Lobby, token: str = "") -> None:
        self.lobby, self.token = lobby, token or lobby.invite(TILL)
        self.browser = lobby.process().reception.welcome(self.token, "").browser
        self.state = state_of(lobby.process().till.leave(self.token, self.browser))

    def come_back(self, browser: str | None = None, **changes: str) -> Process:
        process = self.lobby.process()
        answer = VendorAnswer(state=self.state, code=self.lobby.vendor.approve())
        process.till.come_back(replace(answer, **changes), self.browser if browser is None else browser)
        return process


class Shop:
    """A merchant on the way to the shop's page."""

    def __init__(self, lobby: Lobby, token: str = "") -> None:
        self.lobby, self.token = lobby, token or lobby.invite(WEB)
        self.browser = lobby.process().reception.welcome(self.token, "").browser
        self.nonce = state_of(lobby.process().shop.leave(self.token, self.browser, SHOP), "user_id")

    def deliver(self, keys: ShopKeys = KEYS, permissions: str = "read_write") -> None:
        handed = HandedKeys(nonce=self.nonce, keys=keys, permissions=permissions)
        self.lobby.process().shop.take_keys(handed)

    def come_back(self, browser: str | None = None, *, approved: bool = True) -> Process:
        process = self.lobby.process()
        process.shop.come_back(self.nonce, self.browser if browser is None else browser, approved=approved)
        return process


def refused(lobby: Lobby, act: Callable[[], object]) -> TillbridgeError:
    """Expect an error with a remedy, and that neither connections nor the vault nor the vendor's grants changed."""

    def seen() -> object:
        return deepcopy(
            (lobby.memory.connections, {k: v for k, v in lobby.secrets.versions.items() if v}, lobby.vendor.live)
        )

    before = seen()
    with pytest.raises(TillbridgeError) as caught:
        act()
    assert seen() == before
    assert caught.value.remedy or isinstance(caught.value, RetryLaterError)
    return caught.value


def test_a_code_is_taken_once_and_in_time(lobby: Lobby) -> None:
    assert refused(lobby, lambda: Till(lobby).come_back(code="made-up")).code == "BadCode"
    assert refused(lobby, lambda: Till(lobby).come_back(code="")).code == "BadCode"


def test_a_refusal_of_the_merchant_and_one_of_the_vendor_are_told_apart(lobby: Lobby) -> None:
    assert refused(lobby, lambda: Till(lobby).come_back(error="access_denied")).code == "Denied"
    assert refused(lobby, lambda: Till(lobby).come_back(error="server_error")).code == "VendorError"


def test_a_state_belongs_to_one_browser_one_time_and_ten_minutes(lobby: Lobby) -> None:
    till = Till(lobby)
    assert refused(lobby, lambda: till.come_back("")).code == "OtherBrowser"
    assert refused(lobby, lambda: till.come_back("B" * 43)).code == "OtherBrowser"
    assert refused(lobby, lambda: till.come_back(state="C" * 43)).code == "StaleAttempt"
    till.come_back()
    assert refused(lobby, till.come_back).code == "StaleAttempt"
    late = Till(lobby)
    lobby.clock.advance(minutes=10)
    assert refused(lobby, late.come_back).code == "StaleAttempt"


def test_of_two_that_take_an_attempt_at_once_one_gets_it(lobby: Lobby) -> None:
    till = Till(lobby)
    reception = lobby.process().reception
    reception.under_way(till.state, TILL)
    lobby.attempts.clear()  # the other one was faster, between our look and our taking
    assert refused(lobby, till.come_back).code == "StaleAttempt"


def test_an_invitation_is_for_one_system(lobby: Lobby) -> None:
    token = lobby.invite(WEB)
    assert refused(lobby, lambda: lobby.process().till.leave(token, "B" * 43)).code == "WrongSystem"


def test_an_invitation_that_was_used_up_meanwhile_is_refused(lobby: Lobby) -> None:
    first = Till(lobby)
    second = Till(lobby, first.token)
    first.come_back()
    assert refused(lobby, second.come_back).code == "InvitationUsed"


@pytest.mark.parametrize("trouble", [RetryLaterError("down"), UnauthorisedError("no", remedy="r")])
def test_a_grant_whose_account_cannot_be_found_is_given_back(lobby: Lobby, trouble: TillbridgeError) -> None:
    lobby.vendor.trouble = trouble
    refused(lobby, Till(lobby).come_back)
    assert lobby.vendor.live == set()


def test_a_grant_that_cannot_be_given_back_changes_nothing_here(lobby: Lobby) -> None:
    lobby.vendor.account = TillAccount("1", "x", missing=("product_cost: without it nothing works",))
    till = Till(lobby)
    code = lobby.vendor.approve()
    exchange = lobby.vendor.issue

    def issue_and_fall(code: str) -> object:
        pair = exchange(code)
        lobby.vendor.down = True
        return pair

    lobby.vendor.issue = issue_and_fall  # type: ignore[method-assign,assignment]
    with pytest.raises(MissingRightError, match="product_cost"):
        till.come_back(code=code)
    assert not lobby.live()
    assert not lobby.secrets.versions


def test_another_till_is_refused_while_one_is_connected(lobby: Lobby) -> None:
    connect_till(lobby, lobby.process(), lobby.invite(TILL))
    lobby.vendor.account = TillAccount("2", "Another shop")
    error = refused(lobby, Till(lobby).come_back)
    assert error.code == "OtherAccount"
    assert "Ann's shop" in error.happened


def test_once_disconnected_another_till_may_come(lobby: Lobby) -> None:
    connect_till(lobby, lobby.process(), lobby.invite(TILL))
    lobby.process().ending.end(lobby.live()[0])
    lobby.vendor.account = TillAccount("2", "Another shop")
    connect_till(lobby, lobby.process(), lobby.invite(TILL))
    assert lobby.live()[0].account_id == "2"


def test_a_new_till_is_read_whole_and_a_known_one_catches_up(lobby: Lobby) -> None:
    assert (Lane.CATALOGUE, "full") in tasks(Till(lobby).come_back())
    lobby.clock.advance(hours=2)
    assert (Lane.CATALOGUE, "poll") in tasks(Till(lobby).come_back())


def test_a_new_shop_is_filled_and_a_known_one_catches_up(lobby: Lobby) -> None:
    for task in ("resync", "push"):
        shop = Shop(lobby)
        shop.deliver()
        assert (Lane.CATALOGUE, task) in tasks(shop.come_back())
        lobby.clock.advance(hours=2)


def tasks(process: Process) -> set[tuple[Lane, str]]:
    return {(lane, task) for _, lane, task in process.lanes.woken}


def test_keys_count_only_once_they_worked_at_the_shop_that_was_named(lobby: Lobby) -> None:
    lobby.shops.keys["https://other.example"] = {"ck_2"}
    shop = Shop(lobby)
    error = refused(lobby, lambda: shop.deliver(OTHER_KEYS))
    welcome = lobby.process().reception.welcome(shop.token, shop.browser)
    assert (welcome.invitation.problem, welcome.invitation.remedy) == (error.happened, error.remedy)


def test_keys_that_may_not_write_are_refused(lobby: Lobby) -> None:
    assert refused(lobby, lambda: Shop(lobby).deliver(permissions="read")).code == "WeakKeys"


def test_only_the_first_keys_of_an_attempt_count(lobby: Lobby) -> None:
    lobby.shops.keys[SHOP].add("ck_2")
    shop = Shop(lobby)
    shop.deliver()
    assert refused(lobby, lambda: shop.deliver(OTHER_KEYS)).code == "StaleAttempt"
    shop.come_back()
    assert lobby.held(lobby.live()[0].place) == KEYS


def test_coming_back_needs_the_keys_the_approval_and_the_browser(lobby: Lobby) -> None:
    assert refused(lobby, Shop(lobby).come_back).code == "NoKeys"
    assert refused(lobby, lambda: Shop(lobby).come_back(approved=False)).code == "Denied"
    shop = Shop(lobby)
    shop.deliver()
    assert refused(lobby, lambda: shop.come_back("B" * 43)).code == "OtherBrowser"
    shop.come_back()
    assert refused(lobby, shop.come_back).code == "StaleAttempt"


def test_keys_that_vanished_from_the_vault_are_missed(lobby: Lobby) -> None:
    shop = Shop(lobby)
    shop.deliver()
    lobby.secrets.versions.clear()
    assert refused(lobby, shop.come_back).code == "NoKeys"


def test_a_nonce_is_no_state_and_a_state_no_nonce(lobby: Lobby) -> None:
    till, shop = Till(lobby), Shop(lobby)
    assert refused(lobby, lambda: till.come_back(shop.browser, state=shop.nonce)).code == "StaleAttempt"
    shop.nonce = till.state
    assert refused(lobby, shop.come_back).code == "StaleAttempt"
    assert refused(lobby, shop.deliver).code == "StaleAttempt"


def test_the_same_shop_again_leaves_one_set_of_keys(lobby: Lobby) -> None:
    connect_shop(lobby, lobby.process(), lobby.invite(WEB))
    (connection,) = lobby.live()
    connect_shop(lobby, lobby.process(), lobby.invite(WEB))
    assert lobby.live()[0].connection_id == connection.connection_id
    assert len([versions for versions in lobby.secrets.versions.values() if versions]) == 1


@pytest.mark.parametrize(("system", "way"), [(TILL, connect_till), (WEB, connect_shop)])
def test_a_broken_connection_is_mended_by_connecting_again(
    lobby: Lobby, system: System, way: Callable[[Lobby, Process, str], None]
) -> None:
    way(lobby, lobby.process(), lobby.invite(system))
    broken = replace(lobby.live()[0], state=ConnectionState.BROKEN, cause="x", remedy="y", traits={"web_hooks": "yes"})
    lobby.process().connections.save(broken)
    way(lobby, lobby.process(), lobby.invite(system))
    (mended,) = lobby.live()
    assert (mended.state, mended.cause, mended.remedy) == (ConnectionState.ACTIVE, "", "")
    assert mended.traits["web_hooks"] == "yes"
    assert mended.created_at == broken.created_at


def test_an_invitation_lives_for_a_week(lobby: Lobby) -> None:
    token = lobby.invite(TILL)
    lobby.clock.time += timedelta(days=7) - timedelta(seconds=1)
    assert lobby.process().reception.find(token).merchant_id == "m1"
    lobby.clock.advance(seconds=1)
    assert refused(lobby, lambda: lobby.process().reception.find(token)).code == "InvitationExpired"


def test_the_same_browser_keeps_its_cookie_and_a_strange_one_gets_a_new(lobby: Lobby) -> None:
    token, reception = lobby.invite(TILL), lobby.process().reception
    first = reception.welcome(token, "").browser
    assert reception.welcome(token, first).browser == first
    assert reception.welcome(token, "too short").browser not in {"too short", first}


def test_going_on_needs_the_cookie(lobby: Lobby) -> None:
    assert refused(lobby, lambda: lobby.process().till.leave(lobby.invite(TILL), "")).code == "OtherBrowser"
    assert lobby.attempts == {}
