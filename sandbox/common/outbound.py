"""How a stand-in's own server calls others: to fetch pictures, hand over keys and deliver web hooks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import requests


class Manners(Protocol):
    """As much of a stand-in's settings as calls out need."""

    @property
    def ca_file(self) -> str | None:
        """Authority to trust; the system's without it."""
        ...

    @property
    def callback_seconds(self) -> float:
        """How long others may take to answer."""
        ...


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back from a call out; status 0 when nothing did."""

    status: int
    body: bytes = b""
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Caller:
    """Calls others under the name of ``agent``."""

    agent: str

    def __call__(
        self,
        settings: Manners,
        method: str,
        url: str,
        body: bytes | Mapping[str, str] = b"",
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Call `url`, following no redirect and no proxy; trouble comes back as a reply, never as an error.

        A mapping is sent as a form.
        """
        with requests.Session() as session:
            session.trust_env = False
            session.verify = settings.ca_file or True
            try:
                answer = session.request(
                    method,
                    url,
                    data=body or None,
                    headers={"User-Agent": self.agent, **(headers or {})},
                    timeout=settings.callback_seconds,
                    allow_redirects=False,
                )
            except (requests.RequestException, UnicodeError) as error:
                return Reply(0, trouble=type(error).__name__)
        return Reply(answer.status_code, answer.content)
