"""Open web orders as JSON content."""

from decimal import Decimal

from tillbridge.domain.product import ListingRef, OrderLine, UnlinkedOrder, WebOrder
from tillbridge.store.content import amount_text, amount_texts, compact, json_text, maybe_moment
from tillbridge.store.fields import Fields
from tillbridge.store.moments import moment_text


def order_content(unlinked: UnlinkedOrder) -> str:
    """Write an order."""
    order = unlinked.order
    return json_text(
        {
            "order_id": order.order_id,
            "number": order.number,
            "status": order.status,
            "changed_at": moment_text(order.changed_at),
            **compact(
                {
                    "lines": [_line(line, awaited=line.ref in unlinked.awaited) for line in order.lines],
                    "holds_stock": order.holds_stock,
                    "taken_in_shop": order.taken_in_shop,
                    "placed_at": maybe_moment(order.placed_at),
                }
            ),
        }
    )


def read_order(fields: Fields) -> UnlinkedOrder:
    """Read an order."""
    lines = [_read_line(inner) for inner in fields.each("lines")]
    order = WebOrder(
        order_id=fields.needed("order_id"),
        number=fields.needed("number"),
        status=fields.needed("status"),
        lines=tuple(line for line, _ in lines),
        holds_stock=fields.flag("holds_stock"),
        taken_in_shop=fields.flag("taken_in_shop"),
        changed_at=fields.moment("changed_at"),
        placed_at=fields.maybe_moment("placed_at"),
    )
    fields.end()
    return UnlinkedOrder(order, frozenset(line.ref for line, awaited in lines if awaited))


def _line(line: OrderLine, *, awaited: bool) -> dict[str, object]:
    return {
        "product_id": line.ref.product_id,
        "units": amount_text(line.units),
        **compact(
            {
                "variant_id": line.ref.variant_id,
                "sku": line.sku,
                "awaited": awaited,
                "places": amount_texts(line.places),
            }
        ),
    }


def _read_line(fields: Fields) -> tuple[OrderLine, bool]:
    line = OrderLine(
        ref=ListingRef(fields.needed("product_id"), fields.text("variant_id")),
        units=fields.maybe_amount("units") or Decimal(0),
        sku=fields.text("sku"),
        places=fields.amounts("places"),
    )
    awaited = fields.flag("awaited")
    fields.end()
    return line, awaited
