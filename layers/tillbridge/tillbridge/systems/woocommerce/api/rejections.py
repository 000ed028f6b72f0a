"""Errors about one listing, each with its remedy."""

from collections.abc import Sequence
from functools import partial
from html import unescape

from tillbridge.domain.errors import ItemRejectedError, Subject
from tillbridge.domain.stock import Quantity
from tillbridge.systems.common import rejections
from tillbridge.systems.common.rejections import objection
from tillbridge.systems.woocommerce.api.refusals import Refusal
from tillbridge.systems.woocommerce.api.wire import ListingRow

GTIN_TAKEN = "product_invalid_global_unique_id"

listing_gone = partial(
    rejections.listing_gone,
    remedy="Restore it from the shop's trash, or take the item out of the selection or archive it in the till.",
)

shop_fails_on_it = partial(
    rejections.shop_fails_on_it,
    remedy="Ask the shop's host to look into the error log, or whether the firewall dislikes the product's text.",
)


def rejection(refusal: Refusal, subject: Subject) -> ItemRejectedError:
    """Turn a refusal of one entry into an error with a remedy."""
    if refusal.listing_gone:
        return listing_gone(subject)
    if refusal.sku_taken:
        return ItemRejectedError(
            f"Its SKU belongs to listing {refusal.resource_id or 'of another product'} of the shop.",
            remedy="Give it another SKU in the till, or change that listing's SKU in the shop.",
            code="sku_taken",
            subject=subject,
        )
    if refusal.code == GTIN_TAKEN:
        return ItemRejectedError(
            f"Its UPC or EAN is invalid or belongs to another listing of the shop{_at(refusal)}.",
            remedy="Correct the UPC or EAN in the till, or clear it at the other listing in the shop.",
            code="gtin_taken",
            subject=subject,
        )
    return objection(f"{refusal.told} ({refusal.code}).", subject, code=refusal.code)


def stock_not_taken(quantity: Quantity, row: ListingRow, subject: Subject) -> ItemRejectedError:
    """Say that a stock figure was ignored."""
    shown = "does not manage stock" if row.manage_stock is not True else f"shows {row.stock_quantity}"
    remedy = "In WooCommerce switch stock management on, under Settings > Products > Inventory."
    return rejections.stock_not_taken(quantity, shown, subject, remedy=remedy)


def in_trash(rows: Sequence[ListingRow], subject: Subject) -> ItemRejectedError:
    """Say that the shop's trash holds the SKU (facts/woocommerce.md, "Products")."""
    names = ", ".join(f'{row.sku} in "{unescape(row.name)}" (listing {row.id})' for row in rows)
    return ItemRejectedError(
        f"The shop's trash holds its SKU: {names}.",
        remedy="In the shop restore that product, or delete it permanently.",
        code="sku_in_trash",
        subject=subject,
    )


def no_image_name(source_id: str, subject: Subject) -> ItemRejectedError:
    """Say that the shop would refuse a picture by its name."""
    return ItemRejectedError(
        f"The address of picture {source_id} does not end like a picture (.jpg, .png, .gif, .webp).",
        remedy="Load the picture up to the till again as a JPEG or PNG file.",
        code="bad_image",
        subject=subject,
    )


def _at(refusal: Refusal) -> str:
    return f" (listing {refusal.resource_id})" if refusal.resource_id else ""
