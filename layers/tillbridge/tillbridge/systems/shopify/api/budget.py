"""The points of one connection, kept from what every answer says and shared between the workers of its lanes.

(facts/shopify.md, section 5: points come back at a steady rate, and size and rate depend on the shop's plan.)
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from tillbridge.domain.merchant import Lane
from tillbridge.systems.common.snapshots import Snapshot, Snapshots, keep_to_oneself, nothing_shared
from tillbridge.systems.http.allowance import STOCK_RESERVE, Allowance, from_text, to_text
from tillbridge.systems.http.clock import Clock
from tillbridge.systems.shopify.api.wire import CostRow

SHARE_EVERY = timedelta(seconds=10)


class PointsBook:
    """Says how long a request has to wait. ``load`` and ``save`` share a snapshot with other workers.

    It is loaded once, since afterwards every answer tells the true level. It is saved when others had better know:
    after a refusal, and now and then while more is used up than the share that the stock lane has for itself.
    """

    def __init__(
        self,
        clock: Clock,
        load: Callable[[], Snapshot | None] = nothing_shared,
        save: Callable[[Snapshot], None] = keep_to_oneself,
    ) -> None:
        self._clock, self._shared = clock, Snapshots(clock, load, save, SHARE_EVERY)
        self._allowance: Allowance | None = None
        self._costs: dict[str, float] = {}

    def expected(self, document: str, first: float) -> float:
        """Tell what a document cost when it was last sent; ``first`` before that."""
        return self._costs.get(document, first)

    def before(self, cost: float, lane: Lane) -> float:
        """Tell the seconds to wait before a request of ``cost`` points may be sent."""
        if shared := self._shared.first():
            self._allowance = self._allowance or from_text(shared)
        return self._allowance.wait(cost, lane, self._clock.now()) if self._allowance else 0.0

    def learn(self, document: str, cost: CostRow, *, refused: bool) -> None:
        """Take over what an answer says of the points that are left."""
        now, status = self._clock.now(), cost.throttle_status
        self._costs[document] = cost.requested
        if status is None or status.restore_rate <= 0:
            return
        used = max(0.0, status.maximum_available - status.currently_available)
        known = self._allowance or Allowance(now)
        self._allowance = replace(
            known, at=now, level=used, size=status.maximum_available, drip=status.restore_rate, blocked_until=None
        )
        known, scarce = self._allowance, self._allowance.filled(now) > STOCK_RESERVE
        self._shared.share(lambda: to_text(known), refused=refused, scarce=scarce)
