"""Write plans out field by field, old and new, as a person can judge them. Pure functions."""

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal

from tillbridge.domain.catalogue import Item
from tillbridge.domain.planning import Blocked, Unpublish, as_text, decimal_text, product_fields, variant_fields
from tillbridge.domain.product import (
    CONTENT_FIELDS,
    VARIANT_FIELDS,
    Link,
    Product,
    ProductWrite,
    StockWrite,
    Variant,
    Visibility,
)
from tillbridge.flows.operate.preview_answers import ChangeKind, FieldChange, PlannedChange

STOCK = "stock"
EMPTY = frozenset({"", as_text([])})
OF_THE_PRODUCT = frozenset({"options", "visibility"})
"""Fields of a variant that say nothing of their own where there is only one."""


def of_write(write: ProductWrite, lacks: Collection[str] = ()) -> PlannedChange:
    """Write out a creation or a change. What is created shows only the fields that are not empty.

    What the shop ``lacks`` counts as written when the rest is, and is not shown.

    It is tried although the last try may have been refused: then ``why`` tells that.
    """
    product, link = write.product, write.link
    fields = _created(product) if write.creates else _changed(write)
    kind = ChangeKind.PUBLISH_AGAIN if link.unpublished_by_us else ChangeKind.CHANGE
    return PlannedChange(
        key=product.key,
        name=product.name,
        sku=_sku(product),
        kind=ChangeKind.CREATE if write.creates else kind,
        listing=link.product_id,
        why=f"The last try was refused: {link.problem.happened}" if link.problem else "",
        fields=tuple(one for one in fields if one.field not in lacks),
    )


def of_unpublish(plan: Unpublish) -> PlannedChange:
    """Write out that a listing goes off sale, which changes nothing else of it."""
    link = plan.link
    draft = FieldChange(
        item="", sku="", field="visibility", old=link.fields.get("visibility"), new=str(Visibility.DRAFT)
    )
    return PlannedChange(
        key=link.product_key,
        name=link.fields.get("name", ""),
        sku=_known_sku(link),
        kind=ChangeKind.UNPUBLISH,
        listing=link.product_id,
        why=plan.reason,
        fields=(draft,),
    )


def of_blocked(plan: Blocked, link: Link, name: str) -> PlannedChange:
    """Tell why nothing is done about a product."""
    told = [part for reason in plan.reasons for part in (reason.happened, reason.remedy) if part]
    return PlannedChange(
        key=plan.key,
        name=name,
        sku=_known_sku(link),
        kind=ChangeKind.BLOCKED,
        listing=link.product_id,
        why=" ".join(dict.fromkeys(told)),
    )


def of_refused(write: ProductWrite, problems: Collection[str]) -> PlannedChange:
    """Tell why the shop cannot take a product as it is."""
    return PlannedChange(
        key=write.product.key,
        name=write.product.name,
        sku=_sku(write.product),
        kind=ChangeKind.BLOCKED,
        listing=write.link.product_id,
        why=" ".join(problems),
    )


def of_stock(write: StockWrite, item: Item, sku: str) -> PlannedChange:
    """Write out a stock figure."""
    old = None if write.known is None else _units(write.known)
    figure = FieldChange(item=item.item_id, sku=sku, field=STOCK, old=old, new=_units(write.quantity))
    return PlannedChange(
        key=item.product_key,
        name=item.description,
        sku=sku,
        kind=ChangeKind.STOCK,
        listing=str(write.ref),
        why="",
        fields=(figure,),
    )


def of_unread(item: Item, sku: str, listing: str) -> PlannedChange:
    """Tell that the stock of an item is not written, because a part of it is not known."""
    return PlannedChange(
        key=item.product_key,
        name=item.description,
        sku=sku,
        kind=ChangeKind.BLOCKED,
        listing=listing,
        why=f"The stock of item {item.item_id} has not been read at all of its locations yet.",
    )


def _created(product: Product) -> Iterator[FieldChange]:
    texts = product_fields(product)
    yield from (_new("", "", name, texts[name]) for name in CONTENT_FIELDS if texts[name] not in EMPTY)
    for variant in product.variants:
        if variant.visibility is Visibility.PUBLISHED:
            yield from _new_variant(variant, product)


def _new_variant(variant: Variant, product: Product) -> Iterator[FieldChange]:
    texts = variant_fields(variant, product)
    for name in VARIANT_FIELDS:
        if texts[name] not in EMPTY and (product.variable or name not in OF_THE_PRODUCT):
            yield _new(variant.item_id, variant.sku, name, texts[name])
    if variant.quantity is not None:
        yield _new(variant.item_id, variant.sku, STOCK, _units(variant.quantity))


def _changed(write: ProductWrite) -> Iterator[FieldChange]:
    product, link = write.product, write.link
    for name, new in product_fields(product).items():
        if name in write.changes:
            off_sale = name == "visibility" and link.unpublished_by_us
            old = str(Visibility.DRAFT) if off_sale else link.fields.get(name)
            yield FieldChange(item="", sku="", field=name, old=old, new=new)
    for variant in product.variants:
        names = write.variant_changes.get(variant.item_id, frozenset())
        known = link.variant(variant.item_id)
        if known is not None:
            yield from _changed_variant(variant, variant_fields(variant, product), known.fields, names)
        elif names:
            yield from _new_variant(variant, product)


def _changed_variant(
    variant: Variant, wanted: Mapping[str, str], known: Mapping[str, str], names: Collection[str]
) -> Iterator[FieldChange]:
    for name in VARIANT_FIELDS:
        if name in names:
            old = known.get(name)
            in_doubt = name == "visibility" and not old  # see ``planning``: after a write without an answer
            yield FieldChange(
                item=variant.item_id,
                sku=variant.sku,
                field=name,
                old=None if in_doubt else old,
                new=wanted[name],
            )


def _units(quantity: int | Decimal) -> str:
    """Write a figure in its one plain form, fractions included."""
    return decimal_text(Decimal(quantity))


def _new(item: str, sku: str, name: str, text: str) -> FieldChange:
    return FieldChange(item=item, sku=sku, field=name, old=None, new=text)


def _sku(product: Product) -> str:
    """Name a product by its SKU, which one with variants has not."""
    return "" if product.variable else product.variants[0].sku


def _known_sku(link: Link) -> str:
    skus = [known.fields.get("sku", "") for known in link.variants]
    return skus[0] if len(skus) == 1 else ""
