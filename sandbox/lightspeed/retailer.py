"""The retailer's whole data, and what people do at its tills and in its back office."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from sandbox.lightspeed.catalogue import NO_PRICES, Catalogue
from sandbox.lightspeed.data import places, words
from sandbox.lightspeed.data.categories import categories
from sandbox.lightspeed.data.numbers import iso
from sandbox.lightspeed.data.people import ALL_RIGHTS, ROLES, employees
from sandbox.lightspeed.data.places import SHOP_IDS
from sandbox.lightspeed.data.rows import Attributes, Item, Matrix
from sandbox.lightspeed.sales import SalesBook
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
        self.tax_classes = fixed(places.tax_classes())
        self.tags = fixed(places.tags())
        self.custom_fields = fixed(places.custom_fields())
        self.attribute_sets = fixed(places.attribute_sets())
        self.payment_types = fixed(places.payment_types())
        self.sales = SalesBook(self, now)

    def take(self, item_id: int, shop_id: int, units: int) -> None:
        """Take sold units out of a shop's stock; items whose stock is not kept are left alone."""
        if self.catalogue.item(item_id).columns["itemType"] != "non_inventory":
            self.stock.move(item_id, shop_id, -units)

    def receive(self, item_id: int, shop_id: int, units: int) -> None:
        """Put delivered units into a shop's stock. Raises LookupError for an item or shop that is not there."""
        self.catalogue.item(item_id)
        if shop_id not in SHOP_IDS:
            raise LookupError(f"there is no shop {shop_id}; shops are {', '.join(map(str, SHOP_IDS))}")
        self.stock.move(item_id, shop_id, units)

    def archive(self, item_id: int) -> Item:
        """Archive an item. Its stock is zeroed, which un-archiving does not undo."""
        item = self.catalogue.change_item(self.catalogue.item(item_id), {"archived": "true"})
        self.stock.clear(item_id)
        return item

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
