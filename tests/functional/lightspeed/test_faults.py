"""Every fault that the till can have, in the middle of a full read."""

import pytest
from flask import Flask, request

from sandbox.common.faults import Fault
from sandbox.common.server import serve
from tests.functional.lightspeed.shopfloor import Shopfloor
from tillbridge.domain.errors import (
    GarbledAnswerError,
    MisconfiguredSystemError,
    MissingRightError,
    RetryLaterError,
    SystemDownError,
    TillbridgeError,
    UnauthorisedError,
)
from tillbridge.systems.http import NoJsonError

LATER = '{"httpCode":"400","httpMessage":"Bad Request","message":"Please try again later.","errorClass":"Exception"}'
PARTIAL = '{"@attributes":{"next":"","previous":""},"Item":[{"itemID":"201"'
EMPTY_LIST = '{"@attributes":{"next":"","previous":""}'

TROUBLES: list[tuple[Fault, type[TillbridgeError]]] = [
    (Fault("hang"), SystemDownError),
    (Fault("cut_before"), SystemDownError),
    (Fault("cut_after"), SystemDownError),
    (Fault("truncate"), SystemDownError),
    (Fault("garbage"), NoJsonError),
    (Fault("garbage", body=PARTIAL), NoJsonError),
    (Fault("garbage", body=EMPTY_LIST), NoJsonError),
    (Fault("garbage", body="{}"), GarbledAnswerError),
    (Fault("empty"), NoJsonError),
    (Fault("html", status=200), NoJsonError),
    (Fault("html", status=502), SystemDownError),
    (Fault("html"), SystemDownError),
    (Fault("status", status=500, body='{"httpCode":"500","message":"Allowed memory exhausted"}'), SystemDownError),
    (Fault("status", status=504), SystemDownError),
    (Fault("status", status=400, body=LATER, headers={"Content-Type": "text/html"}), RetryLaterError),
    (Fault("status", status=409), RetryLaterError),
    (Fault("status", status=418, body="<h1>teapot</h1>"), RetryLaterError),
    (Fault("status", status=403), MissingRightError),
    (
        Fault("status", status=302, headers={"Location": "https://elsewhere.example.com/x?secret=1"}),
        MisconfiguredSystemError,
    ),
    (Fault("status", status=401, times=2), UnauthorisedError),
]


def _name(value: object) -> str:
    return f"{value.kind}-{value.status}" if isinstance(value, Fault) else ""


@pytest.mark.parametrize(("fault", "family"), TROUBLES, ids=_name)
def test_a_fault_takes_nothing_and_the_read_goes_on_after_it(
    floor: Shopfloor, fault: Fault, family: type[TillbridgeError]
) -> None:  # invariant 1
    if fault.kind == "hang":
        floor.hurry()
    pages = floor.till().items_after("0")
    rows = [row for _ in range(2) for row in next(pages).rows]
    floor.fault(fault)
    with pytest.raises(family) as caught:
        next(pages)
    if family is not NoJsonError:
        assert type(caught.value) is family
    assert "secret" not in str(caught.value)
    assert caught.value.subject.connection == "c1"
    rest = floor.till().items_after(rows[-1].item.item_id)
    rows += [row for page in rest for row in page.rows]
    assert [int(row.item.item_id) for row in rows] == list(range(1, 501))


def test_an_expired_token_is_renewed_and_the_read_goes_on(floor: Shopfloor) -> None:
    pages = floor.till().items_after("0")
    rows = len(next(pages).rows)
    floor.state.clock.advance(2 * 3600)
    rows += sum(len(page.rows) for page in pages)
    assert rows == 500
    assert [call.status for call in floor.calls()] == [200, 401, 200, 200, 200, 200]


def test_a_list_that_goes_on_elsewhere_is_not_followed(floor: Shopfloor) -> None:
    elsewhere = Flask("elsewhere")
    asked: list[str] = []

    @elsewhere.before_request
    def remember() -> None:
        asked.append(request.path)

    with serve(elsewhere) as server:
        floor.state.next_host = server.url
        with pytest.raises(GarbledAnswerError, match="token was not sent"):
            list(floor.till().items_after("0"))
    assert asked == []


def test_the_tills_own_errors_are_json_sent_as_html(floor: Shopfloor) -> None:
    client = floor.client().of_account("182255")
    with pytest.raises(RetryLaterError, match="Sorting by 'price' is not supported") as caught:
        client.get(client.list_url("Item"), {"sort": "price"}, resource="Item")
    assert caught.value.code == "Http400"
    assert caught.value.request_id


def test_a_token_for_another_account_reads_nothing(floor: Shopfloor) -> None:  # invariant 5
    with pytest.raises(UnauthorisedError) as caught:
        next(floor.till(account="1").items_after("0"))
    assert caught.value.code == "WrongAccount"
