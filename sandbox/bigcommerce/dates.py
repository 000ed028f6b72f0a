"""How the store writes and reads moments (facts/bigcommerce.md, "Paging, filters" and "Orders")."""

from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

_DATE_ONLY = 10


def whole_seconds(moment: datetime) -> datetime:
    """Cut to the one-second grain of the store's database."""
    return moment.replace(microsecond=0)


def iso(moment: datetime) -> str:
    """Write a moment as v3 does: 2026-01-15T12:00:00+00:00."""
    return moment.astimezone(UTC).isoformat()


def zulu(moment: datetime) -> str:
    """Write a moment as the parts of v3 do that end it in Z."""
    return iso(moment).replace("+00:00", "Z")


def rfc2822(moment: datetime | None) -> str:
    """Write a moment as v2 does; empty when there is none."""
    return "" if moment is None else format_datetime(moment.astimezone(UTC))


def parse(text: str, now: datetime) -> datetime | None:
    """Read a date in ISO 8601 or RFC 2822; None when it is none.

    A date without a time gets the present time of day, which is what makes ``date_modified:min`` treacherous.
    """
    text = text.strip()
    try:
        moment = datetime.fromisoformat(text.replace(" ", "+") if "T" in text else text)
    except ValueError:
        return _rfc2822(text)
    if len(text) == _DATE_ONLY:
        moment = datetime.combine(moment.date(), now.time())
    return whole_seconds((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC))


def _rfc2822(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    return whole_seconds((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC))
