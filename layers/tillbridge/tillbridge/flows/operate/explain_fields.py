"""The fields of an item's listing: who decides each, and how desired, known and observed compare."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tillbridge.domain.agreement import NOT_COMPARED, agrees
from tillbridge.domain.catalogue import Item, Matrix
from tillbridge.domain.desire import Desired
from tillbridge.domain.planning import acknowledged, product_fields, variant_fields
from tillbridge.domain.product import CONTENT_FIELDS, VARIANT_FIELDS, Link, Product
from tillbridge.domain.settings import MerchantSettings, Owner
from tillbridge.flows.operate.answers import Term
from tillbridge.flows.operate.item_answers import FieldInShop, Step
from tillbridge.systems.shop import ObservedVariant

FieldSides = tuple[str | None, str | None, str | None]
"""What one field should be, what the shop acknowledged of it, and what it shows."""


@dataclass(frozen=True, slots=True)
class Sides:
    """What a shop should show of a product, the link with what it acknowledged, and what it shows."""

    desired: Desired
    link: Link
    seen: ObservedVariant | None


def explain_fields(
    settings: MerchantSettings, item: Item, matrix: Matrix | None, sides: Sides
) -> Iterator[FieldInShop]:
    """Compare the fields of the item itself, and those it shares with its product."""
    wanted = _wanted(sides.desired, item)
    known = _known(sides.link, item)
    observed = _observed(sides.seen)
    for name in dict.fromkeys((*VARIANT_FIELDS, *CONTENT_FIELDS)):
        owner = settings.owner(name)
        yield FieldInShop(
            name=name,
            owner=owner,
            step=field_step(name, owner, sides.link, (wanted.get(name), known.get(name), observed.get(name))),
            desired=wanted.get(name),
            known=known.get(name),
            observed=observed.get(name),
            terms=tuple(_price_terms(settings, item, matrix, name)),
        )


def field_step(name: str, owner: Owner, link: Link, sides: FieldSides) -> Step:
    """Say how one field stands."""
    wanted, known, observed = sides
    if not link.product_id:
        return Step.NOT_LISTED
    if wanted is None:
        return Step.NOT_WANTED
    if owner is not Owner.TILL:
        return Step.IN_STEP if _shown(name, wanted, known, observed) else Step.LEFT
    if wanted != known:
        return Step.FAILING if link.problem else Step.PENDING
    return Step.IN_STEP if _shown(name, wanted, known, observed) else Step.DRIFT


def _shown(name: str, wanted: str, known: str | None, observed: str | None) -> bool:
    """Tell whether a shop shows what it should; what was not read back counts as what was acknowledged."""
    return wanted == known if observed is None else agrees(name, wanted, observed)


def _wanted(desired: Desired, item: Item) -> Mapping[str, str]:
    if not isinstance(desired, Product):
        return {}
    for variant in desired.variants:
        if variant.item_id == item.item_id:
            return {**product_fields(desired), **variant_fields(variant, desired)}
    return {}


def _observed(seen: ObservedVariant | None) -> Mapping[str, str]:
    """Take what can be compared; a variant's own row says nothing of the product's fields."""
    if seen is None:
        return {}
    own = VARIANT_FIELDS if seen.ref.variant_id else (*VARIANT_FIELDS, *CONTENT_FIELDS)
    return {name: text for name, text in seen.fields.items() if name in own and name not in NOT_COMPARED}


def _known(link: Link, item: Item) -> Mapping[str, str]:
    variant = link.variant(item.item_id)
    return {**link.fields, **(acknowledged(variant) if variant else {})} if link.product_id else {}


def _price_terms(settings: MerchantSettings, item: Item, matrix: Matrix | None, name: str) -> Sequence[Term]:
    """Tell the till's price behind a price of the shop, before it is rounded; a variant's own before its matrix's."""
    levels = {
        "regular_price": settings.regular_price_level,
        "sale_price": settings.sale_price_level,
        "msrp": settings.msrp_level,
    }
    level = levels.get(name, "")
    if level in item.prices:
        return (Term(name=f"price level {level}", amount=item.prices[level], at=item.updated_at),)
    if matrix is not None and level in matrix.prices:
        return (Term(name=f"price level {level} of its matrix", amount=matrix.prices[level], at=matrix.updated_at),)
    return ()
