"""A request as handlers see it, and the types that its arguments are brought to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sandbox.magento.shop import Shop

GLOBAL = 0
"""The store id of ``/rest/all``."""


@dataclass(frozen=True, slots=True)
class Request:
    """One call of an endpoint. `body` has snake-case names and checked types; handlers hold the shop's lock."""

    shop: "Shop"
    store_id: int
    """`GLOBAL`, or the store view that is written to and read for."""
    path: Mapping[str, str]
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)

    def whole(self, name: str) -> int:
        """Give a part of the address as a number."""
        return as_whole(self.path[name])

    def record(self, name: str) -> dict[str, Any]:
        """Give an object of the body; empty when it is absent."""
        return dict(self.body.get(name) or {})

    def rows(self, name: str) -> list[Any]:
        """Give a list of the body; empty when it is absent."""
        return list(self.body.get(name) or ())


def as_whole(value: object) -> int:
    """Read a value as a number; what is none counts as 0, as in PHP."""
    text = str(value)
    return int(text) if text.isdecimal() else 0
