"""The settings about web orders at the edge: the part of ``settings_codec`` whose names begin with ``orders_``."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict

from tillbridge.domain.orders.order import ChargeKind, Standing
from tillbridge.domain.orders.rules import CustomerRule, TaxRule, UnlinkedRule
from tillbridge.domain.orders.settings import OrderSettings
from tillbridge.store.settings_fields import Cents, Currency, Id, Rate, Shop, ShopWord, Word, each_once

PREFIX = "orders_"
OFF = "off"

_SALEABLE = tuple(standing for standing in Standing if standing not in {Standing.DRAFT, Standing.CANCELLED})
_KINDS = tuple(kind for kind in ChargeKind if kind is not ChargeKind.PRODUCT)

TAKES: Mapping[str, str] = {
    "orders_since": "off, or the moment from which orders become sales, with its zone, e.g. 2026-11-26T08:00:00+01:00",
    "orders_ready": f"which orders become sales: any of {', '.join(_SALEABLE)}, separated by commas",
    "orders_statuses": "pairs of a shop's connection with a status in its own word, and how far such an order is, e.g."
    f" c-1f/packing:paid; one of {', '.join(_SALEABLE)}",
    "orders_locations": "pairs of a shop's connection, or *, and the location that sells its orders, e.g. *:1,c-1f:4",
    "orders_registers": "pairs of a location and a register that stands there, e.g. 1:5,4:9",
    "orders_employee": "the id of the employee who sells, or nothing",
    "orders_payment_types": "pairs of the shop's word for a way to pay, or gift_card, or store_credit, or * for all"
    " others, and a payment type of the till, e.g. cod:1,*:9",
    "orders_tax": f"who works out the tax, one of {', '.join(TaxRule)}",
    "orders_tax_categories": "ids of tax categories, each once, separated by commas; nothing for the location's own",
    "orders_items": f"pairs of what is no product ({', '.join(_KINDS)}) and an item it is sold as, e.g. shipping:900",
    "orders_unlinked": f"what becomes of a product that is not linked, one of {', '.join(UnlinkedRule)}",
    "orders_customer": f"whom a sale names, one of {', '.join(CustomerRule)}",
    "orders_web_customer": "the id of the customer of all web orders, or nothing",
    "orders_rounding": "by how much a sale may differ from its order, from 0 to 100 with cents, e.g. 0.05",
    "orders_currency": "the currency of the till, three capital letters, or nothing where all shops sell in it",
    "orders_rates": "pairs of a currency and what one unit of it is worth in the till's, e.g. EUR:1.08",
    "orders_return_money": "yes or no: whether money that is given back at the till is paid back through the shop",
}
"""What each setting takes, as errors and the command line tell it."""

LISTS = frozenset({"orders_ready", "orders_tax_categories"})
MAPS = frozenset(
    {
        "orders_statuses",
        "orders_locations",
        "orders_registers",
        "orders_payment_types",
        "orders_items",
        "orders_rates",
    }
)


def _saleable(standing: Standing) -> Standing:
    if standing not in _SALEABLE:
        raise ValueError("such an order never becomes a sale")
    return standing


_Saleable = Annotated[Standing, AfterValidator(_saleable)]


def _moment(value: object) -> object:
    return None if isinstance(value, str) and value.strip().lower() in {OFF, ""} else value


def _in_utc(value: datetime | None) -> datetime | None:
    return value.astimezone(UTC) if value else None


def _no_product(items: dict[ChargeKind, str]) -> dict[ChargeKind, str]:
    if ChargeKind.PRODUCT in items:
        raise ValueError("products are sold as what they are linked with")
    return items


class OrderFields(BaseModel):
    """The fields of ``OrderSettings`` as they may come in."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    orders_since: Annotated[AwareDatetime | None, BeforeValidator(_moment), AfterValidator(_in_utc)] = None
    orders_ready: Annotated[tuple[_Saleable, ...], AfterValidator(each_once)] = ()
    orders_statuses: dict[ShopWord, _Saleable] = {}
    orders_locations: dict[Shop | Literal["*"], Id] = {}
    orders_registers: dict[Id, Id] = {}
    orders_employee: Id | Literal[""] = ""
    orders_payment_types: dict[Word, Id] = {}
    orders_tax: TaxRule = TaxRule.TILL
    orders_tax_categories: Annotated[tuple[Id, ...], AfterValidator(each_once)] = ()
    orders_items: Annotated[dict[ChargeKind, Id], AfterValidator(_no_product)] = {}
    orders_unlinked: UnlinkedRule = UnlinkedRule.LINE
    orders_customer: CustomerRule = CustomerRule.EACH
    orders_web_customer: Id | Literal[""] = ""
    orders_rounding: Cents = Decimal(0)
    orders_currency: Currency | Literal[""] = ""
    orders_rates: dict[Currency, Rate] = {}
    orders_return_money: bool = False


def order_settings(given: OrderFields) -> OrderSettings:
    """Take over what was given; the rest has its defaults."""
    values = {name.removeprefix(PREFIX): getattr(given, name) for name in given.model_fields_set & TAKES.keys()}
    return OrderSettings(**values)


def dump_orders(orders: OrderSettings) -> dict[str, object]:
    """Write all of them in the form of JSON."""
    return {
        "orders_since": orders.since.isoformat() if orders.since else OFF,
        "orders_ready": [standing.value for standing in orders.ready],
        "orders_statuses": {key: standing.value for key, standing in orders.statuses.items()},
        "orders_locations": dict(orders.locations),
        "orders_registers": dict(orders.registers),
        "orders_employee": orders.employee,
        "orders_payment_types": dict(orders.payment_types),
        "orders_tax": orders.tax.value,
        "orders_tax_categories": list(orders.tax_categories),
        "orders_items": {kind.value: item for kind, item in orders.items.items()},
        "orders_unlinked": orders.unlinked.value,
        "orders_customer": orders.customer.value,
        "orders_web_customer": orders.web_customer,
        "orders_rounding": str(orders.rounding),
        "orders_currency": orders.currency,
        "orders_rates": {currency: str(rate) for currency, rate in orders.rates.items()},
        "orders_return_money": orders.return_money,
    }
