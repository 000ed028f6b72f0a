"""Errors about one listing, each with its remedy."""

from functools import partial

from tillbridge.domain.errors import ItemRejectedError, Subject
from tillbridge.systems.bigcommerce.api.refusals import Refusal, RefusedError
from tillbridge.systems.common import rejections
from tillbridge.systems.common.rejections import listing_gone

bad_image = partial(
    rejections.bad_image,
    remedy="Look whether the picture opens in a browser and has less than 8 MB; if not, load it up to the till again.",
)


def rejection(error: ItemRejectedError, subject: Subject) -> ItemRejectedError:
    """Say that the store refused one thing, and which."""
    if not isinstance(error, RefusedError):
        return ItemRejectedError(error.happened, remedy=error.remedy, code=error.code, subject=subject)
    if error.refusal.gone:
        return listing_gone(subject)
    if error.refusal.conflict:
        return taken(error.refusal, subject)
    return RefusedError(error.refusal, subject)


def taken(refusal: Refusal, subject: Subject) -> ItemRejectedError:
    """Say that a name, SKU or address is in use, or that a category or tax class is unknown."""
    return ItemRejectedError(
        f"The shop has another product with the same name, SKU or address: {refusal.told}",
        remedy="Give it another SKU or description in the till, or change that product in the shop.",
        code="taken",
        subject=subject,
    )


def sku_taken(skus: str, subject: Subject) -> ItemRejectedError:
    """Say that the SKU of a variant belongs to something else."""
    return ItemRejectedError(
        f"SKU {skus} belongs to another product of the shop.",
        remedy="Give it another SKU in the till, or change that product's SKU in the shop.",
        code="sku_taken",
        subject=subject,
    )


def partly_saved(told: str, subject: Subject) -> ItemRejectedError:
    """Say that the store saved a part only (status 207)."""
    return ItemRejectedError(
        f"The shop saved a part of it only: {told}",
        remedy="It is tried again; if it stays so, mend in the till what the shop objects to.",
        code="partly_saved",
        subject=subject,
    )


def stuck_variant(sku: str, subject: Subject) -> ItemRejectedError:
    """Say that a variant cannot choose other options."""
    return ItemRejectedError(
        f"Variant {sku} has other options by now, and BigCommerce moves no variant to other options.",
        remedy="Delete this variant in the shop, so that it is made again with its new options.",
        code="options_fixed",
        subject=subject,
    )
