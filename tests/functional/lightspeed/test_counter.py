"""Selling at the stand-in, over real HTTP: what is written, and what it becomes."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from tests.functional.lightspeed.selling import (
    BOOKS,
    INCLUSIVE,
    NO_TAX,
    ONE_MUG,
    ONE_TAX,
    REFERENCE,
    SOURCE,
    TWO_TAXES,
    draft,
    line,
    paid,
    sold,
)
from tests.functional.lightspeed.shopfloor import START, Shopfloor
from tillbridge.domain.merchant import Lane
from tillbridge.domain.orders.people import Address
from tillbridge.domain.orders.sale import PaymentType, Register, SaleLine, SalePayment, TaxCategory
from tillbridge.systems.lightspeed import BudgetBook

DELIVERY = Address(first_name="Ann", last_name="Ash", street="1 Quay", city="Alderport", postcode="1", country="US")


def test_a_till_without_sales_tells_of_none(floor: Shopfloor) -> None:
    assert floor.counter().sales_of(REFERENCE, SOURCE) == []
    assert floor.counter().sale("1") is None


def test_a_sale_is_drafted_completed_and_found_again(floor: Shopfloor) -> None:  # invariant 2
    till, before = floor.counter(), floor.stock()
    shipping = line("1", "4.90", note="Shipping", taxed=False)
    opened = till.draft(draft(line("2", "9.90", item_id="5"), shipping))
    assert (opened.completed, opened.total, opened.paid) == (False, Decimal("24.7"), Decimal(0))
    assert (opened.reference, opened.source, opened.location_id) == (REFERENCE, SOURCE, "1")
    assert opened.completed_at is None
    assert [(row.item_id, row.units, row.unit_price, row.note) for row in opened.lines] == [
        ("5", Decimal(2), Decimal("9.9"), ""),
        ("", Decimal(1), Decimal("4.9"), "Shipping"),
    ]
    assert floor.stock() == before
    done = till.complete(opened.sale_id, paid("24.70", reference="pay_1"))
    assert (done.completed, done.paid, done.counts) == (True, Decimal("24.7"), True)
    assert (done.lines, done.completed_at, done.ticket) == (opened.lines, START, "220000000001")
    assert floor.stock() == before - 2
    assert till.sales_of(REFERENCE, SOURCE) == [done]
    assert till.sale(done.sale_id) == done
    assert floor.state.retailer.sales.get(1).payments[0].reference == "pay_1"


def test_the_till_reckons_its_own_price_of_every_call(floor: Shopfloor) -> None:
    """What we expect a call to cost is what it costs, so that the budget's waits are right."""
    till = floor.counter()
    expected: list[float] = []
    exchange = till._client._exchange

    def listen(request: object, lane: Lane) -> object:
        expected.append(request.cost)  # type: ignore[attr-defined]
        assert lane in (Lane.STOCK, Lane.CATALOGUE)
        return exchange(request, lane)  # type: ignore[arg-type]

    till._client._exchange = listen  # type: ignore[method-assign,assignment]
    opened = till.draft(draft(ONE_MUG, line("1", "4", note="Shipping"), deliver_to=DELIVERY))
    till.complete(opened.sale_id, paid("14"))
    other = till.draft(draft(reference="1002"))
    till.archive(other.sale_id)
    till.sales_of(REFERENCE, SOURCE)
    till.sale(opened.sale_id)
    assert expected == [call.cost for call in floor.calls()]
    assert expected[1] == 2 + 3 + 0.5 + 0.4  # completing, one payment, lines and their notes shown


def test_selling_may_use_what_is_kept_for_stock(floor: Shopfloor) -> None:
    floor.fill_bucket(level=70, size=90)
    till = floor.counter(budget=BudgetBook(floor.clock))
    assert till.sales_of(REFERENCE, SOURCE) == []
    assert till.draft(draft()).sale_id == "1"
    assert floor.clock.slept == []  # at 70 of 90 the catalogue would have to wait


def test_reading_the_lists(floor: Shopfloor) -> None:
    lists = floor.counter().lists()
    assert lists.registers == (
        Register(register_id="1", name="Register 1", location_id="1"),
        Register(register_id="2", name="Register 2", location_id="2"),
    )
    assert [(entry.employee_id, entry.name, entry.archived) for entry in lists.employees] == [
        ("1", "Shop Admin", False),
        ("2", "Shop Limited", False),
        ("3", "Shop Locked", True),  # who is locked out is no one to sell as
    ]
    assert "Admin" not in repr(lists)
    assert lists.payment_types[4:6] == (
        PaymentType(type_id="5", name="Gift Card", kind="gift card", refund_as="5"),
        PaymentType(type_id="6", name="Credit Account", kind="credit account", refund_as="6", needs_customer=True),
    )
    assert lists.tax_categories[2:] == (
        TaxCategory(
            category_id=TWO_TAXES,
            name="GST + QST",
            rates=(Decimal("0.05"), Decimal("0.09975")),
            by_class={BOOKS: (Decimal("0.05"), Decimal(0))},
        ),
        TaxCategory(
            category_id=INCLUSIVE,
            name="VAT",
            inclusive=True,
            rates=(Decimal("0.21"), Decimal(0)),
            by_class={BOOKS: (Decimal("0.09"), Decimal(0))},
        ),
    )
    assert (lists.location_taxes, lists.currency) == ({"1": "1", "2": "1"}, "USD")


