"""Bringing merchants of the old kind in: served from the first minute, and nothing half done."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.fakes.clock import FakeDeadline
from tests.fakes.crash import Crash, KilledError
from tests.fakes.people import connection
from tests.unit.flows.fleet import END, EVENT, SHOP, Fleet, link
from tillbridge.domain.errors import InputError, NotFoundError, SystemDownError
from tillbridge.domain.grant import Secret
from tillbridge.domain.merchant import Lane, System
from tillbridge.domain.migration import Stage
from tillbridge.domain.product import KnownVariant, Link, ListingRef
from tillbridge.domain.shop_keys import BroughtSecrets, ShopKeys
from tillbridge.flows.migrate_import import connection_id
from tillbridge.grants.secret_store import path_of
from tillbridge.systems.till import TillAccount

SHOP_ID = connection_id("m1", System.WOOCOMMERCE, SHOP)
LINKS = [link("1", "17"), link("2", "18/2", "7"), link("3", "18/3", "7")]


@pytest.fixture
def fleet() -> Fleet:
    return Fleet()


def columns(fleet: Fleet, **changes: object) -> list[str]:
    newcomer = fleet.newcomer(**changes)  # type: ignore[arg-type]
    return [problem.column for problem in fleet.process().bring_in.check(newcomer, EVENT).problems]


def import_whole(fleet: Fleet, crash: Crash | None = None) -> None:
    process, newcomer = fleet.process(crash), fleet.newcomer()
    process.bring_in.keep_links(newcomer, LINKS)
    process.bring_in.finish(newcomer, EVENT)


def test_a_merchant_is_served_with_the_key_from_the_first_minute(fleet: Fleet) -> None:
    import_whole(fleet)
    till, shop = sorted(fleet.live(), key=lambda one: one.system)
    assert (till.account_id, till.account_name, till.migration) == ("1", "Shop 1", EVENT.name)
    assert (shop.address, shop.migration) == (SHOP, "")
    assert fleet.works()
    assert fleet.house.asked[-1] == "key"
    assert (fleet.stage(), fleet.memory.merchants["m1"].email) == (Stage.KEY_ONLY, "m1@example.com")
    assert set(fleet.woken) == {
        (till.connection_id, Lane.STOCK, "poll"),
        (till.connection_id, Lane.CATALOGUE, "full"),
        (shop.connection_id, Lane.STOCK, "orders"),
        (shop.connection_id, Lane.CATALOGUE, "resync"),
    }


def test_links_that_are_there_are_taken_over_so_that_nothing_is_created_twice(fleet: Fleet) -> None:  # invariant 8
    import_whole(fleet)
    assert fleet.memory.links[SHOP_ID] == {
        "I1": Link(product_key="I1", product_id="17", variants=(KnownVariant(item_id="1", ref=ListingRef("17")),)),
        "M7": Link(
            product_key="M7",
            product_id="18",
            variants=(
                KnownVariant(item_id="2", ref=ListingRef("18", "2")),
                KnownVariant(item_id="3", ref=ListingRef("18", "3")),
            ),
        ),
    }
    shelves = fleet.memory.shelves[SHOP_ID]
    assert {key: (str(shelf.ref), shelf.known) for key, shelf in shelves.items()} == {
        "1": ("17", None),
        "2": ("18/2", None),
        "3": ("18/3", None),
    }
    assert sorted(mark.key for mark in fleet.memory.marks[SHOP_ID, Lane.STOCK]) == ["1", "2", "3"]


def test_importing_again_changes_nothing(fleet: Fleet) -> None:  # invariant 8
    import_whole(fleet)
    fleet.to(Stage.RETIRED)
    acknowledged = replace(fleet.memory.links[SHOP_ID]["I1"], fields={"name": "Mug"})
    fleet.memory.links[SHOP_ID]["I1"] = acknowledged
    before = (dict(fleet.memory.migrations), fleet.live(), set(fleet.secrets.versions))
    import_whole(fleet)
    assert (dict(fleet.memory.migrations), fleet.live(), set(fleet.secrets.versions)) == before
    assert fleet.memory.links[SHOP_ID]["I1"] == acknowledged
    assert fleet.kept_old() is None


def test_a_till_without_a_shop(fleet: Fleet) -> None:
    fleet.bring(shop=False)
    assert [one.system for one in fleet.live()] == [System.LIGHTSPEED]
    assert fleet.works()


def test_a_merchant_who_is_there_keeps_the_name_and_gets_an_address(fleet: Fleet) -> None:
    fleet.bring()
    fleet.memory.merchants["m1"] = replace(fleet.memory.merchants["m1"], name="Mine", email="")
    fleet.bring()
    assert (fleet.memory.merchants["m1"].name, fleet.memory.merchants["m1"].email) == ("Mine", "m1@example.com")
    fleet.bring(email="other@example.com")
    assert fleet.memory.merchants["m1"].email == "m1@example.com"


def test_what_cannot_work_is_told_by_column_and_nothing_is_written(fleet: Fleet) -> None:  # invariant 7
    crash = Crash()
    fleet.house.open("1", "key-1")
    for expected, changes in (("account", {"account": "9"}), ("shop_address", {"address": "http://shop.example"})):
        newcomer = replace(fleet.newcomer(), **changes)
        (problem,) = fleet.process(crash).bring_in.check(newcomer, EVENT).problems
        assert (problem.column, bool(problem.happened and problem.remedy)) == (expected, True)
        with pytest.raises(InputError) as refused:
            fleet.process(crash).bring_in.finish(newcomer, EVENT)
        assert refused.value.field == expected
    assert crash.steps == []
    assert fleet.memory.merchants == {}


def test_a_key_that_the_till_refuses(fleet: Fleet) -> None:
    newcomer = fleet.newcomer()
    fleet.house.keys.clear()
    problems = fleet.process().bring_in.check(newcomer, EVENT).problems
    assert [problem.column for problem in problems] == ["till_key"]


def test_a_till_that_is_down(fleet: Fleet) -> None:
    def down(_: str) -> None:
        raise SystemDownError("It is down.")

    fleet.house.fault = down
    newcomer = fleet.newcomer()
    problems = fleet.process().bring_in.check(newcomer, EVENT).problems
    assert [(problem.column, problem.remedy) for problem in problems] == [
        ("till_key", "Try again in a while."),
        ("shop_key", "Try again in a while."),
    ]


def test_a_key_without_the_rights(fleet: Fleet) -> None:
    newcomer = fleet.newcomer()
    fleet.house.accounts["1"] = TillAccount("1", "Shop", missing=("inventory: stock cannot be read",))
    (problem,) = fleet.process().bring_in.check(newcomer, EVENT).problems
    assert (problem.column, "stock cannot be read" in problem.happened) == ("till_key", True)


def test_shop_keys_that_the_shop_refuses(fleet: Fleet) -> None:
    fleet.shop_keys.clear()
    assert columns(fleet) == ["shop_key"]


def test_a_key_of_a_kind_that_has_ended(fleet: Fleet) -> None:
    fleet.go_to(END)
    newcomer = fleet.newcomer()
    (problem,) = fleet.process().bring_in.check(newcomer, EVENT).problems
    assert (problem.column, "from 2017-01-01 on" in problem.happened) == ("till_key", True)
    assert fleet.house.asked == []


def test_a_merchant_who_has_another_till_or_the_same_shop(fleet: Fleet) -> None:
    fleet.newcomer()
    fleet.memory.connections["x"] = connection("x", system=System.LIGHTSPEED, account_id="9")
    fleet.memory.connections["y"] = connection("y", account_id=SHOP)
    assert columns(fleet) == ["merchant", "shop_address"]


def test_secrets_that_are_gone(fleet: Fleet) -> None:
    newcomer = fleet.newcomer()
    fleet.pending.secrets.clear()
    with pytest.raises(NotFoundError):
        fleet.process().bring_in.finish(newcomer, EVENT)
    assert fleet.memory.merchants == {}


def steps_of_importing() -> int:
    crash = Crash()
    import_whole(Fleet(), crash)
    return len(crash.steps)


@pytest.mark.parametrize("step", range(steps_of_importing()))
def test_a_kill_while_importing(step: int) -> None:  # invariant 3
    fleet = Fleet()
    with pytest.raises(KilledError):
        import_whole(fleet, Crash(at=step))
    for one in fleet.live():  # whatever is connected has the credential that serves it
        assert fleet.works() if one.system.is_till else fleet.secrets.versions[f"t/connection/{path_of(one.place)}"]
    import_whole(fleet)
    assert len(fleet.live()) == 2
    assert fleet.works()
    assert (fleet.kept_old(), fleet.stage()) == (Secret("key-1"), Stage.KEY_ONLY)
    assert set(fleet.memory.links[SHOP_ID]) == {"I1", "M7"}
    assert {task for _, _, task in fleet.woken} == {"poll", "full", "orders", "resync"}
    fleet.clock.advance(hours=3)
    for _ in range(3):
        fleet.process().refreshing.run(FakeDeadline())
    assert fleet.works()


@pytest.mark.parametrize("step", range(steps_of_importing()))
def test_an_import_that_is_given_up_leaves_no_secret_of_nobody(step: int) -> None:  # invariant 5
    fleet = Fleet()
    with pytest.raises(KilledError):
        import_whole(fleet, Crash(at=step))
    for _ in range(4):
        fleet.clock.time += timedelta(hours=1)
        fleet.process().refreshing.run(FakeDeadline())
    owned = {one.connection_id for one in fleet.live()}
    for name in fleet.secrets.versions:
        assert name.removesuffix("/old").rpartition("/")[2] in owned


def test_secrets_stay_where_they_belong(fleet: Fleet) -> None:  # invariant 5
    fleet.pending.secrets["nonce-m1"] = BroughtSecrets(
        Secret("key-1"), ShopKeys.woocommerce(Secret("ck_1"), Secret("cs_1"))
    )
    import_whole(fleet)
    assert "key-1" not in repr(fleet.memory)
    assert "cs_1" not in repr(fleet.memory)
