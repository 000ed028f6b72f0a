"""Faults inside pages, on an application that writes a list of its own."""

import json
from typing import Any

import pytest
from werkzeug.wrappers import Response

from sandbox.common.faults import Fault, FaultError, fault_from_json
from sandbox.common.pages import NoPages, spoil_page
from sandbox.woocommerce.web.page_form import WooCommercePages

LISTED = json.dumps([1, 2, 3, 4])


def played(kind: Any, rows: int = 1, body: str = LISTED) -> Any:
    answer = spoil_page(Fault(kind, rows=rows), Response(body, status=203), WooCommercePages(), {})
    assert answer.status_code == 203
    assert int(answer.headers["Content-Length"]) == len(answer.get_data())
    return json.loads(answer.get_data())


@pytest.mark.parametrize(
    ("kind", "rows", "left"),
    [
        ("lose_rows", 1, [2, 3, 4]),
        ("lose_rows", -3, [1]),
        ("lose_rows", 9, []),
        ("double_rows", 2, [1, 2, 1, 2, 3, 4]),
        ("double_rows", -1, [1, 2, 3, 4, 4]),
        ("end_list", 1, [1, 2, 3, 4]),
    ],
)
def test_rows_go_missing_or_come_twice(kind: str, rows: int, left: list[int]) -> None:
    assert played(kind, rows) == left


@pytest.mark.parametrize(("rows", "left"), [(1, [0, 5, 5]), (-2, [5, 0, 0]), (-9, [0, 0, 0]), (9, [0, 0, 0])])
def test_rows_may_say_something_else(rows: int, left: list[int]) -> None:
    listed = Response(json.dumps([{"id": number, "stock": 5} for number in range(3)]))
    fault = fault_from_json({"kind": "alter_rows", "rows": rows, "changes": {"stock": 0}})
    told = json.loads(spoil_page(fault, listed, WooCommercePages(), {}).get_data())
    assert told == [{"id": number, "stock": stock} for number, stock in enumerate(left)]


def test_what_is_no_page_passes_unharmed() -> None:
    assert played("lose_rows", body='{"id": 1}') == {"id": 1}
    garbled = Response("<html>")
    assert spoil_page(Fault("lose_rows"), garbled, WooCommercePages(), {}) is garbled
    listed = Response(LISTED)
    assert spoil_page(Fault("lose_rows"), listed, NoPages(), {}) is listed


def test_no_rows_is_no_fault() -> None:
    with pytest.raises(FaultError, match="rows"):
        fault_from_json({"kind": "lose_rows", "rows": 0})
    assert fault_from_json({"kind": "lose_rows", "rows": -2}).rows == -2


@pytest.mark.parametrize("fault", [{"kind": "alter_rows"}, {"kind": "empty", "changes": {"qoh": "0"}}])
def test_changes_belong_to_altered_rows(fault: dict[str, object]) -> None:
    with pytest.raises(FaultError, match="changes"):
        fault_from_json(fault)
