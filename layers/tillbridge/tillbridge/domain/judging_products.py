"""Decide which listing of a shop belongs to a product with all its variants. Pure functions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tillbridge.domain.catalogue import Item
from tillbridge.domain.judging import Candidate, Evidence, LinkState, Match, Stuck, held, judge_item
from tillbridge.domain.listing import ListedProduct, ListedVariant
from tillbridge.domain.matching import MatchKey, clues_of, keys_shown, sku_form
from tillbridge.domain.product import ListingRef, Product, Variant
from tillbridge.domain.settings import Owner


@dataclass(frozen=True, slots=True)
class Found:
    """The listing of a product: where each of its items is, and by what they were found.

    Items that are not in ``refs`` have no counterpart yet. ``from_items`` are those that the till has given up and
    whose listings these were: they lose them.
    """

    product_id: str
    refs: Mapping[str, ListingRef]
    because: str = ""
    from_items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Given:
    """What a person decided: the listing, and the variants of some items (item id -> variant)."""

    listed: ListedProduct
    refs: Mapping[str, ListingRef] = field(default_factory=dict)


Verdict = Found | Stuck | None
"""``None``: the shop has nothing of the product."""


def judge_product(product: Product, items: Mapping[str, Item], evidence: Evidence) -> Verdict:
    """Find the listing of a product. ``items`` holds the till's items behind its variants."""
    matches: dict[str, Match] = {}
    for variant in product.on_sale:
        match judge_item(items[variant.item_id], product.key, evidence):
            case Stuck() as stuck:
                return stuck
            case Match() as match:
                matches[variant.item_id] = match
    if not matches:
        return None
    candidates = {item_id: match.candidate for item_id, match in matches.items()}
    because = str(next(iter(matches.values())).clue)
    return _as_one(product, candidates, evidence) or _found(product, items, candidates, evidence, because)


def judge_given(product: Product, items: Mapping[str, Item], given: Given, evidence: Evidence) -> Verdict:
    """Follow a person's decision, as far as it can be followed; other values of options are no obstacle then."""
    variants = product.on_sale
    chosen = {variant.item_id: given.refs[variant.item_id] for variant in variants if variant.item_id in given.refs}
    if not product.variable and not given.listed.variable:
        chosen = {variant.item_id: ListingRef(given.listed.product_id) for variant in variants}
    candidates: dict[str, Candidate] = {}
    for variant in variants:
        shown = _chosen(given.listed, chosen.get(variant.item_id)) or _by_key(
            items[variant.item_id], given.listed, chosen, evidence
        )
        if shown is not None:
            candidates[variant.item_id] = Candidate(given.listed, shown)
    stuck = (
        _kinds(product, given.listed)
        or _names(product, given.listed, evidence)
        or _held_elsewhere(product, given.listed, evidence)
    )
    return stuck or _found(product, items, candidates, evidence, "a decision of a person")


def _held_elsewhere(product: Product, listed: ListedProduct, evidence: Evidence) -> Stuck | None:
    """Say that the listing, or a part of it, is linked with another product that is still sold."""
    for variant in listed.variants:
        owner = evidence.owners.get(variant.ref)
        if owner is not None and not owner.archived and owner.product_key != product.key:
            return held(Candidate(listed, variant), owner)
    return None


def _chosen(listed: ListedProduct, ref: ListingRef | None) -> ListedVariant | None:
    return listed.variant(ref) if ref else None


def _by_key(
    item: Item, listed: ListedProduct, taken: Mapping[str, ListingRef], evidence: Evidence
) -> ListedVariant | None:
    """Find the one variant of a listing that shows the item's strongest clue."""
    free = [variant for variant in listed.variants if variant.ref not in taken.values()]
    for clue in clues_of(item, evidence.settings):
        shown = [variant for variant in free if clue.key in keys_shown(variant)]
        if shown:
            return shown[0] if len(shown) == 1 else None
    return None


def _as_one(product: Product, candidates: Mapping[str, Candidate], evidence: Evidence) -> Stuck | None:
    """Say why what was found for the variants is not one listing of the same make."""
    listings = {candidate.product.product_id: candidate for candidate in candidates.values()}
    if len(listings) > 1:
        return _differ(
            f"Its variants are in {len(listings)} listings of the shop: {', '.join(map(str, listings.values()))}.",
            "Make them one product with variants in the shop, or items of their own in the till.",
        )
    listed = next(iter(candidates.values())).product
    return (
        _kinds(product, listed)
        or _names(product, listed, evidence)
        or _values(product, candidates, evidence)
        or _shared(product, listed, evidence)
    )


def _kinds(product: Product, listed: ListedProduct) -> Stuck | None:
    if product.variable == listed.variable:
        return None
    if product.variable:
        return _differ(
            f"It has variants in the till, and listing {listed.product_id} of the shop has none.",
            "Make the listing a product with the same variants, or make items of their own in the till.",
        )
    return _differ(
        f"It is an item of its own in the till, and a variant of listing {listed.product_id} in the shop.",
        "Put the item into a matrix in the till, or make the variant a product of its own in the shop.",
    )


