"""The two things remembered while a merchant connects a system: the invitation and the attempt to follow it.

Of every token only the hash is kept: whoever reads the table can neither follow an invitation nor finish an attempt.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tillbridge.domain.merchant import Place, System

INVITATION_LIFE = timedelta(days=7)
EXPECTED_LIFE = timedelta(hours=1)
"""How long an account is waited for that has to be approved at the vendor's, step by step."""
GRANT, BY_APP, BY_KEYS = "grant", "app", "keys"
"""Trait of a connection: whether the provider's app was let in, or somebody gave keys of the shop's own."""
ATTEMPT_LIFE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """Lets whoever has its link connect one system to one merchant, once.

    ``connection_id`` is chosen when inviting, so that a second try finds what the first one left in the vault.
    ``address`` is the shop's, when it was known. ``problem`` and ``remedy`` say how the last try ended, where the
    vendor's own page could not.
    """

    invitation_hash: str
    merchant_id: str
    system: System
    connection_id: str
    expires_at: datetime
    address: str = ""
    problem: str = ""
    remedy: str = ""

    @property
    def place(self) -> Place:
        """Tell where a grant that comes of it is kept."""
        return Place(self.merchant_id, self.system, self.connection_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The remote account that a grant turned out to be for; ``traits`` is what else the check learnt."""

    account_id: str
    name: str
    address: str = ""
    traits: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try: it began in one browser, ends once, and within minutes.

    ``state_hash`` is of the state (Lightspeed) or nonce (WooCommerce) that comes back, ``browser_hash`` of the cookie
    of the browser that began. ``found`` is set once a shop's keys have arrived and proved to work.
    """

    state_hash: str
    browser_hash: str
    invitation_hash: str
    system: System
    expires_at: datetime
    address: str = ""
    found: Found | None = None
