"""Decide which listing of a shop belongs to an item, if any does. Pure functions.

A link needs evidence that is one to one on both sides: among the listings that show a key of the item, and among the
items of the till that offer a key of the listing. Where it is not, the answer says why and what to do (``Stuck``).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from tillbridge.domain.catalogue import Item
from tillbridge.domain.listing import ListedProduct, ListedVariant
from tillbridge.domain.matching import Clue, MatchKey, clues_of, keys_shown
from tillbridge.domain.product import ListingRef
from tillbridge.domain.settings import MerchantSettings


class LinkState(StrEnum):
    """How an item, or a listing, stands."""

    LINKED = "linked"
    WAITING = "waiting"  # it will be linked, or another row says why it is not
    MISSING_IN_SHOP = "missing-in-shop"
    MISSING_IN_TILL = "missing-in-till"
    AMBIGUOUS = "ambiguous"
    DUPLICATE = "duplicate-in-till"
    EMPTY_SKU = "empty-sku"
    OPTIONS_DIFFER = "options-differ"
    DELETED_IN_SHOP = "deleted-in-shop"
    GONE_FROM_TILL = "gone-from-till"
    UNLINKED = "unlinked"
    IGNORED = "ignored"


MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Candidate:
    """A variant of a listing that shows one of the item's keys."""

    product: ListedProduct
    variant: ListedVariant

    @property
    def ref(self) -> ListingRef:
        """Where it is."""
        return self.variant.ref

    def __str__(self) -> str:
        """Render for people."""
        name = f' "{self.product.name}"' if self.product.name else ""
        return f"listing {self.ref}{name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All that bears on some items.

    ``shown`` tells who shows a key in the shop. ``carriers`` tells who may offer a key in the till, and covers every
    key of every candidate's product. ``owners`` holds the item behind each listing that is linked already, ``None``
    where the till knows it no longer. ``former`` holds archived items whose links still name a listing, whoever has it.
    """

    settings: MerchantSettings
    shown: Mapping[MatchKey, tuple[Candidate, ...]] = field(default_factory=dict)
    carriers: Mapping[MatchKey, tuple[Item, ...]] = field(default_factory=dict)
    owners: Mapping[ListingRef, Item | None] = field(default_factory=dict)
    former: Mapping[ListingRef, Item] = field(default_factory=dict)

    def claims(self, variant: ListedVariant) -> dict[str, int]:
        """Rank the live items that offer a key of this variant, by id: 0 is the strongest claim."""
        keys = keys_shown(variant)
        order = {match_field: rank for rank, match_field in enumerate(self.settings.match_by)}
        claims: dict[str, int] = {}
        for item in (item for key in keys for item in self.carriers.get(key, ()) if not item.archived):
            ranks = [order[clue.field] for clue in clues_of(item, self.settings) if clue.key in keys]
            if ranks:
                claims[item.item_id] = min(ranks)
        return claims

    def offers(self, item_id: str, key: MatchKey) -> bool:
        """Tell whether an item offers a key, by the merchant's choice of fields."""
        carriers = (item for item in self.carriers.get(key, ()) if item.item_id == item_id)
        return any(clue.key == key for item in carriers for clue in clues_of(item, self.settings))

    def best(self, variant: ListedVariant) -> list[Item]:
        """List the live items with the strongest claim to a variant."""
        claims = self.claims(variant)
        strongest = min(claims.values(), default=0)
        carriers = {item.item_id: item for key in keys_shown(variant) for item in self.carriers.get(key, ())}
        return [carriers[item_id] for item_id, rank in claims.items() if rank == strongest]

    def held_by_other(self, ref: ListingRef, item_id: str) -> Item | None:
        """Find the live item that a listing is linked with, if it is another one."""
        owner = self.owners.get(ref)
        return owner if owner is not None and owner.item_id != item_id and not owner.archived else None


@dataclass(frozen=True, slots=True)
class Match:
    """The one listing of an item, and by what it was found."""

    candidate: Candidate
    clue: Clue


