"""Hold every request of our adapters against the vendors' own schemas, and count them by shop.

The tests note each request that fits (``judged``), so that nothing is counted by hand. The counts are printed, with
what each schema cannot check, and kept in ``build`` for ``tests.proof``.
"""

import json
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.contract.conftest import BEYOND, JUDGED

KEPT = Path(__file__).parents[2] / "build" / "contracts.json"


@dataclass
class Counts:
    """Takes pytest's reports: per shop, how often each kind of request fitted, and what cannot be checked."""

    kinds: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    beyond: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when != "call" or not report.passed:
            return
        noted: list[tuple[str, Any]] = [one for one in report.user_properties if one[0] in {JUDGED, BEYOND}]
        for name, (shop, text) in noted:
            if name == JUDGED:
                self.kinds[shop][text] += 1
            elif text not in self.beyond[shop]:
                self.beyond[shop].append(text)

    def as_json(self) -> dict[str, Any]:
        """Give what is kept."""
        return {
            shop: {"requests": kinds.total(), "kinds": dict(sorted(kinds.items())), "beyond": self.beyond[shop]}
            for shop, kinds in sorted(self.kinds.items())
        }


def main() -> int:
    counts = Counts()
    code = pytest.main(["tests/contract", "-q", "--no-header", "-k", "requests"], plugins=[counts])
    found = counts.as_json()
    for shop, told in found.items():
        print(f"\n{shop}: {told['requests']} requests of {len(told['kinds'])} kinds fit the vendor's schema")
        print("\n".join(f"{count:>6}  {kind}" for kind, count in told["kinds"].items()))
        print("what the schema cannot check:")
        print("\n".join(f"        {text}" for text in told["beyond"]))
    KEPT.parent.mkdir(exist_ok=True)
    KEPT.write_text(json.dumps(found, indent=2) + "\n")
    return int(code)


if __name__ == "__main__":
    sys.exit(main())
