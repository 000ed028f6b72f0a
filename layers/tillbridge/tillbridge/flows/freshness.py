"""How far a shop is behind the till, and how much of it was seen to agree. Pure functions."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from tillbridge.domain.work import Mark, Run
from tillbridge.flows.full_read import DONE
from tillbridge.flows.reconcile import VERIFIED

VALID = timedelta(hours=25)
"""How long a reconcile speaks for its shop: a day, and an hour for the next one to come to its end."""


def oldest_change(marks: Iterable[Mark], now: datetime) -> timedelta:
    """Tell the age of the oldest change that is not in the shop yet.

    What failed before is left out: it stands among the errors with its cause, and may wait for a person for weeks.
    """
    return max((now - mark.since for mark in marks if not mark.tries), default=timedelta())


def verified_share(done: Run | None, now: datetime) -> float:
    """Tell the share of listings that the last whole reconcile saw equal to the till within a day; 0 to 1.

    A shop without listings agrees wholly; one that was not reconciled for too long not at all.
    """
    if done is None or done.phase != DONE or done.finished_at is None or now - done.finished_at > VALID:
        return 0.0
    return done.counts.get(VERIFIED, 0) / done.done if done.done else 1.0
