"""Small makers of products and rows, so that a test names only what it is about."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from tillbridge.domain.product import Link, Product, ProductImage, ProductOption, ProductWrite, Variant, Visibility
from tillbridge.systems.woocommerce.api.wire import ListingRow

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
COLOURS, SIZES = ("Black", "White"), ("S", "M")


def variant(item_id: str = "42", **changes: Any) -> Variant:
    values: dict[str, Any] = {
        "item_id": item_id,
        "sku": f"MUG-{item_id}",
        "regular_price": Decimal("12.50"),
        "quantity": 5,
    }
    return Variant(**{**values, **changes})


def mug(item_id: str = "42", *, of_variant: dict[str, Any] | None = None, **changes: Any) -> Product:
    """A simple product."""
    values: dict[str, Any] = {
        "key": f"I{item_id}",
        "name": f"Mug {item_id}",
        "variants": (variant(item_id, **(of_variant or {})),),
        "visibility": Visibility.PUBLISHED,
    }
    return Product(**{**values, **changes})


def shirt(matrix_id: str = "7", *, colours: tuple[str, ...] = COLOURS, sizes: tuple[str, ...] = SIZES) -> Product:
    """A variable product with one variant per colour and size: items 700, 701 (first colour), 710, 711 (second)."""
    variants = tuple(
        variant(f"{matrix_id}{row}{column}", sku=f"SHIRT-{matrix_id}-{colour}-{size}", options=(colour, size))
        for row, colour in enumerate(colours)
        for column, size in enumerate(sizes)
    )
    return Product(
        key=f"M{matrix_id}",
        name=f"Shirt {matrix_id}",
        variants=variants,
        options=(ProductOption("Color", colours), ProductOption("Size", sizes)),
        visibility=Visibility.PUBLISHED,
    )


def picture(number: int | str, url: str = "") -> ProductImage:
    return ProductImage(f"p{number}", url or f"https://pictures.example.com/front-{number}.jpg")


def creation(product: Product, **link: Any) -> ProductWrite:
    return ProductWrite(product=product, link=Link(product_key=product.key, **link))


def row(**fields: Any) -> ListingRow:
    values: dict[str, Any] = {"id": 17, "type": "simple", "status": "publish", "manage_stock": True}
    return ListingRow(**{**values, **fields})
