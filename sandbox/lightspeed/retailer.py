"""The retailer's whole data, and what people do at its tills and in its back office."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from sandbox.lightspeed.catalogue import NO_PRICES, Catalogue
from sandbox.lightspeed.customers import CustomerBook
from sandbox.lightspeed.data import places, words
from sandbox.lightspeed.data.categories import categories
from sandbox.lightspeed.data.numbers import iso
from sandbox.lightspeed.data.people import ALL_RIGHTS, ROLES, employees
from sandbox.lightspeed.data.places import SHOP_IDS
from sandbox.lightspeed.data.rows import Attributes, Item, Matrix, Row
from sandbox.lightspeed.sales import SalesBook
from sandbox.lightspeed.shipments import Shipments
from sandbox.lightspeed.stock import Stock
from sandbox.lightspeed.table import fixed


class Retailer:
    """One account."""

    def __init__(self, *, seed: int, items: int, now: Callable[[], int]) -> None:
        """Begin on the first day; `now` gives the present epoch second."""
        self._now = now
        self.name = words.RETAILER
        self.catalogue = Catalogue(seed, items, now)
        self.stock = Stock(seed, items, now)
        self.categories = fixed(categories())
        self.manufacturers = fixed(places.manufacturers())
        self.price_levels = fixed(places.price_levels())
        self.shops = fixed(places.shops())
        self.registers = fixed(places.registers())
        self.employees = fixed(employees())
        self.own_rights: dict[int, tuple[str, ...]] = {}
        self.tax_categories = fixed(places.tax_categories())
        self.tax_class_rates = fixed(places.tax_class_rates())
        self.tax_classes = fixed(places.tax_classes())
        self.tags = fixed(places.tags())
        self.custom_fields = fixed(places.custom_fields())
        self.attribute_sets = fixed(places.attribute_sets())
        self.payment_types = fixed(places.payment_types())
        self.customers = CustomerBook(now)
        self.shipments = Shipments(now)
        self.sales = SalesBook(self, now)

    def add_tax(self, name: str, rates: tuple[str, str], *, inclusive: bool = False) -> Row:
        """Add a sales tax that a sale may name."""
        columns = places.tax_category((name, ""), rates, inclusive=inclusive)
        number = self.tax_categories.size + 1
        row = Row(number, {"taxCategoryID": str(number), **columns})
        self.tax_categories.put(number, row)
        return row

    def take(self, item_id: int, shop_id: int, units: int) -> None:
        """Take sold units out of a shop's stock; items whose stock is not kept, or that are gone, are left alone."""
        if self._keeps_stock(item_id):
            self.stock.move(item_id, shop_id, -units)

    def _keeps_stock(self, item_id: int) -> bool:
        item = self.catalogue.items.get(item_id)
        return item is not None and item.columns["itemType"] != "non_inventory"

    def receive(self, item_id: int, shop_id: int, units: int) -> None:
        """Put delivered units into a shop's stock. Raises LookupError for an item or shop that is not there."""
        self.catalogue.item(item_id)
        if shop_id not in SHOP_IDS:
            raise LookupError(f"there is no shop {shop_id}; shops are {', '.join(map(str, SHOP_IDS))}")
        self.stock.move(item_id, shop_id, units)

    def count_stock(self, item_id: int, qoh: int, shop_ids: Iterable[int] = SHOP_IDS) -> None:
        """Find `qoh` units of an item in some shops. Raises LookupError for an item that is not there."""
        self.catalogue.item(item_id)
        if self._keeps_stock(item_id):
            for shop_id in shop_ids:
                self.stock.set(item_id, shop_id, qoh)

    def archive(self, item_id: int) -> Item:
        """Archive an item. Its stock is zeroed, which un-archiving does not undo."""
        item = self.catalogue.change_item(self.catalogue.item(item_id), {"archived": "true"})
        self.stock.clear(item_id)
        return item

    def restore(self, item_id: int) -> Item:
        """Bring an archived item back, without the stock it had."""
        return self.catalogue.change_item(self.catalogue.item(item_id), {"archived": "false"})

    def delete(self, item_id: int) -> None:
        """Let an item vanish with its stock rows, pictures and tags, which no timeStamp tells. Raises LookupError.

        The API only archives; merging is what makes items vanish (facts/lightspeed.md, "DeletedByMerge").
        """
        self.catalogue.item(item_id)
        self.catalogue.items.remove(item_id)
        self.stock.close(item_id)

    def merge(self, item_id: int, into: int) -> Item:
        """Merge an item into another, which gets its stock and sales; no item's timeStamp moves. Raises LookupError.

        The vendor documents no event for merges, only reasons in a log; what becomes of the rest is our assumption.
        """
        if item_id == into:
            raise LookupError(f"item {item_id} cannot be merged into itself")
        self.catalogue.item(item_id)
        survivor = self.catalogue.item(into)
        for shop_id in SHOP_IDS:
            self.stock.move(into, shop_id, self.stock.of(item_id, shop_id).qoh)
        self.sales.reassign(item_id, into)
        self.delete(item_id)
        return survivor

    def add_item(
        self,
        columns: Mapping[str, str],
        prices: tuple[str, ...] = NO_PRICES,
        attributes: Attributes | None = None,
    ) -> Item:
        """Add an item with its empty stock rows."""
        item = self.catalogue.add_item(columns, prices, attributes)
        self.stock.open(item.id)
        return item

    def price(self, item_id: int, level_id: int, amount: str, *, silent: bool = False) -> Item:
        """Set an item's price; with `silent` its timeStamp stays, since it is not known whether the real one moves."""
        item = self.catalogue.item(item_id)
        prices = (*item.prices[: level_id - 1], amount, *item.prices[level_id:])
        return self.catalogue.change_item(replace(item, prices=prices), {}, silent=silent)

    def relate(self, product: Item | Matrix, *, tag_ids: tuple[int, ...], image_count: int) -> None:
        """Change a product's tags and number of pictures; these are related records, so no timeStamp moves."""
        if isinstance(product, Item):
            changed = replace(product, tag_ids=tag_ids, image_count=image_count)
            self.catalogue.change_item(changed, {}, silent=True)
        else:
            self.catalogue.change_matrix(replace(product, tag_ids=tag_ids, image_count=image_count), {}, silent=True)

    def rights(self, employee_id: int) -> tuple[str, ...]:
        """Give an employee's rights: their own where they were set, else those of their role."""
        if employee_id in self.own_rights:
            return self.own_rights[employee_id]
        row = self.employees.get(employee_id)
        role_id = "0" if row is None else row.columns["employeeRoleID"]
        return next((role.rights for role in ROLES if str(role.id) == role_id), ())

    def set_rights(self, employee_id: int, rights: tuple[str, ...]) -> None:
        """Take an employee out of their role and give them just these rights. Raises LookupError."""
        unknown = sorted(set(rights) - set(ALL_RIGHTS))
        if unknown:
            raise LookupError(f"there is no right {unknown[0]!r}; rights are {', '.join(ALL_RIGHTS)}")
        self.change_employee(employee_id, employeeRoleID="0")
        self.own_rights[employee_id] = rights

    def change_employee(self, employee_id: int, **columns: str) -> None:
        """Change an employee's columns, such as lockOut, archived or employeeRoleID. Raises LookupError."""
        row = self.employees.get(employee_id)
        if row is None:
            raise LookupError(f"there is no employee {employee_id}")
        stamp = iso(self._now())
        self.employees.put(employee_id, replace(row, columns={**row.columns, **columns, "timeStamp": stamp}))
