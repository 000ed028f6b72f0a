"""What Magento says is put together from its parts, and told apart by who has to act."""

import json
from typing import Any

import pytest

from tillbridge.domain.errors import (
    MisconfiguredSystemError,
    MissingRightError,
    SystemDownError,
    TillbridgeError,
    UnauthorisedError,
)
from tillbridge.systems.http import Answer
from tillbridge.systems.magento.api.refusals import RefusedError, failure_of, refusal_in, refused, report_id


def answer(status: int, body: Any) -> Answer:
    text = body if isinstance(body, str) else json.dumps(body)
    return Answer(status, {}, text.encode(), 0.1, place="GET shop.example.com/rest")


@pytest.mark.parametrize(
    ("message", "parameters", "text"),
    [
        ("SKU %1 of %2", ["A", "B"], "SKU A of B"),
        ("%fieldName is required", {"fieldName": "name"}, "name is required"),
        ("Invalid attribute %fieldName = %fieldValue.", ["SKU", "NOPE"], "Invalid attribute SKU = NOPE."),
        ("Maximum items is %max", {"max": 20}, "Maximum items is 20"),
        ("Only %1", [], "Only %1"),
        ("Only %1", None, "Only %1"),
        ("100% of %1", ["it"], "100% of it"),
        ("%10 and %1", ["one"], "%10 and one"),
    ],
)
def test_placeholders_are_filled(message: str, parameters: Any, text: str) -> None:
    assert refusal_in({"message": message, "parameters": parameters}, 400).told == text


def test_several_errors_are_told_together() -> None:
    rows: list[Any] = [{"message": "%f is wrong", "parameters": {"f": name}} for name in ("price", "name")]

    refusal = refusal_in({"message": "Validation Failed", "errors": rows}, 400)

    assert refusal.told == "Validation Failed price is wrong name is wrong"


@pytest.mark.parametrize(
    ("status", "body", "family", "code"),
    [
        (401, {"message": "The signature is invalid. Verify and try again."}, UnauthorisedError, "SignatureInvalid"),
        (401, {"message": "The nonce is already being used by %1", "parameters": ["x"]}, SystemDownError, "NonceUsed"),
        (401, {"message": "An error occurred validating the nonce"}, MisconfiguredSystemError, "ClockSlow"),
        (401, {"message": "Specified token does not exist"}, UnauthorisedError, "IntegrationRefused"),
        (404, "<h1>Not Found</h1>", MisconfiguredSystemError, "NoApi"),
        (403, "<h1>no</h1>", SystemDownError, "Http403"),
        (413, "<h1>large</h1>", SystemDownError, "Http413"),
        (400, {"message": "no"}, RefusedError, "refused"),
        (404, {"message": "no such product"}, RefusedError, "refused"),
        (405, {"message": "The PATCH HTTP method is not supported."}, RefusedError, "refused"),
    ],
)
def test_who_has_to_act(status: int, body: Any, family: type[TillbridgeError], code: str) -> None:
    failure = failure_of(answer(status, body))

    assert (type(failure), failure.code) == (family, code)


def test_a_missing_right_is_named_as_admin_calls_it() -> None:
    said = {
        "message": "The consumer isn't authorized to access %resources.",
        "parameters": {"resources": "Magento_Catalog::products, Some_Module::thing"},
    }

    failure = failure_of(answer(401, said))

    assert isinstance(failure, MissingRightError)
    assert failure.missing == ["Catalog > Inventory > Products", "Some_Module::thing"]


@pytest.mark.parametrize("slashed", [True, False])
def test_a_page_of_the_web_server_for_a_slash(*, slashed: bool) -> None:
    failure = failure_of(answer(404, "<h1>Not Found</h1>"), slashed=slashed)

    assert isinstance(failure, RefusedError if slashed else MisconfiguredSystemError)


@pytest.mark.parametrize("body", ["", "[]", '{"message": 5}', '"text"', "<html>"])
def test_what_is_no_refusal_of_magentos(body: str) -> None:
    assert refused(answer(400, body)) is None


def test_the_report_of_an_internal_error() -> None:
    said = {"message": "Internal Error. Details are available in Magento log file. Report ID: webapi-61f0"}

    assert report_id(answer(500, said)) == "webapi-61f0"
    assert report_id(answer(500, "<html>")) == ""


@pytest.mark.parametrize(
    ("message", "name"),
    [
        ("The product is already attached.", "there_already"),
        ('Admin store attribute option label "%1" is already exists.', "there_already"),
        ("URL key for specified store already exists.", "url_key_taken"),
        ('Maximum items of type "%type" is %max', "too_many"),
    ],
)
def test_refusals_that_we_can_work_with(message: str, name: str) -> None:
    assert getattr(refusal_in({"message": message}, 400), name)
