"""What a connection check learns of every shop, kept with the connection as text."""

from tillbridge.systems.shop import ShopProfile

YES, NO = "yes", "no"


def word(*, answer: bool) -> str:
    """Write an answer."""
    return YES if answer else NO


def listed(text: str, separator: str = ",") -> tuple[str, ...]:
    """Read a list."""
    return tuple(part for part in text.split(separator) if part)


def traits_of(profile: ShopProfile) -> dict[str, str]:
    """Write what every shop's profile says, with the details that only this shop has."""
    return {
        "name": profile.name,
        "version": profile.version,
        "currency": profile.currency,
        "prices_include_tax": word(answer=profile.prices_include_tax),
        "price_decimals": str(profile.price_decimals),
        "time_zone": profile.time_zone,
        **profile.details,
    }
