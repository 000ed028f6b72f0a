"""The quota of one store, kept from what every answer says and shared between the workers of its lanes."""

from collections.abc import Callable
from datetime import timedelta

from tillbridge.domain.merchant import Lane
from tillbridge.systems.bigcommerce.api.quota import Quota, from_text, read_headers, refused, reset_seconds, to_text
from tillbridge.systems.common.snapshots import Snapshot, Snapshots, keep_to_oneself, nothing_shared
from tillbridge.systems.http import Answer
from tillbridge.systems.http.clock import Clock
from tillbridge.systems.http.failures import TOO_MANY, retry_after

SHARE_EVERY = timedelta(seconds=5)
OVERLOAD_PAUSE = 60.0
"""Seconds to leave the platform alone that answers 429 without the headers of a quota."""


class BudgetBook:
    """Says how long a request has to wait.

    ``load`` and ``save`` share a snapshot with other workers. It is loaded once, since afterwards every answer tells
    what is left, whoever used it. It is saved after a refusal, and now and then while little is left.
    """

    def __init__(
        self,
        clock: Clock,
        load: Callable[[], Snapshot | None] = nothing_shared,
        save: Callable[[Snapshot], None] = keep_to_oneself,
    ) -> None:
        self._clock, self._shared = clock, Snapshots(clock, load, save, SHARE_EVERY)
        self._quota: Quota | None = None

    def before(self, lane: Lane) -> float:
        """Tell the seconds to wait before a request may be sent."""
        if shared := self._shared.first():
            self._quota = self._quota or from_text(shared)
        return self._quota.wait(lane, self._clock.now()) if self._quota else 0.0

    def learn(self, answer: Answer) -> float | None:
        """Take over what an answer says; gives the seconds that a refusal for calling too often asks to wait.

        Without the headers it is the platform that is overloaded, and the pause is our own.
        """
        now = self._clock.now()
        told = read_headers(answer.headers, now)
        if answer.status != TOO_MANY:
            if told is not None:
                self._quota = told
                self._share(told, refused=False)
            return None
        pause = reset_seconds(answer.headers)
        seconds = pause if pause is not None else retry_after(answer, now) or OVERLOAD_PAUSE
        self._quota = refused(told or Quota(now), seconds, now)
        self._share(self._quota, refused=True)
        return seconds

    def _share(self, quota: Quota, *, refused: bool) -> None:
        self._shared.share(lambda: to_text(quota), refused=refused, scarce=quota.scarce)
