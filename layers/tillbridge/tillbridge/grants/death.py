"""Why a grant is dead, as far as can be told from here, and how that is said to the merchant."""

from datetime import datetime

from tillbridge.domain.errors import Subject, UnauthorisedError
from tillbridge.domain.grant import Grant
from tillbridge.grants.record import Death, DeathCause, GrantRecord
from tillbridge.grants.timing import IDLE_DEATH
from tillbridge.grants.token_errors import RECONNECT, GrantRefusedError

_TOLD = {
    DeathCause.IDLE: "it was not used for 30 days",
    DeathCause.ANSWER_LOST: "an answer of the vendor with the next token was lost on the way",
    DeathCause.REFUSED: "it was revoked in the till, or the employee who gave it was locked or archived",
}


def death_of(held: GrantRecord, grant: Grant, refused: GrantRefusedError, now: datetime) -> Death:
    """Tell the likeliest cause and what shows it; the vendor names none."""
    evidence = f"{refused.happened} Pair {grant.version} was got at {grant.pair.obtained_at:%Y-%m-%d %H:%M:%S} UTC."
    if now - grant.pair.obtained_at >= IDLE_DEATH:
        return Death(now, DeathCause.IDLE, evidence)
    if held.doubt_at is not None:
        lost = f"{evidence} No answer came to the renewal of {held.doubt_at:%Y-%m-%d %H:%M:%S} UTC."
        return Death(now, DeathCause.ANSWER_LOST, lost)
    return Death(now, DeathCause.REFUSED, evidence)


def dead(record: GrantRecord) -> UnauthorisedError:
    """Say that a grant is dead."""
    cause = record.death.cause if record.death else DeathCause.REFUSED
    return UnauthorisedError(
        f"The vendor no longer takes the authorisation: {_TOLD[cause]}.",
        remedy=RECONNECT,
        code="GrantDead",
        subject=Subject(connection=record.connection_id),
    )
