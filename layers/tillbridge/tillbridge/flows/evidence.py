"""Gather all that bears on whether some products have a listing already: from the last survey and the mirror alone."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from tillbridge.domain.catalogue import Item
from tillbridge.domain.choice import Action, listing_key
from tillbridge.domain.judging import Candidate, Evidence
from tillbridge.domain.judging_products import all_keys
from tillbridge.domain.listing import ListedProduct
from tillbridge.domain.matching import MatchKey, clues_of, keys_shown
from tillbridge.domain.product import ListingRef, Product
from tillbridge.flows.shopkeeper import ShopKeeper


@dataclass(frozen=True, slots=True)
class Gathered:
    """Evidence, with the items behind the products, and the listings that people named."""

    evidence: Evidence
    items: Mapping[str, Item]
    named: Mapping[str, ListedProduct]


def gather(
    keeper: ShopKeeper, products: Sequence[Product], named: Collection[str], gone: Collection[ListingRef]
) -> Gathered:
    """Look in the survey for the keys of these products, and in the mirror for the keys of what was found.

    ``named`` are listings that people gave to some of them; ``gone`` is what the shop has no longer, whatever the
    survey says.
    """
    item_ids = [variant.item_id for product in products for variant in product.variants]
    items = keeper.mirror.items(keeper.till_id, item_ids)
    keys = {clue.key for item in items.values() for clue in clues_of(item, keeper.settings)}
    found = _without_ignored(keeper, keeper.sightings.showing(keeper.shop_id, keys))
    sighted = keeper.sightings.get(keeper.shop_id, named)
    chosen = {product_id: sighting.listed for product_id, sighting in sighted.items()}
    listed = {one.product_id: one for many in found.values() for one in many} | chosen
    carriers = keeper.mirror.carrying(keeper.till_id, sorted(all_keys(listed.values()), key=str))
    evidence = Evidence(
        settings=keeper.settings,
        shown=_shown(found, gone),
        carriers=carriers,
        owners=_owners(keeper, listed.values()),
        former=_former(keeper, carriers),
    )
    return Gathered(evidence, items, {name: one for name, one in chosen.items() if not _all_gone(one, gone)})


def _without_ignored(
    keeper: ShopKeeper, found: Mapping[MatchKey, tuple[ListedProduct, ...]]
) -> Mapping[MatchKey, tuple[ListedProduct, ...]]:
    """Leave out listings that a person wants left alone."""
    ids = {one.product_id for many in found.values() for one in many}
    choices = keeper.choices.get(keeper.shop_id, map(listing_key, ids))
    ignored = {key for key, choice in choices.items() if choice.action is Action.IGNORE}
    return {
        key: tuple(one for one in many if listing_key(one.product_id) not in ignored) for key, many in found.items()
    }


def _shown(
    found: Mapping[MatchKey, tuple[ListedProduct, ...]], gone: Collection[ListingRef]
) -> dict[MatchKey, tuple[Candidate, ...]]:
    return {
        key: tuple(
            Candidate(product, variant)
            for product in products
            for variant in product.variants
            if key in keys_shown(variant) and variant.ref not in gone
        )
        for key, products in found.items()
    }


def _all_gone(listed: ListedProduct, gone: Collection[ListingRef]) -> bool:
    return bool(listed.variants) and all(variant.ref in gone for variant in listed.variants)


def _owners(keeper: ShopKeeper, listed: Collection[ListedProduct]) -> dict[ListingRef, Item | None]:
    """Find the items that listings are linked with."""
    refs = {variant.ref for product in listed for variant in product.variants}
    at = keeper.shelves.at(keeper.shop_id, refs)
    owners = keeper.mirror.items(keeper.till_id, set(at.values()))
    return {ref: owners.get(item_id) for ref, item_id in at.items()}


def _former(keeper: ShopKeeper, carriers: Mapping[MatchKey, tuple[Item, ...]]) -> dict[ListingRef, Item]:
    """Find archived items whose links still name a listing.

    A listing on its way to a successor leaves the shelf of the archived item before it leaves its link.
    """
    retired = {item.item_id: item for many in carriers.values() for item in many if item.archived}
    links = keeper.links.get(keeper.shop_id, {item.product_key for item in retired.values()})
    return {
        known.ref: retired[known.item_id]
        for link in links.values()
        for known in link.variants
        if known.item_id in retired
    }
