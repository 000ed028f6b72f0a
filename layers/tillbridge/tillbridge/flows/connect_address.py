"""The address of a shop: what a person types or pastes, brought into one form. Pure.

``https://shop.example.com`` or ``https://example.com/shop``: no closing slash, no page of WordPress itself, the host in
ASCII. Whether it may be called is another question, asked where addresses are resolved.
"""

import re
from ipaddress import ip_address
from urllib.parse import SplitResult, quote, unquote, urlsplit

from tillbridge.domain.errors import InputError

LONGEST = 500
_DEFAULT_PORTS = {"https": 443, "http": 80}
_PAGES = re.compile(r"/(wp-admin|wp-json|wp-login\.php|wc-auth|index\.php)(/|$).*", re.IGNORECASE | re.DOTALL)
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_LIKE = "Give it as a browser shows it, like https://shop.example.com or https://example.com/shop."


def shop_address(given: str, *, local: bool) -> str:
    """Bring an address into its form; ``InputError`` on ``address``. Only the ``local`` environment takes http."""
    text = given.strip()
    parts = _split(text if "://" in text else f"https://{text}")
    if parts.scheme not in (_DEFAULT_PORTS if local else {"https"}):
        raise _bad(
            f"The address begins with {parts.scheme}://, and only https protects the keys on their way.",
            "Use the shop's https address. If it has none, have a certificate installed first.",
        )
    if "@" in parts.netloc:
        raise _bad("The address holds a user name.", "Leave out everything between // and the @ sign.")
    host, port = _host(parts.hostname or ""), parts.port
    if port is not None and port != _DEFAULT_PORTS[parts.scheme]:
        host = f"{host}:{port}"
    return f"{parts.scheme}://{host}{_folder(parts.path)}"


def _split(text: str) -> SplitResult:
    if len(text) > LONGEST or not text.isprintable() or set(text) & set(" \\\"'<>"):
        raise _bad("The address cannot be read.", _LIKE)
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        raise _bad("The address cannot be read.", _LIKE) from None
    if not parts.hostname:
        raise _bad("The address names no host.", _LIKE)
    return parts


def _host(name: str) -> str:
    """Write a host in lower-case ASCII; internationalised names as browsers send them (UTS 46)."""
    try:
        literal = ip_address(name)
    except ValueError:
        pass
    else:
        return f"[{literal}]" if literal.version == 6 else str(literal)  # noqa: PLR2004  IPv6
    ascii_name = (name if name.isascii() else _ascii(name)).lower().rstrip(".")
    if not all(_LABEL.fullmatch(label) for label in ascii_name.split(".")):
        raise _bad(f"{name} is no name of a host.", _LIKE)
    return ascii_name


def _ascii(name: str) -> str:
    import idna  # noqa: PLC0415  its tables are large, and few names need them

    try:
        return idna.encode(name, uts46=True).decode()
    except idna.IDNAError:
        raise _bad(f"{name} is no name of a host.", _LIKE) from None


def _folder(path: str) -> str:
    """Keep the sub-folder that the shop lives in (facts/woocommerce.md, "Reaching the API")."""
    kept = re.sub(r"/{2,}", "/", _PAGES.sub("", re.sub(r"/{2,}", "/", path))).rstrip("/")
    if any(part in {".", ".."} for part in unquote(kept).split("/")):
        raise _bad("The address goes through .. or a single dot.", _LIKE)
    return quote(unquote(kept), safe="/-._~!$&()*+,;=:@")


def _bad(happened: str, remedy: str) -> InputError:
    return InputError("address", happened, remedy=remedy, code="BadAddress")
