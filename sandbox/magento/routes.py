"""The table of REST routes: method, address, right, handler, arguments.

facts/magento.md does not back the names of the rights; they only tell rights apart and show up in refusals.
"""

from sandbox.magento import info
from sandbox.magento.catalogue import attributes, axes, categories, pictures, prices, products
from sandbox.magento.sales import carts, customers, invoices, orders, refunds, shipments
from sandbox.magento.stock import items, sources
from sandbox.magento.web import bulk
from sandbox.magento.web.api import Endpoint, Handler, Routes
from sandbox.magento.web.auth import ANYBODY
from sandbox.magento.web.schema import Args

_PRODUCTS, _CATEGORIES, _SETS = "Magento_Catalog::products", "Magento_Catalog::categories", "Magento_Catalog::sets"
_ATTRIBUTES, _STOCK = "Magento_Catalog::attributes_attributes", "Magento_CatalogInventory::cataloginventory"
_SOURCE, _STOCKS, _LINKS = (f"Magento_InventoryApi::{name}" for name in ("source", "stock", "stock_source_link"))
_ORDERS, _STORES = "Magento_Sales::actions_view", "Magento_Backend::store"

_PRODUCT: Args = {"product": "catalog-data-product-interface", "saveOptions": "bool?"}
_ENTRY: Args = {"entry": "catalog-data-product-attribute-media-gallery-entry-interface"}
_AXIS: Args = {"option": "configurable-product-data-option-interface"}
_ATTRIBUTE: Args = {"attribute": "catalog-data-product-attribute-interface"}
_OPTION: Args = {"option": "eav-data-attribute-option-interface"}
_CATEGORY: Args = {"category": "catalog-data-category-interface"}
_PLACE: Args = {"productLink": "catalog-data-category-product-link-interface"}
_SKUS: Args = {"skus": "[str]"}
_REFUND: Args = {
    "appendComment": "bool?",
    "arguments": "sales-data-creditmemo-creation-arguments-interface?",
    "comment": "sales-data-creditmemo-comment-creation-interface?",
    "items": "[sales-data-creditmemo-item-creation-interface]?",
    "notify": "bool?",
}
_SHIP: Args = {
    "appendComment": "bool?",
    "arguments": "sales-data-shipment-creation-arguments-interface?",
    "comment": "sales-data-shipment-comment-creation-interface?",
    "items": "[sales-data-shipment-item-creation-interface]?",
    "notify": "bool?",
    "packages": "[any]?",
    "tracks": "[sales-data-shipment-track-creation-interface]?",
}
_INVOICE: Args = {
    "appendComment": "bool?",
    "arguments": "sales-data-invoice-creation-arguments-interface?",
    "capture": "bool?",
    "comment": "sales-data-invoice-comment-creation-interface?",
    "items": "[sales-data-invoice-item-creation-interface]?",
    "notify": "bool?",
}


def _priced(kind: str) -> Args:
    return {"prices": f"[catalog-data-{kind}-price-interface]"}


def _catalogue() -> list[Endpoint]:
    rule, media = "/V1/products", "/V1/products/{sku}/media"
    return [
        Endpoint("GET", rule, _PRODUCTS, products.list_all),
        Endpoint("POST", rule, _PRODUCTS, products.create, _PRODUCT),
        Endpoint("GET", f"{rule}/{{sku}}", _PRODUCTS, products.read),
        Endpoint("PUT", f"{rule}/{{sku}}", _PRODUCTS, products.update, _PRODUCT),
        Endpoint("DELETE", f"{rule}/{{sku}}", _PRODUCTS, products.delete),
        Endpoint("POST", f"{rule}/{{sku}}/websites", _PRODUCTS, products.add_to_website, {
            "productWebsiteLink": "catalog-data-product-website-link-interface"}),
        Endpoint("DELETE", f"{rule}/{{sku}}/websites/{{websiteId}}", _PRODUCTS, products.remove_from_website),
        Endpoint("GET", media, _PRODUCTS, pictures.list_all),
        Endpoint("POST", media, _PRODUCTS, pictures.create, _ENTRY),
        Endpoint("GET", f"{media}/{{entryId}}", _PRODUCTS, pictures.read),
        Endpoint("PUT", f"{media}/{{entryId}}", _PRODUCTS, pictures.change, _ENTRY),
        Endpoint("DELETE", f"{media}/{{entryId}}", _PRODUCTS, pictures.delete),
        *_configurables(),
        *_prices(),
    ]  # fmt: skip


