"""Hooks at a shop: made, found switched off, made anew, refused, taken away."""

from dataclasses import replace
from typing import Any

import pytest

from tests.functional.webhooks.backroom import ROOT, SHOP, SHOP_PLACE, TILL, Backroom
from tests.functional.webhooks.watch import Watch
from tests.functional.woocommerce.storefront import KEYS
from tests.unit.systems.woocommerce.samples import mug
from tillbridge.domain.errors import BrokenConnectionError, SystemDownError, TillbridgeError
from tillbridge.domain.grant import Secret
from tillbridge.domain.shop_keys import ShopKeys
from tillbridge.flows.keep_hooks import TRAIT, HookKeeper, Upkeep, drop_hooks, keep_hooks
from tillbridge.grants.secret_store import path_of
from tillbridge.runtime import observe
from tillbridge.runtime.container import Container
from tillbridge.runtime.hook_keeping import counted, hook_keeper
from tillbridge.runtime.settings import Settings
from tillbridge.systems.woocommerce.api.keys import ApiKeys
from tillbridge.systems.woocommerce.deliveries import TOPICS
from tillbridge.systems.woocommerce.hooks import WooCommerceHooks, ensure_hooks

WELL = Upkeep(looked=True)


OWN = f"tillbridge/local/hook/{path_of(SHOP_PLACE)}"


def give_own_secret(room: Backroom) -> None:
    """Let the shop have a secret of its own, as earlier versions gave it."""
    room.cloud.secrets.store.write(OWN, "own-secret", 1)


def listed(room: Backroom) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = room.front.rows("/webhooks", per_page="100", status="all")
    return rows


def trait(room: Backroom) -> str:
    return room.shop.traits.get(TRAIT, "")


def drift(room: Backroom, watch: Watch) -> list[str]:
    """Change stock in the shop; what does its hook lead to?"""
    room.list_product(mug())
    watch.effects()
    room.front.change(f"/products/{room.front.rows('/products')[0]['id']}", {"stock_quantity": 1})
    room.cron()
    return watch.effects()


def test_hooks_are_made_once_and_greet_us(room: Backroom, watch: Watch) -> None:
    assert keep_hooks(room.hook_keeper()) == Upkeep(looked=True, mended=True)

    rows = listed(room)
    assert sorted(row["topic"] for row in rows) == sorted(TOPICS)
    assert {row["status"] for row in rows} == {"active"}
    assert {row["delivery_url"] for row in rows} == {f"{room.gateway.url}/hooks/woocommerce/{SHOP}"}
    assert room.gateway.answers == [200] * len(TOPICS)
    assert watch.effects() == ["HookGreeted"] * len(TOPICS)
    assert trait(room) == "working"


def test_all_well_costs_one_call_a_day(room: Backroom) -> None:
    keep_hooks(room.hook_keeper())
    room.front.forget_calls()
    assert keep_hooks(room.hook_keeper()) == Upkeep()
    room.front.clock.advance(hours=23)
    assert keep_hooks(room.hook_keeper()) == Upkeep()
    assert room.front.calls() == []
    room.front.clock.advance(hours=1)
    assert keep_hooks(room.hook_keeper()) == WELL
    assert [(call.method, call.status) for call in room.front.calls()] == [("GET", 200)]


def test_a_resync_looks_at_once(room: Backroom) -> None:
    keep_hooks(room.hook_keeper())
    assert keep_hooks(room.hook_keeper(), at_once=True) == WELL


def test_hooks_that_the_shop_switched_off_are_revived_and_missed_orders_looked_for(
    room: Backroom, watch: Watch
) -> None:  # invariant 4
    keep_hooks(room.hook_keeper())
    for row in listed(room):
        room.front.change(f"/webhooks/{row['id']}", {"status": "disabled"})
    room.cloud.wakes()

    assert keep_hooks(room.hook_keeper(), at_once=True).mended

    assert {row["status"] for row in listed(room)} == {"active"}
    assert room.cloud.wakes() == [("stock", "orders")]
    assert drift(room, watch) == ["HookDrift"]


def test_a_hook_that_somebody_deleted_is_made_again(room: Backroom) -> None:
    keep_hooks(room.hook_keeper())
    room.front.change(f"/webhooks/{listed(room)[0]['id']}?force=true", {}, "DELETE")
    assert keep_hooks(room.hook_keeper(), at_once=True).mended
    assert len(listed(room)) == len(TOPICS)


def test_hooks_get_a_new_secret_when_ours_is_lost(room: Backroom, watch: Watch) -> None:
    keep_hooks(room.hook_keeper())
    room.cloud.secrets.store.delete(ROOT)

    assert keep_hooks(room.hook_keeper(), at_once=True).mended

    assert len(listed(room)) == len(TOPICS)
    assert drift(room, watch) == ["HookDrift"]


def test_hooks_with_a_secret_of_their_own_move_to_the_derived_one(room: Backroom, watch: Watch) -> None:  # invariant 4
    give_own_secret(room)
    ensure_hooks(room.front.adapter().client, room.hook_keeper().delivery_url, "own-secret")
    assert drift(room, watch) == ["HookDrift"]

    keep_hooks(room.hook_keeper(), at_once=True)

    assert room.cloud.secrets.store.read(OWN) is None
    assert len(listed(room)) == len(TOPICS)
    room.front.change(f"/products/{room.front.rows('/products')[0]['id']}", {"stock_quantity": 2})
    room.cron()
    assert watch.effects() == ["HookDrift"]


