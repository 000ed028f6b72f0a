"""Errors about one listing, each with its remedy."""

from tillbridge.domain.errors import ItemRejectedError, Subject, SystemDownError
from tillbridge.domain.product import LISTING_GONE
from tillbridge.systems.shopify.api.wire import UserErrorRow

GONE = frozenset(
    {
        "PRODUCT_DOES_NOT_EXIST", "PRODUCT_VARIANT_DOES_NOT_EXIST", "PRODUCT_NOT_FOUND", "INVALID_INVENTORY_ITEM",
    }
)  # fmt: skip


def tells_gone(error: UserErrorRow) -> bool:
    """Tell whether what was to be changed is no longer there; some mutations have no codes."""
    return error.code in GONE or (not error.code and error.field == ("id",))


def rejection(error: UserErrorRow, subject: Subject) -> ItemRejectedError:
    """Turn what a mutation refuses into an error with a remedy."""
    if tells_gone(error):
        return listing_gone(subject)
    where = f" ({'.'.join(error.field)})" if error.field else ""
    return ItemRejectedError(
        f"The shop refused it: {error.message.rstrip('.')}{where}.",
        remedy="Mend in the till what the shop objects to.",
        code=error.code or "refused",
        subject=subject,
    )


def listing_gone(subject: Subject) -> ItemRejectedError:
    """Say that a listing was deleted by the merchant; Shopify has no trash."""
    return ItemRejectedError(
        "Its listing was deleted in the shop.",
        remedy="Let it be made anew, or take the item out of the selection or archive it in the till.",
        code=LISTING_GONE,
        subject=subject,
    )


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


def bad_image(source_id: str, told: str, subject: Subject) -> ItemRejectedError:
    """Say that the shop could not take one picture."""
    return ItemRejectedError(
        f"The shop could not take picture {source_id}: {told or 'it says no more'}.",
        remedy="Look whether the picture opens in a browser; if it does not, load it up to the till again.",
        code="bad_image",
        subject=subject,
    )


def shop_fails_on_it(trouble: SystemDownError, subject: Subject) -> ItemRejectedError:
    """Say that the shop is up but fails on this very entry."""
    return ItemRejectedError(
        f"The shop fails on it, and on nothing else: {trouble.happened}",
        remedy="Change the product's texts or pictures in the till; if it stays so, ask Shopify's support.",
        code="shop_fails_on_it",
        subject=subject,
    )


def changed_silently(told: str, subject: Subject) -> ItemRejectedError:
    """Say what the shop changed without a word."""
    return ItemRejectedError(
        f"The shop changed what it was sent: {told}.",
        remedy="Enter in the till what the shop accepts, or look for an app in the shop that changes these fields.",
        code="changed_silently",
        subject=subject,
    )


def stock_not_taken(quantity: object, shown: str, subject: Subject) -> ItemRejectedError:
    """Say that a stock figure did not arrive."""
    return ItemRejectedError(
        f"The shop was told a stock of {quantity} and {shown}.",
        remedy="Look in the shop whether the product's quantity is tracked, and at which locations it is stocked.",
        code="stock_not_taken",
        subject=subject,
    )
