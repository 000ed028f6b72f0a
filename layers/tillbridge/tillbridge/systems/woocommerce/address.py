"""The address of a shop: what a person types, brought into one form."""

from urllib.parse import SplitResult, urlsplit, urlunsplit

from tillbridge.domain.errors import InputError

API = "/wp-json/wc/v3"

_PAGES = ("/wp-json", "/wp-admin", "/wp-login.php", "/wc-auth", "/index.php")
"""Parts of every WordPress that people copy along with the address; the shop's own part ends before them."""


def shop_address(given: str) -> str:
    """Bring an address into the form ``https://shop.example.com`` or ``https://example.com/shop``.

    A shop may live in a sub-folder, so the path is kept (facts/woocommerce.md, "Reaching the API").
    Raises ``InputError`` on ``address``.
    """
    text = given.strip()
    parts = _split(text if "://" in text else f"https://{text}")
    if parts is None or parts.scheme not in {"https", "http"} or not parts.hostname:
        raise InputError(
            "address",
            "The address of the shop cannot be read.",
            remedy="Give it as a browser shows it, like https://shop.example.com or https://example.com/shop.",
        )
    if "@" in parts.netloc:
        raise InputError(
            "address", "The address holds a user name.", remedy="Leave out everything between // and the @ sign."
        )
    return urlunsplit((parts.scheme, parts.netloc.lower(), _folder(parts.path), "", ""))


def _split(text: str) -> SplitResult | None:
    if set(text) & set(" \\\t\r\n"):
        return None
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        return None
    return parts


def _folder(path: str) -> str:
    """Keep the sub-folder the shop lives in, without its own pages and the closing slash."""
    for page in _PAGES:
        head, found, _ = f"{path}/".partition(f"{page}/")
        if found:
            path = head
    return path.rstrip("/")
