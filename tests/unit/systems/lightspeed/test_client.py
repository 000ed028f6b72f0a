"""Signing, budget, renewal and refusals, against scripted answers."""

import base64
from dataclasses import replace
from typing import Any

import pytest

from tests.unit.systems.lightspeed.scripted import (
    ACCOUNT,
    HOST,
    SUBJECT,
    Desk,
    HandClock,
    answer,
    desk,
    list_url,
    refused,
)
from tillbridge.domain.errors import (
    BrokenConnectionError,
    GarbledAnswerError,
    MisconfiguredSystemError,
    MissingRightError,
    RetryLaterError,
    SystemDownError,
    ThrottledError,
    TillbridgeError,
    UnauthorisedError,
)
from tillbridge.domain.merchant import Lane
from tillbridge.systems.http import Answer
from tillbridge.systems.lightspeed import BudgetBook, LightspeedClient, OldKey

EXPIRED = {"error": "access_denied", "error_description": "Denied.", "hint": "Access token could not be verified"}
OLD_401 = {
    "httpCode": "401",
    "httpMessage": "Unauthorized",
    "message": "Invalid username.",
    "errorClass": "BadAuthenticationRequestError",
}


def api_error(status: int, message: str) -> Answer:
    body = {"httpCode": str(status), "httpMessage": "x", "message": message, "errorClass": "Exception"}
    return refused(status, body, Content_Type="text/html; charset=UTF-8", Cf_Ray="ray-1")


def get(at: Desk, **options: Any) -> Answer:
    return at.client.get(at.client.list_url("Item"), resource="Item", **options)


def failure(*answers: Answer) -> TillbridgeError:
    with pytest.raises(TillbridgeError) as caught:
        get(desk(*answers))
    return caught.value


def test_a_request_is_signed_and_asks_for_json() -> None:
    at = desk(answer({}))
    at.client.get(at.client.list_url("Item"), {"limit": "100"}, resource="Item", cost=3.4)
    sent = at.http.sent[0]
    assert sent.method == "GET"
    assert sent.url == f"{HOST}/API/V3/Account/{ACCOUNT}/Item.json"
    assert sent.headers == {"Authorization": "Bearer token-1", "Accept": "application/json"}
    assert (sent.params, sent.cost) == ({"limit": "100"}, 3.4)


@pytest.mark.parametrize("body", [EXPIRED, OLD_401, b"<html>", None])
def test_a_refused_token_is_renewed_once(body: Any) -> None:
    at = desk(refused(401, body), answer({"a": "1"}))
    assert get(at).json() == {"a": "1"}
    assert at.tokens.rejected == ["token-1"]
    assert [sent.headers["Authorization"] for sent in at.http.sent] == ["Bearer token-1", "Bearer token-2"]


@pytest.mark.parametrize("body", [EXPIRED, OLD_401])
def test_a_second_refusal_ends_it(body: Any) -> None:
    at = desk(refused(401, EXPIRED), refused(401, body))
    with pytest.raises(UnauthorisedError, match="not even a new one") as caught:
        get(at)
    assert caught.value.remedy
    assert len(at.http.sent) == 2


def test_a_grant_without_another_token_says_so() -> None:
    at = desk(refused(401, EXPIRED))
    at.tokens.values = ["token-1"]
    with pytest.raises(UnauthorisedError, match="grant has ended"):
        get(at)


def test_what_the_till_says_of_a_refused_token_and_what_it_bars_is_passed_on() -> None:
    at = desk(refused(401, EXPIRED), refused(403, {"message": "no"}))
    with pytest.raises(MissingRightError):
        get(at)
    assert at.tokens.told == ["Denied. Access token could not be verified"]
    assert at.tokens.barred == ["Item"]


def test_a_key_of_old_is_a_user_name_with_the_fixed_word_as_password() -> None:
    at = with_key(answer({}))
    get(at)
    assert at.http.sent[0].headers["Authorization"] == "Basic " + base64.b64encode(b"key-1:apikey").decode()
    assert "key-1" not in repr(at.http.sent[0])  # invariant 5


@pytest.mark.parametrize("body", [EXPIRED, OLD_401])
def test_a_key_that_is_refused_is_not_replaced(body: Any) -> None:
    at = with_key(refused(401, body))
    with pytest.raises(UnauthorisedError) as caught:
        get(at)
    assert (caught.value.code, len(at.http.sent), bool(caught.value.remedy)) == ("KeyRefused", 1, True)


def with_key(*answers: Answer) -> Desk:
    at = desk(*answers)
    client = LightspeedClient(
        at.http, OldKey(lambda: "key-1"), clock=at.clock, budget=BudgetBook(at.clock), base_url=HOST
    )
    return replace(at, client=client.of_account(ACCOUNT))


def test_a_missing_right_is_named() -> None:
    error = failure(api_error(403, "GET Item needs one of these rights: product_cost."))
    assert type(error) is MissingRightError
    assert "read Item: GET Item needs one of these rights: product_cost." in error.happened
    assert error.request_id == "ray-1"
    assert error.remedy


@pytest.mark.parametrize(
    ("refusal", "code"),
    [
        (api_error(400, "Please try again later."), "TryAgainLater"),
        (api_error(409, "Another edit is going on."), "TryAgainLater"),
        (api_error(400, "Sorting by 'x' is not supported."), "Http400"),
        (api_error(404, "Object of type 'Item' not found with primary ID '9'."), "Http404"),
        (refused(422, b"<h1>Unprocessable</h1>"), "Http422"),
        (refused(405, []), "Http405"),
    ],
)
def test_other_refusals_are_asked_again_and_seen(refusal: Answer, code: str) -> None:
    error = failure(refusal)
    assert type(error) is RetryLaterError
    assert error.code == code
    assert error.subject == SUBJECT


