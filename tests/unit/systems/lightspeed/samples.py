"""Records of the till as the stand-ins and recordings have them, to be changed by the tests."""

from datetime import UTC, datetime
from typing import Any

NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
SERVED = "Fri, 01 May 2026 12:00:00 GMT"
CHANGED = "2026-01-05T10:00:00+00:00"


def item_row(**fields: Any) -> dict[str, Any]:
    """Make a plain item as an object of strings."""
    return {
        "itemID": "42",
        "systemSku": "210000000042",
        "tax": "true",
        "archived": "false",
        "itemType": "default",
        "description": "Mug Blue",
        "upc": "",
        "ean": "",
        "customSku": "MUG-B",
        "manufacturerSku": "",
        "timeStamp": CHANGED,
        "publishToEcom": "true",
        "categoryID": "0",
        "taxClassID": "1",
        "itemMatrixID": "0",
        "manufacturerID": "0",
        "Prices": {"ItemPrice": [price_row("12.5"), price_row("0", "2"), price_row("11", "3")]},
        **fields,
    }


def matrix_row(**fields: Any) -> dict[str, Any]:
    return {
        "itemMatrixID": "7",
        "description": "T-Shirt",
        "tax": "true",
        "archived": "false",
        "timeStamp": CHANGED,
        "itemAttributeSetID": "1",
        "manufacturerID": "0",
        "categoryID": "3",
        "taxClassID": "1",
        "Prices": {"ItemPrice": [price_row("20")]},
        "attribute1Values": ["Black", "White"],
        "attribute2Values": "Small",
        "attribute3Values": "",
        **fields,
    }


def price_row(amount: str, level: str = "1") -> dict[str, Any]:
    return {"amount": amount, "useTypeID": level, "useType": "any"}


def stock_row(row_id: str = "81", shop: str = "1", **fields: Any) -> dict[str, Any]:
    return {
        "itemShopID": row_id,
        "qoh": "7",
        "sellable": "7",
        "timeStamp": CHANGED,
        "itemID": "42",
        "shopID": shop,
        **fields,
    }


def image_row(image_id: str = "68", **fields: Any) -> dict[str, Any]:
    return {
        "imageID": image_id,
        "description": "Front",
        "filename": "front.png",
        "ordering": "1",
        "publicID": "dsxcqjwl1s4j6ppmnmec",
        "baseImageURL": "https://res.cloudinary.com/lightspeed-retail/image/upload/",
        "timeStamp": CHANGED,
        "itemID": "42",
        "itemMatrixID": "0",
        **fields,
    }


def tag_row(name: str) -> dict[str, Any]:
    return {"tagRelationID": "5", "itemID": "42", "tagID": "3", "Tag": {"tagID": "3", "name": name}}


def custom_row(value: Any, field_id: str = "1", name: str = "Material") -> dict[str, Any]:
    return {"customFieldValueID": "9", "customFieldID": field_id, "name": name, "type": "string", "value": value}
