"""Holds, held keys and what the guard remembers, as rows."""

from decimal import Decimal

from tillbridge.domain.guard import Change, Kind
from tillbridge.domain.hour import Counts, GuardLog
from tillbridge.domain.merchant import Lane
from tillbridge.domain.work import Held, Hold, HoldState
from tillbridge.store.codecs.work import mark_attributes, read_mark_fields
from tillbridge.store.content import amount_text, compact, json_text, maybe_moment
from tillbridge.store.fields import Fields
from tillbridge.store.moments import moment_text


def hold_content(hold: Hold) -> str:
    """Write a hold."""
    return json_text(
        {
            "hold_id": hold.hold_id,
            "lane": hold.lane.value,
            "kind": hold.kind.value,
            "created_at": moment_text(hold.created_at),
            "expires_at": moment_text(hold.expires_at),
            "state": hold.state.value,
            **compact(
                {
                    "cause": hold.cause,
                    "sample": [_change(change) for change in hold.sample],
                    "decided_at": maybe_moment(hold.decided_at),
                    "settled": hold.settled,
                }
            ),
        }
    )


def read_hold(fields: Fields) -> Hold:
    """Read a hold."""
    hold = Hold(
        hold_id=fields.needed("hold_id"),
        lane=fields.choice("lane", Lane),
        kind=fields.choice("kind", Kind),
        cause=fields.text("cause"),
        sample=tuple(_read_change(inner) for inner in fields.each("sample")),
        created_at=fields.moment("created_at"),
        expires_at=fields.moment("expires_at"),
        state=fields.choice("state", HoldState),
        decided_at=fields.maybe_moment("decided_at"),
        settled=fields.flag("settled"),
    )
    fields.end()
    return hold


def held_attributes(held: Held) -> dict[str, object]:
    """Write a held key, with its mark."""
    kept = {"until": moment_text(held.until), "expires_at": int(held.until.timestamp())} if held.until else {}
    return {
        **compact({"wish": held.wish}),
        **kept,
        "hold_id": held.hold_id,
        "held_at": moment_text(held.held_at),
        "due_at": moment_text(held.mark.due_at),
        **mark_attributes(held.mark),
    }


def read_held(fields: Fields) -> Held:
    """Read a held key."""
    fields.maybe_count("expires_at")  # for the table alone, which forgets the row then
    held = Held(
        hold_id=fields.needed("hold_id"),
        mark=read_mark_fields(fields, fields.moment("due_at")),
        held_at=fields.moment("held_at"),
        wish=fields.text("wish"),
        until=fields.maybe_moment("until"),
    )
    fields.end()
    return held


def log_content(log: GuardLog) -> str:
    """Write what the guard of a lane remembers."""
    steps = [
        {"kind": kind.value, "at": moment_text(at), "count": number}
        for kind, counts in log.seen.items()
        for at, number in counts
    ]
    return json_text(
        compact(
            {
                "seen": steps,
                "listings": log.listings or None,
                "counted_at": maybe_moment(log.counted_at),
                "filled": log.filled,
            }
        )
    )


def read_log(fields: Fields) -> GuardLog:
    """Read what the guard of a lane remembers."""
    seen: dict[Kind, Counts] = {}
    for step in fields.each("seen"):
        kind = step.choice("kind", Kind)
        seen[kind] = (*seen.get(kind, ()), (step.moment("at"), step.count("count")))
        step.end()
    log = GuardLog(
        seen=seen,
        listings=fields.count("listings"),
        counted_at=fields.maybe_moment("counted_at"),
        filled=fields.flag("filled"),
    )
    fields.end()
    return log


def _change(change: Change) -> dict[str, object]:
    return {
        "key": change.key,
        "kind": change.kind.value,
        **compact(
            {
                "name": change.name,
                "field": change.field,
                "old": change.old,
                "new": change.new,
                "leap": amount_text(change.leap) if change.leap else None,
            }
        ),
    }


def _read_change(fields: Fields) -> Change:
    change = Change(
        key=fields.needed("key"),
        kind=fields.choice("kind", Kind),
        name=fields.text("name"),
        field=fields.text("field"),
        old=fields.text("old"),
        new=fields.text("new"),
        leap=fields.maybe_amount("leap") or Decimal(0),
    )
    fields.end()
    return change
