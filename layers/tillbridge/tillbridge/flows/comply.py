"""Settle what a vendor asks by law: at once where the answer is known, else as soon as it can be done.

Of customers nothing is kept that could be handed out or deleted; but where web orders become sales a customer may have
been written to the till. Who is to be deleted is made anonymous there, if Tillbridge has made them; whom the merchant
is to hand out, or of whom nobody knows for sure, a person looks after. A shop's own data is deleted when the vendor
asks for that, unless the shop works; then the request waits until it was disconnected for a while, or until a person
settles it. The customers of a shop that is deleted stay in the till: they and their sales are the merchant's books.
Everything here can be repeated.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tillbridge.domain.errors import RetryLaterError, TillbridgeError
from tillbridge.domain.merchant import Connection, System
from tillbridge.domain.notice import BY_ITSELF, CUSTOMERS_REDACT, GRACE, SHOP_REDACT, Notice
from tillbridge.domain.orders.forgetting import PENDING, SAID, Trace, Traced, said
from tillbridge.domain.orders.record import KEPT
from tillbridge.flows.app_gone import AppGone
from tillbridge.flows.forget_buyers import BuyerOffice
from tillbridge.flows.ports import Clock, Deadline
from tillbridge.flows.ports_notices import Notices

NOTHING_OF_CUSTOMERS = (
    "Nothing of a customer is kept: of a web order its id, number and state, and the listings, SKUs and units of its "
    "lines; no name, no address, no contact, no payment."
)
NOTHING_LEFT = "Nothing of the shop is kept any more."
HAND_OUT = "The merchant is to hand out what the till has of them; Tillbridge keeps nothing else."
ASKED = "The shop asked that its buyer be forgotten."

STOP_MARGIN = timedelta(seconds=15)
"""No request is looked at with less time left; the next round does it."""
PAUSE = timedelta(minutes=15)
"""A request that waits for a person is looked at so often: what it lacked may be there."""


@dataclass(frozen=True, slots=True)
class ComplianceReport:
    """What a look at the open requests did. ``oldest`` is when the oldest that is still open was asked."""

    settled: int = 0
    oldest: datetime | None = None
    later: tuple[TillbridgeError, ...] = ()


@dataclass(frozen=True, slots=True)
class Compliance:
    """Keeps requests, and settles those that need no person."""

    notices: Notices
    gone: AppGone
    buyers: BuyerOffice
    clock: Clock
    sells: Callable[[str], bool]  # whether a merchant's web orders become sales

    def take(self, system: System, notice_id: str, topic: str, account_id: str, orders: Sequence[str] = ()) -> Notice:
        """Keep a request that was verified, and settle it if that can be done at once.

        ``orders`` are the shop's ids of the customer's orders. No till is asked: the vendor waits for the answer.
        """
        asked = Notice(notice_id, system, topic, account_id, self.clock.now(), orders=tuple(dict.fromkeys(orders)))
        notice = self.notices.keep(asked)
        if topic == SHOP_REDACT:
            return self._shop_settled(notice, self.gone.redacted(system, account_id))
        return self._customer_settled(notice, None)

    def look_again(self, deadline: Deadline) -> ComplianceReport:
        """Settle what could not be settled before: by now its shop may have been disconnected for long enough."""
        waiting: list[datetime] = []
        later: list[TillbridgeError] = []
        settled = 0
        for notice in self.notices.open():
            if deadline.left() < STOP_MARGIN:
                waiting.append(notice.at)
                break
            try:
                looked = self._look(notice, deadline)
            except TillbridgeError as error:
                later.append(error)
                looked = notice
            settled += not looked.open
            waiting += [looked.at] if looked.open else []
        return ComplianceReport(settled, min(waiting, default=None), tuple(later))

    def _look(self, notice: Notice, deadline: Deadline) -> Notice:
        now = self.clock.now()
        if notice.topic == SHOP_REDACT:
            return self._shop_settled(notice, self.gone.expired(notice.system, notice.account_id, now - GRACE))
        if notice.waits and notice.looked_at and now - notice.looked_at < PAUSE:
            return notice
        return self._customer_settled(notice, deadline)

    def _shop_settled(self, notice: Notice, deleted: Sequence[Connection]) -> Notice:
        """Settle it unless something of the shop is left; else give it as it was."""
        if self.gone.remaining(notice.system, notice.account_id):
            return notice
        return self._done(notice, _told(deleted))

    def _customer_settled(self, notice: Notice, deadline: Deadline | None) -> Notice:
        """Settle it unless somebody stands in the till of whom more has to be said or done.

        Trouble of the till that does not pass by itself is noted with the request; a person has to mend it.
        """
        try:
            left = self._left(notice, deadline)
        except RetryLaterError:
            raise
        except TillbridgeError as error:
            return self._waits(notice, f"{error.happened} {error.remedy}")
        pending = [one for one in left if one.trace in PENDING]
        if not pending:
            return self._done(notice, f"{said(left, SAID)} {NOTHING_OF_CUSTOMERS}".strip())
        if notice.topic != CUSTOMERS_REDACT:
            return self._waits(notice, f"{said(pending, PENDING)} {HAND_OUT}")
        if any(one.trace is Trace.OURS for one in pending):  # there was no time to ask the till
            return notice
        return self._waits(notice, said(pending, PENDING))

    def _left(self, notice: Notice, deadline: Deadline | None) -> Sequence[Traced]:
        """Tell what each order has left of its buyer, after forgetting whom we are asked to forget."""
        shops = self.gone.remaining(notice.system, notice.account_id)
        left: dict[str, Traced] = {}
        for shop in shops if notice.orders else ():
            till = next((one for one in self._siblings(shop) if one.system.is_till), None)
            met = (
                self.buyers.forget(shop, till, notice.orders, deadline, ASKED)
                if notice.topic == CUSTOMERS_REDACT
                else self.buyers.look(shop, till, notice.orders)
            )
            left |= {
                order: one
                for order, one in zip(notice.orders, met, strict=True)
                if order not in left or one.trace is not Trace.UNKNOWN
            }
        lost = any(self._may_have_lost(shop) for shop in shops)
        return [replace(one, trace=Trace.LOST) if lost and one.trace is Trace.UNKNOWN else one for one in left.values()]

    def _siblings(self, shop: Connection) -> Sequence[Connection]:
        return self.gone.register.connections.of_merchant(shop.merchant_id)

    def _may_have_lost(self, shop: Connection) -> bool:
        """Tell whether a sale's row can have been forgotten by now: it is kept for so long at least."""
        return self.clock.now() - shop.created_at >= KEPT and self.sells(shop.merchant_id)

    def _waits(self, notice: Notice, why: str) -> Notice:
        return self.notices.note(replace(notice, waits=why.strip(), looked_at=self.clock.now()))

    def _done(self, notice: Notice, answer: str) -> Notice:
        return self.notices.settle(replace(notice, done_at=self.clock.now(), done_by=BY_ITSELF, done=answer))


def _told(deleted: Sequence[Connection]) -> str:
    names = ", ".join(one.connection_id for one in deleted)
    return f"{NOTHING_LEFT} The rows and the grant of {names} were deleted." if deleted else NOTHING_LEFT
