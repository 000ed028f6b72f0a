"""Figures: what ``make bench`` and ``make proof`` print and keep in ``build/figures.json``.

A figure never fails a build. One that could not be measured is left out of the list and named at the end.
"""

import json
import platform
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from os import cpu_count
from pathlib import Path

FILE = Path(__file__).parents[1] / "build" / "figures.json"
PARTS = "figures"


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value. ``aim`` is the bound to stay at or below (or at or above, when ``at_least``)."""

    name: str
    value: float
    unit: str
    aim: float | None = None
    note: str = ""
    at_least: bool = False

    @property
    def met(self) -> bool | None:
        """Tell whether the aim is reached; ``None`` when there is none."""
        if self.aim is None:
            return None
        return self.value >= self.aim if self.at_least else self.value <= self.aim

    def as_json(self) -> dict[str, object]:
        """Give the row of ``build/figures.json``."""
        row = asdict(self)
        return {key: row[key] for key in ("name", "value", "unit", "aim")} | {"met": self.met, "note": self.note}

    def __str__(self) -> str:
        """Give the printed row."""
        verdict = {True: "met", False: "missed", None: "-"}[self.met]
        aim = "-" if self.aim is None else f"{'>=' if self.at_least else '<='} {self.aim:g}"
        return f"{self.name:<62} {self.value:>10.3f} {self.unit:<10} {aim:<10} {verdict:<7} {self.note}"


Measurement = Callable[[], Iterable[Figure]]


def run(title: str, measurements: Sequence[Measurement], only: Sequence[str] = ()) -> int:
    """Take the measurements one after the other, print each figure at once, and keep them all.

    ``only`` names those to take; then nothing is kept, since the others would be missing.
    """
    unknown = set(only) - {measure.__name__ for measure in measurements}
    if unknown:
        known = ", ".join(measure.__name__ for measure in measurements)
        print(f"There is no measurement {min(unknown)}; there are {known}.", file=sys.stderr)
        return 2
    print(f"{title} on {platform.machine()}, {cpu_count()} cores, Python {platform.python_version()}")
    print(f"{'figure':<62} {'value':>10} {'unit':<10} {'aim':<10} {'':<7} note")
    taken: list[Figure] = []
    missing: list[str] = []
    for measure in [one for one in measurements if not only or one.__name__ in only]:
        with _named_when_missing(measure.__name__, missing):
            for figure in measure():
                print(figure, flush=True)
                taken.append(figure)
    for name in missing:
        print(f"not measured: {name}")
    if not only:
        keep(title, taken)
    return 0


@contextmanager
def _named_when_missing(name: str, missing: list[str]) -> Iterator[None]:
    """Let the other measurements go on when one breaks; it is named and its trace is shown."""
    try:
        yield
    except Exception:  # noqa: BLE001  whatever it is, the rest is still worth measuring
        traceback.print_exc(file=sys.stderr)
        missing.append(name)


def keep(title: str, figures: Iterable[Figure]) -> None:
    """Write a program's figures in the place of its last ones, so that none of an earlier run passes for a new one.

    Each program has a part of its own beside the file, which is all parts together.
    """
    parts = FILE.parent / PARTS
    parts.mkdir(parents=True, exist_ok=True)
    part = parts / f"{title.lower().replace(' ', '-')}.json"
    part.write_text(json.dumps([figure.as_json() for figure in figures], indent=2) + "\n")
    rows = [row for path in sorted(parts.glob("*.json")) for row in json.loads(path.read_text())]
    FILE.write_text(json.dumps(rows, indent=2) + "\n")
