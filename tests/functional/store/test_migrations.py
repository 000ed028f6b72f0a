"""Migrations: conditional writes, the list of an event, and what is due."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from tests.fakes.clock import NOON
from tests.fakes.repositories import Repositories
from tillbridge.domain.migration import Migration, Move, Stage, moved

EVENT = "lightspeed-api-keys"


def migration(connection_id: str = "c1", **changes: Any) -> Migration:
    return Migration(connection_id=connection_id, merchant_id="m1", event=EVENT, since=NOON, **changes)


def test_a_migration_is_found_again(stores: Repositories) -> None:
    assert stores.migrations.get("c1") is None
    stores.migrations.add(migration())
    assert stores.migrations.get("c1") == migration()


def test_a_second_import_leaves_what_is_there(stores: Repositories) -> None:  # invariant 8
    stores.migrations.add(migration(stage=Stage.SWITCHED))
    stores.migrations.add(migration())
    assert stores.migrations.get("c1") == migration(stage=Stage.SWITCHED)


def test_of_two_that_saw_the_same_only_one_writes(stores: Repositories) -> None:  # invariant 3
    stores.migrations.add(migration())
    first = replace(moved(migration(), Move.INVITE, NOON), version=2)
    second = replace(moved(migration(), Move.AUTHORISE, NOON), version=2)
    assert stores.migrations.put(first)
    assert not stores.migrations.put(second)
    assert stores.migrations.get("c1") == first


def test_a_write_whose_answer_was_lost_is_recognised(stores: Repositories) -> None:  # invariant 8
    stores.migrations.add(migration())
    after = replace(migration(), version=2, stage=Stage.INVITED)
    assert stores.migrations.put(after)
    assert stores.migrations.put(after)


def test_nothing_comes_into_being_by_replacing(stores: Repositories) -> None:
    assert not stores.migrations.put(replace(migration(), version=2))
    assert stores.migrations.get("c1") is None


def test_the_list_of_an_event_holds_each_connection_once(stores: Repositories) -> None:
    for number in range(5):
        stores.migrations.add(migration(f"c{number}"))
    stores.migrations.add(replace(migration("other"), event="shopify-offline-tokens"))
    stores.migrations.put(replace(migration("c3"), version=2, stage=Stage.RETIRED, destroyed=True))
    listed = list(stores.migrations.of_event(EVENT))
    assert [one.connection_id for one in listed] == ["c0", "c1", "c2", "c3", "c4"]
    assert [one.stage for one in listed if one.connection_id == "c3"] == [Stage.RETIRED]


def test_what_is_due_comes_longest_due_first_and_what_is_done_never(stores: Repositories) -> None:
    for number in (3, 1, 2, 9):
        stores.migrations.add(migration(f"c{number}", due_at=NOON + timedelta(minutes=number)))
    now = NOON + timedelta(minutes=3)
    assert [one.connection_id for one in stores.migrations.due(now, 10)] == ["c1", "c2", "c3"]
    assert [one.connection_id for one in stores.migrations.due(now, 2)] == ["c1", "c2"]
    stores.migrations.put(replace(migration("c1"), version=2, due_at=None))
    assert [one.connection_id for one in stores.migrations.due(now, 10)] == ["c2", "c3"]
