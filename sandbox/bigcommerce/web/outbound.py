"""How the store calls others: to fetch pictures, deliver web hooks and call the app back."""

from collections.abc import Mapping
from dataclasses import dataclass

import requests

from sandbox.bigcommerce.settings import Settings

_AGENT = "BigCommerce stand-in"


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back from a call out; status 0 when nothing did."""

    status: int
    body: bytes = b""
    trouble: str = ""


def call(
    settings: Settings, method: str, url: str, body: bytes = b"", headers: Mapping[str, str] | None = None
) -> Reply:
    """Call `url`, following no redirect and no proxy; trouble on the way comes back as a reply, never as an error."""
    with requests.Session() as session:
        session.trust_env = False
        session.verify = settings.ca_file or True
        try:
            answer = session.request(
                method,
                url,
                data=body or None,
                headers={"User-Agent": _AGENT, **(headers or {})},
                timeout=settings.callback_seconds,
                allow_redirects=False,
            )
        except (requests.RequestException, UnicodeError) as error:
            return Reply(0, trouble=type(error).__name__)
    return Reply(answer.status_code, answer.content)
