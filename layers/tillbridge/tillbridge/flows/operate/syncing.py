"""Ask a merchant's workers to look now instead of at their turn."""

from collections.abc import Iterator
from dataclasses import dataclass

from tillbridge.domain.errors import InputError
from tillbridge.domain.merchant import SHOP_LANES, Connection, Lane
from tillbridge.flows.operate.answers import SyncAnswer, WokenAnswer
from tillbridge.flows.operate.asked import NOTE
from tillbridge.flows.operate.register import Register, connection_answer
from tillbridge.flows.ports import Clock, Cursors, Lanes
from tillbridge.flows.pull import STOCK


@dataclass(frozen=True, slots=True)
class SyncDesk:
    """Wakes tills and shops, and sends a note behind each wake for whoever waits."""

    register: Register
    cursors: Cursors
    lanes: Lanes
    clock: Clock

    def start(self, merchant_id: str | None, lane: Lane | None, *, full: bool) -> SyncAnswer:
        """Wake the till, and the shops for what waits already; a till never read is read whole.

        ``full`` has the whole till read and every shop look at everything again; when the till has been read, every
        shop is read back as well (``flows.reconcile``).
        """
        if full and lane is not None:
            raise InputError(
                "lane",
                "A full read brings stock and catalogue together.",
                remedy="Leave out --lane, or leave out --full.",
            )
        merchant = self.register.merchant(merchant_id)
        till = self.register.till(merchant)
        everything = full or self.cursors.get(till.connection_id, STOCK) is None
        asked_at = self.clock.now()
        lanes = (lane,) if lane and not everything else SHOP_LANES
        woken: list[WokenAnswer] = []
        paused: list[Connection] = []
        for connection in self.register.of(merchant):
            if not connection.working:
                paused.append(connection)
                continue
            woken += self._wake(connection, lanes, everything=everything, full=full)
        return SyncAnswer(
            merchant=merchant.merchant_id,
            asked_at=asked_at,
            reads_everything=everything,
            woken=tuple(woken),
            paused=tuple(connection_answer(connection) for connection in paused),
            reconciles=full,
        )

    def _wake(
        self, connection: Connection, lanes: tuple[Lane, ...], *, everything: bool, full: bool
    ) -> Iterator[WokenAnswer]:
        for lane in lanes:
            till = connection.system.is_till
            for task in (_till_task(lane, everything=everything),) if till else _shop_tasks(lane, full=full):
                self.lanes.wake(connection, lane, task)
                yield WokenAnswer(connection=connection.connection_id, system=connection.system, lane=lane, task=task)
            self.lanes.wake(connection, lane, NOTE)


def _till_task(lane: Lane, *, everything: bool) -> str:
    return "full" if everything and lane is Lane.CATALOGUE else "poll"


def _shop_tasks(lane: Lane, *, full: bool) -> tuple[str, ...]:
    if lane is Lane.STOCK:
        return ("orders",)
    return ("resync", "survey") if full else ("push",)
