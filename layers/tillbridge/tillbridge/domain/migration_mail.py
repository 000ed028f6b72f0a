"""What a merchant is told while a connection moves to another kind of credential; each mail once, by its key."""

from datetime import datetime

from tillbridge.domain.mail import Mail, MailKind
from tillbridge.domain.merchant import Connection
from tillbridge.domain.migration import Migration
from tillbridge.domain.vendor_events import PhaseKind, VendorEvent


def invite_mail(migration: Migration, connection: Connection, event: VendorEvent, now: datetime) -> Mail:
    """Ask a merchant to authorise anew; asking again after a while is another mail, a day apart."""
    key = f"migration-invite:{migration.connection_id}:{now:%Y-%m-%d}"
    return _mail(MailKind.MIGRATION_INVITE, connection, event, now, key)


def reminder_mail(migration: Migration, connection: Connection, event: VendorEvent, now: datetime, day: int) -> Mail:
    """Remind a merchant: one mail per event and day of the calendar."""
    key = f"migration-reminder:{event.name}:{migration.connection_id}:{day}"
    return _mail(MailKind.MIGRATION_REMINDER, connection, event, now, key)


def stopped_mail(migration: Migration, connection: Connection, event: VendorEvent, now: datetime) -> Mail:
    """Tell a merchant that work pauses, why, and how it goes on: one mail per event, or per day of a postponed one."""
    return _mail(MailKind.MIGRATION_STOPPED, connection, event, now, stopped_key(migration, connection))


def stopped_key(migration: Migration, connection: Connection) -> str:
    """Give the key of the mail that tells of the stop of a connection as it is authorised now."""
    return f"migration-stopped:{migration.event}:{migration.connection_id}:{connection.authorised_at.isoformat()}"


def _mail(kind: MailKind, connection: Connection, event: VendorEvent, now: datetime, key: str) -> Mail:
    refused = event.phase(PhaseKind.REFUSED)
    left = event.days_left(now)
    about = {
        "system": connection.system.value,
        "connection": connection.connection_id,
        "account": connection.account_name or connection.address or connection.account_id,
        "address": connection.address,
        "authorised": connection.authorised_at.isoformat(),  # one that has come meanwhile makes the mail needless
        "old": event.old,
        "new": event.new,
        "day": refused.on.isoformat() if refused else "",
        "days_left": "" if left is None else str(left),
    }
    return Mail(kind=kind, merchant_id=connection.merchant_id, to="", about=about, key=key)
