"""Hold back what looks like an accident. Pure functions.

That is: too many listings zeroed, taken off sale or repriced, or products created, within an hour; or a price leaps.
A bound counts what happened within the hour before and everything that is about to happen, so that a mass change that
trickles through in pages and rounds is seen as a whole. What was let through cannot be taken back, so it counts.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

HUNDRED = Decimal(100)


class Kind(StrEnum):
    """What a change does that is bounded; the order is that in which a product's changes are judged."""

    UNPUBLISHED = "unpublished"
    CREATED = "created"
    PRICE = "price"  # one price leaps
    REPRICED = "repriced"  # many prices change
    ZEROED = "zeroed"


SHARES = (Kind.UNPUBLISHED, Kind.REPRICED, Kind.ZEROED)
"""Kinds that are bounded by a share of the listings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardBounds:
    """A merchant's bounds; 0 switches one off. Shares and ``price`` are per cent, ``created`` is a number of products.

    A share never holds ``floor`` listings or fewer: in a small shop one sale would be a large share.
    """

    zeroed: Decimal
    unpublished: Decimal
    repriced: Decimal
    price: Decimal
    created: int
    floor: int

    def share(self, kind: Kind) -> Decimal:
        """Tell the largest share, in per cent, of one of ``SHARES``."""
        return {Kind.ZEROED: self.zeroed, Kind.UNPUBLISHED: self.unpublished, Kind.REPRICED: self.repriced}[kind]

    def bounds(self, kind: Kind) -> bool:
        """Tell whether a kind is bounded at all."""
        if kind in SHARES:
            return self.share(kind) > 0
        return (self.price if kind is Kind.PRICE else self.created) > 0


@dataclass(frozen=True, slots=True)
class Change:
    """One bounded thing that a plan would do: to whom, and from what to what. ``leap`` is per cent, of prices only."""

    key: str
    kind: Kind
    name: str = ""
    field: str = ""
    old: str = ""
    new: str = ""
    leap: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Which keys are held for what, and the cause of each kind; whatever is not named may pass."""

    held: Mapping[str, Kind] = field(default_factory=dict)
    causes: Mapping[Kind, str] = field(default_factory=dict)


def bounded(changes: Iterable[Change], bounds: GuardBounds) -> list[Change]:
    """Keep the changes that any bound is about; of prices those that leap too far."""
    return [
        change
        for change in changes
        if bounds.bounds(change.kind) and (change.kind is not Kind.PRICE or change.leap > bounds.price)
    ]


def counted(changes: Iterable[Change], bounds: GuardBounds) -> list[Change]:
    """Keep the changes that count within the hour: those that are bounded, and every zero.

    Whether many zeros are surprising, so that the till is read a second time, does not depend on a bound.
    """
    changes = list(changes)
    free = [change for change in changes if change.kind is Kind.ZEROED and not bounds.bounds(Kind.ZEROED)]
    return [*bounded(changes, bounds), *free]


def judge(changes: Sequence[Change], before: Mapping[Kind, int], listings: int, bounds: GuardBounds) -> Verdict:
    """Say which of these changes, all of them ``bounded``, must wait for a person.

    ``before`` counts what happened within the hour before, and what waits elsewhere, by kind. ``listings`` is how many
    the shop has; it matters only where ``needs_listings``. When a bound is exceeded, everything of its kind is held.
    """
    causes: dict[Kind, str] = {}
    held: dict[str, Kind] = {}
    for kind in Kind:
        mine = [change for change in changes if change.kind is kind]
        cause = _cause(kind, mine, before.get(kind, 0), listings, bounds) if mine else ""
        if cause:
            causes[kind] = cause
            held = dict.fromkeys((change.key for change in mine), kind) | held
    return Verdict(held, causes)


def needs_listings(changes: Iterable[Change], before: Mapping[Kind, int], bounds: GuardBounds) -> bool:
    """Tell whether any share is near enough to be exceeded that the listings have to be counted."""
    counted = count(changes)
    return any(counted[kind] + before.get(kind, 0) > bounds.floor for kind in SHARES if counted.get(kind))


def count(changes: Iterable[Change]) -> dict[Kind, int]:
    """Count the keys of each kind."""
    keys: dict[Kind, set[str]] = {}
    for change in changes:
        keys.setdefault(change.kind, set()).add(change.key)
    return {kind: len(found) for kind, found in keys.items()}


def most(share: Decimal, listings: int, floor: int) -> int:
    """Tell how many of the listings make up a share, and never fewer than the floor."""
    return max(floor, int(share * listings / HUNDRED))


def leap(old: Decimal | None, new: Decimal | None) -> Decimal:
    """Tell by how many per cent of the old price a price changes, up or down; 0 where there was none."""
    if not old or new is None:
        return Decimal(0)
    return (abs(new - old) * HUNDRED / abs(old)).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _cause(kind: Kind, changes: Sequence[Change], before: int, listings: int, bounds: GuardBounds) -> str:
    """Say in one sentence why these changes must wait, "" when they need not."""
    if kind is Kind.PRICE:
        return _leap_cause(changes, bounds)
    total = len({change.key for change in changes}) + before
    if kind is Kind.CREATED:
        if total <= bounds.created:
            return ""
        return f"{total:,} products would be created within an hour; at most {bounds.created:,} may."
    share = bounds.share(kind)
    if total <= most(share, listings, bounds.floor):
        return ""
    what = "have other prices" if kind is Kind.REPRICED else f"be {kind}"
    return f"{total:,} of {listings:,} listings would {what} within an hour; at most {plain(share)} % may."


def _leap_cause(changes: Sequence[Change], bounds: GuardBounds) -> str:
    worst = max(changes, key=lambda change: (change.leap, change.key, change.name))  # whatever comes first
    return (
        f"A price would change by more than {plain(bounds.price)} %: that of {worst.name or worst.key} from {worst.old}"
        f" to {worst.new} ({plain(worst.leap)} %)."
    )


def plain(number: Decimal) -> str:
    """Write a number without needless zeros."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def sample(changes: Iterable[Change], keys: Collection[str], kind: Kind) -> list[Change]:
    """Give the changes of one kind for which keys are held, the largest leaps first."""
    caught = [change for change in changes if change.kind is kind and change.key in keys]
    return sorted(caught, key=lambda change: -change.leap)
