"""What may be sold: what the sources hold, less what is promised (facts/magento.md, section 4)."""

from sandbox.magento.catalogue.model import Product
from sandbox.magento.shop import Shop
from sandbox.magento.stock import legacy
from sandbox.magento.stock.model import DEFAULT_STOCK, WEBSITE, Reservation, SourceItem, Stock


def stock_of(shop: Shop, channel: str = WEBSITE) -> Stock | None:
    """Find the stock that a website sells from."""
    return next((stock for stock in shop.inventory.stocks.values() if channel in stock.channels), None)


def in_sources(shop: Shop, sku: str, stock: Stock) -> float:
    """Sum what the stock's sources hold; closed sources and rows that are out of stock do not count."""
    total = 0.0
    for code in stock.sources:
        row, source = shop.inventory.items.get((sku.casefold(), code)), shop.inventory.sources.get(code)
        if row is not None and source is not None and source.enabled and row.status:
            total += row.quantity
    return total


def reserved(shop: Shop, sku: str, stock_id: int) -> float:
    """Sum the reservations of a SKU; below nought while units are promised."""
    rows = shop.inventory.reservations
    return sum(row.quantity for row in rows if row.stock_id == stock_id and row.sku.casefold() == sku.casefold())


def quantity(shop: Shop, product: Product, stock_id: int = DEFAULT_STOCK) -> float:
    """Tell how many of a product may be sold."""
    if not shop.switches.multi_source:
        return product.stock_item.qty if product.stock_item.is_in_stock else 0
    stock = shop.inventory.stocks.get(stock_id)
    return 0 if stock is None else in_sources(shop, product.sku, stock) + reserved(shop, product.sku, stock_id)


def salable(shop: Shop, product: Product, stock_id: int = DEFAULT_STOCK) -> bool:
    """Tell whether a product may be sold at all; a configurable needs its own mark beside its children's stock."""
    if not product.on:
        return False
    if product.configurable:
        children = shop.products.children(product)
        return product.stock_item.is_in_stock and any(salable(shop, child, stock_id) for child in children)
    return not product.stock_item.manage_stock or quantity(shop, product, stock_id) > 0


def promise(shop: Shop, sku: str, units: float, stock_id: int) -> None:
    """Reserve units without moving any; a negative number frees them. Without sources the figure itself changes."""
    if shop.switches.multi_source:
        shop.inventory.reservations.append(Reservation(stock_id, sku, -units))
        return
    product = shop.products.find(sku)
    if product is not None:
        product.stock_item.qty -= units


def take(shop: Shop, row: SourceItem, units: float) -> None:
    """Take units out of a source, or with a negative number put them back."""
    row.quantity -= units
    if row.quantity <= 0 and units > 0:
        row.status = 0
    elif units < 0 < row.quantity:
        row.status = 1
    legacy.mirror(shop, row)
