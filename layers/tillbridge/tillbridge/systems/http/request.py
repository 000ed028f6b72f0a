"""What is sent to a remote system."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from requests.auth import AuthBase

_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_NUMBER = re.compile(r"(?<=/)\d+(?=[/.]|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request. ``url`` is complete; ``params`` are encoded and added to it.

    ``safe_to_repeat`` says that sending it twice does the same as once (reads are so by themselves); it decides which
    error a lost answer becomes. ``asks_only`` says that it changes nothing although its method could: a GraphQL query.
    ``cost`` is what it is expected to cost in the system's own units, for the metrics.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    params: Mapping[str, str] = field(default_factory=dict, repr=False)
    json: object = field(default=None, repr=False)
    data: Mapping[str, str] | bytes | None = field(default=None, repr=False)
    auth: AuthBase | None = field(default=None, repr=False)
    safe_to_repeat: bool = False
    asks_only: bool = False
    cost: float = 1.0

    @property
    def reads(self) -> bool:
        """Tell whether it changes nothing."""
        return self.asks_only or self.method in _READING

    @property
    def harmless(self) -> bool:
        """Tell whether a second sending could not do more than the first."""
        return self.safe_to_repeat or self.reads

    @property
    def route(self) -> str:
        """Name the request for metrics and errors: its path with numbers left out, never the query."""
        return _NUMBER.sub("{id}", urlsplit(self.url).path) or "/"

    @property
    def place(self) -> str:
        """Name the request for an error: method, host and path, never user info or the query."""
        parts = urlsplit(self.url)
        return f"{self.method} {parts.hostname or ''}{parts.path}"
