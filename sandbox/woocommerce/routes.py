"""The table of REST routes: address, methods, arguments, handler."""

from sandbox.woocommerce import info
from sandbox.woocommerce.catalogue import global_attributes, product_lists, products, variations
from sandbox.woocommerce.catalogue.terms import TermRoutes
from sandbox.woocommerce.catalogue.terms_store import BRANDS, CATEGORIES, TAGS
from sandbox.woocommerce.hooks import webhooks
from sandbox.woocommerce.sales import customers, notes, orders, refunds
from sandbox.woocommerce.web.api import WRITING, Endpoint, Handler, Routes
from sandbox.woocommerce.web.arguments import goods, lists, trade
from sandbox.woocommerce.web.arguments.goods import changes, deletion
from sandbox.woocommerce.web.batch import BatchOf
from sandbox.woocommerce.web.schema import Args, text, whole

_GET, _POST, _DELETE = ("GET",), ("POST",), ("DELETE",)
_ONE: Args = {"id": whole(), **lists.CONTEXT}


def _collection(rule: str, listing: Args, list_all: Handler, creation: Args, create: Handler) -> list[Endpoint]:
    return [Endpoint(rule, _GET, listing, list_all), Endpoint(rule, _POST, creation, create)]


def _item(rule: str, args: tuple[Args, Args, Args], handlers: tuple[Handler, Handler, Handler]) -> list[Endpoint]:
    """Build the routes that read, change and delete one thing."""
    return [
        Endpoint(f"{rule}/<int:id>", methods, taken, handler)
        for methods, taken, handler in zip((_GET, WRITING, _DELETE), args, handlers, strict=True)
    ]


def _batch(rule: str, create: Handler, update: Handler, delete: Handler, creation: Args) -> Endpoint:
    """Build a batch's route; of its own arguments only those in the address are checked."""
    in_path = tuple(name for name in ("product_id", "attribute_id") if f"<int:{name}>" in rule)
    handler = BatchOf(create, update, delete, creation, in_path)
    return Endpoint(f"{rule}/batch", WRITING, {name: whole() for name in in_path}, handler, batch=True)


def _catalogue() -> list[Endpoint]:
    rule, below = "/products", "/products/<int:product_id>/variations"
    parent = whole()
    return [
        *_collection(rule, lists.PRODUCTS, product_lists.list_products, goods.PRODUCT, products.create),
        *_item(rule, (_ONE, changes(goods.PRODUCT), deletion()), (products.read, products.update, products.delete)),
        _batch(rule, products.create, products.update, products.delete, goods.PRODUCT),
        *_collection(below, lists.VARIATIONS, product_lists.list_variations, goods.VARIATION, variations.create),
        *_item(
            below,
            ({**_ONE, "product_id": parent}, changes(goods.VARIATION), {**deletion(), "product_id": parent}),
            (variations.read, variations.update, variations.delete),
        ),
        _batch(below, variations.create, variations.update, variations.delete, goods.VARIATION),
    ]


def _terms(rule: str, routes: TermRoutes, listing: Args, creation: Args) -> list[Endpoint]:
    owner = {"attribute_id": whole()} if "attribute_id" in creation else {}
    args = ({**_ONE, **owner}, changes(creation), {**deletion(), **owner})
    return [
        *_collection(rule, listing, routes.list, creation, routes.create),
        *_item(rule, args, (routes.read, routes.update, routes.delete)),
        _batch(rule, routes.create, routes.update, routes.delete, creation),
    ]


def _sorting() -> list[Endpoint]:
    rule = "/products/attributes"
    handlers = (global_attributes.read, global_attributes.update, global_attributes.delete)
    brands = _terms("/products/brands", TermRoutes.of(BRANDS), lists.TERMS, goods.CATEGORY)
    return [
        *_terms("/products/categories", TermRoutes.of(CATEGORIES), lists.TERMS, goods.CATEGORY),
        *_terms("/products/tags", TermRoutes.of(TAGS), lists.TERMS, goods.TAG),
        *(_with_brands(endpoint) for endpoint in brands),
        *_collection(rule, lists.CONTEXT, global_attributes.list_all, goods.ATTRIBUTE, global_attributes.create),
        *_item(rule, (_ONE, changes(goods.ATTRIBUTE), deletion(force=True)), handlers),
        _batch(rule, global_attributes.create, handlers[1], handlers[2], goods.ATTRIBUTE),
        *_terms(
            f"{rule}/<int:attribute_id>/terms",
            TermRoutes(global_attributes.taxonomy_of),
            lists.ATTRIBUTE_TERMS,
            goods.ATTRIBUTE_TERM,
        ),
    ]


