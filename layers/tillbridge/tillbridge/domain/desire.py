"""Turn what the till says into what a shop should show. Pure functions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from tillbridge.domain.catalogue import Item, ItemType, Matrix, Reference, Sellable, matrix_key
from tillbridge.domain.planning import Blocked, Reason, Withheld
from tillbridge.domain.product import Product, ProductImage, ProductOption, Variant, Visibility
from tillbridge.domain.settings import MerchantSettings, Selection, SkuSource
from tillbridge.domain.stock import StockFigure

UNTRACKED = frozenset({ItemType.NON_INVENTORY})


@dataclass(frozen=True, slots=True)
class Wishes:
    """Everything besides the item itself that decides how it is shown."""

    settings: MerchantSettings
    reference: Reference
    figures: Mapping[str, StockFigure]
    price_decimals: int = 2


Desired = Product | Withheld | Blocked


def desire_simple(item: Item, wishes: Wishes) -> Desired:
    """Say what a shop should show of an item that is no variant."""
    if withheld := _withheld(item.product_key, item, (item,), wishes.settings):
        return withheld
    reasons = [*_content_reasons(item), *_variant_reasons(item, wishes)]
    if reasons:
        return _blocked(item.product_key, reasons)
    variant = _variant(item, (), item.prices, wishes)
    return _product(item.product_key, item, (variant,), (), wishes)


def desire_variable(matrix_id: str, matrix: Matrix | None, items: Sequence[Item], wishes: Wishes) -> Desired:
    """Say what a shop should show of a matrix and its variants."""
    key = matrix_key(matrix_id)
    if matrix is None:
        return _blocked(key, [NOT_READ])
    live = [item for item in items if not item.archived]
    if withheld := _withheld(key, matrix, live or items, wishes.settings):
        return withheld
    if not live:
        gone = bool(items) and all(item.gone for item in items)
        return Withheld(key, GONE if gone else "every variant is archived in the till")
    names = _option_names(matrix, live, wishes.reference)
    reasons = [
        *_content_reasons(matrix),
        *_option_reasons(names, live),
        *(reason for item in live for reason in _variant_reasons(item, wishes, matrix)),
    ]
    if reasons:
        return _blocked(key, reasons)
    variants = tuple(
        replace(
            _variant(item, names, {**matrix.prices, **item.prices}, wishes), departed=item.matrix_id != matrix.matrix_id
        )
        for item in items
    )
    options = tuple(ProductOption(name, _values(live, place)) for place, name in _used_places(names))
    return _product(key, matrix, variants, options, wishes)


GONE = "it was deleted or merged in the till"
NOT_READ = Reason("not_read_yet", "The matrix of these variants has not been read from the till yet.", "")


def _withheld(key: str, source: Sellable, items: Sequence[Item], settings: MerchantSettings) -> Withheld | None:
    """Say why a product must not be on sale, if it must not."""
    if source.archived:
        return Withheld(key, GONE if isinstance(source, Item) and source.gone else "it is archived in the till")
    if settings.selection is Selection.PUBLISH_TO_WEB and not any(item.publish_to_web for item in items):
        return Withheld(key, 'its "publish to eCom" tick is off in the till')
    tags = {*source.tags, *(tag for item in items for tag in item.tags)}
    if settings.selection is Selection.TAG and settings.selection_tag not in tags:
        return Withheld(key, f'it does not carry the tag "{settings.selection_tag}" in the till')
    return None


def _blocked(key: str, reasons: Sequence[Reason]) -> Blocked:
    passing = all(reason.code == "not_read_yet" for reason in reasons)
    return Blocked(key, tuple(reasons), passing=passing)


def _content_reasons(source: Sellable) -> list[Reason]:
    if source.description.strip():
        return []
    return [Reason("no_name", "It has no description in the till.", "Give it a description in the till.")]


def _variant_reasons(item: Item, wishes: Wishes, matrix: Matrix | None = None) -> list[Reason]:
    reasons: list[Reason] = []
    level = wishes.settings.regular_price_level
    amount = item.prices.get(level, matrix.prices.get(level) if matrix else None)
    if amount is None:
        reasons.append(
            Reason(
                "no_price", f"Item {item.item_id} has no price on price level {level}.", "Set that price in the till."
            )
        )
    elif amount < 0:
        reasons.append(
            Reason("bad_price", f"Item {item.item_id} has the negative price {amount}.", "Mend the price in the till.")
        )
    if not sku_of(item, wishes.settings):
        reasons.append(
            Reason(
                "no_sku",
                f"Item {item.item_id} is empty in every field that may serve as SKU.",
                "Give it a custom SKU in the till, or add system_sku to the setting sku_sources.",
            )
        )
    figure = wishes.figures.get(item.item_id)
    if item.item_type not in UNTRACKED and (figure is None or not figure.writable):
        reasons.append(Reason("not_read_yet", f"The stock of item {item.item_id} has not been read yet.", ""))
    return reasons


def _option_names(matrix: Matrix, items: Sequence[Item], reference: Reference) -> tuple[str, str, str]:
    """Name the places in which variants differ; a place that no variant uses is ""."""
    attribute_set = reference.attribute_sets.get(matrix.attribute_set_id or "")
    names = attribute_set.attribute_names if attribute_set else ("", "", "")
    used = [any(item.attributes[place] for item in items) for place in range(3)]
    return (
        (names[0] or "Option 1") if used[0] else "",
        (names[1] or "Option 2") if used[1] else "",
        (names[2] or "Option 3") if used[2] else "",
    )


def _option_reasons(names: tuple[str, str, str], items: Sequence[Item]) -> list[Reason]:
    if not any(names):
        return [Reason("no_options", "Its variants have no attribute values.", "Fill in the attributes in the till.")]
    reasons: list[Reason] = []
    seen: dict[tuple[str, ...], str] = {}
    for item in items:
        values = tuple(item.attributes[place] for place, _ in _used_places(names))
        if not all(values):
            reasons.append(
                Reason(
                    "missing_option",
                    f"Item {item.item_id} lacks a value for one of its attributes.",
                    "Fill in the attribute in the till.",
                )
            )
        elif other := seen.get(values):
            reasons.append(
                Reason(
                    "duplicate_variant",
                    f"Items {other} and {item.item_id} have the same attributes ({', '.join(values)}).",
                    "Change or archive one of them in the till.",
                )
            )
        seen.setdefault(values, item.item_id)
    return reasons


def _used_places(names: tuple[str, str, str]) -> list[tuple[int, str]]:
    return [(place, name) for place, name in enumerate(names) if name]


def _values(items: Sequence[Item], place: int) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item.attributes[place] for item in items))


def _variant(item: Item, names: tuple[str, ...], prices: Mapping[str, Decimal], wishes: Wishes) -> Variant:
    regular, sale, msrp = _prices(prices, wishes)
    figure = wishes.figures.get(item.item_id)
    tracked = item.item_type not in UNTRACKED
    image = _images(item, wishes.settings)[:1] if item.matrix_id else ()
    return Variant(
        item_id=item.item_id,
        sku=sku_of(item, wishes.settings),
        gtin=item.ean or item.upc,
        options=tuple(item.attributes[place] for place, name in enumerate(names) if name),
        regular_price=regular,
        sale_price=sale,
        msrp=msrp,
        weight=item.web.weight or None,
        image=image[0] if image else None,
        quantity=figure.quantity if tracked and figure else None,
        visibility=Visibility.DRAFT if item.archived else Visibility.PUBLISHED,
    )


def _prices(prices: Mapping[str, Decimal], wishes: Wishes) -> tuple[Decimal, Decimal | None, Decimal | None]:
    """Take regular, sale and recommended price from their levels, rounded as the shop keeps them.

    A sale price that is not below the regular one is no sale: shops drop it without a word (facts/woocommerce.md).
    """
    unit = Decimal(1).scaleb(-wishes.price_decimals)
    regular = prices.get(wishes.settings.regular_price_level, Decimal(0)).quantize(unit, ROUND_HALF_UP)
    sale = _above_nought(prices.get(wishes.settings.sale_price_level), unit)
    msrp = _above_nought(prices.get(wishes.settings.msrp_level), unit)
    return regular, sale if sale is not None and sale < regular else None, msrp


def _above_nought(amount: Decimal | None, unit: Decimal) -> Decimal | None:
    """Round an amount; the till writes 0 where no price was entered."""
    return amount.quantize(unit, ROUND_HALF_UP) if amount is not None and amount > 0 else None


def sku_of(item: Item, settings: MerchantSettings) -> str:
    """Take the first field that is filled, in the merchant's order; "" when none is."""
    fields = {
        SkuSource.CUSTOM_SKU: item.custom_sku,
        SkuSource.MANUFACTURER_SKU: item.manufacturer_sku,
        SkuSource.UPC: item.upc,
        SkuSource.EAN: item.ean,
        SkuSource.SYSTEM_SKU: item.system_sku,
    }
    return next((fields[source].strip() for source in settings.sku_sources if fields[source].strip()), "")


