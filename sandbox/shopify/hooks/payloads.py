"""Bodies of web hooks: the shape of the REST API (facts/shopify.md, section 4)."""

from decimal import Decimal

from sandbox.common.json_types import JsonObject, JsonValue
from sandbox.shopify.catalogue.model import Collection, Product, ProductVariant
from sandbox.shopify.catalogue.naming import title_of, values_of, variants_of
from sandbox.shopify.dates import rest
from sandbox.shopify.ids import gid
from sandbox.shopify.sales.model import Customer, Fulfillment, LineItem, Order, Refund, cents
from sandbox.shopify.shop import Shop
from sandbox.shopify.stock.model import InventoryItem, InventoryLevel

_WHOLE_VARIANTS = 100


def money(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{cents(amount):f}"


def product(shop: Shop, row: Product) -> JsonObject:
    """Write a product: the first 100 variants in full, the ids of the rest."""
    variants = variants_of(shop, row)
    return {
        "id": row.id,
        "admin_graphql_api_id": gid("Product", row.id),
        "title": row.title,
        "handle": row.handle,
        "body_html": row.description_html,
        "vendor": row.vendor,
        "product_type": row.product_type,
        "status": row.status.lower(),
        "tags": ", ".join(row.tags),
        "created_at": rest(row.created_at),
        "updated_at": rest(row.updated_at),
        "published_at": rest(min(row.published.values(), default=None)),
        "options": [
            {
                "id": option.id,
                "product_id": row.id,
                "name": option.name,
                "position": place,
                "values": [value.name for value in option.option_values],
            }
            for place, option in enumerate(row.options, 1)
        ],
        "variants": [_variant(shop, row, one, place) for place, one in enumerate(variants[:_WHOLE_VARIANTS], 1)],
        "variant_gids": [
            {"admin_graphql_api_id": gid("ProductVariant", one.id), "updated_at": rest(one.updated_at)}
            for one in sorted(variants, key=lambda one: (one.updated_at, one.id), reverse=True)
        ],
    }


def _variant(shop: Shop, product: Product, row: ProductVariant, place: int) -> JsonObject:
    item, names = shop.items[row.item_id], values_of(product, row)
    levels = [level for (number, _), level in shop.levels.items() if number == item.id and level.is_active]
    options: dict[str, JsonValue] = dict.fromkeys(("option1", "option2", "option3"))
    options.update({f"option{number}": name for number, name in enumerate(names, 1)})
    return {
        "id": row.id,
        "admin_graphql_api_id": gid("ProductVariant", row.id),
        "product_id": product.id,
        "title": title_of(product, row),
        "sku": item.sku,
        "barcode": row.barcode,
        "price": money(row.price),
        "compare_at_price": money(row.compare_at_price),
        "position": place,
        "taxable": row.taxable,
        "inventory_item_id": item.id,
        "inventory_policy": row.inventory_policy.lower(),
        "inventory_quantity": sum(level.states["available"] for level in levels),
        "created_at": rest(row.created_at),
        "updated_at": rest(row.updated_at),
        **options,
    }


def item(row: InventoryItem) -> JsonObject:
    return {
        "id": row.id,
        "admin_graphql_api_id": gid("InventoryItem", row.id),
        "sku": row.sku,
        "tracked": row.tracked,
        "requires_shipping": row.requires_shipping,
        "cost": money(row.cost),
        "created_at": rest(row.created_at),
        "updated_at": rest(row.updated_at),
    }


def level(row: InventoryLevel) -> JsonObject:
    """Write a level: neither variant nor product are named."""
    number = f"gid://shopify/InventoryLevel/{row.id}?inventory_item_id={row.item_id}"
    return {
        "inventory_item_id": row.item_id,
        "location_id": row.location_id,
        "available": row.states["available"],
        "updated_at": rest(row.updated_at),
        "admin_graphql_api_id": number,
    }


def collection(row: Collection) -> JsonObject:
    return {
        "id": row.id,
        "admin_graphql_api_id": gid("Collection", row.id),
        "title": row.title,
        "handle": row.handle,
        "updated_at": rest(row.updated_at),
    }


def customer(row: Customer) -> JsonObject:
    return {
        "id": row.id,
        "admin_graphql_api_id": gid("Customer", row.id),
        "email": row.email,
        "phone": row.phone,
        "first_name": row.first_name,
        "last_name": row.last_name,
        "note": row.note,
        "tags": ", ".join(row.tags),
        "created_at": rest(row.created_at),
        "updated_at": rest(row.updated_at),
    }


def order(shop: Shop, row: Order) -> JsonObject:
    shopper = shop.customers.get(row.customer_id or 0)
    return {
        "id": row.id,
        "admin_graphql_api_id": gid("Order", row.id),
        "name": row.name,
        "order_number": row.number,
        "number": row.number - 1000,
        "currency": row.currency_code,
        "presentment_currency": row.presentment_currency_code,
        "taxes_included": row.taxes_included,
        "test": row.test,
        "source_name": row.source_name,
        "email": row.email,
        "buyer_accepts_marketing": row.customer_accepts_marketing,
        "created_at": rest(row.created_at),
        "processed_at": rest(row.processed_at),
        "updated_at": rest(row.updated_at),
        "cancelled_at": rest(row.cancelled_at),
        "cancel_reason": row.cancel_reason.lower() if row.cancel_reason else None,
        "closed_at": rest(row.closed_at),
        "total_price": money(row.total),
        "subtotal_price": money(row.subtotal),
        "total_tax": money(row.tax),
        "customer": customer(shopper) if shopper else None,
        "line_items": [_line(line) for line in row.lines],
    }


def _line(line: LineItem) -> JsonObject:
    return {
        "id": line.id,
        "admin_graphql_api_id": gid("LineItem", line.id),
        "title": line.title,
        "sku": line.sku,
        "quantity": line.quantity,
        "current_quantity": line.current_quantity,
        "variant_id": line.variant_id,
        "product_id": line.product_id,
        "price": money(line.unit_price),
        "total_discount": money(line.discount),
        "taxable": line.taxable,
    }


def refund(row: Refund) -> JsonObject:
    return {
        "id": row.id,
        "admin_graphql_api_id": gid("Refund", row.id),
        "order_id": row.order_id,
        "note": row.note,
        "created_at": rest(row.created_at),
        "refund_line_items": [
            {
                "id": line.id,
                "line_item_id": line.line_id,
                "quantity": line.quantity,
                "restock_type": line.restock_type.lower(),
                "location_id": line.location_id,
                "subtotal": money(line.subtotal),
                "total_tax": money(line.tax),
            }
            for line in row.lines
        ],
    }


def fulfillment(row: Fulfillment) -> JsonObject:
    return {
        "id": row.id,
        "admin_graphql_api_id": gid("Fulfillment", row.id),
        "order_id": row.order_id,
        "location_id": row.location_id,
        "name": row.name,
        "status": row.status.lower(),
        "created_at": rest(row.created_at),
        "updated_at": rest(row.updated_at),
        "tracking_numbers": [entry["number"] for entry in row.tracking if entry.get("number")],
        "line_items": [{"id": line.line_id, "quantity": line.quantity} for line in row.lines],
    }
