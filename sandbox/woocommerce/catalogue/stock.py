"""Stock: what is kept of a product, and how its status follows (facts/woocommerce.md, "Products")."""

from dataclasses import replace

from sandbox.woocommerce.catalogue.model import Product
from sandbox.woocommerce.shop import Shop


def settle(product: Product) -> None:
    """Bring a draft's stock fields into line before it is stored: what is not managed has no quantity."""
    if not product.manage_stock:
        product.stock_quantity = product.low_stock_amount = None
        product.backorders = "no"
    elif product.type != "variable":
        product.stock_status = _status(product.stock_quantity, product.backorders)


def _status(quantity: int | None, backorders: str) -> str:
    if quantity is not None and quantity > 0:
        return "instock"
    return "outofstock" if backorders == "no" else "onbackorder"


def keeper(shop: Shop, product: Product) -> Product | None:
    """Find whose quantity counts for `product`: its own, its parent's, or nobody's."""
    if product.manage_stock:
        return product
    parent = shop.products.get(product.parent_id) if product.is_variation else None
    return parent if parent is not None and parent.manage_stock else None


def move(shop: Shop, product: Product, units: int) -> Product | None:
    """Add `units` (negative takes) to the stock that counts for `product`; gives whose stock it was.

    The shop's lock must be held: unlike ``inventory_delta``, orders move stock atomically.
    """
    kept_by = keeper(shop, product)
    if kept_by is None:
        return None
    changed = replace(kept_by, stock_quantity=(kept_by.stock_quantity or 0) + units, modified=shop.now())
    settle(changed)
    store(shop, changed)
    return changed


def store(shop: Shop, product: Product) -> None:
    """Store an altered product or variation; a variation takes its parent along, hooks included."""
    shop.products.save(product)
    shop.emit("product.updated", product.id)
    parent = shop.products.get(product.parent_id) if product.is_variation else None
    if parent is not None:
        touched = replace(parent, modified=shop.now())
        if not parent.manage_stock:
            touched.stock_status = _status_of_children(shop, parent)
        shop.products.save(touched)
        shop.emit("product.updated", parent.id)


def _status_of_children(shop: Shop, parent: Product) -> str:
    statuses = {child.stock_status for child in visible_children(shop, parent)}
    return next((status for status in ("instock", "onbackorder") if status in statuses), "outofstock")


def visible_children(shop: Shop, parent: Product) -> list[Product]:
    """List the variations that the shop counts as the product's own: published or private ones."""
    return [child for child in shop.products.children(parent.id) if child.status in {"publish", "private"}]
