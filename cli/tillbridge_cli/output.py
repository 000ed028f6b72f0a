"""What a person reads: tables that fit into 100 columns, times and ages, and nothing that could confuse a terminal."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from tillbridge.domain.merchant import ConnectionState
from tillbridge.runtime.operator_types import UNSHOWABLE

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

STATES = {
    ConnectionState.ACTIVE: "green",
    ConnectionState.TROUBLED: "yellow",
    ConnectionState.BROKEN: "bold red",
    ConnectionState.PAUSED: "cyan",
}


def safe(text: object) -> str:
    """Make a text harmless: names come from tills and shops, and could hold a terminal's control sequences."""
    return UNSHOWABLE.sub("\N{REPLACEMENT CHARACTER}", str(text).replace("\n", " ").replace("\t", " "))


def cell(value: object, style: str = "") -> Text:
    """Show a value in a table; an empty one as a dash. Square brackets in names are no markup."""
    text = safe(value) if value not in {None, ""} else "-"
    return Text(text, style=style, overflow="fold")


def state_cell(state: ConnectionState) -> Text:
    """Show a connection's state in its colour."""
    return cell(str(state), STATES.get(state, ""))


def shortened(text: str, most: int = 60) -> str:
    """Cut a long text where a person only has to recognise it."""
    return text if len(text) <= most else f"{text[: most - 3]}..."


def table(columns: Sequence[str], rows: Iterable[Sequence[object]], title: str = "") -> Table:
    """Lay rows out. A column whose name begins with ``#`` holds numbers, one with ``!`` is never broken."""
    drawn = Table(box=SIMPLE_HEAD, title=Text(safe(title)) if title else None, title_justify="left", pad_edge=False)
    for name in columns:
        drawn.add_column(
            name.lstrip("#!"),
            justify="right" if name.startswith("#") else "left",
            no_wrap=name.startswith("!"),
            overflow="fold",
        )
    for row in rows:
        drawn.add_row(*(value if isinstance(value, Text | Table) else cell(value) for value in row))
    return drawn


def moment(at: datetime | None) -> str:
    """Write a time in UTC, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%SZ") if at else ""


def span(length: timedelta) -> str:
    """Write a length of time with one unit: ``12 s``, ``3 min``, ``5 h``, ``2 d``."""
    if length < MINUTE:
        return f"{max(0, int(length.total_seconds()))} s"
    if length < HOUR:
        return f"{length // MINUTE} min"
    return f"{length // HOUR} h" if length < 2 * DAY else f"{length // DAY} d"


def age(at: datetime | None, now: datetime) -> str:
    """Tell how long ago something was, or in how long it will be."""
    if at is None:
        return ""
    return f"{span(now - at)} ago" if at <= now else f"in {span(at - now)}"


def unbroken(text: str) -> Text:
    """Show a text that has to stay in one piece, such as a link to copy."""
    return Text(safe(text), no_wrap=True)


def lines(*parts: object) -> Text:
    """Show plain lines."""
    return Text("\n".join(safe(part) for part in parts))
