"""What a merchant has chosen about web orders, for one shop, in the form in which sales are planned."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from tillbridge.domain.orders.order import ChargeKind, Standing

OTHER = "*"
"""The entry of a mapping that serves whatever has none of its own."""

READY = (Standing.PAID, Standing.AUTHORISED, Standing.ON_DELIVERY)


class UnlinkedRule(StrEnum):
    """What becomes of a product that no item of the till is linked with."""

    LINE = "line"  # a miscellaneous line that names it
    PARK = "park"  # the order waits until it is linked


class CustomerRule(StrEnum):
    """Whom a sale names."""

    EACH = "each"  # the buyer: found by e-mail or phone, or else made
    FOUND = "found"  # the buyer if the till has them already
    ONE = "one"  # always the same customer
    NONE = "none"


class TaxRule(StrEnum):
    """Who works out the tax of a sale."""

    TILL = "till"  # the till, by a tax category whose rates come to what the shop charged
    SHOP = "shop"  # the shop: its tax becomes a line, and the till adds none


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRules:
    """The choices for one shop. Ids are the till's.

    ``location`` sells what leaves none of the shop's places in ``by_place``; ``sources`` are the places where the shop
    is shown the stock of a location, by location. ``payment_types`` go by the shop's word for the method, or by the
    means (``gift_card``), or ``*``. ``items`` are what shipping and the like are sold as; a kind without one becomes a
    miscellaneous line. ``rounding`` is by how much a sale may differ from its order: the difference becomes a line, and
    more parks the order. ``rates`` are what one unit of a foreign currency is worth.
    """

    location: str
    by_place: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    registers: Mapping[str, str]
    employee: str
    payment_types: Mapping[str, str]
    tax: TaxRule = TaxRule.TILL
    tax_categories: tuple[str, ...] = ()
    items: Mapping[ChargeKind, str] = field(default_factory=dict)
    unlinked: UnlinkedRule = UnlinkedRule.LINE
    ready: tuple[Standing, ...] = READY
    statuses: Mapping[str, Standing] = field(default_factory=dict)
    customer: CustomerRule = CustomerRule.EACH
    web_customer: str = ""
    rounding: Decimal = Decimal("0.05")
    currency: str = ""  # the till's; "" where nobody knows it, and then every order is taken to be in it
    rates: Mapping[str, Decimal] = field(default_factory=dict)

    def standing(self, status: str, told: Standing) -> Standing:
        """Tell how far an order has come; what a merchant says of a status goes before what is known of its kind.

        A draft stays one: nobody has ordered anything yet.
        """
        return told if told is Standing.DRAFT else self.statuses.get(status, told)

    def at(self, place: str) -> str:
        """Name the location that sells what leaves a place of the shop."""
        return self.by_place.get(place, self.location)

    @property
    def places_matter(self) -> bool:
        """Tell whether it makes a difference from where goods leave."""
        return len({self.location, *self.by_place.values()}) > 1
