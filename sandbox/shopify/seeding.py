"""Products that are simply there, without anybody having called the API for them."""

from collections.abc import Mapping

from sandbox.common.control import ControlError
from sandbox.common.json_types import JsonObject, JsonValue
from sandbox.shopify.catalogue.product_set import write_product
from sandbox.shopify.control_body import Body
from sandbox.shopify.ids import gid
from sandbox.shopify.settings import App
from sandbox.shopify.shop import Shop
from sandbox.shopify.web.context import Context
from sandbox.shopify.web.schema import coerced


def seed(shop: Shop, body: JsonObject) -> list[str]:
    """Add the products that are listed, or ``count`` made-up ones of ``variants`` variants; gives their ids."""
    given = body.get("products")
    count, variants = Body(body).whole("count"), Body(body).whole("variants") or 1
    wanted = list(given) if isinstance(given, list) else [_made_up(shop, place, variants) for place in range(count)]
    app = next(iter(shop.apps.values()), App("merchant", ""))
    context = Context(shop, app, frozenset())
    ids = []
    for entry in wanted:
        try:
            data = coerced("ProductSetInput", entry)
        except ValueError as error:
            raise ControlError(f"products: {error}") from None
        ids.append(gid("Product", write_product(context, data, None).id))
    return ids


def _made_up(shop: Shop, place: int, variants: int) -> Mapping[str, JsonValue]:
    number = len(shop.products) + place + 1
    sizes = [f"Size {size}" for size in range(1, variants + 1)] if variants > 1 else ["Default Title"]
    option = "Size" if variants > 1 else "Title"
    first = gid("Location", next(iter(shop.locations)))
    return {
        "title": f"Product {number}",
        "productOptions": [{"name": option, "values": [{"name": size} for size in sizes]}],
        "variants": [
            {
                "optionValues": [{"optionName": option, "name": size}],
                "sku": f"SKU-{number}-{index}",
                "price": "10.00",
                "inventoryItem": {"tracked": True},
                "inventoryQuantities": [{"locationId": first, "name": "available", "quantity": 5}],
            }
            for index, size in enumerate(sizes, 1)
        ],
    }
