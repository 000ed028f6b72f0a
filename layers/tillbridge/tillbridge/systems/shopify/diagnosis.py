"""What a connection check finds out, in words for the merchant."""

from collections.abc import Sequence

from tillbridge.domain.errors import MissingRightError, Subject

NO_ONLINE_STORE = (
    "The shop has no Online Store channel: products are published to its first channel instead. "
    "Add the Online Store in Shopify under Settings > Apps and sales channels, and connect again."
)


def rights_missing(missing: Sequence[str], subject: Subject) -> MissingRightError:
    """Name the scopes that were not granted."""
    return MissingRightError(
        "The app lacks rights in this shop:",
        missing=missing,
        remedy="Connect the shop anew and approve all rights; for an app of your own, tick these access scopes in its "
        "configuration and install it again.",
        code="MissingScopes",
        subject=subject,
    )


def other_places(place: str, others: Sequence[str]) -> str:
    """Warn of stock that figures without a place leave alone."""
    return (
        f"Stock goes to the location {place}; the stock at {', '.join(others)} is left alone and sold besides. "
        "Map the till's locations to them, or take the stock there down to nought."
    )


def other_shop(domain: str) -> str:
    """Warn of a shop that calls itself otherwise than we do."""
    return f"The shop calls itself {domain}. Connect again with that address, so that its web hooks are recognised."
