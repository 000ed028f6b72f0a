"""Records of web orders on their way into the till, as JSON content."""

from tillbridge.domain.orders.order import ZERO
from tillbridge.domain.orders.record import (
    BookedCharge,
    BookedLine,
    Booking,
    BookingState,
    Happening,
    OrderRecord,
    OrderState,
    TillReturn,
)
from tillbridge.store.content import amount_text, amount_texts, compact, json_text, maybe_moment
from tillbridge.store.fields import Fields
from tillbridge.store.moments import moment_text


def record_content(record: OrderRecord) -> str:
    """Write a record."""
    return json_text(
        {
            "shop": record.shop,
            "order_id": record.order_id,
            "state": record.state.value,
            "version": record.version,
            "seen_at": moment_text(record.seen_at),
            "changed_at": moment_text(record.changed_at),
            **compact(
                {
                    "number": record.number,
                    "placed_at": maybe_moment(record.placed_at),
                    "bookings": [_booking(booking) for booking in record.bookings],
                    "customer_id": record.customer_id,
                    "customer_sought": record.customer_sought,
                    "customer_ours": record.customer_ours,
                    "customer_forgotten": record.customer_forgotten,
                    "code": record.code,
                    "reason": record.reason,
                    "remedy": record.remedy,
                    "let_pass": record.let_pass,
                    "digest": record.digest,
                    "settled": amount_texts(record.settled),
                    "noted": record.noted,
                    "to_ship": dict(record.to_ship),
                    "shipped": list(record.shipped),
                    "returns": [_return(one) for one in record.returns],
                    "history": [_happening(one) for one in record.history],
                }
            ),
        }
    )


def read_record(fields: Fields) -> OrderRecord:
    """Read a record."""
    record = OrderRecord(
        shop=fields.needed("shop"),
        order_id=fields.needed("order_id"),
        number=fields.text("number"),
        state=fields.choice("state", OrderState),
        version=fields.count("version"),
        seen_at=fields.moment("seen_at"),
        changed_at=fields.moment("changed_at"),
        placed_at=fields.maybe_moment("placed_at"),
        bookings=tuple(_read_booking(inner) for inner in fields.each("bookings")),
        customer_id=fields.text("customer_id"),
        customer_sought=fields.flag("customer_sought"),
        customer_ours=fields.flag("customer_ours"),
        customer_forgotten=fields.flag("customer_forgotten"),
        code=fields.text("code"),
        reason=fields.text("reason"),
        remedy=fields.text("remedy"),
        let_pass=fields.flag("let_pass"),
        digest=fields.text("digest"),
        settled=fields.amounts("settled"),
        noted=fields.text("noted"),
        to_ship=fields.text_map("to_ship"),
        shipped=fields.texts("shipped"),
        returns=tuple(_read_return(inner) for inner in fields.each("returns")),
        history=tuple(_read_happening(inner) for inner in fields.each("history")),
    )
    fields.end()
    return record


def _booking(booking: Booking) -> dict[str, object]:
    return {
        "key": booking.key,
        "reference": booking.reference,
        "location_id": booking.location_id,
        "state": booking.state.value,
        "expected": amount_text(booking.expected),
        **compact(
            {
                "tries": booking.tries or None,
                "sale_id": booking.sale_id,
                "ticket": booking.ticket,
                "total": amount_text(booking.total) if booking.total else None,
                "rounding": amount_text(booking.rounding) if booking.rounding else None,
                "category_id": booking.category_id,
                "lines": [_line(line) for line in booking.lines],
                "charges": [_charge(charge) for charge in booking.charges],
                "completed_at": maybe_moment(booking.completed_at),
            }
        ),
    }


def _read_booking(fields: Fields) -> Booking:
    booking = Booking(
        key=fields.needed("key"),
        reference=fields.needed("reference"),
        location_id=fields.needed("location_id"),
        state=fields.choice("state", BookingState),
        expected=fields.maybe_amount("expected") or ZERO,
        tries=fields.count("tries"),
        sale_id=fields.text("sale_id"),
        ticket=fields.text("ticket"),
        total=fields.maybe_amount("total") or ZERO,
        rounding=fields.maybe_amount("rounding") or ZERO,
        category_id=fields.text("category_id"),
        lines=tuple(_read_line(inner) for inner in fields.each("lines")),
        charges=tuple(_read_charge(inner) for inner in fields.each("charges")),
        completed_at=fields.maybe_moment("completed_at"),
    )
    fields.end()
    return booking


def _line(line: BookedLine) -> dict[str, object]:
    return {
        "till_line_id": line.till_line_id,
        "units": amount_text(line.units),
        "unit_price": amount_text(line.unit_price),
        **compact(
            {
                "line_id": line.line_id,
                "item_id": line.item_id,
                "tax_class_id": line.tax_class_id,
                "returns": line.returns,
            }
        ),
    }


def _read_line(fields: Fields) -> BookedLine:
    line = BookedLine(
        till_line_id=fields.needed("till_line_id"),
        units=fields.maybe_amount("units") or ZERO,
        unit_price=fields.maybe_amount("unit_price") or ZERO,
        line_id=fields.text("line_id"),
        item_id=fields.text("item_id"),
        tax_class_id=fields.text("tax_class_id"),
        returns=fields.text("returns"),
    )
    fields.end()
    return line


def _charge(charge: BookedCharge) -> dict[str, object]:
    return {
        "line_id": charge.line_id,
        "units": amount_text(charge.units),
        "net": amount_text(charge.net),
        **compact(
            {
                "name": charge.name,
                "tax": amount_text(charge.tax) if charge.tax else None,
                "ref": charge.ref,
                "goods": charge.goods,
                "places": list(charge.places),
            },
        ),
    }


def _read_charge(fields: Fields) -> BookedCharge:
    charge = BookedCharge(
        line_id=fields.needed("line_id"),
        name=fields.text("name"),
        units=fields.maybe_amount("units") or ZERO,
        net=fields.maybe_amount("net") or ZERO,
        tax=fields.maybe_amount("tax") or ZERO,
        ref=fields.text("ref"),
        goods=fields.flag("goods"),
        places=fields.texts("places"),
    )
    fields.end()
    return charge


def _return(one: TillReturn) -> dict[str, object]:
    return {
        "sale_id": one.sale_id,
        "total": amount_text(one.total),
        "returned_at": moment_text(one.returned_at),
        **compact({"ticket": one.ticket, "refund_id": one.refund_id}),
    }


def _read_return(fields: Fields) -> TillReturn:
    one = TillReturn(
        sale_id=fields.needed("sale_id"),
        ticket=fields.text("ticket"),
        total=fields.maybe_amount("total") or ZERO,
        returned_at=fields.moment("returned_at"),
        refund_id=fields.text("refund_id"),
    )
    fields.end()
    return one


def _happening(one: Happening) -> dict[str, object]:
    return {"at": moment_text(one.at), "what": one.what, **compact({"request_id": one.request_id})}


def _read_happening(fields: Fields) -> Happening:
    one = Happening(at=fields.moment("at"), what=fields.needed("what"), request_id=fields.text("request_id"))
    fields.end()
    return one
