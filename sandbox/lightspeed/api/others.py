"""The remaining resources: places, people, taxes, tags, custom fields and sales."""

from collections.abc import Mapping

from sandbox.lightspeed.api import rights
from sandbox.lightspeed.api.resource import Nested, Relation, Resource
from sandbox.lightspeed.data.numbers import plain
from sandbox.lightspeed.data.people import ROLES, contact
from sandbox.lightspeed.data.places import card_gateway, receipt_setup
from sandbox.lightspeed.data.rows import Row
from sandbox.lightspeed.retailer import Retailer
from sandbox.lightspeed.sale import Sale
from sandbox.lightspeed.sale_wire import line_columns, note_columns, payment_columns, sale_columns
from sandbox.lightspeed.table import Table
from sandbox.lightspeed.taxes import rows_of
from sandbox.lightspeed.wire import Json, one_or_many, to_many


def small_resources(retailer: Retailer) -> list[Resource[Row]]:
    """Build the resources whose tables are small and only read."""
    return [
        _plain(
            "Category",
            "categoryID",
            retailer.categories,
            "timeStamp",
            "leftNode",
            "rightNode",
            relations=_parent(retailer),
        ),
        _plain("Manufacturer", "manufacturerID", retailer.manufacturers, "timeStamp", "name"),
        _plain("PriceLevel", "priceLevelID", retailer.price_levels, "name"),
        _plain("TaxClass", "taxClassID", retailer.tax_classes, "timeStamp"),
        _plain("TaxCategory", "taxCategoryID", retailer.tax_categories, "timeStamp", relations=_tax_rates(retailer)),
        _plain("Tag", "tagID", retailer.tags, "name"),
        _plain("PaymentType", "paymentTypeID", retailer.payment_types, read=rights.ANY_AREA),
        _plain("Register", "registerID", retailer.registers, read=rights.ANY_AREA),
        _plain("Shop", "shopID", retailer.shops, relations=_shop_relations(retailer), read=rights.ANY_AREA),
        _plain("Employee", "employeeID", retailer.employees, "timeStamp", relations=_employee_relations(retailer)),
        _plain("ItemAttributeSet", "itemAttributeSetID", retailer.attribute_sets, read=rights.SETUP_READ),
        _plain("CustomField", "customFieldID", retailer.custom_fields, "timeStamp", "name", read=rights.SETUP_READ),
    ]


def sale_resource(retailer: Retailer) -> Resource[Sale]:
    """Build Sale."""
    return Resource(
        name="Sale",
        id_field="saleID",
        table=retailer.sales.table,
        show=lambda sale: dict(sale_columns(sale)),
        sortable=("saleID", "timeStamp", "completeTime", "updatetime"),
        relations={
            "TaxCategory": Relation(
                lambda sale, _: _columns(retailer.tax_categories, sale.tax_category_id), many=False
            ),
            "SaleLines": Relation(
                lambda sale, nested: _sale_lines(retailer, sale, nested), nested={"Item": False, "Note": False}
            ),
            "SalePayments": Relation(
                lambda sale, nested: _sale_payments(retailer, sale, nested), nested={"PaymentType": False}
            ),
        },
        tail=lambda sale: {"taxTotal": plain(sale.tax)},
        read_rights=rights.SALE_READ,
        write_rights=rights.SALE_WRITE,
        lookups={"referenceNumber": lambda text: retailer.sales.table.lookup("referenceNumber", text)},
        further_columns=("completed", "archived", "voided", "referenceNumber", "referenceNumberSource"),
    )


def written_sale(retailer: Retailer, resource: Resource[Sale], sale: Sale) -> dict[str, Json]:
    """Show a sale as the answer to a write does: with its shop, tax, lines and payments unasked (recorded)."""
    everything: dict[str, Nested] = dict.fromkeys(resource.relations, frozenset())
    shown = resource.render(sale, everything)
    tax_total = shown.pop("taxTotal")
    related = {name: shown.pop(name) for name in resource.relations if name in shown and shown[name] != ""}
    return {**shown, "Shop": _shop_of_sale(retailer, sale), **related, "taxTotal": tax_total}


def _shop_of_sale(retailer: Retailer, sale: Sale) -> Json:
    """Show a sale's shop; it has a column there that the resource Shop lacks (recorded)."""
    row = retailer.shops.get(sale.shop_id)
    columns = {} if row is None else row.columns
    shown: dict[str, Json] = {}
    for name, text in columns.items():
        if name == "ccGatewayID":
            shown["vendorID"] = "0"
        shown[name] = text
    return shown


