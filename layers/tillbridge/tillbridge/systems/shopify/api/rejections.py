"""Errors about one listing, each with its remedy."""

from functools import partial

from tillbridge.domain.errors import ItemRejectedError, Subject
from tillbridge.systems.common import rejections
from tillbridge.systems.common.rejections import listing_gone, objection
from tillbridge.systems.shopify.api.wire import UserErrorRow

GONE = frozenset(
    {
        "PRODUCT_DOES_NOT_EXIST", "PRODUCT_VARIANT_DOES_NOT_EXIST", "PRODUCT_NOT_FOUND", "INVALID_INVENTORY_ITEM",
    }
)  # fmt: skip

shop_fails_on_it = partial(
    rejections.shop_fails_on_it,
    remedy="Change the product's texts or pictures in the till; if it stays so, ask Shopify's support.",
)

stock_not_taken = partial(
    rejections.stock_not_taken,
    remedy="Look in the shop whether the product's quantity is tracked, and at which locations it is stocked.",
)


def tells_gone(error: UserErrorRow) -> bool:
    """Tell whether what was to be changed is no longer there; some mutations have no codes."""
    return error.code in GONE or (not error.code and error.field == ("id",))


def rejection(error: UserErrorRow, subject: Subject) -> ItemRejectedError:
    """Turn what a mutation refuses into an error with a remedy."""
    if tells_gone(error):
        return listing_gone(subject)
    where = f" ({'.'.join(error.field)})" if error.field else ""
    return objection(f"{error.message.rstrip('.')}{where}.", subject, code=error.code or "refused")


def sku_twice(sku: str, other: str, subject: Subject) -> ItemRejectedError:
    """Say that another product of the same push has the SKU: Shopify would take both."""
    return ItemRejectedError(
        f"Its SKU {sku} is that of product {other} as well; Shopify would show both.",
        remedy="Give each its own SKU in the till.",
        code="sku_taken",
        subject=subject,
    )


def options_taken(choice: str, sku: str, subject: Subject) -> ItemRejectedError:
    """Say that the listing has such a variant already, with another SKU."""
    return ItemRejectedError(
        f'The listing has a variant "{choice}" already, with the SKU "{sku}".',
        remedy="Give that variant the item's SKU in the shop, or other attributes to one of the two.",
        code="options_taken",
        subject=subject,
    )


def other_options(subject: Subject) -> ItemRejectedError:
    """Say that a listing has another number of options than the item."""
    return ItemRejectedError(
        "The listing has another number of options than the product has attributes.",
        remedy="Give the listing the same options in the shop, or delete it there and let it be made anew.",
        code="other_options",
        subject=subject,
    )
