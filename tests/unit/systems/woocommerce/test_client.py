"""The way keys are shown, and the family of every answer."""

import pytest

from tests.unit.systems.woocommerce.scripted import ScriptedSender, answer, refusal
from tillbridge.domain.errors import (
    DoubtfulWriteError,
    GarbledAnswerError,
    MisconfiguredSystemError,
    MissingRightError,
    SystemDownError,
    TillbridgeError,
    UnauthorisedError,
)
from tillbridge.systems.http import Answer
from tillbridge.systems.woocommerce.api.client import WooClient
from tillbridge.systems.woocommerce.api.keys import ApiKeys
from tillbridge.systems.woocommerce.api.refusals import RefusedError

KEYS = ApiKeys("ck_1", "cs_1")
NOT_SEEN = "woocommerce_rest_cannot_view"


def client(*answers: Answer, address: str = "https://shop.test") -> tuple[WooClient, ScriptedSender]:
    sender = ScriptedSender(list(answers))
    return WooClient(sender, address, KEYS), sender


def test_the_query_is_tried_once_after_the_documented_refusal() -> None:
    told: list[str] = []
    sender = ScriptedSender([refusal(NOT_SEEN, 401), answer([])])
    shop = WooClient(sender, "https://shop.test", KEYS, on_query_keys=lambda: told.append("yes"))

    shop.read("products")
    shop.read("products")

    assert ["consumer_key" in request.params for request in sender.asked] == [False, True, True]
    assert shop.query_keys
    assert told == ["yes"]


def test_a_write_without_a_visible_key_is_refused_in_other_words() -> None:
    shop, sender = client(refusal("woocommerce_rest_cannot_batch", 401), answer({"create": []}))

    shop.write("POST", "products/batch", {})

    assert len(sender.asked) == 2
    assert shop.query_keys


def test_an_unknown_key_is_not_taken_for_a_stripped_header() -> None:
    shop, sender = client(refusal(NOT_SEEN, 401))

    with pytest.raises(UnauthorisedError) as caught:
        shop.read("products")

    assert len(sender.asked) == 2
    assert caught.value.code == "KeyUnknown"
    assert not shop.query_keys


@pytest.mark.parametrize(
    ("given", "address"),
    [
        (refusal("woocommerce_rest_authentication_error", 401), "https://shop.test"),
        (refusal(NOT_SEEN, 401), "http://shop.test"),
        (refusal(NOT_SEEN, 403), "https://shop.test"),
        (answer(b"<h1>Login</h1>", 401), "https://shop.test"),
    ],
)
def test_no_other_refusal_puts_keys_into_the_query(given: Answer, address: str) -> None:  # invariant 5
    shop, sender = client(given, address=address)

    with pytest.raises(TillbridgeError):
        shop.read("products")

    assert len(sender.asked) == 1


@pytest.mark.parametrize(
    ("given", "family", "code"),
    [
        (refusal("woocommerce_rest_authentication_error", 401), UnauthorisedError, "KeyRefused"),
        (refusal("woocommerce_rest_cannot_create", 403), MissingRightError, "WrongRole"),
        (refusal("rest_no_route", 404), MisconfiguredSystemError, "NoWooCommerce"),
        (answer(b"<h1>404</h1>", 404), MisconfiguredSystemError, "NoApi"),
        (answer(b"<h1>Wordfence</h1>", 403), SystemDownError, "Http403"),
        (answer(b"<h1>mod_security</h1>", 406), SystemDownError, "Http406"),
        (refusal("woocommerce_rest_request_entity_too_large", 413), SystemDownError, "Http413"),
        (answer(b"<h1>nginx</h1>", 413), SystemDownError, "Http413"),
        (refusal("rest_invalid_param", 400, params={"per_page": "no"}), RefusedError, "rest_invalid_param"),
        (answer({"code": "odd", "message": "m", "data": 400}, 400), RefusedError, "odd"),
        (answer({"no": "code"}, 400), SystemDownError, "Http400"),
    ],
)
def test_each_answer_has_its_family(given: Answer, family: type[TillbridgeError], code: str) -> None:
    shop, _ = client(given)

    with pytest.raises(family) as caught:
        shop.write("POST", "products/batch", {})

    assert caught.value.code == code
    assert "cs_1" not in str(caught.value)


def test_a_page_instead_of_data() -> None:
    reading, _ = client(answer(b"<p>Coming soon</p>"))
    with pytest.raises(GarbledAnswerError) as caught:
        reading.read("products")
    assert caught.value.remedy
    writing, _ = client(answer(b"<p>Coming soon</p>"))
    with pytest.raises(DoubtfulWriteError, match="may or may not"):
        writing.write("POST", "products/batch", {})


def test_lists_are_read_to_their_end() -> None:
    shop, sender = client(
        answer([{"id": 1}], X_WP_Total="3", X_WP_TotalPages="2"),
        answer([{"id": 3}], X_WP_Total="3", X_WP_TotalPages="2"),
    )

    pages = list(shop.pages("products", {}))

    assert [page.total for page in pages] == [3, 3]
    assert [request.params["page"] for request in sender.asked] == ["1", "2"]
    assert {request.params["per_page"] for request in sender.asked} == {"100"}


def test_hosts_that_drop_headers_give_one_page() -> None:
    shop, _ = client(answer([{"id": 1}]))

    (page,) = shop.pages("products", {})

    assert (page.total, page.pages, page.served_at) == (1, 1, None)


def test_the_shops_clock_is_taken_from_its_answer() -> None:
    shop, _ = client(answer([], Date="Sat, 13 Feb 2016 00:46:37 GMT"))

    served_at = shop.page("products", {}).served_at

    assert served_at is not None
    assert served_at.isoformat() == "2016-02-13T00:46:37+00:00"
