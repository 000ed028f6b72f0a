"""Where the next poll of a list sorted by time begins. Pure functions.

Rows become visible a little after the time they carry, and many may share a second. So a poll asks again for the
last ``OVERLAP`` before the *poll itself*, not before the last row: rows that were committed late are still met, and
a quiet till answers with no rows at all, whatever happened in the second of the last change.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

OVERLAP = timedelta(seconds=30)


def next_since(since: datetime, row_times: Sequence[datetime], served_at: datetime, *, last: bool) -> datetime:
    """Work out where to begin next after a page was wholly read and stored; never earlier than ``since``.

    In the middle of a list only the rows' own times count; after the last page the time of the answer does.
    """
    reached = max(row_times, default=since)
    if last:
        return max(since, served_at - OVERLAP)
    return max(since, min(reached, served_at - OVERLAP))
