"""Shop time and GMT: the API speaks both, neither with a zone suffix (facts/woocommerce.md, "Lists")."""

from datetime import UTC, datetime, tzinfo

from sandbox.common.json_types import JsonObject


def whole_seconds(moment: datetime) -> datetime:
    """Cut to the one-second grain of the shop's database."""
    return moment.replace(microsecond=0)


def gmt(moment: datetime | None) -> str | None:
    """Write a moment in GMT, without zone."""
    return None if moment is None else moment.replace(tzinfo=None).isoformat()


def local(moment: datetime | None, zone: tzinfo) -> str | None:
    """Write a moment in shop time, without zone."""
    return None if moment is None else moment.astimezone(zone).replace(tzinfo=None).isoformat()


def both(name: str, moment: datetime | None, zone: tzinfo) -> JsonObject:
    """Write a moment twice, as ``name`` in shop time and as ``name_gmt``."""
    return {name: local(moment, zone), f"{name}_gmt": gmt(moment)}


def parse(text: str, zone: tzinfo) -> datetime | None:
    """Read a date; an offset or ``Z`` in it counts, otherwise it is in `zone`. None when it is no date."""
    try:
        moment = datetime.fromisoformat(text.strip().upper().replace(" ", "T"))
    except ValueError:
        return None
    return whole_seconds((moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC))
