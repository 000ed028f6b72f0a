"""Which family of error a failed exchange belongs to."""

from datetime import UTC, datetime

import pytest
import requests
from requests.structures import CaseInsensitiveDict

from tillbridge.domain.errors import (
    BrokenConnectionError,
    DoubtfulWriteError,
    GarbledAnswerError,
    MisconfiguredSystemError,
    Subject,
    SystemDownError,
    ThrottledError,
)
from tillbridge.systems.http.answer import Answer
from tillbridge.systems.http.failures import failure_of, refusal_of, retry_after, too_large
from tillbridge.systems.http.request import Request

NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
SUBJECT = Subject(system="woocommerce", connection="c1")
READ = Request(method="GET", url="https://shop.example.com/wp-json/wc/v3/products/17?consumer_secret=cs_1")
WRITE = Request(method="POST", url="https://shop.example.com/wp-json/wc/v3/products?consumer_secret=cs_1")
REPEATABLE = Request(method="PUT", url="https://shop.example.com/x", safe_to_repeat=True)


def answer(status: int, **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, CaseInsensitiveDict(named), b"", 0.1, SUBJECT, "GET shop.example.com/x")


@pytest.mark.parametrize("status", [500, 502, 503, 504, 520, 599])
def test_trouble_on_the_other_side_is_retried_and_a_write_is_doubtful(status: int) -> None:  # invariant 8
    refusal = refusal_of(answer(status, Cf_Ray="r1"), READ, NOW)
    assert type(refusal) is SystemDownError
    assert refusal.code == f"Http{status}"
    assert refusal.request_id == "r1"
    assert type(refusal_of(answer(status), WRITE, NOW)) is DoubtfulWriteError
    assert type(refusal_of(answer(status), REPEATABLE, NOW)) is SystemDownError


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        ("3", 3.0),
        ("0.5", 0.5),
        ("-4", 0.0),
        ("Fri, 01 May 2026 12:00:30 GMT", 30.0),
        ("Fri, 01 May 2026 11:00:00 GMT", 0.0),
        ("86400", 3600.0),
        ("99999999999999", 3600.0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 3600.0),
        ("Fri, 31 Dec 9999 23:59:59 -0500", None),
        ("nan", None),
        ("inf", None),
        ("soon", None),
        ("", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(given: str, seconds: float | None) -> None:
    assert retry_after(answer(429, Retry_After=given), NOW) == seconds
    refusal = refusal_of(answer(429, Retry_After=given), WRITE, NOW)
    assert type(refusal) is ThrottledError
    assert refusal.after == seconds


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_an_error_that_names_the_other_host(status: int) -> None:
    location = "https://www.shop.example.com/login?token=abc"
    refusal = refusal_of(answer(status, Location=location), READ, NOW)
    assert isinstance(refusal, MisconfiguredSystemError)
    assert "https://www.shop.example.com (" in refusal.happened
    assert "token" not in str(refusal)
    assert "final address" in refusal.remedy


@pytest.mark.parametrize("location", ["/login", "", "?a=b"])
def test_a_redirect_within_the_host_is_an_error_too(location: str) -> None:
    refusal = refusal_of(answer(302, Location=location), READ, NOW)
    assert isinstance(refusal, BrokenConnectionError)
    assert "the same host" in refusal.happened


@pytest.mark.parametrize("status", [200, 201, 204, 304, 400, 401, 403, 404, 409, 422])
def test_other_statuses_are_left_to_the_adapter(status: int) -> None:
    assert refusal_of(answer(status), READ, NOW) is None


@pytest.mark.parametrize(
    ("request_", "family"), [(READ, SystemDownError), (WRITE, DoubtfulWriteError), (REPEATABLE, SystemDownError)]
)
def test_a_lost_answer_of_a_write_is_doubtful(request_: Request, family: type[Exception]) -> None:  # invariant 8
    trouble = requests.ConnectionError("Max retries exceeded with url: /x?consumer_secret=cs_1")
    error = failure_of(trouble, request_, SUBJECT)
    assert type(error) is family
    assert "cs_1" not in str(error)


def test_a_request_that_never_left_is_not_doubtful() -> None:
    assert type(failure_of(requests.ConnectTimeout(), WRITE, SUBJECT)) is SystemDownError


def test_a_malformed_header_is_our_mistake_and_not_shown() -> None:
    error = failure_of(requests.exceptions.InvalidHeader("Authorization: Bearer cs_1\n"), READ, SUBJECT)
    assert type(error) is MisconfiguredSystemError
    assert "cs_1" not in str(error)


def test_an_answer_that_is_too_large_is_garbled() -> None:
    assert type(too_large(READ, SUBJECT, 10)) is GarbledAnswerError
    assert type(too_large(WRITE, SUBJECT, 10)) is DoubtfulWriteError


def test_requests_are_named_without_query_and_numbers() -> None:  # invariant 5
    assert READ.route == "/wp-json/wc/v3/products/{id}"
    assert Request(method="GET", url="https://a.example.com/API/V3/Account/12/Item/7.json").route == (
        "/API/V3/Account/{id}/Item/{id}.json"
    )
    assert READ.place == "GET shop.example.com/wp-json/wc/v3/products/17"
    assert "cs_1" not in READ.place


def test_what_a_request_carries_is_not_shown_by_its_repr() -> None:  # invariant 5
    request = Request(
        method="POST", url="https://a.example.com/", headers={"Authorization": "Bearer s3cret"}, data=b"s3cret"
    )
    assert "s3cret" not in repr(request)
