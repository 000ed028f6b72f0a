"""Why a grant is dead, as far as can be told from here, and how that is said to the merchant.

The vendor names no cause when it refuses a refresh token. What tells the causes apart is what was seen before.
"""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import datetime

from tillbridge.domain.errors import RetryLaterError, Subject, UnauthorisedError
from tillbridge.domain.grant import CLIENT_REPLACED, Grant, Secret
from tillbridge.grants.record import Death, DeathCause, GrantRecord
from tillbridge.grants.timing import IDLE_DEATH, IN_TRANSIT, OPERATOR_PAUSE
from tillbridge.grants.token_errors import RECONNECT, RECONNECT_SHOP, UNINSTALLED, GrantRefusedError

REVOKED = "has been revoked"
"""What the API says of a token that was ended before its time (facts/lightspeed.md, "Errors")."""

_TOLD = {
    DeathCause.IDLE: "it was not used for 30 days",
    DeathCause.SPENT_TWICE: "an answer of the vendor with the next token was lost on the way, so that one token was"
    " used twice",
    DeathCause.EMPLOYEE: "the employee who gave it was locked or has fewer rights than before",
    DeathCause.REVOKED: "it was revoked in the till, unless the employee who gave it was locked, which looks the same"
    " from here",
    DeathCause.CLIENT: "it was given to another client of the provider than the one in use",
    DeathCause.UNKNOWN: "it was revoked in the till, or the employee who gave it was locked or archived; the vendor"
    " does not say which",
}
_TOLD_OF_SHOPS = {
    DeathCause.IDLE: "it was not used for 90 days",
    DeathCause.SPENT_TWICE: _TOLD[DeathCause.SPENT_TWICE],
    DeathCause.UNINSTALLED: "the app was uninstalled in the shop",
    DeathCause.UNKNOWN: "it was revoked in the shop, or the app was installed there anew; the vendor does not say"
    " which",
}
_REMEDIES = {
    DeathCause.EMPLOYEE: f"{RECONNECT} It needs the rights that are named on the page.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Autopsy:
    """All that the cause is told from.

    ``record`` is as it was when the lease was taken. ``told`` is what the till's API said when it refused the access
    token, "" when it was not asked; ``client_id`` is the client that we are now.
    """

    now: datetime
    record: GrantRecord
    grant: Grant
    refused: GrantRefusedError
    told: str = ""
    client_id: str = ""


def death_of(autopsy: Autopsy) -> Death:  # noqa: PLR0911  a table of causes
    """Tell the likeliest cause and what shows it; the first line that fits counts.

    | what was seen                                                          | cause       |
    |------------------------------------------------------------------------|-------------|
    | the token server is a shop's, and our app is not there any more        | uninstalled |
    | the pair is 30 days old, or its refresh token has reached its end      | idle        |
    | its access token names another client than ours                        | client      |
    | no answer came to an earlier renewal                                   | spent twice |
    | within 30 days the till refused to let us read something (403)         | employee    |
    | the till says of an access token with life left that it was revoked    | revoked     |
    | nothing of it                                                          | unknown     |
    """
    record, pair, now = autopsy.record, autopsy.grant.pair, autopsy.now
    ends_unused_at = pair.refresh_expires_at or pair.obtained_at + IDLE_DEATH
    seen = f"{autopsy.refused.happened} Pair {autopsy.grant.version} was got at {_utc(pair.obtained_at)}."
    issued_to = client_of(pair.access)
    if autopsy.refused.code == UNINSTALLED:
        return Death(now, DeathCause.UNINSTALLED, seen)
    if now >= ends_unused_at:
        return Death(now, DeathCause.IDLE, seen)
    if issued_to and autopsy.client_id and issued_to != autopsy.client_id:
        return Death(now, DeathCause.CLIENT, f"{seen} It belongs to client {issued_to}, not to {autopsy.client_id}.")
    if record.doubt_at is not None:
        lost = f"No answer came to the renewal of {_utc(record.doubt_at)}."
        return Death(now, DeathCause.SPENT_TWICE, f"{seen} {lost}")
    if record.forbidden_at is not None and now - record.forbidden_at < IDLE_DEATH:
        barred = f"At {_utc(record.forbidden_at)} the till did not let us read {record.forbidden}."
        return Death(now, DeathCause.EMPLOYEE, f"{seen} {barred}")
    if REVOKED in autopsy.told.lower() and pair.expires_at - now > IN_TRANSIT:
        said = f'Of the access token, good until {_utc(pair.expires_at)}, the till said: "{autopsy.told}".'
        return Death(now, DeathCause.REVOKED, f"{seen} {said}")
    return Death(now, DeathCause.UNKNOWN, seen)


def dead(record: GrantRecord) -> UnauthorisedError:
    """Say that a grant is dead."""
    cause = record.death.cause if record.death else DeathCause.UNKNOWN
    till = record.place.system.is_till
    told = _TOLD[cause] if till else _TOLD_OF_SHOPS.get(cause, _TOLD_OF_SHOPS[DeathCause.UNKNOWN])
    return UnauthorisedError(
        f"The vendor no longer takes the authorisation: {told}.",
        remedy=_REMEDIES.get(cause, RECONNECT) if till else RECONNECT_SHOP,
        code="GrantDead",
        subject=Subject(merchant=record.place.merchant_id, connection=record.connection_id),
    )


def client_replaced(record: GrantRecord, death: Death) -> RetryLaterError:
    """Say that a grant waits for the client it was given to: ours was replaced, which is no merchant's doing.

    It is not dead: with the former client's credentials it can be renewed again.
    """
    return RetryLaterError(
        f"The vendor does not take the authorisation: {_TOLD[DeathCause.CLIENT]}. {death.evidence}",
        after=OPERATOR_PAUSE.total_seconds(),
        remedy="The operator stores that client's id and secret again, `tillbridge app set`, or has the merchant"
        " authorise the new client, `tillbridge connect`.",
        code=CLIENT_REPLACED,
        subject=Subject(merchant=record.place.merchant_id, connection=record.connection_id),
    )


def client_of(access: Secret) -> str:
    """Read the client that an access token was issued to, "" when it cannot be told.

    The token is a JWT with the claim ``aud`` (facts/lightspeed.md, "Access token"). Nobody checks its signature here:
    it came from the token server itself, and decides nothing but who is told.
    """
    parts = access.reveal().split(".")
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (IndexError, ValueError, binascii.Error):
        return ""
    audience = claims.get("aud") if isinstance(claims, dict) else None
    first = audience[0] if isinstance(audience, list) and audience else audience
    return first if isinstance(first, str) else ""


def _utc(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"
