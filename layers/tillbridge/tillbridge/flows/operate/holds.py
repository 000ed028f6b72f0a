"""List the plans that wait for a person, and decide about them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from tillbridge.domain.errors import InputError, NotFoundError
from tillbridge.domain.guard import Change
from tillbridge.domain.merchant import Connection, Merchant
from tillbridge.domain.work import Hold, HoldState
from tillbridge.flows.guard import remembered
from tillbridge.flows.operate.hold_answers import HeldAnswer, HoldAnswer
from tillbridge.flows.operate.register import Portion, Register
from tillbridge.flows.ports import Clock, Deadline, Lanes, Mirror
from tillbridge.flows.ports_guard import Holds


@dataclass(frozen=True, slots=True)
class HoldDesk:
    """Writes a decision down and wakes the lane, whose worker carries it out; it touches no held item itself."""

    register: Register
    holds: Holds
    mirror: Mirror
    lanes: Lanes
    clock: Clock

    def list(
        self, merchant_id: str | None, after: str | None, deadline: Deadline, *, dropped: bool = False
    ) -> Portion[HoldAnswer]:
        """List the holds of one merchant, or of everybody, oldest first; or those that were dropped lately."""
        return self.register.each(
            merchant_id, after, deadline, lambda merchant: list(self._of(merchant, dropped=dropped))
        )

    def release(self, merchant_id: str | None, hold_id: str) -> HoldAnswer:
        """Let what is held, or was dropped, pass, whatever the guard says of it. Repeating it does no harm."""
        return self._decide(merchant_id, hold_id, HoldState.RELEASED)

    def drop(self, merchant_id: str | None, hold_id: str) -> HoldAnswer:
        """Write nothing of what is held, as long as just that would be written. Repeating it does no harm."""
        return self._decide(merchant_id, hold_id, HoldState.DROPPED)

    def _of(self, merchant: Merchant, *, dropped: bool) -> Iterator[HoldAnswer]:
        for shop in self.register.shops(merchant):
            for hold in self._dropped(shop) if dropped else self.holds.unsettled(shop.connection_id):
                yield self._answer(merchant, shop, hold)

    def _dropped(self, shop: Connection) -> Iterator[Hold]:
        """Give the holds that were dropped and of which something is left that still would be written."""
        name, now = shop.connection_id, self.clock.now()
        for hold in self.holds.known(name):
            if hold.settled and remembered(hold, now) and next(self.holds.held(name, hold.lane, hold.hold_id), None):
                yield hold

    def _decide(self, merchant_id: str | None, hold_id: str, state: HoldState) -> HoldAnswer:
        merchant = self.register.merchant(merchant_id)
        shop, hold = self._find(merchant, hold_id)
        now = self.clock.now()
        taken_back = state is HoldState.RELEASED and remembered(hold, now)
        if hold.state is HoldState.OPEN or taken_back:
            decided = replace(hold, state=state, decided_at=now, settled=False)
            if not self.holds.put(shop.connection_id, decided, hold):
                shop, decided = self._find(merchant, hold_id)
            hold = decided
        if hold.state is not state:
            raise InputError(
                "hold",
                f"Hold {hold_id} is {hold.state} already.",
                remedy="`tillbridge holds` shows what waits now.",
                code="DecidedAlready",
            )
        if shop.working:
            self.lanes.wake(shop, hold.lane)
        return self._answer(merchant, shop, hold)

    def _find(self, merchant: Merchant, hold_id: str) -> tuple[Connection, Hold]:
        """Find a hold in the shops of this merchant; anybody else's is not found (invariant 5)."""
        for shop in self.register.shops(merchant):
            if hold := self.holds.get(shop.connection_id, hold_id):
                return shop, hold
        raise NotFoundError(
            "hold",
            f"Merchant {merchant.merchant_id} has no hold {hold_id}.",
            remedy="`tillbridge holds` shows what waits for a person.",
        )

    def _answer(self, merchant: Merchant, shop: Connection, hold: Hold) -> HoldAnswer:
        names = self._names(merchant, hold.sample)
        return HoldAnswer(
            hold=hold.hold_id,
            merchant=merchant.merchant_id,
            connection=shop.connection_id,
            system=shop.system,
            lane=hold.lane,
            kind=hold.kind,
            cause=hold.cause,
            count=sum(1 for _ in self.holds.held(shop.connection_id, hold.lane, hold.hold_id)),
            sample=tuple(_change(change, names) for change in hold.sample),
            state=hold.state,
            created_at=hold.created_at,
            expires_at=hold.expires_at,
            waits=not hold.settled,
            paused=not shop.working,
        )

    def _names(self, merchant: Merchant, changes: Sequence[Change]) -> Mapping[str, str]:
        """Find the till's descriptions of items whose changes carry no name."""
        nameless = [change.key for change in changes if not change.name and change.key.isdecimal()]
        till = next((one for one in self.register.of(merchant) if one.system.is_till), None)
        found = self.mirror.items(till.connection_id, nameless) if till else {}
        return {key: item.description for key, item in found.items()}


def _change(change: Change, names: Mapping[str, str]) -> HeldAnswer:
    name = change.name or names.get(change.key, "")
    return HeldAnswer(key=change.key, name=name, field=change.field, old=change.old, new=change.new)