def _product(
    key: str, source: Sellable, variants: tuple[Variant, ...], options: tuple[ProductOption, ...], wishes: Wishes
) -> Product:
    brand = wishes.reference.manufacturers.get(source.manufacturer_id or "")
    return Product(
        key=key,
        name=source.description.strip(),
        variants=variants,
        options=options,
        description=source.web.long_description,
        short_description=source.web.short_description,
        category_path=category_path(source.category_id, wishes.reference),
        brand=brand.name if brand else "",
        tax_class=wishes.settings.tax_classes.get(source.tax_class_id or "", ""),
        taxable=source.taxable,
        images=_images(source, wishes.settings),
        visibility=wishes.settings.new_products,
    )


def category_path(category_id: str | None, reference: Reference) -> tuple[str, ...]:
    """Name the categories from the top; a loop in the till's tree ends the path instead of the program."""
    names: list[str] = []
    seen: set[str] = set()
    while category_id and category_id not in seen and (category := reference.categories.get(category_id)):
        seen.add(category_id)
        names.append(category.name)
        category_id = category.parent_id
    return tuple(reversed(names))


def _images(source: Sellable, settings: MerchantSettings) -> tuple[ProductImage, ...]:
    if not settings.send_images:
        return ()
    ordered = sorted(source.images, key=lambda image: (image.position, int(image.image_id)))
    return tuple(ProductImage(image.image_id, image.url, image.description) for image in ordered)
