"""The composition root of ``sync_scheduler``: wake everybody whose turn it is, several times a minute if asked."""

from datetime import timedelta

from tillbridge.flows.ports import Clock, Connections, Deadline
from tillbridge.flows.schedule import wakes
from tillbridge.runtime import observe
from tillbridge.store.lanes import SqsLanes

MINUTE = 60
STOP_MARGIN = timedelta(seconds=5)


def run_minute(connections: Connections, lanes: SqsLanes, clock: Clock, deadline: Deadline, poll_seconds: int) -> int:
    """Wake whoever is due at each tick of this minute; returns the number of wakes.

    EventBridge fires once a minute. For a shorter poll interval the function stays awake until the minute is over,
    which costs one small function for the whole fleet instead of a queue of delayed messages per merchant.
    """
    tick = timedelta(seconds=poll_seconds)
    sent = 0
    for number in range(MINUTE // poll_seconds):
        began = clock.now()
        due = list(wakes(connections.list(), began, tick))
        lanes.wake_many((wake.connection, wake.lane, wake.task) for wake in due)
        sent += len(due)
        observe.count("Wakes", len(due))
        pause = (tick - (clock.now() - began)).total_seconds()
        if number + 1 == MINUTE // poll_seconds or deadline.left() < tick + STOP_MARGIN:
            break
        clock.sleep(max(0.0, pause))
    return sent