def _configurables() -> list[Endpoint]:
    rule = "/V1/configurable-products/{sku}"
    return [
        Endpoint("GET", f"{rule}/options/all", _PRODUCTS, axes.list_options),
        Endpoint("GET", f"{rule}/options/{{id}}", _PRODUCTS, axes.read_option),
        Endpoint("POST", f"{rule}/options", _PRODUCTS, axes.add_option, _AXIS),
        Endpoint("PUT", f"{rule}/options/{{id}}", _PRODUCTS, axes.change_option, _AXIS),
        Endpoint("DELETE", f"{rule}/options/{{id}}", _PRODUCTS, axes.delete_option),
        Endpoint("GET", f"{rule}/children", _PRODUCTS, axes.list_children),
        Endpoint("POST", f"{rule}/child", _PRODUCTS, axes.add_child, {"childSku": "str"}),
        Endpoint("DELETE", f"{rule}/children/{{childSku}}", _PRODUCTS, axes.remove_child),
    ]


def _prices() -> list[Endpoint]:
    rows: list[tuple[str, str, Handler, Args]] = [
        ("POST", "base-prices", prices.base_prices, _priced("base")),
        ("POST", "base-prices-information", prices.base_prices_information, _SKUS),
        ("POST", "special-price", prices.special_price, _priced("special")),
        ("POST", "special-price-delete", prices.special_price_delete, _priced("special")),
        ("POST", "special-price-information", prices.special_price_information, _SKUS),
        ("POST", "tier-prices", prices.tier_prices, _priced("tier")),
        ("PUT", "tier-prices", prices.tier_prices_replace, _priced("tier")),
        ("POST", "tier-prices-delete", prices.tier_prices_delete, _priced("tier")),
        ("POST", "tier-prices-information", prices.tier_prices_information, _SKUS),
    ]
    return [Endpoint(method, f"/V1/products/{name}", _PRODUCTS, handler, args) for method, name, handler, args in rows]


def _sorting() -> list[Endpoint]:
    rule, sets = "/V1/products/attributes", "/V1/products/attribute-sets"
    one, tree, inside = f"{rule}/{{attributeCode}}", "/V1/categories", f"{sets}/{{attributeSetId}}/attributes"
    return [
        Endpoint("GET", rule, _ATTRIBUTES, attributes.list_all),
        Endpoint("POST", rule, _ATTRIBUTES, attributes.create, _ATTRIBUTE),
        Endpoint("GET", one, _ATTRIBUTES, attributes.read),
        Endpoint("PUT", one, _ATTRIBUTES, attributes.change, _ATTRIBUTE),
        Endpoint("DELETE", one, _ATTRIBUTES, attributes.delete),
        Endpoint("GET", f"{one}/options", _ATTRIBUTES, attributes.list_options),
        Endpoint("POST", f"{one}/options", _ATTRIBUTES, attributes.add_option, _OPTION),
        Endpoint("PUT", f"{one}/options/{{optionId}}", _ATTRIBUTES, attributes.change_option, _OPTION),
        Endpoint("DELETE", f"{one}/options/{{optionId}}", _ATTRIBUTES, attributes.delete_option),
        Endpoint("GET", f"{sets}/sets/list", _SETS, attributes.list_sets),
        Endpoint("POST", sets, _SETS, attributes.create_set, {
            "attributeSet": "eav-data-attribute-set-interface", "skeletonId": "int"}),
        Endpoint("GET", f"{sets}/{{attributeSetId}}", _SETS, attributes.read_set),
        Endpoint("GET", inside, _SETS, attributes.list_set_attributes),
        Endpoint("POST", f"{sets}/attributes", _SETS, attributes.add_to_set, {
            "attributeCode": "str", "attributeGroupId": "int", "attributeSetId": "int", "sortOrder": "int"}),
        Endpoint("DELETE", f"{inside}/{{attributeCode}}", _SETS, attributes.remove_from_set),
        Endpoint("GET", f"{sets}/groups/list", _SETS, attributes.list_groups),
        Endpoint("GET", tree, _CATEGORIES, categories.tree),
        Endpoint("GET", f"{tree}/list", _CATEGORIES, categories.list_all),
        Endpoint("POST", tree, _CATEGORIES, categories.create, _CATEGORY),
        Endpoint("GET", f"{tree}/{{categoryId}}", _CATEGORIES, categories.read),
        Endpoint("PUT", f"{tree}/{{id}}", _CATEGORIES, categories.change, _CATEGORY),
        Endpoint("DELETE", f"{tree}/{{categoryId}}", _CATEGORIES, categories.delete),
        Endpoint("GET", f"{tree}/{{categoryId}}/products", _CATEGORIES, categories.list_products),
        Endpoint("POST", f"{tree}/{{categoryId}}/products", _CATEGORIES, categories.assign, _PLACE),
        Endpoint("PUT", f"{tree}/{{categoryId}}/products", _CATEGORIES, categories.assign, _PLACE),
        Endpoint("DELETE", f"{tree}/{{categoryId}}/products/{{sku}}", _CATEGORIES, categories.unassign),
    ]  # fmt: skip


