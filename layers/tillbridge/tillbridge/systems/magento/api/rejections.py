"""Errors about one listing, each with its remedy."""

from collections.abc import Sequence
from functools import partial

from tillbridge.domain.errors import ItemRejectedError, Subject, SystemDownError
from tillbridge.systems.common import rejections
from tillbridge.systems.common.rejections import objection
from tillbridge.systems.magento.api.refusals import Refusal

SLASHES = "Ask the shop's host to set AllowEncodedSlashes NoDecode in the web server, or take the slash out of the SKU."

listing_gone = partial(
    rejections.listing_gone, happened="Its listing was deleted in the shop, or taken from its configurable product."
)

bad_image = partial(
    rejections.bad_image,
    remedy="Look whether the picture opens in a browser; if it does not, load it up to the till again as a JPEG or PNG "
    "file.",
)

stock_not_taken = partial(
    rejections.stock_not_taken, remedy="If it stays so, look for another program that writes the shop's stock."
)


def rejection(refusal: Refusal, subject: Subject) -> ItemRejectedError:
    """Turn a refusal into an error with a remedy."""
    if refusal.gone and not refusal.encoded_slash:
        return listing_gone(subject)
    if refusal.encoded_slash:
        return ItemRejectedError(refusal.told, remedy=SLASHES, code="encoded_slash", subject=subject)
    return objection(refusal.told, subject)


def shop_fails_on_it(trouble: SystemDownError, subject: Subject) -> ItemRejectedError:
    """Say that the shop is up but fails on this very entry, and under which report the shop keeps what went wrong."""
    report = f"report {trouble.request_id}" if trouble.request_id else "the failure"
    return rejections.shop_fails_on_it(
        trouble, subject, remedy=f"Ask the shop's developer to look {report} up in Magento's var/log/exception.log."
    )


def same_sku(sku: str, subject: Subject) -> ItemRejectedError:
    """Say that two products of the till have one SKU; the shop would take the second for a change of the first."""
    return ItemRejectedError(
        f"Another product of the till has its SKU {sku} as well, and a SKU is one product's in Magento.",
        remedy="Give one of the two another SKU in the till.",
        code="sku_taken",
        subject=subject,
    )


def options_differ(options: Sequence[str], subject: Subject) -> ItemRejectedError:
    """Say that a configurable product is chosen by other options than the till's."""
    return ItemRejectedError(
        f"Its listing is chosen by other options than {', '.join(options)}, and Magento cannot exchange them.",
        remedy="Give the options their old names in the till, or delete the listing in the shop and have the link "
        "released, so that it is made anew.",
        code="options_differ",
        subject=subject,
    )
