"""The commands about web orders on their way into the till: what each takes and answers."""

from typing import Any

from pydantic import Field, field_validator

from tillbridge.domain.orders.listing import LISTINGS
from tillbridge.flows.operate.order_answers import OrderAnswer, OrderWhole
from tillbridge.runtime.operator_types import Arguments, Command, MerchantId, OrderName

STATES = ", ".join(LISTINGS)


class ShowOrders(Arguments):
    """The orders that are not over, or those of one state."""

    merchant: MerchantId | None = None
    after: MerchantId | None = None
    state: str | None = Field(default=None, description=f"Use one of {STATES}.")

    @field_validator("state")
    @classmethod
    def _known(cls, state: str | None) -> str | None:
        if state is not None and state not in LISTINGS:
            raise ValueError("There is no such state.")
        return state


class NameOrder(Arguments):
    """An order: as ``orders`` shows it, or by its number."""

    merchant: MerchantId | None = None
    order: OrderName


LIST = Command("orders", ShowOrders, tuple[OrderAnswer, ...])
SHOW = Command("order-show", NameOrder, OrderWhole)
RESEND = Command("order-resend", NameOrder, OrderWhole)
RELEASE = Command("order-release", NameOrder, OrderWhole)
IGNORE = Command("order-ignore", NameOrder, OrderWhole)
FORGET = Command("order-forget", NameOrder, OrderWhole)
ORDERS: tuple[Command[Any, Any], ...] = (LIST, SHOW, RESEND, RELEASE, IGNORE, FORGET)
