"""The table of routes: method, address below ``/stores/{hash}``, the scope it needs, handler."""

from sandbox.bigcommerce import info
from sandbox.bigcommerce.catalogue import (
    assignments,
    brands,
    categories,
    images,
    options,
    product_lists,
    products,
    variants,
)
from sandbox.bigcommerce.catalogue.metafields import MetafieldRoutes
from sandbox.bigcommerce.hooks import webhooks
from sandbox.bigcommerce.inventory import adjustments, items, locations
from sandbox.bigcommerce.sales import customers, orders, refunds, shipments
from sandbox.bigcommerce.web.api import Endpoint, Handler, Routes

_PRODUCTS, _ORDERS, _TRANSACTIONS = "store_v2_products", "store_v2_orders", "store_v2_transactions"
_INVENTORY, _LOCATIONS, _CUSTOMERS = "store_inventory", "store_locations", "store_v2_customers"
_INFORMATION, _CHANNELS = "store_v2_information", "store_channel_settings"
_HOOKS = ""
"""Web hooks need no scope of their own."""


def _routes(scope: str, rule: str, **handlers: Handler) -> list[Endpoint]:
    return [Endpoint(method.upper(), rule, scope, handler) for method, handler in handlers.items()]


def _catalogue() -> list[Endpoint]:
    product = "/v3/catalog/products/<int:product_id>"
    picture, option = f"{product}/images", f"{product}/options"
    value, variant = f"{option}/<int:option_id>/values", f"{product}/variants"
    return [
        *_routes(
            _PRODUCTS, "/v3/catalog/products", get=product_lists.list_products, post=products.create,
            put=products.update_some, delete=products.delete_some,
        ),
        *_routes(_PRODUCTS, product, get=products.read, put=products.update, delete=products.delete),
        *_routes(_PRODUCTS, picture, get=images.list_all, post=images.create),
        *_routes(_PRODUCTS, f"{picture}/<int:image_id>", get=images.read, put=images.update, delete=images.delete),
        *_routes(_PRODUCTS, option, get=options.list_all, post=options.create),
        *_routes(_PRODUCTS, f"{option}/<int:option_id>", get=options.read, put=options.update, delete=options.delete),
        *_routes(_PRODUCTS, value, get=options.list_values, post=options.create_value),
        *_routes(
            _PRODUCTS, f"{value}/<int:value_id>", get=options.read_value, put=options.update_value,
            delete=options.delete_value,
        ),
        *_routes(_PRODUCTS, variant, get=product_lists.list_own_variants, post=variants.create),
        *_routes(
            _PRODUCTS, f"{variant}/<int:variant_id>", get=variants.read, put=variants.update, delete=variants.delete
        ),
        *_routes(_PRODUCTS, f"{variant}/<int:variant_id>/image", post=variants.put_image),
        *_routes(_PRODUCTS, "/v3/catalog/variants", get=product_lists.list_variants, put=variants.update_some),
        *_routes(
            _PRODUCTS, "/v3/catalog/products/category-assignments", get=assignments.list_categories,
            put=assignments.put_categories, delete=assignments.delete_categories,
        ),
        *_routes(
            _PRODUCTS, "/v3/catalog/products/channel-assignments", get=assignments.list_channels,
            put=assignments.put_channels, delete=assignments.delete_channels,
        ),
        *_metafields(MetafieldRoutes("product", "product_id"), "/v3/catalog/products", product),
        *_metafields(MetafieldRoutes("variant", "variant_id"), "/v3/catalog/variants", f"{variant}/<int:variant_id>"),
        *_metafields(MetafieldRoutes("brand", "brand_id"), "/v3/catalog/brands", "/v3/catalog/brands/<int:brand_id>"),
    ]  # fmt: skip


def _metafields(routes: MetafieldRoutes, collection: str, one: str) -> list[Endpoint]:
    return [
        *_routes(
            _PRODUCTS, f"{collection}/metafields", get=routes.list_all, post=routes.create_some,
            put=routes.update_some, delete=routes.delete_some,
        ),
        *_routes(_PRODUCTS, f"{one}/metafields", get=routes.list_own, post=routes.create),
        *_routes(
            _PRODUCTS, f"{one}/metafields/<int:metafield_id>", get=routes.read, put=routes.update, delete=routes.delete
        ),
    ]  # fmt: skip


