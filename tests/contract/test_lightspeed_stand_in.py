"""The Lightspeed stand-in answers in the shapes that were recorded from the real API.

The recordings are of API V2, 2016 to 2019. Each request is sent to the stand-in's V3, and keys, their order, the forms
of relations (object, list, blank, missing) and the types of values are compared. What differs is listed here by name.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml

from sandbox.lightspeed.settings import Settings
from tests.sandbox.lightspeed.support import CLIENT, Till, body

ITEM_RELATIONS = (
    "TaxClass",
    "ItemAttributes",
    "ItemAttributes.ItemAttributeSet",
    "Note",
    "ItemShops",
    "ItemComponents",
    "ItemVendorNums",
    "CustomFieldValues",
)

# Columns of V2 that the field lists of V3 no longer have (facts/lightspeed.md, A4).
GONE = {
    "Item": {"itemECommerceID"},
    "ItemMatrix": {"itemECommerceID"},
    "ItemMatrix.Items.Item": {"itemECommerceID", "itemAttributesID", "noteID"},
}

# Columns that V3 has beside those of the recordings (facts/lightspeed.md, A3 to A5).
NEW = {
    "Item": {"serialized", "publishToEcom"},
    "ItemMatrix": {"serialized", "attribute1Values", "attribute2Values", "attribute3Values"},
    "ItemMatrix.Items.Item": {"serialized", "publishToEcom"},
    "Item.ItemShops.ItemShop": {
        "sellable",
        "onLayaway",
        "onSpecialOrder",
        "onWorkorder",
        "onWorkOrder",
        "onTransferOut",
        "onTransferIn",
        "averageCost",
        "totalValueFifo",
        "totalValueAvgCost",
        "totalValueNegativeInventory",
        "lastReceivedCost",
        "lastReceivedLotID",
        "nextFifoLotCost",
        "nextFifoLotID",
    },
    "Item.ItemAttributes.ItemAttributeSet": {"system", "archived"},
    "ItemAttributeSet": {"system", "archived"},
    "ItemMatrix.ItemAttributeSet": {"system", "archived"},
    "Shop": {"zebraBrowserPrint", "gatewayConfigID"},
    "Shop.Contact.Addresses.ContactAddress": {"address2", "countryCode", "stateCode"},
    "Shop.Registers.Register": {"tipEnabled"},
    "Sale.Shop": {"zebraBrowserPrint", "gatewayConfigID"},
    "Sale": {"createTime", "updatetime", "completeTime", "tipEnabled", "calcTips", "tipEmployeeID"},
    "Sale.SaleLines.SaleLine": {"taxCategoryID", "itemFeeID", "lineType"},
}

# Relations that the stand-in's rows have and the recorded rows happened not to have.
OTHER_RELATIONS = {
    "ItemMatrix": {"Category", "Manufacturer", "Images", "ItemECommerce", "TagRelations"},
    "Sale": {"SaleLines", "SalePayments", "TaxCategory"},
    "Sale.SaleLines.SaleLine": {"Item"},
}


@dataclass(frozen=True)
class Recorded:
    """One recorded request with its answer."""

    name: str
    method: str
    path: str
    payload: object
    status: int
    headers: Mapping[str, str]
    answer: dict[str, Any]


@dataclass
class Shape:
    """What records look like, by their path from the resource down."""

    keys: dict[str, list[list[str]]] = field(default_factory=lambda: defaultdict(list))
    forms: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def add(self, path: str, value: object) -> None:
        """Take in a value and everything below it."""
        if isinstance(value, list):
            self.forms[path].add("list")
            for row in value:
                self._add_record(path, row)
        elif isinstance(value, dict):
            self.forms[path].add("object")
            self._add_record(path, value)
        else:
            assert isinstance(value, str), f"{path} is no string but {value!r}"
            self.forms[path].add("text" if value else "blank")

    def _add_record(self, path: str, record: object) -> None:
        if not isinstance(record, dict):
            self.add(f"{path}[]", record)
            return
        self.keys[path].append(list(record))
        for name, value in record.items():
            self.add(f"{path}.{name}", value)

    def all_keys(self, path: str) -> set[str]:
        """List every key that any record at a path has."""
        return {name for names in self.keys[path] for name in names}


def interactions(folder: Path) -> Iterator[Recorded]:
    for file in sorted(folder.rglob("*.yml")):
        for entry in yaml.safe_load(file.read_text())["http_interactions"]:
            sent, answered = entry["request"], entry["response"]
            yield Recorded(
                name=str(file.relative_to(folder)).removeprefix("account/"),
                method=sent["method"].upper(),
                path=sent["uri"],
                payload=json.loads(sent["body"]["string"] or "null"),
                status=answered["status"]["code"],
                headers={name.lower(): values[0] for name, values in answered["headers"].items()},
                answer=json.loads(answered["body"]["string"]),
            )


@pytest.fixture(scope="module")
def recordings(contracts: Path) -> list[Recorded]:
    found = list(interactions(contracts / "lightspeed" / "recorded"))
    assert len(found) >= 15
    return found


@pytest.fixture
def till() -> Till:
    till = Till(Settings(clients=(CLIENT,), bucket_size=90, drip_rate=1))
    till.connect()
    return till


def replay(till: Till, recorded: Recorded, **query: str) -> dict[str, Any]:
    """Send a recorded request in its form of V3: no offset, and relations as an encoded list."""
    address = urlsplit(recorded.path)
    asked = {name: values[0] for name, values in parse_qs(address.query).items() if name != "offset"}
    path = re.sub(r"^/API/(Account/-/)?", "", address.path)
    till.clock.sleep(60)
    if path.startswith("Account"):
        answer = till.http.get(f"/API/V3/{path}", headers={"Authorization": f"Bearer {till.token}"})
    else:
        answer = till.call(recorded.method, path, asked | query, recorded.payload)
    assert answer.status_code == recorded.status, answer.text
    return body(answer)


def compare(resource: str, recorded: Shape, ours: Shape) -> None:
    """Hold the shapes of two sets of records of one resource against each other."""
    for path in list(recorded.keys):
        theirs, mine = recorded.all_keys(path), ours.all_keys(path)
        assert mine, f"{path} is not in the stand-in's answers"
        missing = theirs - mine - GONE.get(path, set())
        assert not missing, f"{path} lacks {missing}"
        extra = mine - theirs - NEW.get(path, set()) - OTHER_RELATIONS.get(path, set())
        assert not extra, f"{path} has {extra}"
        check_order(path, recorded.keys[path], ours.keys[path])
    for path, forms in recorded.forms.items():
        if path.rpartition(".")[2] not in GONE.get(path.rpartition(".")[0], set()):
            unseen = forms & {"list", "object"} - ours.forms[path]
            assert not unseen, f"{resource}: {path} is never shown as {unseen}, only as {ours.forms[path]}"


def check_order(path: str, recorded: list[list[str]], ours: list[list[str]]) -> None:
    places: dict[str, int] = {}
    for names in recorded:
        known = [name for name in names if name in places]
        assert known == sorted(known, key=lambda name: places[name]), f"{path}: the recordings disagree"
        places |= {name: place for place, name in enumerate(names)} if len(names) > len(places) else {}
    for names in ours:
        common = [places[name] for name in names if name in places]
        assert common == sorted(common), f"{path}: {names} is out of order"


def shape_of(resource: str, answers: list[dict[str, Any]]) -> Shape:
    shape = Shape()
    for answer in answers:
        shape.add(resource, answer[resource])
    return shape


def of(recordings: list[Recorded], name: str) -> list[Recorded]:
    found = [entry for entry in recordings if entry.name == name]
    assert found, f"there is no recording {name}"
    return found


@pytest.mark.parametrize(
    ("name", "resource", "query"),
    [
        ("employees/index.yml", "Employee", {}),
        ("categories/index.yml", "Category", {}),
        ("price_levels/index.yml", "PriceLevel", {}),
        ("ItemAttributeSet/index.yml", "ItemAttributeSet", {}),
        ("shops/show.yml", "Shop", {}),
        ("ItemMatrix/show.yml", "ItemMatrix", {}),
        ("../accounts_oauth.yml", "Account", {}),
        ("../request_throttler/bucket_limits.yml", "Account", {}),
    ],
)
def test_small_resources(
    till: Till, recordings: list[Recorded], name: str, resource: str, query: dict[str, str]
) -> None:
    entries = of(recordings, name.removeprefix("../"))
    recorded = shape_of(resource, [entry.answer for entry in entries])
    ours = shape_of(resource, [replay(till, entry, **query) for entry in entries])
    if resource == "Employee":  # the recorded account has one employee, whom a list shows as an object
        ours.add(resource, replay(till, entries[0], employeeID="1")[resource])
    if resource == "ItemMatrix":  # the recorded matrix has one variant
        single = Till(Settings(items=1, clients=(CLIENT,)))
        single.connect()
        ours.add(resource, replay(single, entries[0])[resource])
    compare(resource, recorded, ours)


def test_items(till: Till, recordings: list[Recorded]) -> None:
    entries = of(recordings, "items/index.yml") + of(recordings, "items/show.yml")
    recorded = shape_of("Item", [entry.answer for entry in entries])
    relations = json.dumps(ITEM_RELATIONS)
    answers = []
    last = 0
    while last < 500:
        answers.append(replay(till, entries[0], load_relations=relations, archived="true", itemID=f">,{last}"))
        last = int(answers[-1]["Item"][-1]["itemID"])
    answers.append(replay(till, entries[0], load_relations=relations, itemID="1"))
    compare("Item", recorded, shape_of("Item", answers))


def test_one_item_by_id_is_an_object(till: Till, recordings: list[Recorded]) -> None:
    for entry in of(recordings, "items/show.yml"):
        answer = replay(till, entry)
        assert isinstance(answer["Item"], dict) == isinstance(entry.answer["Item"], dict)


def test_sales_are_created_and_shown(till: Till, recordings: list[Recorded]) -> None:
    created = of(recordings, "Sales/create.yml")
    shown = of(recordings, "Sales/show.yml")
    recorded = shape_of("Sale", [entry.answer for entry in created + shown])
    answers = [replay(till, entry) for entry in created]
    till.control("sell", item=1)
    answers.append(replay(till, shown[0], saleID="3"))
    compare("Sale", recorded, shape_of("Sale", answers))


def test_a_created_sale_has_the_recorded_figures(till: Till, recordings: list[Recorded]) -> None:
    for entry in of(recordings, "Sales/create.yml"):
        ours, theirs = replay(till, entry)["Sale"], entry.answer["Sale"]
        for name in (
            "completed",
            "calcTotal",
            "calcSubtotal",
            "calcNonTaxable",
            "balance",
            "taxTotal",
            "taxCategoryID",
        ):
            assert ours[name] == theirs[name], name
        assert ("SaleLines" in ours) == ("SaleLines" in theirs)


def test_customers(till: Till, recordings: list[Recorded]) -> None:
    (entry,) = of(recordings, "customers/index.yml")
    till.call("POST", "Customer.json", payload={"firstName": "A", "lastName": "B", "dob": "2000-01-01T00:00:00+00:00"})
    shown = replay(till, entry)
    compare("Customer", shape_of("Customer", [entry.answer]), shape_of("Customer", [shown]))
    contact = shown["Customer"]["Contact"]  # as recorded: nothing is allowed, and nothing is known
    assert {contact[name] for name in ("noEmail", "noPhone", "noMail")} == {"true"}
    assert contact == {**entry.answer["Customer"]["Contact"], "timeStamp": contact["timeStamp"]}


def test_a_refused_item_is_answered_word_for_word(till: Till, recordings: list[Recorded]) -> None:
    (entry,) = of(recordings, "items/create_invalid.yml")
    assert replay(till, entry) == entry.answer
    answer = till.call("POST", "Item.json", payload=entry.payload)
    assert answer.content_type == entry.headers["content-type"]


def test_answers_carry_the_recorded_headers(till: Till, recordings: list[Recorded]) -> None:
    answer = till.call("GET", "Item.json")
    patterns = {
        "x-ls-acct-id": r"\d+",
        "x-ls-oauth-client-id": r"\d+",
        "x-ls-api-bucket-level": r"\d+(\.\d+)?/\d+",
        "content-type": r"application/json",
    }
    for name, pattern in patterns.items():
        assert all(re.fullmatch(pattern, entry.headers[name]) for entry in recordings if entry.status == 200)
        assert re.fullmatch(pattern, answer.headers[name]), name
    assert any("." in entry.headers["x-ls-api-bucket-level"] for entry in recordings)


def test_every_recording_is_used(recordings: list[Recorded]) -> None:
    source = Path(__file__).read_text(encoding="utf-8")
    for name in {entry.name for entry in recordings}:
        assert name in source
