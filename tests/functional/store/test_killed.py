"""A worker killed between any two requests: whoever comes next finds nothing wrong and makes it whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.fakes.crash import Crash, KilledError
from tests.unit.domain.samples import REFERENCE, item, variant
from tillbridge.domain.catalogue import Location, Reference
from tillbridge.store import table as tables
from tillbridge.store.mirror import StoredMirror
from tillbridge.store.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_dynamodb import DynamoDBClient

    from tests.fakes.clock import FakeClock

COUNT = 6
OLD = [variant(str(number), f"colour {number}", custom_sku=f"OLD-{number}") for number in range(1, COUNT)]
NEW = [
    *(variant(str(number), f"colour {number}", custom_sku=f"NEW-{number}", matrix_id="8") for number in range(1, 4)),
    *(item(str(number), custom_sku=f"NEW-{number}") for number in range(4, COUNT + 1)),
]
SAMPLE = [one for one in (*OLD, *NEW) if one.item_id in {"1", "3", "4", "6"}]


class KillableClient:
    """Passes requests on, with a kill point before and after each."""

    def __init__(self, client: DynamoDBClient, crash: Crash) -> None:
        self.client, self.crash = client, crash

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def ask(**request: Any) -> Any:
            self.crash.step(f"before {name}")
            answer = getattr(self.client, name)(**request)
            self.crash.step(f"after {name}")
            return answer

        return ask


Write = Callable[[StoredMirror, str], object]


@pytest.fixture
def calm(table: Table) -> StoredMirror:
    """Give a mirror that nobody kills."""
    return StoredMirror(table)


@pytest.fixture(autouse=True)
def _small_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let few rows make many requests."""
    monkeypatch.setattr(tables, "WRITE_AT_ONCE", 2)


@pytest.fixture
def killed(
    client: DynamoDBClient, table_name: str, clock: FakeClock, calm: StoredMirror
) -> Callable[[Write, Write], Iterator[str]]:
    """Kill a write at each of its steps, each time in a till of its own that was prepared; yields these tills."""

    def mirror(crash: Crash) -> StoredMirror:
        return StoredMirror(Table(KillableClient(client, crash), table_name, clock))  # type: ignore[arg-type]

    def tills(prepare: Write, write: Write) -> Iterator[str]:
        counting = Crash()
        prepare(calm, "whole")
        write(mirror(counting), "whole")
        for at in range(len(counting.steps)):
            till = f"till{at}"
            prepare(calm, till)
            with pytest.raises(KilledError):
                write(mirror(Crash(at)), till)
            yield till

    return tills


def check_pointers(mirror: StoredMirror, till: str) -> None:
    """Whatever was written so far, nothing is found where it does not belong, and all of it where it does."""
    items = mirror.items(till, map(str, range(COUNT + 1)))
    for matrix_id, found in mirror.variants(till, ["7", "8"]).items():
        mine = [one for one in items.values() if one.matrix_id == matrix_id]
        assert found == tuple(sorted(mine, key=lambda one: int(one.item_id)))
    for one in SAMPLE:
        carries = items.get(one.item_id)
        expected = [one.item_id] if carries is not None and carries.custom_sku == one.custom_sku else []
        assert mirror.find_by_sku(till, one.custom_sku) == expected


def test_pointers_never_mislead_and_are_made_whole(
    calm: StoredMirror, killed: Callable[[Write, Write], Iterator[str]]
) -> None:
    """# invariant 4"""
    for till in killed(
        lambda mirror, till: mirror.put_items(till, OLD), lambda mirror, till: mirror.put_items(till, NEW)
    ):
        check_pointers(calm, till)
        calm.put_items(till, NEW)
        check_pointers(calm, till)
        assert len(calm.items(till, [one.item_id for one in NEW])) == COUNT


def test_lists_are_not_believed_before_they_are_complete(
    calm: StoredMirror, killed: Callable[[Write, Write], Iterator[str]]
) -> None:
    """# invariant 1"""
    large = Reference(locations={str(number): Location(str(number), f"Shop {number}") for number in range(7)})
    for till in killed(lambda *_: None, lambda mirror, till: mirror.put_reference(till, large)):
        assert calm.reference(till) in (None, large)
        calm.put_reference(till, REFERENCE)
        assert calm.reference(till) == REFERENCE
