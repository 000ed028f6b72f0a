"""Run the suite and print its table: one row per case, one column per shop.

A cell says how many runs of the case passed; "-" stands for a shop that has no counterpart, with the reason below. A
run of the whole suite is kept in ``build``: the table as it is printed, and what ``tests.proof`` makes figures of.
"""

import json
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import pytest

from tests.conformance.fronts import FRONTS

Cell = list[str]
BUILD = Path(__file__).parents[2] / "build"
TABLE, KEPT = BUILD / "conformance.txt", BUILD / "conformance.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How one shop stands: its cases, and their runs. A case is ``lacking`` where the shop has no counterpart."""

    cases: int
    passed: int
    lacking: int
    runs: int
    reasons: tuple[str, ...]


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


def standing(table: Table, shop: str) -> Standing:
    """Count a shop's cases; one has passed when all its runs have."""
    cells = [found for shops in table.cells.values() if (found := shops.get(shop))]
    lacking = sum(set(one) == {"skipped"} for one in cells)
    return Standing(
        cases=len(cells) - lacking,
        passed=sum(set(one) == {"passed"} for one in cells),
        lacking=lacking,
        runs=sum(one.count("passed") + one.count("failed") for one in cells),
        reasons=tuple(sorted(table.reasons.get(shop, ()))),
    )


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
    lines = [*table.lines(), "", f"{passed} runs passed, {failed} failed"]
    print("\n".join(["", *lines]))
    if not sys.argv[1:]:
        keep(table, lines)
    return int(code)


def keep(table: Table, lines: Sequence[str]) -> None:
    """Keep what a whole run found."""
    BUILD.mkdir(exist_ok=True)
    TABLE.write_text("\n".join(lines) + "\n")
    KEPT.write_text(json.dumps({shop: asdict(standing(table, shop)) for shop in sorted(FRONTS)}, indent=2) + "\n")


if __name__ == "__main__":
    raise SystemExit(main())
