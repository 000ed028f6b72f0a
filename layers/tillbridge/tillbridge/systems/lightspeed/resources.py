"""What we ask of the till, with which relations, and what that costs: one table.

Relations are the fewest that the catalogue needs; ``all`` is never asked for. Prices, tags and custom fields need
naming, price rows come unasked (facts/lightspeed.md, A2, A4 and "Filters").
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tillbridge.domain.merchant import Lane

BASE_COST = 1.0
TO_ONE_COST, TO_MANY_COST = 0.1, 0.2
TO_MANY = frozenset({"ItemShops", "Images", "TagRelations", "CustomFieldValues", "SaleLines", "TaxCategoryClasses"})
TO_ONE = frozenset(
    {"ItemAttributes", "ItemECommerce", "TagRelations.Tag", "CustomFieldValues.value", "SaleLines.Note", "Contact"}
)
SALE_COST, COMPLETING_COST, NESTED_COST = 2.0, 3.0, 0.5
PAGE_SIZE = 100


@dataclass(frozen=True, slots=True)
class Listing:
    """One list of the till. ``archives`` tells whether its rows can be archived, which hides them unless asked for."""

    resource: str
    id_field: str
    thing: str
    """What a row is called in errors."""
    relations: tuple[str, ...] = ()
    archives: bool = False
    lane: Lane = Lane.CATALOGUE

    @property
    def cost(self) -> float:
        """Tell the price of one page in drips."""
        return list_cost(self.relations)


def list_cost(relations: Sequence[str]) -> float:
    """Work out the price of one page: a list doubles what each relation costs (facts/lightspeed.md, A2).

    Nothing else that we send costs: filters, sorting and paging are free, ``count`` and ``or`` are never used.
    """
    to_many = sum(relation in TO_MANY for relation in relations)
    to_one = sum(relation in TO_ONE for relation in relations)
    return round(BASE_COST + 2 * (TO_MANY_COST * to_many + TO_ONE_COST * to_one), 4)


def record_cost(relations: Sequence[str]) -> float:
    """Work out the price of one record: only what is inside a to-many relation costs double."""
    to_many = sum(relation in TO_MANY for relation in relations)
    to_one = sum((2 if "." in relation else 1) for relation in relations if relation in TO_ONE)
    return round(BASE_COST + TO_MANY_COST * to_many + TO_ONE_COST * to_one, 4)


def sale_cost(body: Mapping[str, object]) -> float:
    """Work out the price of writing a sale that is shown with its lines (facts/lightspeed.md, A2)."""
    completing = COMPLETING_COST if body.get("completed") is True else 0.0
    relations = record_cost(SALES.relations) - BASE_COST
    return round(SALE_COST + completing + NESTED_COST * nested_records(body) + relations, 4)


def nested_records(body: Mapping[str, object]) -> int:
    """Count the records inside a body; what holds nothing but others, like ``SaleLines``, is only a wrapper."""
    return sum(_records(value) for value in body.values())


def _records(value: object) -> int:
    if isinstance(value, list):
        return sum(_records(entry) for entry in value)
    if not isinstance(value, Mapping):
        return 0
    own = any(not isinstance(inner, (Mapping, list)) for inner in value.values())
    return own + nested_records(value)


_CONTENT = ("Images", "TagRelations", "TagRelations.Tag", "ItemECommerce", "CustomFieldValues")
_ITEM = ("ItemAttributes", *_CONTENT, "CustomFieldValues.value")

ITEMS = Listing("Item", "itemID", "item", _ITEM, archives=True)
STOCKED_ITEMS = Listing("Item", "itemID", "item", ("ItemShops", *_ITEM), archives=True)
STOCK_OF_ITEMS = Listing("Item", "itemID", "item", ("ItemShops",), archives=True, lane=Lane.STOCK)
LAST_ITEM = Listing("Item", "itemID", "item", archives=True)
MATRICES = Listing("ItemMatrix", "itemMatrixID", "matrix", _CONTENT, archives=True)
STOCK = Listing("ItemShop", "itemShopID", "stock row", lane=Lane.STOCK)
LOCATIONS = Listing("Shop", "shopID", "location", archives=True)
CATEGORIES = Listing("Category", "categoryID", "category")
MANUFACTURERS = Listing("Manufacturer", "manufacturerID", "manufacturer")
PRICE_LEVELS = Listing("PriceLevel", "priceLevelID", "price level", archives=True)
REGISTERS = Listing("Register", "registerID", "register", archives=True)
EMPLOYEES = Listing("Employee", "employeeID", "employee", archives=True)
PAYMENT_TYPES = Listing("PaymentType", "paymentTypeID", "payment type", archives=True)
TAX_CATEGORIES = Listing("TaxCategory", "taxCategoryID", "sales tax", ("TaxCategoryClasses",))
SALES = Listing("Sale", "saleID", "sale", ("SaleLines", "SaleLines.Note"), archives=True, lane=Lane.STOCK)
SHIPPED = Listing("ShipTo", "shipToID", "shipping", lane=Lane.STOCK)
CUSTOMERS = Listing("Customer", "customerID", "customer", ("Contact",), lane=Lane.STOCK)
ATTRIBUTE_SETS = Listing("ItemAttributeSet", "itemAttributeSetID", "attribute set", archives=True)
