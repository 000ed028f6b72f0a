"""What a proof counts, and how it shows that it goes on."""

import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self, TypeVar

from tests.figures import Figure

One = TypeVar("One")
SAY_EVERY = 10.0


@dataclass(slots=True)
class Tally:
    """The runs of one proof and what went wrong in them."""

    runs: int = 0
    wrong: int = 0
    duplicates: int = 0
    lost: int = 0

    def __iadd__(self, other: "Tally") -> Self:
        self.runs += other.runs
        self.wrong += other.wrong
        self.duplicates += other.duplicates
        self.lost += other.lost
        return self

    def figures(self, name: str, note: str) -> Iterator[Figure]:
        """Give the rows: how much was tried, and three numbers that must be 0."""
        yield Figure(f"{name}: disturbed runs", self.runs, "runs", note=note)
        yield Figure(f"{name}: wrong or unjustified writes", self.wrong, "writes", 0)
        yield Figure(f"{name}: duplicates made", self.duplicates, "listings", 0)
        yield Figure(f"{name}: lost changes", self.lost, "changes", 0)


def shown(name: str, things: Sequence[One]) -> Iterator[One]:
    """Go through things and say now and then, on the error stream, how far it is."""
    said = time.monotonic()
    for number, thing in enumerate(things):
        if time.monotonic() - said > SAY_EVERY:
            said = time.monotonic()
            sys.stderr.write(f"... {name}: {number:,} of {len(things):,}\n")
        yield thing