@dataclass(frozen=True, slots=True)
class Stuck:
    """Why no link can be made although the shop shows something of the kind, and what to do."""

    state: LinkState
    happened: str
    remedy: str


def judge_item(item: Item, mark: str, evidence: Evidence) -> Match | Stuck | None:
    """Find the listing of one item, clue by clue; ``None`` when the shop shows none of them.

    The first clue that leads anywhere says which listings and rivals there are; a weaker one may only decide among
    them. ``mark`` is the key of the item's product: our own mark decides between a listing of ours and its copies.
    """
    pool: tuple[Candidate, ...] = ()
    rivals: frozenset[str] = frozenset()
    first: Clue | None = None
    for clue in clues_of(item, evidence.settings):
        found = [one for one in evidence.shown.get(clue.key, ()) if _may_have(item, one, evidence)]
        if first is not None:
            found = [one for one in found if one in pool]
        if not found:
            continue
        here = frozenset(rival for one in found for rival in _rivals(item, one, evidence, clue.key))
        rivals = here if first is None else rivals & here
        first, pool = first or clue, tuple(found)
        if len(pool) == 1 and not rivals:
            return _unless_held(item, Match(pool[0], clue), evidence)
    if first is None:
        return None
    ours = [one for one in pool if one.product.mark == mark]
    if len(ours) == 1 and not rivals:
        return _unless_held(item, Match(ours[0], first), evidence)
    return _duplicate(item, first, rivals, pool) if rivals else _ambiguous(item, first, pool)


def _may_have(item: Item, candidate: Candidate, evidence: Evidence) -> bool:
    """Tell whether no other item has a stronger claim."""
    claims = evidence.claims(candidate.variant)
    return min(claims.values(), default=0) >= claims.get(item.item_id, 0)


def _rivals(item: Item, candidate: Candidate, evidence: Evidence, key: MatchKey) -> Iterator[str]:
    """Name the other items whose claim is as strong, and that offer this very key."""
    claims = evidence.claims(candidate.variant)
    for rival, rank in claims.items():
        if rival != item.item_id and rank == claims.get(item.item_id) and evidence.offers(rival, key):
            yield rival


def _unless_held(item: Item, match: Match, evidence: Evidence) -> Match | Stuck:
    owner = evidence.held_by_other(match.candidate.ref, item.item_id)
    return held(match.candidate, owner, str(match.clue)) if owner else match


def held(candidate: Candidate, owner: Item, by: str = "") -> Stuck:
    """Say that a listing is linked with another item."""
    about = f" with its {by}" if by else ""
    return Stuck(
        LinkState.AMBIGUOUS,
        f"The {candidate}{about} is linked with item {owner.item_id} ({owner.description}).",
        f"Unlink item {owner.item_id} first, or give this item a SKU of its own in the till.",
    )


def _duplicate(item: Item, clue: Clue, rivals: frozenset[str], pool: Sequence[Candidate]) -> Stuck:
    others = sorted(rivals, key=lambda one: (len(one), one))
    told = ", ".join(others[:MOST_NAMED]) + (
        f" and {len(others) - MOST_NAMED} more" if len(others) > MOST_NAMED else ""
    )
    return Stuck(
        LinkState.DUPLICATE,
        f"The {clue} of item {item.item_id} stands at item {told} of the till as well; the shop has it at {pool[0]}.",
        "Give each item its own in the till, archive the one that is not sold any more, or link one of them by hand.",
    )


def _ambiguous(item: Item, clue: Clue, pool: Sequence[Candidate]) -> Stuck:
    told = ", ".join(map(str, pool[:MOST_NAMED]))
    more = f" and {len(pool) - MOST_NAMED} more" if len(pool) > MOST_NAMED else ""
    return Stuck(
        LinkState.AMBIGUOUS,
        f"The {clue} of item {item.item_id} stands at {len(pool)} listings of the shop: {told}{more}.",
        "Leave it at one of them in the shop, or link the right one by hand.",
    )
