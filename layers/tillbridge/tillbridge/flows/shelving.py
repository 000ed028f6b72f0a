"""Which shelves follow from what came of products: where the stock lane finds a listing. It only reads."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from tillbridge.domain.errors import ItemRejectedError
from tillbridge.domain.product import KnownVariant, Link, ProductOutcome, ProductWrite
from tillbridge.domain.work import Shelf
from tillbridge.flows.shopkeeper import ShopKeeper


def claimed(
    keeper: ShopKeeper, outcomes: Collection[ProductOutcome], losing: Collection[Link] = ()
) -> list[ProductOutcome]:
    """Refuse a listing that already belongs to another item: two items of the till carry the same SKU."""
    refs = [known.ref for outcome in outcomes for known in outcome.link.variants]
    free = {known.item_id for link in losing for known in link.variants}
    at = keeper.shelves.at(keeper.shop_id, refs)
    owners = {ref: item_id for ref, item_id in at.items() if item_id not in free}
    found: list[ProductOutcome] = []
    for outcome in outcomes:
        others = [
            owners[known.ref]
            for known in outcome.link.variants
            if owners.setdefault(known.ref, known.item_id) != known.item_id
        ]
        found.append(_twice_in_till(outcome, others[0]) if others else outcome)
    return found


def new_listings(outcomes: Iterable[ProductOutcome]) -> Mapping[str, bool]:
    """Name the items that got a listing which their links did not know before: item id -> whether it is tracked."""
    return {
        variant.item_id: _tracked(outcome.write, variant.item_id)
        for outcome in outcomes
        for variant in outcome.link.variants
        if _new_to(outcome.write.link, variant)
    }


def new_shelves(keeper: ShopKeeper, outcomes: Sequence[ProductOutcome]) -> list[Shelf]:
    """Make the shelves of listings that the stock lane does not know yet."""
    now = keeper.clock.now()
    fresh = [
        (outcome, variant)
        for outcome in outcomes
        for variant in outcome.link.variants
        if _new_to(outcome.write.link, variant)
    ]
    known = keeper.shelves.get(keeper.shop_id, [variant.item_id for _, variant in fresh])
    return [
        Shelf(
            item_id=variant.item_id,
            ref=variant.ref,
            known=outcome.quantities.get(variant.item_id),
            tracked=_tracked(outcome.write, variant.item_id),
            acknowledged_at=now if variant.item_id in outcome.quantities else None,
        )
        for outcome, variant in fresh
        if variant.item_id not in known or known[variant.item_id].ref != variant.ref
    ]


def moved_away(keeper: ShopKeeper, links: Iterable[Link]) -> list[str]:
    """Name the items whose shelves are still at the listings of these links, which are theirs no longer."""
    refs = {known.item_id: known.ref for link in links for known in link.variants}
    shelves = keeper.shelves.get(keeper.shop_id, refs)
    return [item_id for item_id, shelf in shelves.items() if shelf.ref == refs[item_id]]


def _tracked(write: ProductWrite, item_id: str) -> bool:
    return any(variant.item_id == item_id and variant.quantity is not None for variant in write.product.variants)


def _new_to(link: Link, variant: KnownVariant) -> bool:
    """Tell whether a link did not know this listing of the item before."""
    before = link.variant(variant.item_id)
    return before is None or before.ref != variant.ref or link.unread


def _twice_in_till(outcome: ProductOutcome, other: str) -> ProductOutcome:
    """Turn a link to somebody else's listing into an error; nothing of the listing is taken over."""
    error = ItemRejectedError(
        f"Its SKU belongs to a listing that already shows item {other} of the till.",
        remedy=f"Give this item or item {other} another SKU in the till.",
        code="duplicate_sku_in_till",
    )
    return replace(outcome, link=outcome.write.link, quantities={}, error=error)