def _stock() -> list[Endpoint]:
    rule, channel = "/V1/inventory", "{salesChannelType}/{salesChannelCode}"
    source: Args = {"source": "inventory-api-data-source-interface"}
    stock: Args = {"stock": "inventory-api-data-stock-interface"}
    links: Args = {"links": "[inventory-api-data-stock-source-link-interface]"}
    rows: Args = {"sourceItems": "[inventory-api-data-source-item-interface]"}
    listed: list[tuple[str, str, str, Handler, Args]] = [
        ("GET", "sources", _SOURCE, sources.list_sources, {}),
        ("POST", "sources", _SOURCE, sources.create_source, source),
        ("GET", "sources/{sourceCode}", _SOURCE, sources.read_source, {}),
        ("PUT", "sources/{sourceCode}", _SOURCE, sources.change_source, source),
        ("GET", "stocks", _STOCKS, sources.list_stocks, {}),
        ("POST", "stocks", _STOCKS, sources.create_stock, stock),
        ("GET", "stocks/{stockId}", _STOCKS, sources.read_stock, {}),
        ("PUT", "stocks/{stockId}", _STOCKS, sources.change_stock, stock),
        ("DELETE", "stocks/{stockId}", _STOCKS, sources.delete_stock, {}),
        ("GET", "stock-resolver/{type}/{code}", _STOCKS, sources.resolve, {}),
        ("GET", "stock-source-links", _LINKS, sources.list_links, {}),
        ("POST", "stock-source-links", _LINKS, sources.add_links, links),
        ("POST", "stock-source-links-delete", _LINKS, sources.delete_links, links),
        ("GET", "get-sources-assigned-to-stock-ordered-by-priority/{stockId}", _LINKS, sources.assigned, {}),
        ("GET", "source-items", _SOURCE, items.list_all, {}),
        ("POST", "source-items", _SOURCE, items.write, rows),
        ("POST", "source-items-delete", _SOURCE, items.delete, rows),
        ("GET", "get-product-salable-quantity/{sku}/{stockId}", _STOCKS, items.salable_quantity, {}),
        ("GET", "is-product-salable/{sku}/{stockId}", _STOCKS, items.is_salable, {}),
        ("GET", "are-products-salable", _STOCKS, items.are_salable, {}),
        ("GET", f"export-stock-salable-qty/{channel}", _STOCKS, items.export_salable, {}),
        ("GET", f"dump-stock-index-data/{channel}", _STOCKS, items.dump_index, {}),
    ]
    return [
        *(Endpoint(row[0], f"{rule}/{row[1]}", *row[2:], multi_source=True) for row in listed),
        Endpoint("GET", "/V1/stockItems/{productSku}", _STOCK, items.read_legacy),
        Endpoint("PUT", "/V1/products/{productSku}/stockItems/{itemId}", _PRODUCTS, items.write_legacy, {
            "stockItem": "catalog-inventory-data-stock-item-interface"}),
    ]  # fmt: skip


