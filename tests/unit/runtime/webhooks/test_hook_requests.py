"""Events of API Gateway, good and bad."""

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tillbridge.domain.errors import InputError, NotFoundError
from tillbridge.domain.merchant import System
from tillbridge.runtime.hook_requests import LARGEST_BODY, HookRequest, NoHooksHereError, read_request, refusal

pytestmark = pytest.mark.unit
PLACE = {"pathParameters": {"proxy": "woocommerce/c1"}}


def test_a_call_is_taken_apart() -> None:
    request = read_request({**PLACE, "headers": {"A": "b"}, "body": "{}", "isBase64Encoded": False})
    assert request == HookRequest(System.WOOCOMMERCE, "c1", {"A": "b"}, b"{}")


def test_a_slash_at_the_end_does_no_harm() -> None:
    assert read_request({"pathParameters": {"proxy": "woocommerce/c1/"}}).connection_id == "c1"


@given(st.binary(max_size=200))
def test_bodies_arrive_byte_by_byte_when_packed(body: bytes) -> None:
    packed = {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}
    assert read_request({**PLACE, **packed}).body == body


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=200))
def test_bodies_arrive_byte_by_byte_as_text(body: str) -> None:
    assert read_request({**PLACE, "body": body}).body == body.encode()


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(("headers", "body", "isBase64Encoded"), ANYTHING)))
def test_no_event_breaks_it(changes: dict[str, Any]) -> None:  # invariant 7
    match outcome({**PLACE, **changes}):
        case HookRequest(headers=headers):
            assert all(isinstance(value, str) for value in headers.values())
        case error:
            assert (error.field, refusal(error)["statusCode"] in {400, 413}) == ("body", True)


def outcome(event: dict[str, Any]) -> HookRequest | InputError:
    try:
        return read_request(event)
    except InputError as error:
        return error


@given(ANYTHING)
def test_no_address_breaks_it(parameters: object) -> None:  # invariant 7
    with pytest.raises(NoHooksHereError):
        read_request({"pathParameters": parameters})


@pytest.mark.parametrize(("size", "packed"), [(LARGEST_BODY, False), (LARGEST_BODY, True)])
def test_the_largest_body_is_still_taken_and_one_byte_more_is_not(size: int, packed: bool) -> None:  # noqa: FBT001
    def body(length: int) -> dict[str, Any]:
        text = base64.b64encode(bytes(length)).decode() if packed else " " * length
        return {**PLACE, "body": text, "isBase64Encoded": packed}

    assert len(read_request(body(size)).body) == size
    with pytest.raises(InputError) as caught:
        read_request(body(size + 1))
    assert refusal(caught.value)["statusCode"] == 413


def test_texts_are_measured_in_bytes() -> None:
    with pytest.raises(InputError, match="larger"):
        read_request({**PLACE, "body": "é" * (LARGEST_BODY // 2 + 1)})


def test_strangers_are_told_nothing() -> None:
    told = {json.dumps(refusal(error)) for error in (NoHooksHereError(), NotFoundError("a", "b", remedy="c"))}
    assert [json.loads(one)["body"] for one in told] == ["{}"]


def test_a_request_shows_nothing_of_what_it_holds() -> None:  # invariant 5
    request = read_request({**PLACE, "headers": {"Authorization": "Basic abc"}, "body": "customer@shop.example.com"})
    assert "abc" not in repr(request)
    assert "customer" not in repr(request)
