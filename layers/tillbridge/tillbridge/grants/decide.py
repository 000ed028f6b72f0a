"""What to do when somebody needs an access token. Pure, and the only place that decides it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from tillbridge.domain.grant import Grant
from tillbridge.grants.record import GrantRecord
from tillbridge.grants.timing import EARLY_SHARE, IN_TRANSIT, LOOK, NEEDED, TOO_SHORT


class Step(StrEnum):
    """What to do next."""

    USE = "use"  # the token of the vault
    REFRESH = "refresh"
    WAIT = "wait"  # another one is refreshing: look again
    ADOPT = "adopt"  # the vault is ahead of the record: bring the record up, then decide again
    RETRY_LATER = "retry later"
    DEAD = "dead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """All that the decision depends on.

    ``refused`` says that the till refused the very token that is in the vault; ``told``, what it said of the token that
    it refused, is passed on and decides nothing; ``early`` asks for a renewal ahead of
    time; ``time_left`` is what the asking invocation still has.
    """

    now: datetime
    grant: Grant
    record: GrantRecord
    refused: bool
    told: str = ""
    early: bool
    time_left: timedelta

    @property
    def usable(self) -> bool:
        """Tell whether the token may still be sent."""
        return not self.refused and self.grant.pair.expires_at - self.now > IN_TRANSIT

    @property
    def fresh(self) -> bool:
        """Tell whether there is no need for another token."""
        pair = self.grant.pair
        margin = (pair.expires_at - pair.obtained_at) / EARLY_SHARE if self.early else TOO_SHORT
        return self.usable and pair.expires_at - self.now > margin

    @property
    def leased(self) -> bool:
        """Tell whether somebody is refreshing."""
        return self.record.lease_until is not None and self.record.lease_until > self.now


@dataclass(frozen=True, slots=True)
class Decision:
    """A step, and how long to wait before the next look or try."""

    step: Step
    after: timedelta = timedelta()


def decide(situation: Situation) -> Decision:
    """Decide; the first line that fits counts.

    | the situation                                     | step        |
    |---------------------------------------------------|-------------|
    | the vault holds a newer pair than the record says | adopt       |
    | the record is newer: the vault's answer was stale | wait        |
    | the record says that this very pair is dead       | dead        |
    | the token is good for long enough                 | use         |
    | somebody refreshes                                | use or wait |
    | not yet: too many attempts, or a pause            | use or later|
    | too little time left in this invocation           | use or later|
    | otherwise                                         | refresh     |

    "use or ...": a token that cannot be renewed now is used while it lasts. A dead grant's token is not: the vendor
    has refused its family.
    """
    grant, record, now = situation.grant, situation.record, situation.now
    if grant.version > record.version:
        return Decision(Step.ADOPT)
    if grant.version < record.version:
        return Decision(Step.WAIT, LOOK)
    if record.death is not None:
        return Decision(Step.DEAD)
    if situation.fresh:
        return Decision(Step.USE)
    return _unless_usable(situation, _renewal(situation, record.free_at(now) - now))


def _renewal(situation: Situation, pause: timedelta) -> Decision:
    if situation.leased:
        return Decision(Step.WAIT, LOOK)
    if pause > timedelta():
        return Decision(Step.RETRY_LATER, pause)
    if situation.time_left < NEEDED:
        return Decision(Step.RETRY_LATER)
    return Decision(Step.REFRESH)


def _unless_usable(situation: Situation, decision: Decision) -> Decision:
    if situation.usable and decision.step is not Step.REFRESH:
        return Decision(Step.USE)
    return decision
