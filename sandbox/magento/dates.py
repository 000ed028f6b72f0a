"""Dates as the API writes them: UTC, to the second, whatever the shop's time zone (facts/magento.md, section 7)."""

from datetime import UTC, datetime

_FORM = "%Y-%m-%d %H:%M:%S"


def whole_seconds(moment: datetime) -> datetime:
    """Cut to the one-second grain of the shop's database."""
    return moment.replace(microsecond=0)


def written(moment: datetime) -> str:
    """Write a moment in UTC, without zone."""
    return moment.astimezone(UTC).strftime(_FORM)


def parse(text: str) -> datetime | None:
    """Read a date in UTC unless it says otherwise; None when it is no date."""
    try:
        moment = datetime.fromisoformat(text.strip().replace(" ", "T"))
    except ValueError:
        return None
    return whole_seconds((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC))


def sortable(text: str) -> str:
    """Bring a date, in any of the forms that are taken, into the one that the rows have, so that texts compare."""
    moment = parse(text)
    return text if moment is None else written(moment)
