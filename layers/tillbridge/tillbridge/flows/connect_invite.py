"""Invitations and the attempts to follow them: made, found, taken. Every check that a browser's answer has to pass."""

from dataclasses import dataclass, replace
from datetime import datetime

from tillbridge.domain.connecting import ATTEMPT_LIFE, EXPECTED_LIFE, INVITATION_LIFE, Attempt, Invitation
from tillbridge.domain.grant import hashed
from tillbridge.domain.merchant import Merchant, System
from tillbridge.flows.connect_errors import expired_link, other_browser, stale, taken_shop, used_link, wrong_system
from tillbridge.flows.connect_ports import Attempts, Invitations, NewToken, Sign
from tillbridge.flows.connect_token import end_of, is_token, new_link_token
from tillbridge.flows.ports import Clock, Merchants


@dataclass(frozen=True, slots=True)
class Invited:
    """A link for a merchant's browser, and when it ends."""

    link: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Welcome:
    """What the first page shows. ``browser`` is the cookie to set."""

    invitation: Invitation
    merchant: Merchant
    token: str
    browser: str


@dataclass(frozen=True, slots=True)
class Begun:
    """An attempt that was begun: the state to send along."""

    invitation: Invitation
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reception:
    """Lets merchants in by invitation. ``public_url`` is where their browsers reach us."""

    invitations: Invitations
    attempts: Attempts
    merchants: Merchants
    clock: Clock
    new_token: NewToken
    sign: Sign
    public_url: str

    def invite(self, merchant: Merchant, system: System, address: str = "") -> Invited:
        """Make a link at which a merchant connects a system; ``address`` of a shop may be left to the merchant."""
        expires_at = (self.clock.now() + INVITATION_LIFE).replace(microsecond=0)
        token = new_link_token(expires_at, self.new_token, self.sign)
        self.invitations.add(
            Invitation(
                invitation_hash=hashed(token),
                merchant_id=merchant.merchant_id,
                system=system,
                connection_id=new_connection_id(self.new_token),
                expires_at=expires_at,
                address=address,
            )
        )
        return Invited(self._link(token), expires_at)

    def welcome(self, token: str, browser: str) -> Welcome:
        """Look at an invitation without using it: mail programs open links before people do."""
        invitation = self.find(token)
        merchant = self.merchants.get(invitation.merchant_id)
        return Welcome(invitation, merchant, token, browser if is_token(browser) else self.new_token())

    def find(self, token: str) -> Invitation:
        """Find the invitation of a link. What we did not sign, and what has expired, is not even looked up."""
        if end_of(token, self.sign) <= self.clock.now():
            raise expired_link()
        return self._alive(hashed(token))

    def link(self, token: str) -> str:
        """Give the link with this token, if it still works."""
        self.find(token)
        return self._link(token)

    def begin(self, token: str, browser: str, system: System, address: str = "") -> Begun:
        """Begin an attempt in the browser that was shown the first page."""
        invitation = self.find(token)
        if invitation.system is not system:
            raise wrong_system()
        if not is_token(browser):
            raise other_browser()
        state = self.new_token()
        self.attempts.begin(
            Attempt(
                state_hash=hashed(state),
                browser_hash=hashed(browser),
                invitation_hash=invitation.invitation_hash,
                system=system,
                expires_at=self.clock.now() + ATTEMPT_LIFE,
                address=address,
            )
        )
        return Begun(invitation, state)

    def expect(self, token: str, browser: str, system: System, account: str, address: str = "") -> Invitation:
        """Wait for an account to come from the vendor's own side: it will bring no state of ours.

        One account is expected for one invitation at a time; whoever asks later has to wait (``taken_shop``).
        """
        invitation = self.find(token)
        if invitation.system is not system:
            raise wrong_system()
        if not is_token(browser):
            raise other_browser()
        now = self.clock.now()
        attempt = Attempt(
            state_hash=hashed(f"{system.value}:{account}"),
            browser_hash=hashed(browser),
            invitation_hash=invitation.invitation_hash,
            system=system,
            expires_at=now + EXPECTED_LIFE,
            address=address or account,
        )
        if not self.attempts.expect(attempt, now):
            raise taken_shop(account)
        return invitation

    def expected(self, system: System, account: str) -> Attempt | None:
        """Find the attempt that waits for an account; ``None`` when nobody waits for it."""
        attempt = self.attempts.find(hashed(f"{system.value}:{account}"))
        alive = attempt is not None and attempt.system is system and attempt.expires_at > self.clock.now()
        return attempt if alive else None

    def also_known_as(self, attempt: Attempt, name: str) -> None:
        """Let an attempt be found by another name as well, for as long as it lives."""
        other = replace(attempt, state_hash=hashed(f"{attempt.system.value}:{name}"))
        if not self.attempts.expect(other, self.clock.now()):
            raise stale()

    def met(self, attempt: Attempt, browser: str | None = None) -> None:
        """End an attempt that waited: it ends once. With a ``browser`` it has to be the one that began."""
        if browser is not None and (not is_token(browser) or hashed(browser) != attempt.browser_hash):
            raise other_browser()
        if self.attempts.take(attempt.state_hash, attempt.browser_hash) is None:
            raise stale()

    def expect_no_more(self, attempt: Attempt, account: str) -> None:
        """Let go of the name by which an attempt was expected first, so that another invitation may wait for it."""
        self.attempts.take(hashed(f"{attempt.system.value}:{account}"), attempt.browser_hash)

    def under_way(self, state: str, system: System) -> Attempt:
        """Find an attempt without ending it."""
        attempt = self.attempts.find(hashed(state)) if is_token(state) else None
        if attempt is None or attempt.system is not system or attempt.expires_at <= self.clock.now():
            raise stale()
        return attempt

    def end(self, state: str, browser: str, system: System) -> Attempt:
        """End an attempt: what comes after this comes once, in time, and to the browser that began."""
        attempt = self.under_way(state, system)
        if not is_token(browser) or hashed(browser) != attempt.browser_hash:
            raise other_browser()
        taken = self.attempts.take(attempt.state_hash, attempt.browser_hash)
        if taken is None:
            raise stale()
        return taken

    def invitation_of(self, attempt: Attempt) -> Invitation:
        """Find the invitation that an attempt follows; it may have been used up meanwhile."""
        return self._alive(attempt.invitation_hash)

    def _link(self, token: str) -> str:
        return f"{self.public_url}/connect/start?invitation={token}"

    def _alive(self, invitation_hash: str) -> Invitation:
        """Find an invitation whose link was ours. Nothing but its use takes it away before it expires."""
        invitation = self.invitations.find(invitation_hash)
        if invitation is None:
            raise used_link()
        if invitation.expires_at <= self.clock.now():
            raise expired_link()
        return invitation


def new_connection_id(new_token: NewToken) -> str:
    """Make an id that is short enough to be typed and unlikely enough to be new."""
    return f"c-{hashed(new_token())[:16]}"