def _plain(
    name: str,
    id_field: str,
    table: Table[Row],
    *sortable: str,
    relations: Mapping[str, Relation[Row]] | None = None,
    read: frozenset[str] = frozenset(),
) -> Resource[Row]:
    return Resource(
        name=name,
        id_field=id_field,
        table=table,
        show=lambda row: dict(row.columns),
        sortable=(id_field, *sortable),
        relations=relations or {},
        read_rights=read,
        archives=any("archived" in row.columns for row in table.all()),
    )


def _columns(table: Table[Row], row_id: int) -> Json | None:
    row = table.get(row_id)
    return None if row is None else row.columns


def _linked(table: Table[Row], key: str) -> Relation[Row]:
    return Relation(lambda row, _: _columns(table, int(row.columns[key])), many=False)


def _parent(retailer: Retailer) -> dict[str, Relation[Row]]:
    return {"Parent": _linked(retailer.categories, "parentID")}


def _shop_relations(retailer: Retailer) -> dict[str, Relation[Row]]:
    def registers(shop: Row, _: Nested) -> Json | None:
        rows = [row.columns for row in retailer.registers.all() if row.columns["shopID"] == str(shop.id)]
        return to_many("Register", rows, shop.id)

    return {
        "Contact": Relation(lambda shop, _: contact(shop.columns["contactID"], address=True), many=False),
        "TaxCategory": _linked(retailer.tax_categories, "taxCategoryID"),
        "ReceiptSetup": Relation(lambda shop, _: receipt_setup(shop.columns["receiptSetupID"]), many=False),
        "CCGateway": Relation(lambda shop, _: card_gateway(shop.columns["ccGatewayID"]), many=False),
        "PriceLevel": Relation(lambda shop, _: _brief_price_level(retailer, shop), many=False),
        "Registers": Relation(registers),
    }


def _brief_price_level(retailer: Retailer, shop: Row) -> Json | None:
    """Show a shop's price level with fewer columns than its own resource does (recorded)."""
    row = retailer.price_levels.get(int(shop.columns["priceLevelID"]))
    if row is None:
        return None
    return {name: row.columns[name] for name in ("priceLevelID", "name", "type", "archived")}


def _tax_rates(retailer: Retailer) -> dict[str, Relation[Row]]:
    def rates(category: Row, nested: Nested) -> Json | None:
        shown: list[Json] = []
        for row in rows_of(retailer.tax_class_rates, category.id):
            tax_class = _columns(retailer.tax_classes, int(row.columns["taxClassID"]))
            inner = {"TaxClass": tax_class} if "TaxClass" in nested and tax_class is not None else {}
            shown.append({**row.columns, **inner})
        return to_many("TaxCategoryClass", shown, category.id)

    return {"TaxCategoryClasses": Relation(rates, nested={"TaxClass": False})}


def _employee_relations(retailer: Retailer) -> dict[str, Relation[Row]]:
    def role(employee: Row, nested: Nested) -> Json | None:
        found = next((entry for entry in ROLES if str(entry.id) == employee.columns["employeeRoleID"]), None)
        if found is None:
            return None
        shown: dict[str, Json] = {"employeeRoleID": str(found.id), "name": found.name}
        if "EmployeeRights" in nested:
            shown["EmployeeRights"] = _rights(found.rights)
        return shown

    def own_rights(employee: Row, _: Nested) -> Json | None:
        names = retailer.own_rights.get(employee.id)
        return None if names is None else _rights(names)

    return {
        "Contact": Relation(lambda employee, _: contact(employee.columns["contactID"], address=False), many=False),
        "EmployeeRole": Relation(role, many=False, nested={"EmployeeRights": True}),
        "EmployeeRights": Relation(own_rights),
    }


def _rights(names: tuple[str, ...]) -> Json:
    rows = [{"employeeRightID": str(number), "name": name} for number, name in enumerate(names, start=4)]
    return {"EmployeeRight": one_or_many(rows)} if rows else ""


def _sale_lines(retailer: Retailer, sale: Sale, nested: Nested) -> Json | None:
    rows: list[Json] = []
    for line in sale.lines:
        shown: dict[str, Json] = dict(line_columns(sale, line))
        item = retailer.catalogue.items.get(line.item_id)
        if "Item" in nested and item is not None:
            shown["Item"] = item.columns
        if "Note" in nested and line.note:
            shown["Note"] = note_columns(line)
        rows.append(shown)
    return to_many("SaleLine", rows, sale.id)


def _sale_payments(retailer: Retailer, sale: Sale, nested: Nested) -> Json | None:
    rows: list[Json] = []
    for payment in sale.payments:
        shown: dict[str, Json] = dict(payment_columns(sale, payment))
        payment_type = _columns(retailer.payment_types, payment.type_id)
        if "PaymentType" in nested and payment_type is not None:
            shown["PaymentType"] = payment_type
        rows.append(shown)
    return to_many("SalePayment", rows, sale.id)
