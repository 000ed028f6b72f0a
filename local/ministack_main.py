"""Runs ministack in its own environment (.venv-cloud), with schedules looked at every second instead of every ten.

ministack fires a schedule at the first look after it is due. With its ten seconds a function that stays awake for a
minute would leave a gap of up to ten seconds before the next one; AWS has no such gap.
"""

import sys

from ministack import app
from ministack.services import scheduler

LOOK_SECONDS = 1

if __name__ == "__main__":
    if not hasattr(scheduler, "_SCHEDULE_TICK_INTERVAL"):
        sys.exit("This ministack looks at its schedules in another way; adapt local/ministack_main.py.")
    scheduler._SCHEDULE_TICK_INTERVAL = LOOK_SECONDS  # noqa: SLF001 - it has no setting for it
    app.main()
