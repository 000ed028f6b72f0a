"""Say what the products of one shop need: desired against acknowledged. It only reads, so that a preview is no copy."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from tillbridge.domain.catalogue import Item
from tillbridge.domain.desire import Desired, Wishes, desire_simple, desire_variable
from tillbridge.domain.planning import Plan, Release, Seek, Unpublish, Withheld, plan_product
from tillbridge.domain.product import KnownVariant, Link, ListingRef, ProductOutcome
from tillbridge.domain.work import Mark
from tillbridge.flows.match_products import match_products
from tillbridge.flows.shopkeeper import ShopKeeper

P = TypeVar("P", bound=Plan)


@dataclass(frozen=True, slots=True)
class PlannedProducts:
    """What is to be done about each of some products, by key, and what it follows from. A new product has no link.

    ``found`` are listings that the shop had already, to be linked before anything else: ``links`` and ``plans`` take
    them for linked. ``released`` are links of other products that lose these listings. ``back`` are links whose listing
    was gone from the shop and is there again. ``observed`` is what the shop was asked for meanwhile, besides ``found``.
    """

    links: Mapping[str, Link]
    desired: Mapping[str, Desired]
    plans: Mapping[str, Plan]
    found: Mapping[str, ProductOutcome] = field(default_factory=dict)
    released: Mapping[str, Link] = field(default_factory=dict)
    back: Mapping[str, Link] = field(default_factory=dict)
    observed: Sequence[ListingRef] = ()

    def of(self, kind: type[P]) -> list[P]:
        """List the plans of one kind."""
        return [plan for plan in self.plans.values() if isinstance(plan, kind)]

    def without(self, keys: Collection[str]) -> "PlannedProducts":
        """Leave out the plans of some products."""
        return replace(self, plans={key: plan for key, plan in self.plans.items() if key not in keys})


def plan_products(keeper: ShopKeeper, keys: Sequence[str], doubted: Collection[str] = ()) -> PlannedProducts:
    """Plan products by key. ``doubted`` are those whose listing may be gone from the shop."""
    known = keeper.links.get(keeper.shop_id, keys)
    desired = desire_products(keeper, keys, known)
    matches = match_products(keeper, desired, known, doubted)
    links = {**known, **matches.back, **matches.links, **{key: outcome.link for key, outcome in matches.found.items()}}
    plans = {
        key: matches.plans.get(key)
        or plan_product(desired[key], links.get(key, Link(product_key=key)), keeper.settings)
        for key in keys
    }
    for key in plans.keys() & matches.released.keys():
        plans[key] = Release(links[key], HEIR)
    found = _found_by_key(keeper, [plan for plan in plans.values() if isinstance(plan, Seek)])
    retired = {key: links[key] for key in plans if key in links and isinstance(desired[key], Withheld)}
    retired |= {key: plan.link for key, plan in found.items()}
    plans |= {**found, **_given_away(keeper, retired)}
    return PlannedProducts(links, desired, plans, matches.found, matches.released, matches.back, matches.observed)


def doubtful(marks: Mapping[str, Sequence[Mark]]) -> list[str]:
    """Name the products whose listing may be gone from the shop, by their marks."""
    return [key for key, mine in marks.items() if any(mark.doubt for mark in mine)]


def _found_by_key(keeper: ShopKeeper, seeking: Sequence[Seek]) -> dict[str, Unpublish | Seek]:
    """Take off sale what was made although nobody ever said so; what is not found stays to be looked for.

    As long as the shop is at work on it nobody has looked for it yet.
    """
    attempts = {plan.link.product_key: plan.link.attempted_at or keeper.clock.now() for plan in seeking}
    ids = keeper.shop.find_made(attempts) if attempts else {}
    return {
        plan.link.product_key: Unpublish(_unread(plan.link, product_id), plan.reason)
        if (product_id := ids[plan.link.product_key])
        else Seek(replace(plan.link, sought_at=None), plan.reason)
        for plan in seeking
        if plan.link.product_key in ids
    }


def _unread(link: Link, product_id: str) -> Link:
    """Link with a listing of which nothing is known but that we made it; a simple product is its own variant."""
    simple = link.product_key.startswith("I")
    itself = KnownVariant(item_id=link.product_key[1:], ref=ListingRef(product_id))
    return replace(link, product_id=product_id, created_by_us=True, variants=(itself,) if simple else ())


HEIR = "its listing belongs to another product of the till by now"


def _given_away(keeper: ShopKeeper, retired: Mapping[str, Link]) -> dict[str, Plan]:
    """Let go of listings that other products have by now: whatever is not sold any more takes nothing off sale then."""
    refs = {known.ref: known.item_id for link in retired.values() for known in link.variants if link.product_id}
    owners = keeper.shelves.at(keeper.shop_id, refs)
    lost = {ref for ref, item_id in owners.items() if item_id != refs[ref]}
    return {
        key: Release(link, HEIR) for key, link in retired.items() if any(known.ref in lost for known in link.variants)
    }


def desire_products(
    keeper: ShopKeeper, keys: Sequence[str], links: Mapping[str, Link] | None = None
) -> dict[str, Desired]:
    """Say what the shop should show of each product key, from the mirror alone.

    Of ``links`` only those variants count whose items have left the matrix: they go off sale there like archived ones.
    """
    matrix_ids = [key[1:] for key in keys if key.startswith("M")]
    simple = keeper.mirror.items(keeper.till_id, [key[1:] for key in keys if key.startswith("I")])
    matrices = keeper.mirror.matrices(keeper.till_id, matrix_ids)
    variants = _with_departed(keeper, keeper.mirror.variants(keeper.till_id, matrix_ids), links or {})
    items: list[Item] = [*simple.values(), *(item for group in variants.values() for item in group)]
    reference = keeper.mirror.reference(keeper.till_id)
    if reference is None:
        return {key: Withheld(key, "the till has not been read yet") for key in keys}
    figures = keeper.figures([item.item_id for item in items], {item.item_id: item for item in items})
    wishes = Wishes(keeper.settings, reference, figures, keeper.price_decimals)
    desired: dict[str, Desired] = {}
    for key in keys:
        if key.startswith("M"):
            desired[key] = desire_variable(key[1:], matrices.get(key[1:]), variants.get(key[1:], ()), wishes)
        else:
            desired[key] = _desire_item(key, simple.get(key[1:]), wishes)
    return desired


def _with_departed(
    keeper: ShopKeeper, variants: Mapping[str, tuple[Item, ...]], links: Mapping[str, Link]
) -> dict[str, tuple[Item, ...]]:
    """Add the items that a listing still has as variants although they belong to another product by now."""
    there = {matrix_id: {item.item_id for item in items} for matrix_id, items in variants.items()}
    left = {
        link.product_key[1:]: [
            known.item_id for known in link.variants if known.item_id not in there[link.product_key[1:]]
        ]
        for link in links.values()
        if link.product_key[1:] in there and link.product_key.startswith("M")
    }
    ids = [item_id for item_ids in left.values() for item_id in item_ids]
    items = keeper.mirror.items(keeper.till_id, ids) if ids else {}
    departed = {
        matrix_id: tuple(replace(items[item_id], archived=True) for item_id in item_ids if item_id in items)
        for matrix_id, item_ids in left.items()
    }
    return {matrix_id: (*items, *departed.get(matrix_id, ())) for matrix_id, items in variants.items()}


def _desire_item(key: str, item: Item | None, wishes: Wishes) -> Desired:
    if item is None:
        return Withheld(key, "it is not in the till")
    if item.matrix_id:
        return Withheld(key, f"it became a variant of matrix {item.matrix_id}")
    return desire_simple(item, wishes)
