"""What a resolver knows of the request it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sandbox.shopify.settings import App
from sandbox.shopify.shop import Shop


@dataclass(slots=True)
class Context:
    """One request under way; the shop's lock is held."""

    shop: Shop
    app: App
    scopes: frozenset[str]
    path: list[str | int] = field(default_factory=list)
    """The root field being answered."""
    searches: list[Mapping[str, Any]] = field(default_factory=list)
    """Warnings about search texts, for ``extensions.search``."""
    keys: Mapping[str, str] = field(default_factory=dict)
    """Idempotency keys by the response name of their root field."""
    in_flight_elsewhere: frozenset[str] = frozenset()
    """Those keys which another request is using at this moment."""
    bulk: bool = False
    """Whether connections give all their rows, as in a bulk query."""

    @property
    def now(self) -> datetime:
        return self.shop.now()

    @property
    def key(self) -> str | None:
        """The idempotency key of the root field being answered."""
        return self.keys.get(str(self.path[0])) if self.path else None
