"""The budget of one connection, kept from what every answer says and shared between the workers of its lanes."""

from collections.abc import Callable
from datetime import timedelta

from tillbridge.domain.merchant import Lane
from tillbridge.systems.common.snapshots import Snapshot, Snapshots, keep_to_oneself, nothing_shared
from tillbridge.systems.http.allowance import BURST_WINDOW, STOCK_RESERVE, Allowance, from_text, refuse, to_text
from tillbridge.systems.http.answer import Answer
from tillbridge.systems.http.clock import Clock
from tillbridge.systems.http.failures import TOO_MANY, retry_after
from tillbridge.systems.lightspeed.allowance import read_headers

SHARE_EVERY = timedelta(seconds=10)


class BudgetBook:
    """Says how long a request has to wait.

    ``load`` and ``save`` share a snapshot with other workers. It is loaded once, since afterwards every answer tells
    the true level, whoever filled the bucket. It is saved when others had better know: after a refusal, and now and
    then while the bucket is fuller than the share that the stock lane has for itself. A quiet connection saves nothing.
    """

    def __init__(
        self,
        clock: Clock,
        load: Callable[[], Snapshot | None] = nothing_shared,
        save: Callable[[Snapshot], None] = keep_to_oneself,
    ) -> None:
        self._clock, self._shared = clock, Snapshots(clock, load, save, SHARE_EVERY)
        self._allowance: Allowance | None = None

    def before(self, cost: float, lane: Lane) -> float:
        """Tell the seconds to wait before a request of ``cost`` drips may be sent."""
        if shared := self._shared.first():
            self._allowance = self._allowance or from_text(shared)
        return self._allowance.wait(cost, lane, self._clock.now()) if self._allowance else 0.0

    def learn(self, answer: Answer) -> None:
        """Take over what an answer says; a 429 blocks everything for as long as it asks."""
        now = self._clock.now()
        self._allowance = read_headers(self._allowance, answer.headers, now)
        refused = answer.status == TOO_MANY
        if refused:
            self._allowance = refuse(self._allowance, max(BURST_WINDOW, retry_after(answer, now) or 0.0), now)
        known, scarce = self._allowance, self._allowance.filled(now) > STOCK_RESERVE
        self._shared.share(lambda: to_text(known), refused=refused, scarce=scarce)
