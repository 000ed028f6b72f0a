"""What waits for a person: ``S#{shop}#HOLD | {hold}``, ``#HELD | {lane}#{key}`` and ``#GUARD | {lane}``.

A hold's state stands beside its content, so that whoever changes it can make sure that nobody else has.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from tillbridge.domain.hour import GuardLog
from tillbridge.domain.merchant import Lane
from tillbridge.domain.work import Held, Hold
from tillbridge.store.clock import Clock
from tillbridge.store.codecs.holds import held_attributes, hold_content, log_content, read_held, read_hold, read_log
from tillbridge.store.errors import ConditionFailedError
from tillbridge.store.expressions import ABSENT, Condition, starts_with
from tillbridge.store.fields import Fields
from tillbridge.store.keys import Key, part, partition, sort_key
from tillbridge.store.table import Table

KEPT = timedelta(days=14)
"""How long a hold is remembered after its keys have gone on."""


@dataclass(frozen=True, slots=True)
class StoredHolds:
    """Implements ``Holds``."""

    table: Table
    clock: Clock

    def unsettled(self, shop: str) -> Sequence[Hold]:
        """List the holds that are open, and those whose keys still have to be moved, oldest first."""
        return [hold for hold in self.known(shop) if not hold.settled]

    def known(self, shop: str) -> Sequence[Hold]:
        """List every hold that is remembered, oldest first."""
        found = [read_hold(Fields.of_content(row)) for row in self.table.query(partition("S", shop, "HOLD"))]
        return sorted(found, key=lambda hold: (hold.created_at, hold.hold_id))

    def get(self, shop: str, hold_id: str) -> Hold | None:
        """Find a hold."""
        row = self.table.get(_hold_key(shop, hold_id))
        return read_hold(Fields.of_content(row)) if row else None

    def put(self, shop: str, hold: Hold, former: Hold | None) -> bool:
        """Store a hold if its state is still that of ``former`` (``None``: it is new); tells whether it was."""
        row: dict[str, object] = {
            **_hold_key(shop, hold.hold_id)._asdict(),
            "state": _state(hold),
            "content": hold_content(hold),
        }
        if hold.settled:
            row["expires_at"] = int((self.clock.now() + KEPT).timestamp())
        same = Condition("#state = :state", {":state": _state(former)}, {"#state": "state"}) if former else ABSENT
        try:
            self.table.put(row, same)
        except ConditionFailedError:
            return self.get(shop, hold.hold_id) == hold  # written by an earlier try whose answer was lost
        return True

    def find(self, shop: str, lane: Lane, keys: Iterable[str]) -> Mapping[str, Held]:
        """Find which of these keys are held."""
        rows = self.table.get_many(_held_key(shop, lane, key) for key in keys)
        found = [read_held(Fields.of_row(row)) for row in rows.values()]
        return {held.mark.key: held for held in found}

    def held(self, shop: str, lane: Lane, hold_id: str) -> Iterator[Held]:
        """Go through the keys of one hold, page by page; keys may be removed meanwhile."""
        for row in self.table.query(partition("S", shop, "HELD"), starts_with(part(lane.value) + "#")):
            held = read_held(Fields.of_row(row))
            if held.hold_id == hold_id:
                yield held

    def keep(self, shop: str, lane: Lane, held: Iterable[Held]) -> None:
        """Store held keys, each in the place of what was known of it."""
        self.table.write({**_held_key(shop, lane, one.mark.key)._asdict(), **held_attributes(one)} for one in held)

    def let_go(self, shop: str, lane: Lane, keys: Iterable[str]) -> None:
        """Forget that these keys are held."""
        self.table.write(deletes=[_held_key(shop, lane, key) for key in keys])

    def log(self, shop: str, lane: Lane) -> GuardLog:
        """Find what the guard of a lane remembers."""
        row = self.table.get(_log_key(shop, lane))
        return read_log(Fields.of_content(row)) if row else GuardLog()

    def put_log(self, shop: str, lane: Lane, log: GuardLog) -> None:
        """Store what the guard of a lane remembers."""
        self.table.put({**_log_key(shop, lane)._asdict(), "content": log_content(log)})


def _state(hold: Hold) -> str:
    return "settled" if hold.settled else hold.state.value


def _hold_key(shop: str, hold_id: str) -> Key:
    return Key(partition("S", shop, "HOLD"), part(hold_id))


def _held_key(shop: str, lane: Lane, key: str) -> Key:
    return Key(partition("S", shop, "HELD"), sort_key(lane.value, key))


def _log_key(shop: str, lane: Lane) -> Key:
    return Key(partition("S", shop, "GUARD"), lane.value)
