"""Migrations as JSON content."""

from tillbridge.domain.migration import Entry, Migration, Move, Stage
from tillbridge.store.content import compact, json_text, maybe_moment
from tillbridge.store.fields import Fields
from tillbridge.store.moments import moment_text


def migration_content(migration: Migration) -> str:
    """Write a migration."""
    return json_text(
        {
            "connection_id": migration.connection_id,
            "merchant_id": migration.merchant_id,
            "event": migration.event,
            "stage": migration.stage.value,
            "version": migration.version,
            "since": moment_text(migration.since),
            **compact(
                {
                    "reminded": ",".join(map(str, migration.reminded)),
                    "stopped_at": maybe_moment(migration.stopped_at),
                    "destroyed": migration.destroyed,
                    "problem": migration.problem,
                    "remedy": migration.remedy,
                    "problem_at": maybe_moment(migration.problem_at),
                    "due_at": maybe_moment(migration.due_at),
                    "history": [_entry(entry) for entry in migration.history],
                }
            ),
        }
    )


def read_migration(fields: Fields) -> Migration:
    """Read a migration."""
    migration = Migration(
        connection_id=fields.needed("connection_id"),
        merchant_id=fields.needed("merchant_id"),
        event=fields.needed("event"),
        stage=fields.choice("stage", Stage),
        version=fields.count("version"),
        since=fields.moment("since"),
        reminded=_days(fields),
        stopped_at=fields.maybe_moment("stopped_at"),
        destroyed=fields.flag("destroyed"),
        problem=fields.text("problem"),
        remedy=fields.text("remedy"),
        problem_at=fields.maybe_moment("problem_at"),
        due_at=fields.maybe_moment("due_at"),
        history=tuple(_read_entry(inner) for inner in fields.each("history")),
    )
    fields.end()
    return migration


def _days(fields: Fields) -> tuple[int, ...]:
    parts = fields.text("reminded").split(",")
    try:
        return tuple(int(part) for part in parts if part)
    except ValueError:
        fields.wrong("reminded", "holds something that is no number of days")


def _entry(entry: Entry) -> dict[str, object]:
    return {
        "at": moment_text(entry.at),
        "move": entry.move.value,
        "stage": entry.stage.value,
        **compact({"note": entry.note}),
    }


def _read_entry(fields: Fields) -> Entry:
    entry = Entry(
        at=fields.moment("at"),
        move=fields.choice("move", Move),
        stage=fields.choice("stage", Stage),
        note=fields.text("note"),
    )
    fields.end()
    return entry
