"""Integrations: how other programs are let in, and with what (facts/magento.md, section 1)."""

from dataclasses import dataclass
from datetime import datetime

ALL = "Magento_Backend::all"


@dataclass(slots=True)
class Token:
    """A verifier, request or access token: one row per integration, replaced step by step."""

    kind: str
    token: str
    secret: str
    verifier: str = ""
    revoked: bool = False


@dataclass(slots=True)
class Integration:
    """An integration; `resources` holds `ALL`, or the names of what it may use."""

    id: int
    name: str
    consumer_key: str
    consumer_secret: str
    callback_url: str = ""
    identity_url: str = ""
    resources: frozenset[str] = frozenset({ALL})
    active: bool = False
    activated: datetime | None = None
    token: Token | None = None
    callback_status: int | None = None
    """What the receiver of the last activation answered, 0 when nobody did; the shop itself does not look at it."""

    def may(self, resource: str) -> bool:
        return ALL in self.resources or resource in self.resources
