"""Asynchronous operations on products, as ``productOperation`` tells them."""

from datetime import datetime, timedelta

from sandbox.shopify.catalogue.model import Product, ProductDeleteOperation, ProductSetOperation
from sandbox.shopify.shop import Shop
from sandbox.shopify.web.context import Context
from sandbox.shopify.web.resolving import resolver

_Operation = ProductSetOperation | ProductDeleteOperation


def operation_due(shop: Shop) -> datetime:
    """Say when an operation that begins now is through."""
    return shop.instruments.clock.now() + timedelta(seconds=shop.settings.lags.operation)


@resolver("ProductSetOperation", "ProductDeleteOperation")
def status(operation: _Operation, context: Context) -> str:
    now = context.shop.instruments.clock.now()
    if now >= operation.done_at:
        return "COMPLETE"
    return "CREATED" if now <= operation.created else "ACTIVE"


@resolver("ProductSetOperation")
def product(operation: ProductSetOperation, context: Context) -> Product | None:
    done = status(operation, context) == "COMPLETE" and operation.product_id is not None
    return context.shop.products.get(operation.product_id or 0) if done else None


@resolver("ProductDeleteOperation", name="product")
def deleted_product(_operation: ProductDeleteOperation, _context: Context) -> None:
    return None


@resolver("ProductSetOperation")
def user_errors(operation: ProductSetOperation, context: Context) -> tuple[object, ...]:
    return operation.errors if status(operation, context) == "COMPLETE" else ()


@resolver("ProductDeleteOperation", name="userErrors")
def no_errors(_operation: ProductDeleteOperation, _context: Context) -> tuple[object, ...]:
    return ()
