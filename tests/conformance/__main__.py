"""Run the suite and print its table: one row per case, one column per shop.

A cell says how many runs of the case passed; "-" stands for a shop that has no counterpart, with the reason below.
"""

import sys
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from tests.conformance.fronts import FRONTS

Cell = list[str]


@dataclass
class Table:
    """Takes pytest's reports. A case is a test function, whatever else it is given besides the shop."""

    cells: dict[str, dict[str, Cell]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    reasons: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when != "call" and report.outcome == "passed":
            return
        case, _, parameters = report.nodeid.removesuffix("]").partition("[")
        shop = next((name for name in FRONTS if name in parameters.split("-")), "")
        self.cells[case.rpartition("/")[2]][shop].append(report.outcome)
        if report.outcome == "skipped" and isinstance(report.longrepr, tuple):
            self.reasons[shop].add(report.longrepr[2].removeprefix("Skipped: "))

    def lines(self) -> list[str]:
        shops = sorted(FRONTS)
        width = max(len(case) for case in self.cells)
        head = f"{'case':{width}}  " + "  ".join(f"{shop:>12}" for shop in shops)
        rows = [
            f"{case:{width}}  " + "  ".join(f"{cell(outcomes.get(shop, [])):>12}" for shop in shops)
            for case, outcomes in sorted(self.cells.items())
        ]
        notes = [f"{shop} has no {reason}" for shop in shops for reason in sorted(self.reasons.get(shop, ()))]
        return [head, *rows, "", *notes]


def cell(outcomes: Cell) -> str:
    """Say what came of one case at one shop."""
    if outcomes and set(outcomes) == {"skipped"}:
        return "-"
    passed = outcomes.count("passed")
    return str(passed) if passed == len(outcomes) else f"{passed} of {len(outcomes)}"


def counts(cells: Mapping[str, Mapping[str, Cell]]) -> tuple[int, int]:
    """Count the runs that passed and those that did not."""
    outcomes = [outcome for shops in cells.values() for one in shops.values() for outcome in one]
    return outcomes.count("passed"), outcomes.count("failed")


def main() -> int:
    table = Table()
    code = pytest.main(["tests/conformance", "-q", "--no-header", *sys.argv[1:]], plugins=[table])
    passed, failed = counts(table.cells)
    print("\n".join(["", *table.lines(), "", f"{passed} runs passed, {failed} failed"]))
    return int(code)


if __name__ == "__main__":
    raise SystemExit(main())
