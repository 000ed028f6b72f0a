"""Errors about one listing that every shop has, each with its remedy."""

from tillbridge.domain.errors import ItemRejectedError, Subject, SystemDownError
from tillbridge.domain.product import LISTING_GONE


def objection(told: str, subject: Subject, *, code: str = "refused") -> ItemRejectedError:
    """Say that the shop refused it, in its own words."""
    return ItemRejectedError(
        f"The shop refused it: {told}",
        remedy="Mend in the till what the shop objects to.",
        code=code,
        subject=subject,
    )


def listing_gone(
    subject: Subject,
    *,
    happened: str = "Its listing was deleted in the shop.",
    remedy: str = "Let it be made anew, or take the item out of the selection or archive it in the till.",
) -> ItemRejectedError:
    """Say that a listing was deleted by the merchant."""
    return ItemRejectedError(happened, remedy=remedy, code=LISTING_GONE, subject=subject)


def other_kind(shown: str, wanted: str, subject: Subject) -> ItemRejectedError:
    """Say that a chosen listing is of another kind by now: ``shown``, as in "a grouped product", not ``wanted``."""
    return ItemRejectedError(
        f"The listing is {shown} of the shop by now.",
        remedy=f"Make it {wanted} again, as the item is in the till, or link another listing.",
        code="other_kind",
        subject=subject,
    )


def bad_image(
    source_id: str,
    told: str,
    subject: Subject,
    *,
    remedy: str = "Look whether the picture opens in a browser; if it does not, load it up to the till again.",
) -> ItemRejectedError:
    """Say that the shop could not take one picture."""
    return ItemRejectedError(
        f"The shop could not take picture {source_id}: {told or 'it says no more'}.",
        remedy=remedy,
        code="bad_image",
        subject=subject,
    )


def shop_fails_on_it(trouble: SystemDownError, subject: Subject, *, remedy: str) -> ItemRejectedError:
    """Say that the shop is up but fails on this very entry."""
    return ItemRejectedError(
        f"The shop fails on it, and on nothing else: {trouble.happened}",
        remedy=remedy,
        code="shop_fails_on_it",
        subject=subject,
        request_id=trouble.request_id,
    )


def changed_silently(told: str, subject: Subject, *, cause: str) -> ItemRejectedError:
    """Say what the shop changed without a word; ``cause`` is what may have done it, as in "an app"."""
    return ItemRejectedError(
        f"The shop changed what it was sent: {told}.",
        remedy=f"Enter in the till what the shop accepts, or look for {cause} that changes these fields.",
        code="changed_silently",
        subject=subject,
    )


def stock_not_taken(quantity: object, shown: str, subject: Subject, *, remedy: str) -> ItemRejectedError:
    """Say that a stock figure did not arrive; ``shown`` says what the shop does instead, as in "shows 3"."""
    return ItemRejectedError(
        f"The shop was told a stock of {quantity} and {shown}.",
        remedy=remedy,
        code="stock_not_taken",
        subject=subject,
    )
