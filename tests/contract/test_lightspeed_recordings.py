"""What every recorded answer of the real till becomes. The recordings are of 2016 to 2019, from version 2 of the API.

Version 2 pages by offset and count, which we do not use; rows, quirks, headers and errors are those of version 3.
"""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import TypeAdapter
from requests.structures import CaseInsensitiveDict

from tillbridge.domain.catalogue import (
    AttributeSet,
    Category,
    Item,
    ItemType,
    Location,
    Matrix,
    PriceLevel,
)
from tillbridge.domain.errors import GarbledAnswerError, RetryLaterError
from tillbridge.domain.orders.sale import Employee, Register, TaxCategory, TillSale, TillSaleLine
from tillbridge.domain.stock import StockLevel
from tillbridge.systems.http import Answer
from tillbridge.systems.http.allowance import Allowance
from tillbridge.systems.lightspeed.allowance import read_headers
from tillbridge.systems.lightspeed.envelope import open_envelope
from tillbridge.systems.lightspeed.parse import read, read_item, read_matrix, read_stocked_item
from tillbridge.systems.lightspeed.parse_reference import (
    read_attribute_set,
    read_category,
    read_location,
    read_price_level,
)
from tillbridge.systems.lightspeed.parse_sales import (
    read_employee,
    read_register,
    read_sale,
    read_shop_tax,
    read_tax_category,
)
from tillbridge.systems.lightspeed.people import has_email, read_customer
from tillbridge.systems.lightspeed.quirks import Flag, ForeignId, Moment, Number, as_list
from tillbridge.systems.lightspeed.refusals import refusal
from tillbridge.systems.lightspeed.rights import SELLING_NEEDS, missing_rights
from tillbridge.systems.lightspeed.wire import WireAccount
from tillbridge.systems.lightspeed.wire_sales import WireContact
from tillbridge.systems.till import StockedItem

RECORDED: dict[str, Callable[..., None]] = {}
"""The test of each file, so that a file without one is noticed."""


@dataclass(frozen=True)
class Recording:
    """The answers of one file."""

    answers: list[Answer]

    @property
    def only(self) -> Answer:
        (answer,) = self.answers
        return answer

    def body(self, place: int = 0) -> dict[str, Any]:
        decoded: dict[str, Any] = json.loads(self.answers[place].body)
        return decoded


def _answer(interaction: dict[str, Any]) -> Answer:
    response = interaction["response"]
    text = response["body"]["string"]
    headers = CaseInsensitiveDict({name: values[0] for name, values in response["headers"].items()})
    body = text if isinstance(text, bytes) else text.encode()
    return Answer(int(response["status"]["code"]), headers, body, 0.1)


@pytest.fixture
def folder(contracts: Path) -> Path:
    return contracts / "lightspeed" / "recorded"


@pytest.fixture
def recording(request: pytest.FixtureRequest, folder: Path) -> Recording:
    """Give the recording that the test is about."""
    path = next(path for path, test in RECORDED.items() if test.__name__ == request.function.__name__)
    content = yaml.safe_load((folder / path).read_text(encoding="utf-8"))
    return Recording([_answer(interaction) for interaction in content["http_interactions"]])


