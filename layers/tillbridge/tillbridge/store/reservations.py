"""Units in web orders that the till does not show yet.

``T#{till}#ORDER | {order}`` says what an order holds, ``T#{till}#RESERVED | {item}`` the same by item, with one
attribute per order, and location where one is known (``domain.stock.spot``). Both change in one transaction, on the
condition that the order's row is still the one that was read: whoever comes second reads again. So every unit counts
once, however many workers meet the order (invariant 8).
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tillbridge.domain.stock import Quantity, of_spot, spot
from tillbridge.store.content import json_text, quantity_value
from tillbridge.store.errors import ConditionFailedError, ServiceBusyError
from tillbridge.store.expressions import ABSENT, Change, Condition, Delete, Put, Step
from tillbridge.store.fields import INDEX_FIELDS, Fields
from tillbridge.store.keys import Key, part, partition
from tillbridge.store.table import TRANSACT_AT_ONCE, Table, chunks
from tillbridge.store.wire import Row

PREFIX = "order:"
TRIES = 20
"""How often a reservation is worked out anew because somebody else changed the order meanwhile."""

Units = Mapping[str, Quantity]
"""Item id, or its spot -> units."""


@dataclass(frozen=True, slots=True)
class StoredReservations:
    """Implements ``Reservations``."""

    table: Table

    def of(self, till: str, item_ids: Iterable[str]) -> Mapping[str, Units]:
        """Find reserved units: item id -> {order reference, or its spot: units}."""
        pk = partition("T", till, "RESERVED")
        keys = {item_id: Key(pk, part(item_id)) for item_id in item_ids}
        rows = self.table.get_close(keys.values())
        return {item_id: _by_order(rows[key]) if key in rows else {} for item_id, key in keys.items()}

    def held(self, till: str, order: str) -> Units:
        """Find what an order holds."""
        row = self.table.get(Key(partition("T", till, "ORDER"), part(order)))
        return _units(row) if row else {}

    def held_by(self, till: str, orders: Iterable[str]) -> Mapping[str, Units]:
        """Find what each of many orders holds; those that hold nothing are absent."""
        pk = partition("T", till, "ORDER")
        keys = {order: Key(pk, part(order)) for order in orders}
        rows = self.table.get_many(keys.values())
        return {order: _units(rows[key]) for order, key in keys.items() if key in rows}

    def set(self, till: str, order: str, units: Units, former: Units | None = None) -> Units:
        """Make this order's reservation exactly ``units`` (item or spot -> units, {} releases); returns the former one.

        Whoever has just read what it holds passes it on as ``former``. When somebody else changed it meanwhile, what
        they had reserved is returned as well.
        """
        wanted = {item_id: held for item_id, held in units.items() if held}
        met: dict[str, Quantity] = {}
        for _ in range(TRIES):
            known = self.held(till, order) if former is None else former
            former, met = None, {**met, **known}
            try:
                self._move(till, order, known, wanted)
            except ConditionFailedError:
                continue
            return met
        raise ServiceBusyError(f"The reservation of order {order} is being changed all the time.")

    def _move(self, till: str, order: str, former: Units, wanted: Units) -> None:
        """Go from one reservation to the other, in as many transactions as their size needs, each whole by itself."""
        key = Key(partition("T", till, "ORDER"), part(order))
        reached = dict(former)
        for chunk in chunks(_differences(former, wanted).items(), TRANSACT_AT_ONCE - 1):
            before, reached = reached, _applied(reached, wanted, [one for _, spots in chunk for one in spots])
            changes = (self._change(till, order, item_id, spots, wanted) for item_id, spots in chunk)
            self.table.transact([_order_step(key, before, reached), *changes])

    @staticmethod
    def _change(till: str, order: str, item_id: str, spots: Sequence[str], wanted: Units) -> Change:
        """Change one row, at all locations at once: a transaction takes one change of a row."""
        kept, gone = [one for one in spots if one in wanted], [one for one in spots if one not in wanted]
        told = [*kept, *gone]
        names = {f"#order{n}": PREFIX + spot(order, of_spot(one)[1]) for n, one in enumerate(told)}
        values = {f":held{n}": quantity_value(wanted[one]) for n, one in enumerate(kept)}
        sets = ", ".join(f"#order{n} = :held{n}" for n in range(len(kept)))
        removes = ", ".join(f"#order{n}" for n in range(len(kept), len(told)))
        text = " ".join(filter(None, (f"SET {sets}" if sets else "", f"REMOVE {removes}" if removes else "")))
        return Change(Key(partition("T", till, "RESERVED"), part(item_id)), Condition(text, values, names))


def _order_step(key: Key, before: Units, after: Units) -> Step:
    """Replace what an order holds, if it still is what it was before."""
    unchanged = Condition("units = :before", {":before": _text(before)}) if before else ABSENT
    if not after:
        return Delete(key, unchanged)
    return Put({**key._asdict(), "units": _text(after)}, unchanged)


def _differences(former: Units, wanted: Units) -> Mapping[str, Sequence[str]]:
    """Name the spots whose units change, by item, in a fixed order."""
    changed: dict[str, list[str]] = {}
    for one in sorted({*former, *wanted}):
        if former.get(one) != wanted.get(one):
            changed.setdefault(of_spot(one)[0], []).append(one)
    return changed


def _applied(reached: Units, wanted: Units, changed: Iterable[str]) -> dict[str, Quantity]:
    gone = {item for item in changed if item not in wanted}
    kept = {item: held for item, held in reached.items() if item not in gone}
    return kept | {item: wanted[item] for item in changed if item in wanted}


def _text(units: Units) -> str:
    """Write units so that equal ones are the same text."""
    return json_text({item_id: quantity_value(held) for item_id, held in sorted(units.items())})


def _units(row: Row) -> dict[str, Quantity]:
    text = Fields.of_row(row).needed("units")
    try:
        values = json.loads(text)
    except ValueError:
        values = None
    if not isinstance(values, dict):
        Fields.of_row(row).wrong("units", "is no JSON object")
    whole = Fields(values, str(row["pk"]), str(row["sk"]), "units.")
    return {item_id: whole.maybe_quantity(item_id) or 0 for item_id in values}


def _by_order(row: Row) -> dict[str, Quantity]:
    fields = Fields.of_row(row)
    orders = {name: fields.maybe_quantity(name) or 0 for name in row if name not in INDEX_FIELDS}
    return {name.removeprefix(PREFIX): held for name, held in orders.items()}
