"""What the reports of a suite and of contract tests are counted as."""

from typing import Any

import pytest

from tests.conformance.__main__ import Standing, Table, standing
from tests.contract.__main__ import Counts
from tests.contract.conftest import BEYOND, JUDGED


def report(case: str, outcome: Any, *noted: tuple[str, object], why: str = "") -> pytest.TestReport:
    told: Any = ("file", 1, f"Skipped: {why}") if why else None
    return pytest.TestReport(f"tests/x/{case}", ("x", 1, "x"), {}, outcome, told, "call", user_properties=noted)


def test_a_case_has_passed_when_all_its_runs_have() -> None:
    table = Table()
    for one in (
        report("test_a.py::test_one[shopify-cut]", "passed"),
        report("test_a.py::test_one[shopify-hang]", "failed"),
        report("test_a.py::test_two[shopify]", "passed"),
        report("test_a.py::test_two[magento]", "passed"),
        report("test_a.py::test_three[shopify]", "skipped", why="msrp: no such field"),
    ):
        table.pytest_runtest_logreport(one)

    assert standing(table, "shopify") == Standing(
        cases=2, passed=1, lacking=1, runs=3, reasons=("msrp: no such field",)
    )
    assert standing(table, "magento") == Standing(cases=1, passed=1, lacking=0, runs=1, reasons=())


def test_requests_count_once_their_test_has_passed() -> None:
    counts = Counts()
    noted = [(JUDGED, ("Shopify", "Publish")), (JUDGED, ("Shopify", "Publish")), (JUDGED, ("Shopify", "SetStock"))]
    counts.pytest_runtest_logreport(report("test_b.py::test_fits", "passed", *noted, (BEYOND, ("Shopify", "cost"))))
    counts.pytest_runtest_logreport(report("test_b.py::test_other", "failed", (JUDGED, ("Shopify", "Shop"))))
    counts.pytest_runtest_logreport(report("test_b.py::test_more", "passed", (BEYOND, ("Shopify", "cost"))))

    assert counts.as_json() == {
        "Shopify": {"requests": 3, "kinds": {"Publish": 2, "SetStock": 1}, "beyond": ["cost"]},
    }