def about(path: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    def register(test: Callable[..., None]) -> Callable[..., None]:
        RECORDED[path] = test
        return test

    return register


def rows_of(value: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in as_list(value)]


def flag(value: object) -> Any:
    return TypeAdapter(Flag).validate_python(value)


def number(value: object) -> Any:
    return TypeAdapter(Number).validate_python(value)


def moment(value: object) -> Any:
    return TypeAdapter(Moment).validate_python(value)


def foreign(value: object) -> Any:
    return TypeAdapter(ForeignId).validate_python(value)


def test_every_recording_has_a_test(folder: Path) -> None:
    assert {str(path.relative_to(folder)) for path in folder.rglob("*.yml")} == set(RECORDED)


@about("account/items/index.yml")
def test_items(recording: Recording) -> None:
    stocked = [read_stocked_item(row) for place in range(3) for row in rows_of(recording.body(place)["Item"])]
    assert len(stocked) == 234
    assert Counter(entry.item.item_type for entry in stocked) == {
        ItemType.DEFAULT: 173,
        ItemType.BOX: 58,
        ItemType.ASSEMBLY: 3,
    }
    assert {len(entry.levels) for entry in stocked} == {1}  # one location; the row of the sum is left out
    assert sum(entry.levels[0].on_hand for entry in stocked) == Decimal(3998650)
    assert all(entry.levels[0].sellable == entry.levels[0].on_hand for entry in stocked)  # "sellable" came later
    priced = [entry.item.prices for entry in stocked]
    assert sum("2" in prices for prices in priced) == 1  # an MSRP of "0" is not set
    assert sum(prices["1"] == 0 for prices in priced) == 43  # while a default price of "0" is one
    assert not any(entry.item.custom_fields for entry in stocked)  # the ten recorded values are all ""
    (variant,) = (entry.item for entry in stocked if entry.item.matrix_id)
    assert (variant.item_id, variant.matrix_id, variant.attribute_set_id) == ("412", "1", "2")
    assert variant.attributes == ("", "", "")
    assert stocked[0] == StockedItem(
        Item(
            item_id="135",
            system_sku="210000000135",
            description='Antique Brass Round Dome Studs - 1/4"',
            custom_sku="303303AB",
            tax_class_id="1",
            prices={"1": Decimal("6.5")},
            updated_at=datetime(2015, 11, 6, 2, 26, 11, tzinfo=UTC),
        ),
        (StockLevel("135", "1", Decimal(1000), Decimal(1000), datetime(2015, 11, 6, 2, 26, 11, tzinfo=UTC)),),
    )
    with pytest.raises(GarbledAnswerError, match="does not say whether there are more rows"):
        open_envelope(recording.answers[0], "Item")  # a page of version 2 has no "next": never taken for a last page


@about("account/items/show.yml")
def test_single_items(recording: Recording) -> None:
    (found,) = rows_of(recording.body(0)["Item"])  # a list of one row is an object
    assert read_item(found) == Item(
        item_id="417",
        system_sku="210000000423",
        description='.064" x 3/4" Brass Strip',
        custom_sku="KS8247",
        upc="0614121182479",
        tax_class_id="1",
        prices={"1": Decimal("4.39")},
        updated_at=datetime(2016, 2, 6, 0, 8, 37, tzinfo=UTC),
    )
    box = read_stocked_item(recording.body(1)["Item"])
    assert box.item.description == "Antique Brass 'Elbow' Studs - 3/4\" CasePack"
    assert box.item.item_type is ItemType.BOX
    assert [(level.location_id, level.on_hand) for level in box.levels] == [("1", Decimal(1045))]


@about("account/items/create_invalid.yml")
def test_an_error_sent_as_html(recording: Recording) -> None:
    answer = recording.only
    assert answer.headers["content-type"] == "text/html; charset=UTF-8"
    error = refusal(answer, "Item")
    assert type(error) is RetryLaterError
    assert error.code == "Http400"
    assert "Item not created. An Item must have a description." in error.happened


@about("account/ItemMatrix/show.yml")
def test_a_matrix(recording: Recording) -> None:
    row = recording.body()["ItemMatrix"]
    assert read_matrix(row) == Matrix(
        matrix_id="1",
        description="Test Matrix",
        attribute_set_id="2",
        tax_class_id="1",
        prices={"1": Decimal(1), "2": Decimal(1)},
        updated_at=datetime(2016, 2, 13, 0, 41, 35, tzinfo=UTC),
    )
    (variant,) = rows_of(row["Items"]["Item"])
    assert read_item(variant).matrix_id == "1"
    assert read_attribute_set(row["ItemAttributeSet"]).attribute_names == ("", "Size", "")


@about("account/ItemAttributeSet/index.yml")
def test_attribute_sets(recording: Recording) -> None:
    assert [read_attribute_set(row) for row in rows_of(recording.body()["ItemAttributeSet"])] == [
        AttributeSet("1", "Color/Size", ("Color", "Size", "")),
        AttributeSet("2", "Size", ("", "Size", "")),
        AttributeSet("3", "Color", ("Color", "", "")),
        AttributeSet("4", "3 Attributes", ("Attribute 1", "Attribute 2", "Attribute 3")),
    ]


@about("account/categories/index.yml")
def test_categories(recording: Recording) -> None:
    assert [read_category(row) for row in rows_of(recording.body()["Category"])] == [
        Category("2", "Category One"),
        Category("3", "CategoryTwo"),
        Category("4", "Category Two"),
        Category("5", "Category to update"),
        Category("7", "Category One"),  # names are not unique, not even under one parent
        Category("8", "Category Two"),
        Category("9", "Category to update"),
    ]


@about("account/price_levels/index.yml")
def test_price_levels(recording: Recording) -> None:
    levels = [read_price_level(row) for row in rows_of(recording.body()["PriceLevel"])]
    assert [(level.price_level_id, level.name) for level in levels] == [
        ("1", "Default"),
        ("2", "MSRP"),
        ("3", "Sale Price"),
        ("4", "Online"),
        ("5", "James price"),
    ]
    assert not any(level.archived for level in levels)
    assert levels[0] == PriceLevel("1", "Default")


@about("account/shops/show.yml")
def test_a_location(recording: Recording) -> None:
    row = recording.body()["Shop"]
    assert read_shop_tax(row) == ("1", "1")
    assert read_location(row) == Location("1", "Kit Kraft Sandbox", "US/Pacific")
    (register,) = rows_of(row["Registers"]["Register"])
    assert read_register(register) == Register(register_id="1", name="Register 1", location_id="1")
    assert rows_of(row["Contact"]["Websites"]) == []
    assert read_price_level(row["PriceLevel"]) == PriceLevel("1", "Default")


@about("accounts_oauth.yml")
def test_the_account_of_a_token(recording: Recording) -> None:
    for place, level in ((0, 75.898271799086), (1, 76.47055864334)):
        account = read(WireAccount, recording.body(place)["Account"])
        assert (account.account_id, account.name) == ("120645", "Kit Kraft Sandbox")
        answer = recording.answers[place]
        assert answer.served_at == datetime(2016, 2, 13, 0, 46, 37, tzinfo=UTC)
        at = answer.served_at
        # headers of before the drip rate and the burst limiter
        assert read_headers(None, answer.headers, at) == Allowance(at, level=level, size=90.0, drip=1.0)


@about("request_throttler/bucket_limits.yml")
def test_the_bucket(recording: Recording) -> None:
    at = datetime(2016, 2, 13, 0, 49, 27, tzinfo=UTC)
    allowance = read_headers(None, recording.only.headers, at)
    assert (allowance.level, allowance.size) == (9.2179536819447, 90.0)


# What the recordings cannot show: completed sales with payments, lines with notes or parents, sales with two taxes or
# inclusive prices, refunds, voided sales, ShipTo, PaymentType, TaxCategoryClasses, answers to writes of customers, and
# the refusal of a sale out of balance. Those are read as the vendor's documentation has them.


@about("account/Sales/create.yml")
def test_created_sales(recording: Recording) -> None:
    empty, sold = (read_sale(recording.body(place)["Sale"]) for place in range(2))
    assert empty.lines == ()  # no lines: the key is missing
    assert sold == TillSale(
        sale_id="121",
        ticket="220000000121",
        reference="",
        source="",
        location_id="1",
        completed=False,
        total=Decimal("2.46"),
        lines=(
            TillSaleLine(  # one line is an object; its tax was sent as true: taxCategoryID 0 means no tax at all
                line_id="203", item_id="1", units=Decimal(2), unit_price=Decimal("1.23"), taxed=False
            ),
        ),
        changed_at=datetime(2016, 2, 13, 0, 49, 38, tzinfo=UTC),
    )


@about("account/Sales/show.yml")
def test_a_sale(recording: Recording) -> None:
    (row,) = rows_of(recording.body()["Sale"])
    sale = read_sale(row)
    assert (sale.sale_id, sale.ticket, sale.total, sale.lines) == ("4", "220000000004", Decimal(0), ())
    assert (sale.completed_at, sale.customer_id, sale.counts) == (None, "", True)
    category = read_tax_category(row["TaxCategory"])
    assert category == TaxCategory(category_id="1", name="Sales Tax", rates=(Decimal("0.09"), Decimal(0)))


@about("account/customers/index.yml")
def test_customers(recording: Recording) -> None:
    (row,) = rows_of(recording.body()["Customer"])
    contact = row["Contact"]
    assert flag(contact["noEmail"]) is True  # "do not contact" is what the till begins with
    assert len(rows_of(contact["Addresses"]["ContactAddress"])) == 1
    customer = read_customer(row)
    assert (customer.customer_id, customer.archived) == ("1", False)
    assert customer.contact == WireContact()  # no phones and no e-mails are ""
    assert not has_email(customer, "")
    at = recording.only.served_at
    assert at is not None
    # the drip rate came before 2019, the burst limiter after it
    assert read_headers(None, recording.only.headers, at) == Allowance(at, level=1.0, size=90.0, drip=1.0)


@about("account/employees/index.yml")
def test_employees(recording: Recording) -> None:
    (row,) = rows_of(recording.body()["Employee"])
    rights = {str(right["name"]) for right in rows_of(row["EmployeeRole"]["EmployeeRights"]["EmployeeRight"])}
    assert len(rights) == 37
    assert missing_rights(rights) == ()  # an owner may read all that we need
    assert missing_rights(rights, SELLING_NEEDS) == ()  # and sell
    assert read_employee(row) == Employee(employee_id="1", name="Employee Example")