def test_hooks_follow_a_new_public_address(room: Backroom) -> None:
    keep_hooks(replace(room.hook_keeper(), public_url="https://old.tillbridge.example"), at_once=True)
    keep_hooks(room.hook_keeper(), at_once=True)
    rows = listed(room)
    assert len(rows) == len(TOPICS)
    assert {row["delivery_url"] for row in rows} == {room.hook_keeper().delivery_url}


def test_hooks_of_others_are_left_alone(room: Backroom) -> None:  # invariant 6
    other = {"topic": "order.updated", "delivery_url": f"{room.gateway.url}/hooks/woocommerce/other", "name": "Theirs"}
    room.front.change("/webhooks", other, "POST")
    keep_hooks(room.hook_keeper())
    drop_hooks(room.hook_keeper())
    assert [row["name"] for row in listed(room)] == ["Theirs"]


class TestTrouble:
    """Nothing that a shop does to its hooks stops the sync."""

    @pytest.mark.parametrize("status", [400, 403, 404, 500, 503])
    def test_a_refusal_becomes_a_trait_and_is_tried_again_within_the_hour(self, room: Backroom, status: int) -> None:
        room.front.fault("status", status=status, path="/webhooks", times=None)

        upkeep = keep_hooks(room.hook_keeper())

        assert upkeep.problem is not None
        assert not upkeep.mended
        assert "polling" in trait(room)
        assert keep_hooks(room.hook_keeper()) == Upkeep()
        room.front.state.instruments.faults.clear()
        room.front.clock.advance(hours=1)
        assert keep_hooks(room.hook_keeper()).mended
        assert trait(room) == "working"

    def test_a_key_that_is_refused_does_not_break_the_connection_here(self, room: Backroom) -> None:
        def hooks() -> WooCommerceHooks:
            return WooCommerceHooks(room.front.adapter(keys=ApiKeys("ck_other", "cs_other")).client)

        upkeep = keep_hooks(replace(room.hook_keeper(), hooks=hooks))
        assert isinstance(upkeep.problem, BrokenConnectionError)
        assert room.shop.working

    def test_one_refused_hook_of_several_is_noticed(self, room: Backroom) -> None:
        keeper = replace(room.hook_keeper(), public_url="ftp://tillbridge.example")
        upkeep = keep_hooks(keeper)
        assert upkeep.problem is not None
        assert "woocommerce_rest_webhook_invalid_delivery_url" in upkeep.problem.happened


class TestDisconnecting:
    """Best effort at the shop, certain with us."""

    def test_hooks_and_a_secret_of_their_own_go(self, room: Backroom) -> None:
        keep_hooks(room.hook_keeper())
        give_own_secret(room)
        assert drop_hooks(room.hook_keeper()) is None
        assert listed(room) == []
        assert room.cloud.secrets.store.read(OWN) is None

    def test_a_shop_that_is_gone_does_not_matter(self, room: Backroom) -> None:
        keep_hooks(room.hook_keeper())
        give_own_secret(room)
        room.front.fault("status", status=500, path="/webhooks", times=None)
        assert drop_hooks(room.hook_keeper()) is not None
        assert room.cloud.secrets.store.read(OWN) is None

    def test_keys_that_are_gone_do_not_matter(self, room: Backroom) -> None:
        def gone() -> WooCommerceHooks:
            raise BrokenConnectionError("The vault holds nothing for this connection.")

        keeper: HookKeeper = replace(room.hook_keeper(), hooks=gone)
        give_own_secret(room)
        assert drop_hooks(keeper) is not None
        assert room.cloud.secrets.store.read(OWN) is None


def test_the_secret_never_shows(room: Backroom, watch: Watch) -> None:  # invariant 5
    keep_hooks(room.hook_keeper())
    secret = room.cloud.secrets.current(SHOP_PLACE).secret
    keeper = room.hook_keeper()
    assert secret.reveal() not in repr((keeper, keeper.secrets, secret, Secret(KEYS.secret), watch.text()))
    assert len(secret.reveal()) >= 43


class TestComposed:
    """The keeper as the lanes' container makes it."""

    @pytest.fixture
    def parts(self, room: Backroom, monkeypatch: pytest.MonkeyPatch) -> Container:
        monkeypatch.setenv("TILLBRIDGE_PUBLIC_URL", room.gateway.url)
        monkeypatch.setenv("TILLBRIDGE_CA_BUNDLE", room.front.ca)
        parts = Container(Settings.from_env())
        parts.connections.save(replace(room.shop, address=room.front.url))
        parts.credentials.vault.replace_keys(SHOP_PLACE, ShopKeys.woocommerce(Secret(KEYS.key), Secret(KEYS.secret)))
        return parts

    def test_it_makes_and_drops_hooks(self, parts: Container, room: Backroom) -> None:
        assert keep_hooks(hook_keeper(parts, room.shop)).mended
        assert len(listed(room)) == len(TOPICS)
        assert drop_hooks(hook_keeper(parts, room.shop)) is None
        assert listed(room) == []

    def test_a_till_has_none(self, parts: Container) -> None:
        keeper = hook_keeper(parts, parts.connections.get(TILL))
        with pytest.raises(TillbridgeError):
            keeper.hooks()

    @pytest.mark.parametrize(
        ("upkeep", "counted_as"),
        [
            (Upkeep(), []),
            (WELL, []),
            (Upkeep(looked=True, mended=True), ["HooksMended"]),
            (Upkeep(looked=True, problem=SystemDownError("Down.")), ["HooksFailing"]),
        ],
    )
    def test_what_came_of_it_is_counted(
        self, room: Backroom, monkeypatch: pytest.MonkeyPatch, upkeep: Upkeep, counted_as: list[str]
    ) -> None:
        names: list[str] = []
        monkeypatch.setattr(observe, "count", names.append)
        counted(upkeep, room.shop)
        assert names == counted_as
