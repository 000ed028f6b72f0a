"""The retailer's small tables: locations, registers, taxes, price levels, payment types, tags and the like."""

from collections.abc import Iterable, Mapping

from sandbox.lightspeed.data import words
from sandbox.lightspeed.data.rows import Row

SHOP_IDS = tuple(range(1, len(words.SHOPS) + 1))
_OPENED = "2019-04-15T09:00:00+00:00"
PRICE_LEVELS = ("Default", "MSRP", "Sale", "Online")
"""Names by use type id, 1 and up. The last two have other ids in other accounts, so they must be looked up."""
CASH = 1
TAX_RATE = "0.0825"


def rows(id_field: str, entries: Iterable[Mapping[str, str]]) -> list[Row]:
    """Number the entries from 1 and put the id first, where the API has it."""
    return [Row(number, {id_field: str(number), **entry}) for number, entry in enumerate(entries, start=1)]


def shops() -> list[Row]:
    """List the locations."""
    return rows(
        "shopID",
        (
            {
                "name": name,
                "serviceRate": "0",
                "timeZone": "US/Eastern",
                "taxLabor": "false",
                "labelTitle": "Shop Name",
                "labelMsrp": "false",
                "archived": "false",
                "timeStamp": _OPENED,
                "companyRegistrationNumber": "",
                "vatNumber": "",
                "zebraBrowserPrint": "false",
                "contactID": str(number + 1),
                "taxCategoryID": "1",
                "receiptSetupID": str(number),
                "ccGatewayID": str(number),
                "gatewayConfigID": str(number),
                "priceLevelID": "1",
            }
            for number, name in enumerate(words.SHOPS, start=1)
        ),
    )


def registers() -> list[Row]:
    """List the registers, one in each location."""
    return rows(
        "registerID",
        (
            {
                "name": f"Register {shop}",
                "open": "true",
                "openTime": _OPENED,
                "archived": "false",
                "tipEnabled": "false",
                "openEmployeeID": "1",
                "shopID": str(shop),
                "ccTerminalID": "0",
            }
            for shop in SHOP_IDS
        ),
    )


def price_levels() -> list[Row]:
    """List the price levels."""
    return rows(
        "priceLevelID",
        (
            {
                "name": name,
                "archived": "false",
                "canBeArchived": "true" if name == "Sale" else "false",
                "type": "fixed",
                "Calculation": "",
            }
            for name in PRICE_LEVELS
        ),
    )


def tax_categories() -> list[Row]:
    """List the sales taxes: one tax, none, two taxes, and one that prices hold."""
    return rows(
        "taxCategoryID",
        (
            tax_category(("Sales Tax", ""), (TAX_RATE, "0")),
            tax_category(("No Tax", ""), ("0", "0")),
            tax_category(("GST", "QST"), ("0.05", "0.09975")),
            tax_category(("VAT", ""), ("0.21", "0"), inclusive=True),
        ),
    )


def tax_category(names: tuple[str, str], rates: tuple[str, str], *, inclusive: bool = False) -> dict[str, str]:
    """Make the columns of a sales tax, without its id."""
    return {
        "isTaxInclusive": "true" if inclusive else "false",
        "tax1Name": names[0],
        "tax2Name": names[1],
        "tax1Rate": rates[0],
        "tax2Rate": rates[1],
        "timeStamp": _OPENED,
    }


def tax_class_rates() -> list[Row]:
    """List where a tax class has rates of its own in a sales tax: books have."""
    own = (("1", "0", "0"), ("3", "0.05", "0"), ("4", "0.09", "0"))
    return rows(
        "taxCategoryClassID", (tax_class_rate(category, "3", (first, second)) for category, first, second in own)
    )


def tax_class_rate(category_id: str, class_id: str, rates: tuple[str, str]) -> dict[str, str]:
    """Make the columns of a tax class's rates in a sales tax, without the id."""
    return {
        "tax1Rate": rates[0],
        "tax2Rate": rates[1],
        "timeStamp": _OPENED,
        "taxCategoryID": category_id,
        "taxClassID": class_id,
    }


def tax_classes() -> list[Row]:
    """List the tax classes; 1 and 2 are the same in every account."""
    return rows("taxClassID", ({"name": name, "timeStamp": _OPENED} for name in ("Item", "Labor", "Books")))


def payment_types() -> list[Row]:
    """List the ways to pay, with the number of the type that each is refunded as, 0 for any."""
    types = (
        ("Cash", "cash", 0),
        ("Check", "user defined", 0),
        ("Credit Card", "credit card", 0),
        ("Web", "user defined", 0),
        ("Gift Card", "gift card", 5),
        ("Credit Account", "credit account", 6),
        ("eCom", "ecom", 0),
    )
    return rows(
        "paymentTypeID",
        (
            {
                "name": name,
                "requireCustomer": "true" if kind == "credit account" else "false",
                "archived": "false",
                "internalReserved": "false" if kind == "user defined" else "true",
                "type": kind,
                "refundAsPaymentTypeID": str(refund_as),
            }
            for name, kind, refund_as in types
        ),
    )


def attribute_sets() -> list[Row]:
    """List the sets of attributes: the four of every account and one of the retailer's own."""
    sets = (
        ("Color/Size", "Color", "Size", ""),
        ("Size", "", "Size", ""),
        ("Color", "Color", "", ""),
        ("3 Attributes", "Attribute 1", "Attribute 2", "Attribute 3"),
        ("Volume", "Volume", "", ""),
    )
    return rows(
        "itemAttributeSetID",
        (
            {
                "name": name,
                "attributeName1": first,
                "attributeName2": second,
                "attributeName3": third,
                "system": "false" if name == "Volume" else "true",
                "archived": "false",
            }
            for name, first, second, third in sets
        ),
    )


def manufacturers() -> list[Row]:
    """List the brands."""
    return rows(
        "manufacturerID", ({"name": name, "createTime": _OPENED, "timeStamp": _OPENED} for name in words.BRANDS)
    )


def tags() -> list[Row]:
    """List the tags."""
    return rows("tagID", ({"name": name} for name in words.TAGS))


def custom_fields() -> list[Row]:
    """List the custom fields of items: a text and a choice."""
    fields = (("string", "Material"), ("single_choice", "Season"))
    return rows(
        "customFieldID",
        (
            {"type": kind, "name": name, "uom": "", "decimalPrecision": "0", "archived": "false", "timeStamp": _OPENED}
            for kind, name in fields
        ),
    )


MATERIAL_FIELD, SEASON_FIELD = 1, 2
CHOICES = ("Spring/Summer", "Autumn", "Winter ❄")
"""Names of the choices of the custom field "Season", by choice id from 1."""


def receipt_setup(number: str) -> Mapping[str, str]:
    """Show what a location's receipts say."""
    return {
        "receiptSetupID": number,
        "generalMsg": "Thank you for shopping with us.",
        "workorderAgree": "",
        "creditcardAgree": "",
        "hasLogo": "false",
        "logo": "",
        "logoWidth": "0",
        "header": "",
    }


def card_gateway(number: str) -> Mapping[str, str]:
    """Show a location's card gateway, which is not in use."""
    payment_type = "3"
    return {
        "ccGatewayID": number,
        "marketType": "2",
        "deviceType": "5",
        "hashValue": "",
        "enabled": "false",
        "testMode": "false",
        "gateway": "",
        "terminalNum": "",
        "allowCredits": "false",
        "visaPaymentTypeID": payment_type,
        "masterPaymentTypeID": payment_type,
        "discoverPaymentTypeID": payment_type,
        "americanPaymentTypeID": payment_type,
        "debitPaymentTypeID": payment_type,
    }