def _names(product: Product, listed: ListedProduct, evidence: Evidence) -> Stuck | None:
    if evidence.settings.owner("options") is not Owner.TILL:
        return None
    mine = [option.name for option in product.options]
    if sorted(map(sku_form, mine)) == sorted(map(sku_form, listed.options)):
        return None
    return _differ(
        f"Its options are {_listed(mine)} in the till and {_listed(listed.options)} at listing {listed.product_id}.",
        "Give the options the same names in the till and in the shop.",
    )


def _values(product: Product, candidates: Mapping[str, Candidate], evidence: Evidence) -> Stuck | None:
    if evidence.settings.owner("options") is not Owner.TILL:
        return None
    for variant in product.on_sale:
        candidate = candidates.get(variant.item_id)
        if candidate and _combination(product, variant) != _shown_combination(candidate):
            shown = _listed([value or "any" for value in candidate.variant.options])
            return _differ(
                f"Item {variant.item_id} is {_listed(variant.options)} in the till, and {candidate} is {shown}.",
                "Give both the same values, or link them by hand: the till's values are written to the shop then.",
            )
    return None


def _shared(product: Product, listed: ListedProduct, evidence: Evidence) -> Stuck | None:
    """Say that other variants of the listing belong to another product of the till."""
    for variant in listed.variants if listed.variable else ():
        strangers = [item for item in evidence.best(variant) if item.product_key != product.key]
        if strangers:
            return _differ(
                f"Listing {listed.product_id} of the shop has variants of this product, and one of another product: "
                f"{variant.sku} is item {strangers[0].item_id} ({strangers[0].product_key}) in the till.",
                "Make one matrix of them in the till, or two products in the shop.",
            )
    return None


def _found(
    product: Product,
    items: Mapping[str, Item],
    candidates: dict[str, Candidate],
    evidence: Evidence,
    because: str,
) -> Found | Stuck:
    """Add the variants that are known by their options alone, now that the listing is certain."""
    if not candidates:
        return _differ("Not one of its variants can be told.", "Name the variant of each item, or give them SKUs.")
    listed = next(iter(candidates.values())).product
    for variant in product.on_sale if product.variable else ():
        if variant.item_id not in candidates and (shown := _by_options(product, variant, listed, candidates)):
            if stuck := _spoken_for(items[variant.item_id], shown, evidence):
                return stuck
            candidates[variant.item_id] = shown
    refs = {item_id: candidate.ref for item_id, candidate in candidates.items()}
    if len(set(refs.values())) < len(refs):
        return _differ("Two of its items are one variant of the listing.", "Name the variant of each item.")
    return Found(listed.product_id, refs, because, _given_up(refs, evidence))


def _by_options(
    product: Product, variant: Variant, listed: ListedProduct, candidates: Mapping[str, Candidate]
) -> Candidate | None:
    taken = {candidate.ref for candidate in candidates.values()}
    shown = [
        candidate
        for one in listed.variants
        if one.ref not in taken
        and _shown_combination(candidate := Candidate(listed, one)) == _combination(product, variant)
    ]
    return shown[0] if len(shown) == 1 else None


def _spoken_for(item: Item, candidate: Candidate, evidence: Evidence) -> Stuck | None:
    """Say why a variant with the right options is not this item's: its SKU or its link says otherwise."""
    owner = evidence.held_by_other(candidate.ref, item.item_id)
    if owner:
        return held(candidate, owner)
    others = [item_id for item_id in evidence.claims(candidate.variant) if item_id != item.item_id]
    if not others:
        return None
    return Stuck(
        LinkState.AMBIGUOUS,
        f"By its options item {item.item_id} is {candidate}, which carries the SKU of item {others[0]}.",
        "Correct that SKU in the shop, or link the variants by hand.",
    )


def _given_up(refs: Mapping[str, ListingRef], evidence: Evidence) -> tuple[str, ...]:
    """Name the items that the till has given up and whose listings these were."""
    owners = (
        owner
        for item_id, ref in refs.items()
        for owner in (evidence.owners.get(ref), evidence.former.get(ref))
        if owner is not None and owner.item_id != item_id
    )
    return tuple(dict.fromkeys(owner.item_id for owner in owners))


def _combination(product: Product, variant: Variant) -> frozenset[tuple[str, str]]:
    names = (option.name for option in product.options)
    return frozenset((sku_form(name), sku_form(value)) for name, value in zip(names, variant.options, strict=True))


def _shown_combination(candidate: Candidate) -> frozenset[tuple[str, str]]:
    pairs = zip(candidate.product.options, candidate.variant.options, strict=False)
    return frozenset((sku_form(name), sku_form(value)) for name, value in pairs)


def _differ(happened: str, remedy: str) -> Stuck:
    return Stuck(LinkState.OPTIONS_DIFFER, happened, remedy)


def _listed(texts: Sequence[str]) -> str:
    return ", ".join(texts) or "none"


def all_keys(listed: Iterable[ListedProduct]) -> set[MatchKey]:
    """Give every key of every variant of some listings."""
    return {key for product in listed for variant in product.variants for key in keys_shown(variant)}
