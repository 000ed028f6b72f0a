"""Each step from the key to the authorisation and back, and what becomes of the connection meanwhile."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.fakes.clock import FakeDeadline
from tests.unit.domain.samples import item
from tests.unit.flows.fleet import END, SEPTEMBER, Fleet
from tillbridge.domain.errors import InputError, NotFoundError, RetryLaterError, SystemDownError, UnauthorisedError
from tillbridge.domain.grant import Secret
from tillbridge.domain.mail import MailKind
from tillbridge.domain.merchant import ConnectionState, Lane, System
from tillbridge.domain.migration import Move, Stage
from tillbridge.domain.stock import StockLevel
from tillbridge.grants.secret_store import path_of
from tillbridge.systems.till import TillAccount

TASKS = {(Lane.STOCK, "poll"), (Lane.CATALOGUE, "poll")}


@pytest.fixture
def fleet() -> Fleet:
    fleet = Fleet()
    fleet.bring()
    fleet.woken.clear()
    return fleet


def fail(fleet: Fleet, at: str, error: Exception) -> None:
    def fault(call: str) -> None:
        if call == at:
            raise error

    fleet.house.fault = fault


def test_the_whole_way(fleet: Fleet) -> None:  # invariant 3
    stages = []
    for stage in Stage:
        fleet.to(stage)
        assert fleet.works()
        stages.append((stage, fleet.house.asked[-1]))
    assert [kind for _, kind in stages] == ["key", "key", "key", "key", "token", "token"]
    assert (fleet.kept_old(), fleet.migration().destroyed, fleet.migration().due_at) == (None, True, None)
    moves = [entry.move for entry in fleet.migration().history]
    assert moves == [Move.INVITE, Move.AUTHORISE, Move.VERIFY, Move.SWITCH, Move.RETIRE]
    assert fleet.till().state is ConnectionState.ACTIVE


def test_an_invitation_is_mailed_with_what_it_is_about_and_no_link(fleet: Fleet) -> None:  # invariant 5
    migration, obtained = fleet.process().mover.invite(fleet.process().case(), FakeDeadline())
    (mail,) = [posted.mail for posted in fleet.memory.mails.values()]
    assert (mail.kind, mail.merchant_id, mail.to) == (MailKind.MIGRATION_INVITE, "m1", "")
    assert mail.about["day"] == "2017-01-01"
    assert migration.stage is Stage.INVITED
    assert obtained.link.startswith("https://tillbridge.example/connect/start?invitation=")
    assert obtained.link not in repr(fleet.memory)
    fleet.process().invite()
    assert len(fleet.memory.mails) == 1


def test_the_key_serves_until_the_switch_and_again_after_going_back(fleet: Fleet) -> None:  # invariant 3
    fleet.to(Stage.SWITCHED)
    fleet.process().back()
    assert fleet.stage() is Stage.AUTHORISED
    assert fleet.works()
    assert fleet.house.asked[-1] == "key"
    fleet.to(Stage.SWITCHED)
    assert fleet.works()
    assert fleet.house.asked[-1] == "token"


def test_there_is_no_way_back_once_the_key_has_ended_or_is_gone(fleet: Fleet) -> None:  # invariant 3
    fleet.to(Stage.SWITCHED)
    kept = dict(fleet.secrets.versions)
    fleet.secrets.versions.pop(f"t/connection/{path_of(fleet.till().place)}/old")
    with pytest.raises(InputError) as gone:
        fleet.process().back()
    fleet.secrets.versions.update(kept)
    fleet.go_to(END)
    with pytest.raises(InputError) as ended:
        fleet.process().back()
    assert (gone.value.code, ended.value.code) == ("NoOldCredential", "OldEnded")
    assert fleet.stage() is Stage.SWITCHED
    assert fleet.works()


def test_steps_out_of_order_change_nothing(fleet: Fleet) -> None:
    before = fleet.migration()
    process = fleet.process()
    for step in (process.verify, process.switch, process.back, process.retire):
        with pytest.raises(InputError):
            step()
    assert fleet.migration() == before
    assert fleet.kept_old() == Secret("key-1")


def test_another_account_is_refused_and_changes_nothing(fleet: Fleet) -> None:
    fleet.house.open("2", "key-2")
    before = fleet.migration()
    with pytest.raises(InputError) as refused:
        fleet.process().authorise(account="2")
    assert refused.value.code == "OtherAccount"
    assert (fleet.migration(), fleet.kept_tokens()) == (before, None)
    assert fleet.works()


def test_what_differs_is_told_and_keeps_the_key_in_service(fleet: Fleet) -> None:
    fleet.to(Stage.AUTHORISED)
    process = fleet.process()
    real = process.tills
    _, new = real(fleet.till(), FakeDeadline())
    twin = replace(fleet.house.tills["1"], items=dict(fleet.house.tills["1"].items))
    twin.items["2"] = replace(twin.items["2"], description="Something else")

    class Other:
        def account(self) -> TillAccount:
            return new.account()

        def __getattr__(self, name: str) -> object:
            return getattr(twin, name)

    anew = next(iter(process.mover.strategies.values()))
    object.__setattr__(anew, "tills", lambda *given: (real(*given)[0], Other()))
    migration = process.verify()
    assert migration.stage is Stage.AUTHORISED
    assert "item 2 shows another description" in migration.problem
    assert migration.history[-1].move is Move.DIFFER
    assert fleet.works()


def test_an_employee_who_lacks_rights_is_told(fleet: Fleet) -> None:
    fleet.to(Stage.AUTHORISED)
    fleet.house.accounts["1"] = TillAccount("1", "Shop", missing=("inventory: stock cannot be read",))
    migration = fleet.process().verify()
    assert (migration.stage, "stock cannot be read" in migration.problem) == (Stage.AUTHORISED, True)


def test_stock_that_changes_while_both_are_looked_at_is_no_difference(fleet: Fleet) -> None:
    fleet.to(Stage.AUTHORISED)

    def sell(call: str) -> None:
        fleet.clock.advance(seconds=1)
        level = fleet.house.tills["1"].levels["1", "1"]
        fleet.house.tills["1"].put(StockLevel("1", "1", level.on_hand - 1, level.sellable - 1, fleet.clock.now()))

    fleet.house.fault = sell
    assert fleet.process().verify().stage is Stage.VERIFIED


def test_an_item_that_comes_between_the_looks_is_no_difference(fleet: Fleet) -> None:
    fleet.to(Stage.AUTHORISED)
    numbers = iter(range(100, 104))

    def add(call: str) -> None:
        if (number := next(numbers, None)) is not None:
            fleet.house.tills["1"].put(item(str(number)))

    fleet.house.fault = add
    assert fleet.process().verify().stage is Stage.VERIFIED


def test_trouble_while_comparing_keeps_everything_as_it_was(fleet: Fleet) -> None:
    fleet.to(Stage.AUTHORISED)
    fail(fleet, "till by token", SystemDownError("It is down."))
    migration = fleet.process().verify()
    assert (migration.stage, migration.problem) == (Stage.AUTHORISED, "It is down.")
    fleet.house.fault = lambda _: None
    assert fleet.process().verify().problem == ""


def test_an_authorisation_that_died_before_it_served_is_asked_for_anew(fleet: Fleet) -> None:  # invariant 3
    fleet.to(Stage.VERIFIED)
    fleet.house.end_grants("1")
    migration = fleet.process().verify()
    assert (migration.stage, migration.history[-1].move) == (Stage.KEY_ONLY, Move.LOSE)
    assert fleet.works()
    fleet.clock.advance(hours=7)
    fleet.tick()
    assert fleet.stage() is Stage.KEY_ONLY  # its tokens are in the vault, and are dead
    fleet.clock.advance(hours=1)
    fleet.to(Stage.SWITCHED)
    assert fleet.works()


def test_a_dead_authorisation_does_not_break_what_the_key_serves(fleet: Fleet) -> None:  # invariant 3
    fleet.to(Stage.VERIFIED)
    fleet.house.end_grants("1")
    fleet.clock.advance(minutes=45)
    report = fleet.process().refreshing.run(FakeDeadline())
    assert (report.broken, len(report.later)) == ((), 1)
    assert (fleet.stage(), fleet.till().state) == (Stage.KEY_ONLY, ConnectionState.ACTIVE)
    assert fleet.works()


def test_a_dead_authorisation_breaks_what_it_serves(fleet: Fleet) -> None:
    fleet.to(Stage.SWITCHED)
    fleet.house.end_grants("1")
    fleet.clock.advance(minutes=45)
    assert len(fleet.process().refreshing.run(FakeDeadline()).broken) == 1
    assert fleet.till().state is ConnectionState.BROKEN
    fleet.process().back()
    assert fleet.works()


def test_keys_without_tokens_are_never_renewed(fleet: Fleet) -> None:
    fleet.process().keeper.watch(fleet.till().place)
    fleet.clock.advance(hours=1)
    fleet.process().refreshing.run(FakeDeadline())
    assert fleet.till().state is ConnectionState.ACTIVE
    assert fleet.process().refreshing.run(FakeDeadline()).later == ()


def test_retiring_looks_through_the_new_one_first(fleet: Fleet) -> None:  # invariant 3
    fleet.to(Stage.SWITCHED)
    fail(fleet, "till by token", SystemDownError("It is down."))
    with pytest.raises(SystemDownError):
        fleet.process().retire()
    assert (fleet.stage(), fleet.kept_old()) == (Stage.SWITCHED, Secret("key-1"))


def test_authorising_again_while_it_is_switched_stays_switched(fleet: Fleet) -> None:
    fleet.to(Stage.SWITCHED)
    fleet.house.end_grants("1")
    fleet.process().authorise()
    assert fleet.stage() is Stage.SWITCHED
    assert fleet.works()


def test_a_merchant_who_never_had_a_key_moves_nowhere(fleet: Fleet) -> None:
    process = fleet.process()
    other = replace(fleet.till(), connection_id="c-other")
    process.mover.authorised(other)
    assert not process.mover.lost(other, UnauthorisedError("dead"))
    with pytest.raises(InputError) as refused:
        process.mover.book.case(other)
    assert refused.value.code == "NoMigration"
    assert process.serving.old(replace(other, migration="")) is None


def test_two_that_move_the_same_do_not_both(fleet: Fleet) -> None:  # invariant 3
    fleet.to(Stage.VERIFIED)
    first, second = fleet.process().case(), fleet.process().case()
    fleet.process().mover.switch(first)
    fleet.clock.advance(seconds=1)
    with pytest.raises(RetryLaterError) as late:
        fleet.process().mover.switch(second)
    assert late.value.code == "MovedMeanwhile"
    assert len([entry for entry in fleet.migration().history if entry.move is Move.SWITCH]) == 1


def test_an_authorisation_that_meets_another_writer_is_noted_all_the_same(
    fleet: Fleet, monkeypatch: pytest.MonkeyPatch
) -> None:
    process = fleet.process()
    put, misses = process.migrations.put, iter([False, False])
    monkeypatch.setattr(process.migrations, "put", lambda one: next(misses, True) and put(one))
    process.authorise()
    assert fleet.stage() is Stage.AUTHORISED


def test_an_authorisation_that_can_never_be_noted_is_told(fleet: Fleet, monkeypatch: pytest.MonkeyPatch) -> None:
    process = fleet.process()
    monkeypatch.setattr(process.migrations, "put", lambda _: False)
    with pytest.raises(RetryLaterError):
        process.authorise()
    assert fleet.stage() is Stage.KEY_ONLY
    assert fleet.works()


@pytest.mark.parametrize("stage", [Stage.KEY_ONLY, Stage.INVITED])
def test_a_paused_connection_is_served_by_the_new_one_as_soon_as_it_is_authorised(fleet: Fleet, stage: Stage) -> None:
    """The merchant deleted the key too early."""
    fleet.to(stage)
    fleet.house.keys.clear()
    connection = fleet.till()
    fleet.process().connections.save(replace(connection, state=ConnectionState.BROKEN, cause="The key is refused."))
    fleet.process().authorise()
    assert (fleet.stage(), fleet.till().state) == (Stage.SWITCHED, ConnectionState.ACTIVE)
    assert fleet.works()
    assert {(lane, task) for _, lane, task in fleet.woken} | {(Lane.CATALOGUE, "poll")} >= TASKS


def test_a_key_refused_early_does_not_keep_an_authorised_one_from_being_verified(fleet: Fleet) -> None:
    fleet.to(Stage.AUTHORISED)
    fleet.house.keys.clear()
    migration = fleet.process().verify()
    assert (migration.stage, migration.history[-1].note) == (
        Stage.VERIFIED,
        "alone, since the old credential does not serve",
    )


def test_switching_a_paused_connection_wakes_it(fleet: Fleet) -> None:
    fleet.to(Stage.VERIFIED)
    fleet.process().connections.save(replace(fleet.till(), state=ConnectionState.BROKEN, cause="x", remedy="y"))
    fleet.process().switch()
    assert (fleet.till().state, fleet.till().cause) == (ConnectionState.ACTIVE, "")
    assert {(lane, task) for _, lane, task in fleet.woken} >= TASKS


def test_disconnecting_on_the_way_deletes_both(fleet: Fleet) -> None:  # invariant 5
    fleet.to(Stage.AUTHORISED)
    till = fleet.till()
    fleet.process().ending.end(till)
    assert not [name for name in fleet.secrets.versions if till.connection_id in name]
    fleet.clock.advance(hours=7)
    assert fleet.tick().looked_at == 1
    with pytest.raises(StopIteration):
        fleet.till()


def test_the_clock_of_the_letter() -> None:
    assert END - timedelta(days=60) > SEPTEMBER


def test_whoever_is_served_by_a_key_that_is_gone_is_told(fleet: Fleet) -> None:
    fleet.secrets.versions.pop(f"t/connection/{path_of(fleet.till().place)}/old")
    with pytest.raises(Exception, match="holds no API key"):
        fleet.process().serving_account(fleet.till())


def test_an_invitation_for_an_unknown_merchant(fleet: Fleet) -> None:
    fleet.memory.merchants.clear()
    with pytest.raises(NotFoundError):
        fleet.process().invite()
    assert fleet.stage() is Stage.KEY_ONLY
    assert fleet.till().system is System.LIGHTSPEED