def _sales() -> list[Endpoint]:
    cart = "/V1/guest-carts"
    return [
        Endpoint("POST", cart, ANYBODY, carts.create),
        Endpoint("POST", f"{cart}/{{cartId}}/items", ANYBODY, carts.add_item, {
            "cartItem": "quote-data-cart-item-interface"}),
        Endpoint("POST", f"{cart}/{{cartId}}/shipping-information", ANYBODY, carts.set_shipping, {
            "addressInformation": "checkout-data-shipping-information-interface"}),
        Endpoint("POST", f"{cart}/{{cartId}}/payment-information", ANYBODY, carts.pay, {
            "billingAddress": "quote-data-address-interface?", "email": "str",
            "paymentMethod": "quote-data-payment-interface"}),
        Endpoint("GET", "/V1/orders", _ORDERS, orders.list_all),
        Endpoint("POST", "/V1/orders", "Magento_Sales::create", orders.write, {"entity": "sales-data-order-interface"}),
        Endpoint("GET", "/V1/orders/items", _ORDERS, orders.list_items),
        Endpoint("GET", "/V1/orders/items/{id}", _ORDERS, orders.read_item),
        Endpoint("GET", "/V1/orders/{id}", _ORDERS, orders.read),
        Endpoint("POST", "/V1/orders/{id}/cancel", "Magento_Sales::cancel", orders.cancel),
        Endpoint("POST", "/V1/orders/{id}/hold", "Magento_Sales::hold", orders.hold),
        Endpoint("POST", "/V1/orders/{id}/unhold", "Magento_Sales::unhold", orders.unhold),
        Endpoint("GET", "/V1/orders/{id}/comments", _ORDERS, orders.list_comments),
        Endpoint("POST", "/V1/orders/{id}/comments", "Magento_Sales::comment", orders.comment, {
            "statusHistory": "sales-data-order-status-history-interface"}),
        *_documents(),
        Endpoint("GET", "/V1/customers/search", "Magento_Customer::customer", customers.list_all),
        Endpoint("POST", "/V1/customers", ANYBODY, customers.create, {
            "customer": "customer-data-customer-interface", "password": "str?", "redirectUrl": "str?"}),
        Endpoint("GET", "/V1/customers/{customerId}", "Magento_Customer::customer", customers.read),
        Endpoint("PUT", "/V1/customers/{customerId}", "Magento_Customer::manage", customers.change, {
            "customer": "customer-data-customer-interface", "passwordHash": "str?"}),
        Endpoint("DELETE", "/V1/customers/{customerId}", "Magento_Customer::delete", customers.delete),
        Endpoint("POST", "/V1/salesRules", "Magento_SalesRule::quote", customers.create_rule, {
            "rule": "sales-rule-data-rule-interface"}),
        Endpoint("DELETE", "/V1/salesRules/{ruleId}", "Magento_SalesRule::quote", customers.delete_rule),
    ]  # fmt: skip


def _documents() -> list[Endpoint]:
    ship, invoice, refund = "Magento_Sales::ship", "Magento_Sales::sales_invoice", "Magento_Sales::creditmemo"
    return [
        Endpoint("POST", "/V1/order/{orderId}/ship", ship, shipments.ship, _SHIP),
        Endpoint("GET", "/V1/shipments", "Magento_Sales::shipment", shipments.list_all),
        Endpoint("GET", "/V1/shipment/{id}", "Magento_Sales::shipment", shipments.read),
        Endpoint("POST", "/V1/shipment/track", ship, shipments.add_track, {
            "entity": "sales-data-shipment-track-interface"}),
        Endpoint("POST", "/V1/order/{orderId}/invoice", invoice, invoices.invoice, _INVOICE),
        Endpoint("GET", "/V1/invoices", invoice, invoices.list_all),
        Endpoint("GET", "/V1/invoices/{id}", invoice, invoices.read),
        Endpoint("POST", "/V1/order/{orderId}/refund", refund, refunds.refund, _REFUND),
        Endpoint("POST", "/V1/invoice/{invoiceId}/refund", refund, refunds.refund_invoice, {
            "isOnline": "bool?", **_REFUND}),
        Endpoint("GET", "/V1/creditmemos", refund, refunds.list_all),
        Endpoint("GET", "/V1/creditmemo/{id}", refund, refunds.read),
    ]  # fmt: skip


def _about() -> list[Endpoint]:
    log = "Magento_Logging::system_magento_logging_bulk_operations"
    return [
        Endpoint("GET", "/V1/store/websites", _STORES, info.websites),
        Endpoint("GET", "/V1/store/storeGroups", _STORES, info.store_groups),
        Endpoint("GET", "/V1/store/storeViews", _STORES, info.store_views),
        Endpoint("GET", "/V1/store/storeConfigs", _STORES, info.store_configs),
        Endpoint("GET", "/V1/modules", "Magento_Backend::admin", info.modules),
        Endpoint("POST", "/V1/integration/admin/token", ANYBODY, info.admin_token, {
            "password": "str", "username": "str"}),
        Endpoint("GET", "/V1/bulk", log, bulk.list_all),
        Endpoint("GET", "/V1/bulk/{bulkUuid}/status", log, bulk.status),
        Endpoint("GET", "/V1/bulk/{bulkUuid}/detailed-status", log, bulk.detailed_status),
        Endpoint("GET", "/V1/bulk/{bulkUuid}/operation-status/{status}", log, bulk.count),
    ]  # fmt: skip


ENDPOINTS: tuple[Endpoint, ...] = (*_catalogue(), *_sorting(), *_stock(), *_sales(), *_about())
ROUTES = Routes(ENDPOINTS)