def _sorting() -> list[Endpoint]:
    brand = "/v3/catalog/brands/<int:brand_id>"
    return [
        *_routes(_PRODUCTS, "/v3/catalog/trees", get=categories.list_trees),
        *_routes(_PRODUCTS, "/v3/catalog/trees/<int:tree_id>/categories", get=categories.tree),
        *_routes(
            _PRODUCTS, "/v3/catalog/trees/categories", get=categories.list_all, post=categories.create,
            put=categories.update, delete=categories.delete,
        ),
        *_routes(
            _PRODUCTS, "/v3/catalog/brands", get=brands.list_all, post=brands.create, delete=brands.delete_some
        ),
        *_routes(_PRODUCTS, brand, get=brands.read, put=brands.update, delete=brands.delete),
    ]  # fmt: skip


def _inventory() -> list[Endpoint]:
    rule = "/v3/inventory"
    return [
        *_routes(_INVENTORY, f"{rule}/adjustments/absolute", put=adjustments.absolute),
        *_routes(_INVENTORY, f"{rule}/adjustments/relative", post=adjustments.relative),
        *_routes(_INVENTORY, f"{rule}/items", get=items.list_items),
        *_routes(
            _INVENTORY, f"{rule}/locations/<int:location_id>/items", get=items.list_at_location, put=items.put_settings
        ),
        *_routes(
            _LOCATIONS, f"{rule}/locations", get=locations.list_all, post=locations.create, put=locations.update,
            delete=locations.delete,
        ),
    ]  # fmt: skip


def _store() -> list[Endpoint]:
    return [
        *_routes(_INFORMATION, "/v2/store", get=info.store),
        *_routes(_INFORMATION, "/v2/time", get=info.time),
        *_routes(_INFORMATION, "/v2/currencies", get=info.currencies),
        *_routes(_INFORMATION, "/v2/tax_classes", get=info.tax_classes),
        *_routes(_INFORMATION, "/v3/settings/store/profile", get=info.profile),
        *_routes(_INFORMATION, "/v3/settings/store/units-of-measurement", get=info.units),
        *_routes(_INFORMATION, "/v3/settings/store/locale", get=info.locale),
        *_routes(_INVENTORY, "/v3/settings/inventory", get=info.read_inventory, put=info.put_inventory),
        *_routes(_CHANNELS, "/v3/channels", get=info.channels),
        *_routes(_HOOKS, "/v3/hooks", get=webhooks.list_all, post=webhooks.create),
        *_routes(_HOOKS, "/v3/hooks/<int:webhook_id>", get=webhooks.read, put=webhooks.update, delete=webhooks.delete),
    ]


def _sales() -> list[Endpoint]:
    order, above = "/v2/orders/<int:order_id>", "/v3/orders/<int:order_id>"
    parcel = f"{order}/shipments"
    return [
        *_routes(_ORDERS, "/v2/orders", get=orders.list_all, post=orders.create),
        *_routes(_ORDERS, "/v2/orders/count", get=orders.count),
        *_routes(_ORDERS, order, get=orders.read, put=orders.update, delete=orders.archive),
        *_routes(_ORDERS, f"{order}/products", get=orders.list_lines),
        *_routes(_ORDERS, f"{order}/products/<int:line_id>", get=orders.read_line),
        *_routes(_ORDERS, f"{order}/shipping_addresses", get=orders.list_addresses),
        *_routes(_ORDERS, f"{order}/coupons", get=orders.list_coupons),
        *_routes(_ORDERS, f"{order}/taxes", get=orders.list_taxes),
        *_routes(_ORDERS, f"{order}/fees", get=orders.list_fees),
        *_routes(_ORDERS, f"{order}/consignments", get=orders.list_consignments),
        *_routes(_ORDERS, "/v2/order_statuses", get=orders.list_statuses),
        *_routes(_ORDERS, parcel, get=shipments.list_all, post=shipments.create),
        *_routes(
            _ORDERS, f"{parcel}/<int:shipment_id>", get=shipments.read, put=shipments.update, delete=shipments.delete
        ),
        *_routes(_TRANSACTIONS, f"{above}/transactions", get=refunds.transactions),
        *_routes(_TRANSACTIONS, f"{above}/payment_actions/refund_quotes", post=refunds.quote),
        *_routes(_TRANSACTIONS, f"{above}/payment_actions/refunds", get=refunds.list_own, post=refunds.create),
        *_routes(_TRANSACTIONS, "/v3/orders/payment_actions/refunds", get=refunds.list_all),
        *_routes(_TRANSACTIONS, "/v3/orders/payment_actions/refunds/<int:refund_id>", get=refunds.read),
        *_routes(
            _CUSTOMERS, "/v3/customers", get=customers.list_all, post=customers.create, put=customers.update,
            delete=customers.delete,
        ),
    ]  # fmt: skip


ENDPOINTS = [*_catalogue(), *_sorting(), *_inventory(), *_store(), *_sales()]
ROUTES = Routes(ENDPOINTS)