BOOK = line("1", "10", tax_class_id=BOOKS, note="A book")
FREE = line("1", "3", taxed=False, note="A voucher")


@pytest.mark.parametrize(
    ("category", "lines", "tax", "total"),
    [
        (NO_TAX, (ONE_MUG,), "0", "10"),
        (ONE_TAX, (line("2", "1.23", item_id="5"),), "0.2", "2.66"),
        (ONE_TAX, (ONE_MUG, BOOK, FREE), "0.83", "23.83"),
        (TWO_TAXES, (line("1", "9.99", item_id="5"), line("1", "20", item_id="6")), "4.49", "34.48"),  # documented
        (TWO_TAXES, (ONE_MUG, BOOK), "2", "22"),
        (INCLUSIVE, (line("1", "12.10", item_id="5"), FREE), "2.1", "15.1"),
        (INCLUSIVE, (line("3", "9.99", item_id="5"), BOOK), "6.03", "39.97"),
    ],
)
def test_the_till_reckons_its_own_tax(
    floor: Shopfloor, category: str, lines: tuple[SaleLine, ...], tax: str, total: str
) -> None:
    sale = floor.counter().draft(draft(*lines, tax_category_id=category))
    assert (sale.tax, sale.total) == (Decimal(tax), Decimal(total))


def test_a_finer_price_is_kept(floor: Shopfloor) -> None:
    sale = floor.counter().draft(draft(line("1", "8.264463", item_id="5")))
    assert sale.lines[0].unit_price == Decimal("8.264463")


def test_a_rounding_line_is_added_by_the_completion(floor: Shopfloor) -> None:
    till = floor.counter()
    opened = till.draft(draft())
    done = till.complete(
        opened.sale_id, paid("9.99"), more=[line("1", "-0.01", note="Rounding", taxed=False)], at=START - timedelta(1)
    )
    assert (done.total, done.completed_at) == (Decimal("9.99"), START - timedelta(1))
    assert [(row.unit_price, row.note) for row in done.lines] == [(Decimal(10), ""), (Decimal("-0.01"), "Rounding")]


def test_several_payments_pay_a_sale(floor: Shopfloor) -> None:
    till = floor.counter()
    opened = till.draft(draft())
    payments = [
        SalePayment(type_id="5", amount=Decimal("2.50"), reference="card-1"),
        SalePayment(type_id="4", amount=Decimal("7.50"), reference="pay_1"),
    ]
    assert till.complete(opened.sale_id, payments).paid == Decimal(10)


def test_what_costs_nothing_is_completed_without_a_payment(floor: Shopfloor) -> None:
    before = floor.stock()
    opened = floor.counter().draft(draft(ONE_MUG, line("1", "-10", note="A gift")))
    done = floor.counter().complete(opened.sale_id, ())
    assert (done.completed, done.total, done.paid) == (True, Decimal(0), Decimal(0))
    assert floor.stock() == before - 1


def test_one_sale_for_each_location(floor: Shopfloor) -> None:
    first = sold(floor)
    second = sold(floor, location_id="2", register_id="2")
    assert floor.counter().sales_of(REFERENCE, SOURCE) == [first, second]
    assert (first.location_id, second.location_id) == ("1", "2")


def test_sales_of_other_sources_and_references_are_not_ours(floor: Shopfloor) -> None:
    sold(floor, source="magento:c3")
    sold(floor, reference="1001/7")
    assert floor.counter().sales_of(REFERENCE, SOURCE) == []


@pytest.mark.parametrize("reference", ["#1001", "1001/55 & more=1", "1001+2", "Ü-1001%", "R-1,5", '"1001"'])
def test_any_reference_is_found_again(floor: Shopfloor, reference: str) -> None:
    sale = floor.counter().draft(draft(reference=reference))
    assert floor.counter().sales_of(reference, SOURCE) == [sale]


def test_an_open_sale_is_put_away_and_still_found(floor: Shopfloor) -> None:
    till = floor.counter()
    opened = till.draft(draft())
    till.archive(opened.sale_id)
    till.archive(opened.sale_id)  # once more changes nothing
    till.archive("77")  # nor does one that never was
    (left,) = till.sales_of(REFERENCE, SOURCE)
    assert (left.archived, left.counts, left.sale_id) == (True, False, opened.sale_id)


def test_a_search_that_finds_nothing_is_as_cheap_as_a_request_can_be(floor: Shopfloor) -> None:
    assert floor.counter().sales_of(REFERENCE, SOURCE) == []
    assert [call.cost for call in floor.calls()] == [1]
    sold(floor)
    floor.forget_calls()
    assert len(floor.counter().sales_of(REFERENCE, SOURCE)) == 1
    assert [call.cost for call in floor.calls()] == [1, 1.6]


def test_more_sales_than_fit_a_page_are_all_found(floor: Shopfloor) -> None:
    for _ in range(101):
        floor.counter().draft(draft())
    found = floor.counter().sales_of(REFERENCE, SOURCE)
    assert [sale.sale_id for sale in found] == [str(number) for number in range(1, 102)]


def test_where_a_sale_is_sent_to_is_noted_and_nothing_more_told(floor: Shopfloor) -> None:
    sale = floor.counter().draft(draft(deliver_to=DELIVERY, sold_at=datetime(2026, 4, 30, tzinfo=UTC)))
    (row,) = floor.state.retailer.shipments.table.all()
    assert (row.sale_id, row.columns["lastName"], row.contact.address["countryCode"]) == (1, "Ash", "US")
    assert "Ash" not in repr(sale)
