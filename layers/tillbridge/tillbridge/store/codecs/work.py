"""Cursors, runs, marks and stock levels as rows."""

from datetime import datetime

from tillbridge.domain.stock import StockLevel
from tillbridge.domain.work import Cursor, Mark, Reject, Run
from tillbridge.store.content import compact, json_text, maybe_moment, quantity_value
from tillbridge.store.fields import Fields
from tillbridge.store.moments import moment_text, read_moment


def cursor_attributes(cursor: Cursor) -> dict[str, object]:
    """Write a cursor."""
    return {"since": moment_text(cursor.since), **compact({"open": cursor.open})}


def read_cursor(fields: Fields) -> Cursor:
    """Read a cursor."""
    cursor = Cursor(fields.moment("since"), fields.flag("open"))
    fields.end()
    return cursor


def mark_attributes(mark: Mark) -> dict[str, object]:
    """Write a mark; when it is due stands in its sort key."""
    return {
        "key": mark.key,
        "since": moment_text(mark.since),
        **compact(
            {
                "tries": mark.tries or None,
                "doubt": mark.doubt,
                "shown": quantity_value(mark.shown),
                "allowed": mark.allowed,
            }
        ),
    }


def read_mark(row: str, fields: Fields) -> Mark:
    """Read a mark; ``row`` is its sort key."""
    mark = read_mark_fields(fields, _due(row, fields), row)
    fields.end()
    return mark


def read_mark_fields(fields: Fields, due_at: datetime, row: str = "") -> Mark:
    """Read the fields of a mark out of a row that may hold more."""
    return Mark(
        key=fields.needed("key"),
        since=fields.moment("since"),
        due_at=due_at,
        tries=fields.count("tries"),
        doubt=fields.flag("doubt"),
        shown=fields.maybe_quantity("shown"),
        allowed=fields.text("allowed"),
        row=row,
    )


def _due(row: str, fields: Fields) -> datetime:
    try:
        return read_moment(row.partition("#")[0])
    except ValueError:
        fields.wrong("sk", "does not begin with a time")


def level_attributes(level: StockLevel) -> dict[str, object]:
    """Write a stock level; its figures are numbers of the table."""
    return {
        "item_id": level.item_id,
        "location_id": level.location_id,
        "on_hand": level.on_hand,
        "sellable": level.sellable,
        "updated_at": moment_text(level.updated_at),
    }


def read_level(fields: Fields) -> StockLevel:
    """Read a stock level."""
    level = StockLevel(
        item_id=fields.needed("item_id"),
        location_id=fields.needed("location_id"),
        on_hand=fields.number("on_hand"),
        sellable=fields.number("sellable"),
        updated_at=fields.moment("updated_at"),
    )
    fields.end()
    return level


def reject_attributes(reject: Reject) -> dict[str, object]:
    """Write a row that could not be understood."""
    return {
        "thing": reject.thing,
        "happened": reject.happened,
        "remedy": reject.remedy,
        "seen_at": moment_text(reject.seen_at),
    }


def read_reject(fields: Fields) -> Reject:
    """Read a row that could not be understood."""
    reject = Reject(fields.needed("thing"), fields.text("happened"), fields.text("remedy"), fields.moment("seen_at"))
    fields.end()
    return reject


def run_content(run: Run) -> str:
    """Write a run."""
    return json_text(
        {
            "kind": run.kind,
            "started_at": moment_text(run.started_at),
            "phase": run.phase,
            "after": run.after,
            "done": run.done,
            "last": run.last,
            "marked": run.marked,
            **compact(
                {
                    "first": run.first,
                    "open": run.open,
                    "look_at_all": run.look_at_all,
                    "finished_at": maybe_moment(run.finished_at),
                    "stock_from": maybe_moment(run.stock_from),
                    "counts": dict(run.counts),
                }
            ),
        }
    )


def read_run(fields: Fields) -> Run:
    """Read a run."""
    run = Run(
        kind=fields.text("kind"),
        started_at=fields.moment("started_at"),
        phase=fields.text("phase"),
        after=fields.text("after"),
        done=fields.count("done"),
        last=fields.text("last"),
        marked=fields.count("marked"),
        first=fields.flag("first"),
        open=fields.flag("open"),
        look_at_all=fields.flag("look_at_all"),
        finished_at=fields.maybe_moment("finished_at"),
        stock_from=fields.maybe_moment("stock_from"),
        counts=fields.count_map("counts"),
    )
    fields.end()
    return run
