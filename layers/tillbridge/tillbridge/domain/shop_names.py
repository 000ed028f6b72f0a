"""The name of a Shopify shop: what a person types or pastes, brought into one form. Pure."""

import re

from tillbridge.domain.errors import InputError

_SHOP = re.compile(r"[a-z0-9][a-z0-9-]{0,252}\.myshopify\.com", re.ASCII)
_ADMIN = re.compile(r"admin\.shopify\.com/store/([a-z0-9][a-z0-9-]*)(?:[/?#].*)?", re.ASCII | re.DOTALL)


def is_shopify_shop(name: str) -> bool:
    """Tell whether a name is a shop's, from its first letter to its last: our own secret is sent there.

    Narrower than Shopify's own rule, which lets other domains in (facts/shopify.md, section 3).
    """
    return _SHOP.fullmatch(name) is not None


def shopify_shop(given: str) -> str:
    """Give ``xyz.myshopify.com`` for what was typed: that, its address, or the address of its admin.

    ``InputError`` on ``address``.
    """
    text = given.strip().lower().removeprefix("https://").removeprefix("http://")
    admin = _ADMIN.fullmatch(text)
    name = f"{admin[1]}.myshopify.com" if admin else text.removesuffix("/admin").rstrip("/")
    if is_shopify_shop(name):
        return name
    raise InputError(
        "address",
        "It is no name of a Shopify shop.",
        remedy="It looks like example.myshopify.com: the admin shows it under Settings > Domains, and it stays the same"
        " whatever domain your customers use.",
        code="BadAddress",
    )
