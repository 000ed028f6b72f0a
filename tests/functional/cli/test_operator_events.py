"""The operator's events: the samples work, and whatever else may arrive gets a clear error and changes nothing."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.clock import NOON
from tests.fakes.notices import FakeNotices
from tests.fakes.order_records import FakeOrderRecords
from tests.fakes.people import hold, order_record
from tests.fakes.world import SHOP
from tests.unit.flows.operate.office import FOREIGN, Office
from tillbridge.domain.errors import (
    BrokenConnectionError,
    InputError,
    ItemRejectedError,
    NotFoundError,
    Subject,
    SystemDownError,
    TillbridgeError,
    UnauthorisedError,
)
from tillbridge.domain.grant import Secret
from tillbridge.domain.merchant import System
from tillbridge.domain.notice import Notice
from tillbridge.domain.orders.record import OrderState
from tillbridge.domain.shop_keys import BroughtSecrets, ShopKeys
from tillbridge.runtime.operator import SERVED, serve
from tillbridge.runtime.operator_commands import COMMANDS, family_of

SAMPLES = sorted((Path(__file__).resolve().parents[3] / "events").glob("operator_*.json"))


def command_of(path: Path) -> str:
    """Name the command that a sample is for."""
    return path.stem.removeprefix("operator_").replace("_", "-")


@pytest.fixture
def office() -> Office:
    office = Office()
    office.stock_up()
    for hold_id in ("5e0f1a2b", "77aa01fe"):
        office.desks().holds.holds.put(SHOP, hold(hold_id), None)
    FakeOrderRecords(office.world.memory).put(order_record(SHOP, "1001", state=OrderState.PARKED), None)
    office.pending.keys["made-up-name-of-waiting-keys"] = ShopKeys.woocommerce(Secret("ck_live"), Secret("cs_live"))
    office.fleet.house.open("9", "key_live")
    office.fleet.shop_keys.add("ck_live")
    office.fleet.pending.secrets["made-up-name-of-waiting-keys"] = BroughtSecrets(
        Secret("key_live"), ShopKeys.woocommerce(Secret("ck_live"), Secret("cs_live"))
    )
    office.fleet.bring("m3", "3")
    asked = Notice("3f9a1c5e07b2" + "0" * 52, System.SHOPIFY, "shop/redact", "anns.myshopify.com", NOON)
    FakeNotices(office.world.memory).keep(asked)
    return office


def ask(office: Office, event: object) -> dict[str, Any]:
    """Serve an event as Lambda would: JSON in, JSON out."""
    answer: dict[str, Any] = json.loads(json.dumps(serve(office.desks(), event, office.deadline)))
    return answer


def test_every_command_is_served_and_has_a_sample() -> None:
    assert set(SERVED) == set(COMMANDS)
    assert {command_of(path) for path in SAMPLES} == set(COMMANDS)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_every_sample_is_answered(office: Office, path: Path) -> None:
    event = json.loads(path.read_text())
    assert event["command"] == command_of(path)
    answer = ask(office, event)
    assert answer["ok"] is True, answer
    assert "_live" not in json.dumps(answer)  # invariant 5


@pytest.mark.parametrize(
    ("event", "field"),
    [
        (None, "event"),
        ([], "event"),
        ("status", "event"),
        ({}, "command"),
        ({"command": 5}, "command"),
        ({"command": "x" * 65}, "command"),
        ({"command": "drop-everything"}, "command"),
        ({"command": "status", "arguments": []}, "arguments"),
        ({"command": "status", "arguments": {str(n): n for n in range(21)}}, "arguments"),
        ({"command": "status", "else": 1}, "else"),
        ({"command": "status", "arguments": {"unknown": 1}}, "unknown"),
        ({"command": "status", "arguments": {"merchant": "../m1"}}, "merchant"),
        ({"command": "status", "arguments": {"merchant": "m" * 65}}, "merchant"),
        ({"command": "status", "arguments": {"merchant": 7}}, "merchant"),
        ({"command": "merchant-add", "arguments": {"merchant": "new"}}, "name"),
        ({"command": "merchant-add", "arguments": {"merchant": "new", "name": "x" * 5_000_000}}, "name"),
        ({"command": "merchant-add", "arguments": {"merchant": "new", "name": "\x00"}}, "name"),
        ({"command": "merchant-settings", "arguments": {"merchant": "m1", "changes": {"x": {}}}}, "changes"),
        (
            {
                "command": "merchant-settings",
                "arguments": {"merchant": "m1", "changes": {f"s{n}": "" for n in range(51)}},
            },
            "changes",
        ),
        ({"command": "connect", "arguments": {"merchant": "m1", "system": "shopware"}}, "system"),
        (
            {
                "command": "connect-with-keys",
                "arguments": {
                    "merchant": "m1",
                    "system": "woocommerce",
                    "address": "a",
                    "pending": "../app/lightspeed",
                },
            },
            "pending",
        ),
        (
            {
                "command": "connect-with-keys",
                "arguments": {
                    "merchant": "m1",
                    "system": "woocommerce",
                    "address": "https://a.example",
                    "pending": "n" * 24,
                    "key": "ck_live",
                },
            },
            "key",
        ),
        ({"command": "sync", "arguments": {"merchant": "m1", "lane": "fast"}}, "lane"),
        ({"command": "sync", "arguments": {"merchant": "m1", "lane": "orders"}}, "lane"),
        ({"command": "item", "arguments": {"merchant": "m1", "sku": "\u2028"}}, "sku"),
        ({"command": "retry", "arguments": {"merchant": "m1", "keys": ["1; DROP"]}}, "keys"),
        ({"command": "retry", "arguments": {"merchant": "m1", "keys": "I1"}}, "keys"),
        ({"command": "release", "arguments": {"merchant": "m1"}}, "hold"),
        ({"command": "release", "arguments": {"merchant": "m1", "hold": "../../x"}}, "hold"),
        ({"command": "drop", "arguments": {"merchant": "m1", "hold": 7}}, "hold"),
        ({"command": "compliance-show", "arguments": {"request": "../3f9a"}}, "request"),
        ({"command": "compliance-done", "arguments": {"request": "3f9a", "by": "Ann"}}, "what"),
        ({"command": "redrive", "arguments": {"queue": "https://evil.example"}}, "queue"),
    ],
)
def test_a_malformed_event_names_its_field(office: Office, event: object, field: str) -> None:  # invariant 7
    office.world.crash.steps.clear()
    answer = ask(office, event)
    assert answer["ok"] is False
    assert (answer["error"]["family"], answer["error"]["field"]) == ("input", field)
    assert answer["error"]["happened"]
    assert answer["error"]["remedy"]
    assert office.world.crash.steps == []
    assert "ck_live" not in json.dumps(answer)  # invariant 5
    assert len(json.dumps(answer)) < 2000


@pytest.mark.parametrize(
    ("command", "arguments"),
    [
        ("disconnect", {"merchant": "m1", "connection": FOREIGN}),
        ("retry", {"merchant": "m2", "keys": ["I1"]}),
        ("release", {"merchant": "m2", "hold": "5e0f1a2b"}),
        ("drop", {"merchant": "m2", "hold": "5e0f1a2b"}),
        ("order-show", {"merchant": "m2", "order": "1001"}),
        ("order-ignore", {"merchant": "m2", "order": "shop/1001"}),
        ("item", {"merchant": "m2", "sku": "MUG"}),
        ("connect-with-keys", {"merchant": "nobody", "system": "woocommerce", "address": "a", "pending": "n" * 24}),
        ("connect-with-keys", {"merchant": "m1", "system": "woocommerce", "address": "a", "pending": "n" * 24}),
    ],
)
def test_what_belongs_to_somebody_else_is_not_found(  # invariant 5
    office: Office, command: str, arguments: dict[str, Any]
) -> None:
    office.world.crash.steps.clear()
    error = ask(office, {"command": command, "arguments": arguments})["error"]
    assert error["family"] == "not_found"
    assert "MUG" not in error["happened"] or command == "item"
    assert office.world.crash.steps == []


def test_a_remote_failure_is_an_answer_with_its_subject(office: Office) -> None:
    office.refusal = SystemDownError("No answer.", remedy="Wait.", subject=Subject(system="woocommerce"))
    error = ask(office, {"command": "connect", "arguments": {"merchant": "m1", "system": "woocommerce"}})["error"]
    assert (error["code"], error["family"], error["subject"]) == ("SystemDown", "retry_later", "woocommerce")


def test_a_defect_goes_up_where_alarms_see_it(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(office.queues), "look", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        ask(office, {"command": "queues"})


@pytest.mark.parametrize(
    ("error", "family"),
    [
        (InputError("x", "x", remedy="x"), "input"),
        (NotFoundError("x", "x", remedy="x"), "not_found"),
        (SystemDownError("x"), "retry_later"),
        (BrokenConnectionError("x"), "broken_connection"),
        (UnauthorisedError("x"), "broken_connection"),
        (ItemRejectedError("x"), "rejected"),
        (TillbridgeError("x"), "rejected"),
    ],
)
def test_families(error: TillbridgeError, family: str) -> None:
    assert family_of(error) == family
