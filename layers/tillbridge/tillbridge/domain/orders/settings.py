"""What a merchant chooses about web orders, for all shops together."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from tillbridge.domain.orders.order import ChargeKind, Standing
from tillbridge.domain.orders.rules import OTHER, READY, CustomerRule, OrderRules, TaxRule, UnlinkedRule


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderSettings:
    """``tillbridge merchant settings`` shows and changes each by its name, after ``orders_``.

    Orders become sales only when ``since`` is set, and those only that were placed from then on: older ones have been
    rung up by hand. ``statuses`` go by a shop's connection and its own word, ``locations`` by a shop's connection.
    """

    since: datetime | None = None
    ready: tuple[Standing, ...] = READY
    statuses: dict[str, Standing] = field(default_factory=dict)  # "connection/status" -> standing
    locations: dict[str, str] = field(default_factory=dict)  # connection, or "*" -> the location that sells its orders
    registers: dict[str, str] = field(default_factory=dict)  # location -> register
    employee: str = ""
    payment_types: dict[str, str] = field(default_factory=dict)  # the shop's method, a means, or "*" -> payment type
    tax: TaxRule = TaxRule.TILL
    tax_categories: tuple[str, ...] = ()  # () = that of the location
    items: dict[ChargeKind, str] = field(default_factory=dict)  # what shipping and the like are sold as
    unlinked: UnlinkedRule = UnlinkedRule.LINE
    customer: CustomerRule = CustomerRule.EACH
    web_customer: str = ""
    rounding: Decimal = Decimal("0.05")
    currency: str = ""  # of the till
    rates: dict[str, Decimal] = field(default_factory=dict)  # currency -> what one unit is worth in the till's
    return_money: bool = False  # whether a refund rung up in the till is paid back through the shop

    @property
    def imported(self) -> bool:
        """Tell whether orders become sales."""
        return self.since is not None

    def imports(self, placed_at: datetime) -> bool:
        """Tell whether an order that was placed then becomes a sale."""
        return self.since is not None and placed_at >= self.since

    def rules(self, shop: str, places: Mapping[str, str]) -> OrderRules:
        """Give the choices for one shop; ``places`` are those of the shop by the till's location.

        What leaves a place that several locations fill is sold by the shop's own location, if that is one of them.
        """
        prefix = f"{shop}/"
        location = self.locations.get(shop, self.locations.get(OTHER, ""))
        the_own_last = sorted(places, key=lambda one: (one != location, one), reverse=True)
        return OrderRules(
            location=location,
            by_place={places[one]: one for one in the_own_last},
            registers=self.registers,
            employee=self.employee,
            payment_types=self.payment_types,
            tax=self.tax,
            tax_categories=self.tax_categories,
            items=self.items,
            unlinked=self.unlinked,
            ready=self.ready,
            statuses={
                key.removeprefix(prefix): standing for key, standing in self.statuses.items() if key.startswith(prefix)
            },
            customer=self.customer,
            web_customer=self.web_customer,
            rounding=self.rounding,
            currency=self.currency,
            rates=self.rates,
        )