def _with_brands(endpoint: Endpoint) -> Endpoint:
    return Endpoint(
        endpoint.rule, endpoint.methods, endpoint.args, endpoint.handler, batch=endpoint.batch, needs_brands=True
    )


def _sales() -> list[Endpoint]:
    order = whole()
    note, refund = "/orders/<int:order_id>/notes", "/orders/<int:order_id>/refunds"
    of_order = {"id": whole(), "order_id": order, **lists.CONTEXT}
    return [
        *_collection("/orders", lists.ORDERS, orders.list_orders, trade.ORDER, orders.create),
        *_item("/orders", (_ONE, changes(trade.ORDER), deletion()), (orders.read, orders.update, orders.delete)),
        _batch("/orders", orders.create, orders.update, orders.delete, trade.ORDER),
        *_collection(note, lists.NOTES, notes.list_all, trade.NOTE, notes.create),
        Endpoint(f"{note}/<int:id>", _GET, of_order, notes.read),
        Endpoint(f"{note}/<int:id>", _DELETE, {**deletion(), "order_id": order}, notes.delete),
        *_collection(refund, lists.REFUNDS, refunds.list_of_order, trade.REFUND, refunds.create),
        Endpoint(f"{refund}/<int:id>", _GET, of_order, refunds.read),
        Endpoint(f"{refund}/<int:id>", _DELETE, {**deletion(force=True), "order_id": order}, refunds.delete),
        Endpoint("/refunds", _GET, lists.ALL_REFUNDS, refunds.list_all),
        *_collection("/customers", lists.CUSTOMERS, customers.list_all, trade.CUSTOMER, customers.create),
        *_item(
            "/customers",
            (_ONE, changes(trade.CUSTOMER_CHANGES), {**deletion(), "reassign": whole(default=0)}),
            (customers.read, customers.update, customers.delete),
        ),
        _batch("/customers", customers.create, customers.update, customers.delete, trade.CUSTOMER),
    ]


def _hooks() -> list[Endpoint]:
    return [
        *_collection("/webhooks", lists.WEBHOOKS, webhooks.list_all, trade.WEBHOOK, webhooks.create),
        *_item(
            "/webhooks",
            (_ONE, changes(trade.WEBHOOK_CHANGES), deletion()),
            (webhooks.read, webhooks.update, webhooks.delete),
        ),
        _batch("/webhooks", webhooks.create, webhooks.update, webhooks.delete, trade.WEBHOOK),
    ]


def _about() -> list[Endpoint]:
    return [
        Endpoint("/system_status", _GET, {}, info.system_status),
        Endpoint("/settings", _GET, {}, info.settings_groups),
        Endpoint("/settings/<group_id>", _GET, {}, info.settings_group),
        Endpoint("/settings/<group_id>/<id>", _GET, {}, info.setting),
        Endpoint("/data/currencies", _GET, {}, info.currency_list),
        Endpoint("/data/currencies/current", _GET, {}, info.currency_in_use),
        Endpoint("/data/currencies/<currency>", _GET, {"location": text()}, info.currency),
        Endpoint("/taxes", _GET, lists.TAXES, info.tax_rates),
        Endpoint("/taxes/<int:id>", _GET, _ONE, info.tax_rate),
        Endpoint("/taxes/classes", _GET, lists.CONTEXT, info.tax_classes),
    ]


ENDPOINTS: tuple[Endpoint, ...] = (*_catalogue(), *_sorting(), *_sales(), *_hooks(), *_about())
ROUTES = Routes(ENDPOINTS)