def test_the_vendors_own_words_are_told() -> None:
    assert "Object of type 'Item' not found" in str(failure(api_error(404, "Object of type 'Item' not found.")))
    assert "Unprocessable" in str(failure(refused(422, b"<h1>Unprocessable</h1>")))


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_trouble_of_the_server_is_retried(status: int) -> None:
    error = failure(refused(status, b"<html>Bad gateway</html>", Retry_After="7"))
    assert type(error) is SystemDownError
    assert error.after == 7.0


def test_a_redirect_is_not_followed() -> None:
    error = failure(refused(302, b"", Location="https://elsewhere.example.com/"))
    assert isinstance(error, MisconfiguredSystemError)


def test_a_short_refusal_is_waited_out() -> None:
    at = desk(refused(429, {}, Retry_After="2"), refused(429, b"", Retry_After="3"), answer({}))
    assert get(at).ok
    assert at.clock.slept == [2.0, 3.0]


def test_a_refusal_by_the_burst_limiter_costs_a_second() -> None:
    burst = refused(429, {}, X_LS_API_RateLimit_Type="api-burst-limiter", X_LS_API_Burst_Level="21/20")
    at = desk(burst, answer({}))
    get(at)
    assert at.clock.slept == [1.0]


def test_a_third_refusal_is_handed_back() -> None:
    at = desk(*(refused(429, {}, Retry_After="2") for _ in range(3)))
    with pytest.raises(ThrottledError) as caught:
        get(at)
    assert caught.value.after == 2.0
    assert at.clock.slept == [2.0, 2.0]


def test_a_long_wait_is_handed_back_at_once() -> None:
    at = desk(refused(429, {}, Retry_After="40"))
    with pytest.raises(ThrottledError) as caught:
        get(at)
    assert caught.value.after == 40.0
    assert caught.value.code == "BudgetUsedUp"
    assert at.clock.slept == []
    assert len(at.http.sent) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"Retry_After": "99999999999999"},
        {"Retry_After": "Fri, 31 Dec 9999 23:59:59 GMT"},
        {"X_LS_API_Bucket_Level": "90/90", "X_LS_API_Drip_Rate": "1e-300"},
    ],
)
def test_no_header_silences_a_connection_for_ever(headers: dict[str, str]) -> None:
    at = desk(refused(429, {}, **headers))
    with pytest.raises(ThrottledError) as caught:
        get(at)
    assert caught.value.after == 3600.0


def test_the_catalogue_waits_for_stock() -> None:
    full = {"X_LS_API_Bucket_Level": "88/90", "X_LS_API_Drip_Rate": "1"}
    at = desk(answer({}, **full), answer({}, **full))
    get(at)
    with pytest.raises(ThrottledError) as caught:
        get(at, cost=3.0, lane=Lane.CATALOGUE)
    assert caught.value.after == pytest.approx(28.0)
    assert get(at, cost=2.0, lane=Lane.STOCK).ok
    assert at.clock.slept == []


def test_a_steady_reader_waits_inside_its_calls() -> None:
    """At 1 drip a second and 3 drips a page, a full read goes on at one page in 3 s and is never refused."""
    clock = HandClock()
    at = desk(*(answer({}, X_LS_API_Bucket_Level="63/90", X_LS_API_Drip_Rate="1") for _ in range(10)), clock=clock)
    for _ in range(10):
        get(at, cost=3.0)
    assert clock.slept == pytest.approx([3.0] * 9)


def test_another_account_is_never_read() -> None:  # invariant 5
    at = desk(answer({}, X_LS_Acct_Id="999"))
    with pytest.raises(UnauthorisedError, match="belongs to account 999, not to 182255") as caught:
        get(at)
    assert isinstance(caught.value, BrokenConnectionError)
    assert caught.value.code == "WrongAccount"
    assert get(desk(answer({}, x_ls_acct_id=ACCOUNT))).ok


def test_a_wrong_account_is_told_even_when_the_till_only_forbids() -> None:
    with pytest.raises(UnauthorisedError, match="account 999"):
        get(desk(refused(403, {}, X_LS_Acct_Id="999")))


@pytest.mark.parametrize(
    "url",
    [
        list_url("Item").replace("api.example.com", "evil.example.com"),
        list_url("Item").replace("api.example.com", "api.example.com.evil.example.com"),
        list_url("Item").replace("api.example.com", "api.example.com:8443"),
        list_url("Item").replace("https://", "http://"),
        list_url("Item").replace("https://", "https://user@"),
        list_url("Customer"),
        list_url("Item").replace(ACCOUNT, "1"),
        "/API/V3/Account/182255/Item.json?after=x",
        "not an address",
    ],
)
def test_the_token_goes_nowhere_but_on_in_the_list(url: str) -> None:
    at = desk()
    with pytest.raises(GarbledAnswerError) as caught:
        at.client.check_next(url, "Item")
    assert caught.value.code == "StrayNextPage"
    assert "after" not in str(caught.value)
    at.client.check_next(list_url("Item"), "Item")


def test_one_client_serves_accounts_apart() -> None:
    at = desk()
    other = at.client.of_account("5")
    assert other.list_url("Item").endswith("/Account/5/Item.json")
    assert at.client.list_url("Item").endswith(f"/Account/{ACCOUNT}/Item.json")
