"""The lines of an order, from a request."""

from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from sandbox.woocommerce import meta
from sandbox.woocommerce.catalogue.model import Product, amount
from sandbox.woocommerce.sales.model import NOTHING, Charge, CouponLine, Line, Order
from sandbox.woocommerce.sales.totals import discounted, without_tax
from sandbox.woocommerce.shop import Shop
from sandbox.woocommerce.texts import clean
from sandbox.woocommerce.web.errors import RestError
from sandbox.woocommerce.web.wire import Params

if TYPE_CHECKING:
    from collections.abc import Mapping


def money(params: Params, name: str) -> Decimal | None:
    """Read an amount; None when it is missing or no number."""
    try:
        return Decimal(params.text(name)) if params.text(name) else None
    except InvalidOperation:
        return None


def merged_lines(shop: Shop, order: Order, rows: list[Params]) -> tuple[Line, ...]:
    """Change the lines that `rows` name by id, remove those set to no quantity, add the others."""
    lines = {line.id: line for line in order.lines}
    for row in rows:
        old = lines.get(row.whole("id"))
        if row.whole("id") and old is None:
            raise RestError("woocommerce_rest_invalid_item_id", "The order has no such item.", 400)
        if old is None:
            added = _new_line(shop, row)
            lines[added.id] = added
        elif row.sent("quantity") and row.whole("quantity") == 0:
            del lines[old.id]
        else:
            lines[old.id] = _changed_line(shop, old, row)
    return tuple(lines.values())


def _new_line(shop: Shop, row: Params) -> Line:
    """Make a line; stock is not checked and a product that does not exist gives an empty line."""
    product = _product_of(shop, row)
    quantity = row.whole("quantity") if row.given("quantity") else 1
    line = product_line(shop, product, quantity) if product else _line_without_product(shop, quantity)
    return _changed_line(shop, line, row, keep_quantity=True)


def product_line(shop: Shop, product: Product, quantity: int) -> Line:
    """Make the line of a product or variation at its price in force."""
    taxable = product.tax_status == "taxable"
    price = without_tax(shop, amount(product.price(shop.now())) or NOTHING, taxable=taxable)
    return Line(
        id=shop.next_row_id(),
        name=product.name,
        product_id=product.parent_id if product.is_variation else product.id,
        variation_id=product.id if product.is_variation else 0,
        sku=product.sku,
        quantity=quantity,
        subtotal=price * quantity,
        total=price * quantity,
        tax_class=product.tax_class,
        taxable=taxable,
        image_id=next(iter(product.image_ids), 0),
        meta=_choices(shop, product),
    )


def _choices(shop: Shop, product: Product) -> meta.Rows:
    return tuple(meta.Meta(shop.next_row_id(), key, value) for key, value in product.options.items() if value)


def _line_without_product(shop: Shop, quantity: int) -> Line:
    return Line(shop.next_row_id(), "", 0, 0, "", quantity, NOTHING, NOTHING)


def _product_of(shop: Shop, row: Params) -> Product | None:
    wanted = row.whole("variation_id") or row.whole("product_id")
    if not wanted and not row.text("sku"):
        raise RestError("woocommerce_rest_required_product_reference", "A line needs a product ID or SKU.", 400)
    return shop.products.get(wanted) if wanted else next(iter(shop.products.with_sku(row.text("sku"))), None)


def _changed_line(shop: Shop, line: Line, row: Params, *, keep_quantity: bool = False) -> Line:
    if row.given("quantity") and not keep_quantity:
        quantity = row.whole("quantity")
        unit = line.subtotal / line.quantity if line.quantity else line.subtotal
        line = replace(line, quantity=quantity, subtotal=unit * quantity, total=unit * quantity)
    subtotal, total = money(row, "subtotal"), money(row, "total")
    total = subtotal if total is None else total
    return replace(
        line,
        name=clean(row.text("name")) or line.name,
        subtotal=line.subtotal if subtotal is None else subtotal,
        total=line.total if total is None else total,
        meta=meta.merged(line.meta, row.records("meta_data"), shop.next_row_id),
    )


def merged_charges(shop: Shop, charges: tuple[Charge, ...], rows: list[Params]) -> tuple[Charge, ...]:
    """Change, add or (with an empty title) remove shipping or fee lines."""
    kept = {charge.id: charge for charge in charges}
    for row in rows:
        title = "method_title" if row.sent("method_title") or row.sent("method_id") else "name"
        old = kept.get(row.whole("id")) or Charge(shop.next_row_id(), "", "", NOTHING)
        total = money(row, "total")
        kept[old.id] = replace(
            old,
            method_id=row.text("method_id") or old.method_id,
            title=row.text(title) or old.title,
            total=old.total if total is None else total,
            taxable=row.text("tax_status") != "none" and old.taxable,
            meta=meta.merged(old.meta, row.records("meta_data"), shop.next_row_id),
        )
        if old.title and row.sent(title) and not row.given(title):
            del kept[old.id]
    return tuple(kept.values())


def use_coupons(shop: Shop, order: Order, codes: list[str]) -> None:
    """Put coupons on a draft; raises RestError for one that the shop does not have."""
    known: Mapping[str, Decimal] = shop.settings.coupons
    for code in codes:
        percent = known.get(code.lower())
        if percent is None:
            raise RestError("woocommerce_rest_invalid_coupon", f"There is no coupon {code!r}.", 400)
        order.lines = discounted(order.lines, percent)
        coupon = CouponLine(shop.next_row_id(), code.lower(), percent, NOTHING, NOTHING)
        order.coupon_lines = (*order.coupon_lines, coupon)
