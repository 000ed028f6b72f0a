"""What a failed connection check means, in words for the merchant (facts/woocommerce.md, "Reaching the API")."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

from tillbridge.domain.errors import (
    GarbledAnswerError,
    MisconfiguredSystemError,
    MissingRightError,
    SystemDownError,
    ThrottledError,
    TillbridgeError,
    UnauthorisedError,
)
from tillbridge.systems.http import Answer, NoJsonError
from tillbridge.systems.http.failures import TOO_MANY, retry_after
from tillbridge.systems.woocommerce.api.refusals import FORBIDDEN, UNAUTHORISED

KEYS_IN_QUERY = (
    "The host hides the Authorization header, so the keys travel in the address of each request, which logs may keep. "
    "Ask the host to pass the Authorization header on to PHP."
)
NO_TLS = "The shop has no https: what it sends can be read on the way. Ask the host for a certificate."
NO_STOCK = (
    "Stock management is switched off, so that no stock can be kept. "
    "Switch it on in WooCommerce > Settings > Products > Inventory."
)

_MOVED = range(300, 400)
_SERVER_TROUBLE = 500
_BLOCKED = frozenset({UNAUTHORISED, FORBIDDEN, 406, 501})
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def other_address(url: str) -> str:
    """Warn of a shop that calls itself otherwise than we do."""
    host = urlsplit(url).hostname or "another address"
    return f"The shop calls itself {host}. If that is where shoppers go, connect again with that address."


def of_the_way(answer: Answer, address: str) -> TillbridgeError | None:
    """Judge an answer that came from something in front of WordPress; ``None`` when WordPress may have written it."""
    if answer.status in _MOVED:
        return _moved(answer, address)
    if answer.status == TOO_MANY:
        return _throttled(answer)
    if answer.status in _BLOCKED:
        return _blocked(answer)
    if answer.status >= _SERVER_TROUBLE:
        return _down(answer)
    return None


def no_api(answer: Answer, address: str, *, plain_permalinks: bool) -> MisconfiguredSystemError:
    """Say why there is no API: plain permalinks, a sub-folder, or no WordPress at all."""
    if plain_permalinks:
        return MisconfiguredSystemError(
            "WordPress uses plain permalinks, with which its API takes no keys.",
            remedy="In WordPress choose any permalinks but plain, under Settings > Permalinks, and save.",
            code="PlainPermalinks",
            subject=answer.subject,
        )
    if answer.ok:
        return MisconfiguredSystemError(
            f"{answer.place} answers with a page instead of data: a firewall, a coming-soon page or no WordPress.",
            remedy="Let the firewall or the plugin that shows this page pass requests to /wp-json/.",
            code="PageInsteadOfData",
            subject=answer.subject,
        )
    folder = urlsplit(address).path
    hint = "check the folder in the address" if folder else "if the shop lives in a folder, add it: https://host/folder"
    return MisconfiguredSystemError(
        f"There is no WordPress API at {answer.place} (status {answer.status}).",
        remedy=f"Give the address of the shop's front page; {hint}.",
        code="NoWordPress",
        subject=answer.subject,
    )


def no_woocommerce(answer: Answer) -> MisconfiguredSystemError:
    """Say that WordPress is there without WooCommerce, or with one older than 3.5."""
    return MisconfiguredSystemError(
        "WordPress answers, but WooCommerce does not.",
        remedy="Install or activate WooCommerce (3.5 or newer) in WordPress, under Plugins.",
        code="NoWooCommerce",
        subject=answer.subject,
    )


def key_refused(error: UnauthorisedError, *, signed: Answer | None) -> TillbridgeError:
    """Tell apart why a key is refused.

    ``signed`` is the answer to the same question over https, signed as if over http. WordPress accepts that only when
    it does not know that it is reached over https, and then it looks at no other kind of key.
    """
    if signed is not None and signed.ok:
        return MisconfiguredSystemError(
            "WordPress takes https requests for http, and refuses keys therefore.",
            remedy="Have the proxy in front of it send the header X-Forwarded-Proto, and WordPress heed it.",
            code="HttpsNotSeen",
            subject=error.subject,
        )
    return error


def read_only(error: UnauthorisedError) -> MissingRightError:
    """Say that a key that reads may not write."""
    return MissingRightError(
        "The key may only read.",
        remedy="Set its permission to Read/Write in WooCommerce > Settings > Advanced > REST API, or make a new key.",
        code="ReadOnlyKey",
        subject=error.subject,
    )


def _moved(answer: Answer, address: str) -> MisconfiguredSystemError:
    location = urlsplit(answer.headers.get("Location", ""))
    host = f"{location.scheme}://{location.netloc.rpartition('@')[2]}" if location.netloc else "another page"
    if address.startswith("http://") and location.scheme == "https":
        remedy = "Connect again with https:// at the beginning."
    else:
        remedy = "Connect again with the final address, the one that a browser shows after the page has loaded."
    return MisconfiguredSystemError(
        f"The shop's address leads on to {host} (status {answer.status}); keys are not sent along.",
        remedy=remedy,
        code="Redirected",
        subject=answer.subject,
    )


def _blocked(answer: Answer) -> MisconfiguredSystemError:
    return MisconfiguredSystemError(
        f"Something in front of WordPress turns us away (status {answer.status}){_words(answer)}.",
        remedy="Let the password, the host's firewall or the security plugin there pass requests to /wp-json.",
        code="Blocked",
        subject=answer.subject,
        request_id=answer.request_id,
    )


def _throttled(answer: Answer) -> ThrottledError:
    return ThrottledError(
        f"The shop's host says that it is called too often (status {answer.status}){_words(answer)}.",
        after=_pause(answer),
        remedy="Try again in some minutes.",
        code="Throttled",
        subject=answer.subject,
        request_id=answer.request_id,
    )


def _down(answer: Answer) -> SystemDownError:
    return SystemDownError(
        f"The shop is down or under maintenance (status {answer.status}){_words(answer)}.",
        after=_pause(answer),
        remedy="Try again when the shop opens in a browser.",
        code="Maintenance" if answer.status == 503 else f"Http{answer.status}",  # noqa: PLR2004  HTTP's own number
        subject=answer.subject,
    )


def _pause(answer: Answer) -> float | None:
    """Read how long to wait, by the host's own clock; without one, a date means the longest pause there is."""
    return retry_after(answer, answer.served_at or _LONG_AGO)


def _words(answer: Answer) -> str:
    """Quote the first words of a page."""
    try:
        answer.json()
    except NoJsonError as error:
        return f', saying "{error.excerpt}"' if error.excerpt else ""
    except GarbledAnswerError:
        return ""
    return ""
