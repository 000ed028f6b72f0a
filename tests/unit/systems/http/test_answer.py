"""Reading answers."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from requests.structures import CaseInsensitiveDict

from tillbridge.domain.errors import Subject
from tillbridge.systems.http.answer import EXCERPT_LENGTH, Answer, NoJsonError, excerpt_of, read_http_date


def answer(body: bytes, **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(200, CaseInsensitiveDict(named), body, 0.1, Subject(system="woocommerce"), "GET shop/x")


def test_json_is_read_whatever_the_content_type_says() -> None:
    assert answer(b'\xef\xbb\xbf{"a": 12.50}', Content_Type="text/html").json() == {"a": Decimal("12.50")}


def test_fractions_stay_exact() -> None:
    read = answer(b"[0.1, 1e2, 3]").json()
    assert read == [Decimal("0.1"), Decimal(100), 3]
    assert isinstance(read, list)
    assert not any(isinstance(number, float) for number in read)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"a": 1',
        b"[NaN]",
        b"[Infinity]",
        b"<html>",
        b"\xff\xfe\xfa",
        b"[" * 100_000,
        b"1" * 5000,
        b"null x",
        b"[1e999999999]",
        b"[-0.1e-999999999]",
    ],
)
def test_what_is_no_json_is_garbled(body: bytes) -> None:  # invariant 7
    with pytest.raises(NoJsonError) as caught:
        answer(body).json()
    assert caught.value.code == "NoJson"
    assert caught.value.subject.system == "woocommerce"
    assert caught.value.__context__ is None


def test_the_excerpt_shows_a_page_and_stops_where_data_begins() -> None:  # invariant 5
    page = b'<br />\n<b>Warning</b>: Undefined key in /srv/shop.php on line 7<br />[{"email":"ann@example.com"}]'
    with pytest.raises(NoJsonError) as caught:
        answer(page, Content_Type="text/html").json()
    assert caught.value.excerpt == "Warning : Undefined key in /srv/shop.php on line 7"
    assert "ann" not in str(caught.value)
    assert "Warning" in str(caught.value)


def test_the_excerpt_of_cut_json_is_empty() -> None:  # invariant 5
    assert excerpt_of(b'{"first_name":"Ann","email":"ann@exa') == ""
    assert excerpt_of(b'[{"first_name":"Ann"') == ""


def test_the_excerpt_leaves_out_scripts_and_addresses() -> None:
    assert excerpt_of(b"<script>var a=1</script><h1>Down &amp; out</h1> ask admin@example.com") == "Down & out ask ***"


@given(st.binary(max_size=600))
def test_any_bytes_give_a_short_excerpt_or_none(body: bytes) -> None:
    assert len(excerpt_of(body)) <= EXCERPT_LENGTH


def test_the_other_sides_clock_is_read() -> None:
    assert answer(b"", Date="Sat, 13 Feb 2016 00:46:37 GMT").served_at == datetime(2016, 2, 13, 0, 46, 37, tzinfo=UTC)
    assert answer(b"", Date="Sat, 13 Feb 2016 01:46:37 +0100").served_at == datetime(2016, 2, 13, 0, 46, 37, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2016-02-13", "Sat, 99 Feb 2016 00:46:37 GMT", "Fri, 31 Dec 9999 23:59:59 -0500"]
)
def test_a_date_that_cannot_be_read_is_none(text: str) -> None:
    assert read_http_date(text) is None


def test_the_request_id_is_the_one_support_asks_for() -> None:
    assert answer(b"", Cf_Ray="4d0a-CDG").request_id == "4d0a-CDG"
    assert answer(b"", x_request_id="r1").request_id == "r1"
    assert answer(b"").request_id == ""


@pytest.mark.parametrize(
    ("status", "ok"), [(200, True), (201, True), (204, True), (199, False), (300, False), (404, False)]
)
def test_ok_is_the_class_of_200(status: int, ok: bool) -> None:  # noqa: FBT001
    assert Answer(status, {}, b"", 0.0).ok is ok
