"""Errors about one listing, each with its remedy."""

from collections.abc import Sequence

from tillbridge.domain.errors import ItemRejectedError, Subject, SystemDownError
from tillbridge.domain.product import LISTING_GONE
from tillbridge.systems.magento.api.refusals import Refusal

SLASHES = "Ask the shop's host to set AllowEncodedSlashes NoDecode in the web server, or take the slash out of the SKU."


def rejection(refusal: Refusal, subject: Subject) -> ItemRejectedError:
    """Turn a refusal into an error with a remedy."""
    if refusal.gone and not refusal.encoded_slash:
        return listing_gone(subject)
    if refusal.encoded_slash:
        return ItemRejectedError(refusal.text, remedy=SLASHES, code="encoded_slash", subject=subject)
    return ItemRejectedError(
        f"The shop refused it: {refusal.text}",
        remedy="Mend in the till what the shop objects to.",
        code="refused",
        subject=subject,
    )


def listing_gone(subject: Subject) -> ItemRejectedError:
    """Say that a listing was deleted, or a variant taken from its product, by the merchant."""
    return ItemRejectedError(
        "Its listing was deleted in the shop, or taken from its configurable product.",
        remedy="Take the item out of the selection or archive it in the till, or have its link released, so that it is "
        "made anew.",
        code=LISTING_GONE,
        subject=subject,
    )


def bad_image(source_id: str, why: str, subject: Subject) -> ItemRejectedError:
    """Say that one picture could not be taken over."""
    return ItemRejectedError(
        f"The shop could not take picture {source_id}: {why}.",
        remedy="Look whether the picture opens in a browser; if it does not, load it up to the till again as a JPEG or "
        "PNG file.",
        code="bad_image",
        subject=subject,
    )


def shop_fails_on_it(trouble: SystemDownError, subject: Subject) -> ItemRejectedError:
    """Say that the shop is up but fails on this very thing."""
    found = f" (report {trouble.request_id})" if trouble.request_id else ""
    return ItemRejectedError(
        f"The shop fails on it, and on nothing else: {trouble.happened}{found}",
        remedy="Ask the shop's developer to look that report up in Magento's var/log/exception.log.",
        code="shop_fails_on_it",
        subject=subject,
        request_id=trouble.request_id,
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
