"""Adds up a preview as it comes in: counts, a few examples of each kind, and no more."""

from collections import Counter
from dataclasses import asdict, dataclass, field
from itertools import chain

from tillbridge.domain.guard import Kind
from tillbridge.domain.merchant import ConnectionState
from tillbridge.flows.operate.preview_answers import ChangeKind, FirstRead, PlannedChange, PreviewRound

EXAMPLES = 4
"""Rows shown of each kind: with all kinds, about a page."""


@dataclass(slots=True)
class HeldTotal:
    """What is held for one bound, in one hold or in none yet (""); the last round's cause counts all of it."""

    held_for: Kind
    hold: str
    count: int = 0
    cause: str = ""

    def as_dict(self) -> dict[str, object]:
        """Give it as JSON."""
        return {"held_for": str(self.held_for), "hold": self.hold, "count": self.count, "cause": self.cause}


@dataclass(slots=True)
class ShopTotal:
    """What would happen in one shop."""

    connection: str
    system: str
    name: str
    state: ConnectionState
    first_read: FirstRead | None
    products: int = 0
    items: int = 0
    calls: int = 0
    counts: Counter[ChangeKind] = field(default_factory=Counter)
    fields: dict[ChangeKind, Counter[str]] = field(default_factory=dict)
    examples: dict[ChangeKind, list[PlannedChange]] = field(default_factory=dict)
    held: dict[tuple[Kind, str], HeldTotal] = field(default_factory=dict)

    @classmethod
    def of(cls, one: PreviewRound) -> "ShopTotal":
        """Begin with a shop's first round, of which nothing is counted yet."""
        return cls(one.connection, str(one.system), one.name, one.state, one.first_read)

    def add(self, one: PreviewRound) -> None:
        """Count a round."""
        self.first_read = one.first_read
        self.products += one.products
        self.items += one.items
        self.calls += one.calls
        for change in one.changes:
            self.counts[change.kind] += 1
            self.fields.setdefault(change.kind, Counter()).update(one.field for one in change.fields)
            examples = self.examples.setdefault(change.kind, [])
            if len(examples) < EXAMPLES:
                examples.append(change)
            if change.held_for is not None:
                held = self.held.setdefault((change.held_for, change.hold), HeldTotal(change.held_for, change.hold))
                held.count, held.cause = held.count + 1, change.why

    @property
    def title(self) -> str:
        """Name the shop."""
        return " ".join(part for part in (self.system, self.connection, self.name) if part)

    def as_dict(self) -> dict[str, object]:
        """Give the counts as JSON; the examples are among the changes."""
        return {
            "connection": self.connection,
            "system": self.system,
            "name": self.name,
            "state": str(self.state),
            "first_read": asdict(self.first_read) if self.first_read else None,
            "products": self.products,
            "items": self.items,
            "calls": self.calls,
            "counts": {str(kind): self.counts[kind] for kind in ChangeKind},
            "fields": {str(kind): dict(self.fields.get(kind, {})) for kind in ChangeKind},
            "held": [held.as_dict() for held in self.held.values()],
        }


@dataclass(slots=True)
class Totals:
    """What would happen in every shop."""

    shops: dict[str, ShopTotal] = field(default_factory=dict)

    def add(self, one: PreviewRound) -> ShopTotal:
        """Count a round; returns the total of its shop."""
        total = self.shops.setdefault(one.connection, ShopTotal.of(one))
        total.add(one)
        return total

    @property
    def calls(self) -> int:
        """The calls to all shops together."""
        return sum(total.calls for total in self.shops.values())

    @property
    def quiet(self) -> bool:
        """Tell whether nothing would be written, held or blocked."""
        return not list(chain.from_iterable(total.counts for total in self.shops.values()))

    @property
    def held(self) -> bool:
        """Tell whether something would have to wait for a person."""
        return any(total.held for total in self.shops.values())
