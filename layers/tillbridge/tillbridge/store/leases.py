"""Leases of lanes: ``S#{shop}#LANE | {lane}``, one row that is only ever replaced as it was read."""

from dataclasses import dataclass

from tillbridge.domain.merchant import Lane
from tillbridge.domain.work import LaneLease
from tillbridge.store.content import compact, maybe_moment
from tillbridge.store.errors import ConditionFailedError
from tillbridge.store.expressions import ABSENT, Condition
from tillbridge.store.fields import Fields
from tillbridge.store.keys import Key, part, partition
from tillbridge.store.table import Table

NEVER_TAKEN = LaneLease()


@dataclass(frozen=True, slots=True)
class StoredLaneLeases:
    """Implements ``LaneLeases``."""

    table: Table

    def get(self, shop: str, lane: Lane) -> LaneLease:
        """Read the lease; one that was never taken is ``LaneLease()``."""
        row = self.table.get(_key(shop, lane))
        return _read(Fields.of_row(row)) if row else NEVER_TAKEN

    def swap(self, shop: str, lane: Lane, old: LaneLease, new: LaneLease) -> bool:
        """Put ``new`` in the place of ``old``; false when something else stands there by now.

        A try whose answer was lost may have done it: then ``new`` is what is found.
        """
        row = {**_key(shop, lane)._asdict(), **_attributes(new)}
        try:
            self.table.put(row, ABSENT if old == NEVER_TAKEN else _unchanged(old))
        except ConditionFailedError:
            return self.get(shop, lane) == new
        return True


def _key(shop: str, lane: Lane) -> Key:
    return Key(partition("S", shop, "LANE"), part(lane.value))


def _attributes(lease: LaneLease) -> dict[str, object]:
    return {"fence": lease.fence, **compact({"holder": lease.holder, "until": maybe_moment(lease.until)})}


def _unchanged(lease: LaneLease) -> Condition:
    """Hold as long as the row is just this lease: its fence names who took it, its end whether it was extended."""
    if lease.until is None:
        return Condition(
            "fence = :fence AND attribute_not_exists(#until)", {":fence": lease.fence}, {"#until": "until"}
        )
    values = {":fence": lease.fence, ":holder": lease.holder, ":until": maybe_moment(lease.until)}
    return Condition("fence = :fence AND holder = :holder AND #until = :until", values, {"#until": "until"})


def _read(fields: Fields) -> LaneLease:
    lease = LaneLease(fence=fields.count("fence"), holder=fields.text("holder"), until=fields.maybe_moment("until"))
    fields.end()
    return lease
