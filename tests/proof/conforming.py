"""What every shop's suite and every vendor's schema say of our adapters, as figures.

Both run as they do for ``make conformance`` and ``python -m tests.contract``, in processes of their own whose tables go
to the error stream; the figures are made of what they keep in ``build``.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.conformance.__main__ import KEPT as STANDINGS
from tests.contract.__main__ import KEPT as CONTRACTS
from tests.figures import Figure

PROJECT = Path(__file__).parents[2]


def conformance() -> Iterator[Figure]:
    """Put all shops through the cases that every shop has to pass."""
    for shop, told in _kept("tests.conformance", STANDINGS).items():
        name, without = f"conformance of {shop}", "; ".join(reason.partition(":")[0] for reason in told["reasons"])
        yield Figure(f"{name}: cases", told["cases"], "cases", note=f"{told['runs']} runs")
        yield Figure(f"{name}: cases passed", told["passed"], "cases", told["cases"], at_least=True)
        yield Figure(f"{name}: cases without a counterpart", told["lacking"], "cases", note=without)


def contract_requests() -> Iterator[Figure]:
    """Hold every request of each adapter against its vendor's own schema."""
    for shop, told in _kept("tests.contract", CONTRACTS).items():
        note = f"of {len(told['kinds'])} kinds; not checked: {'; '.join(told['beyond'])}"
        yield Figure(f"requests that fit the schema of {shop}", told["requests"], "requests", note=note)
        yield Figure(f"kinds of requests held against the schema of {shop}", len(told["kinds"]), "kinds")


def _kept(module: str, kept: Path) -> dict[str, Any]:
    """Run a module anew and give what it keeps."""
    kept.unlink(missing_ok=True)
    subprocess.run([sys.executable, "-m", module], cwd=PROJECT, stdout=sys.stderr, check=False)
    found: dict[str, Any] = json.loads(kept.read_text())
    if not found:
        raise RuntimeError(f"{module} found nothing to count")
    return found
