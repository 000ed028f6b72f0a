"""What the earlier rounds of a preview would have left behind for the guard, as small as can be. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from tillbridge.domain.guard import Kind
from tillbridge.domain.hour import GuardLog

LETTERS = {Kind.UNPUBLISHED: "u", Kind.CREATED: "c", Kind.PRICE: "p", Kind.REPRICED: "r", Kind.ZEROED: "z"}
LISTINGS, MADE, SHELVES, ASKED = "lmsa"
FORM = re.compile(r"(?:[ucprzla][0-9]{1,9}|[ms]-?[0-9]{1,9})*")
NUMBER = re.compile(r"([a-z])(-?[0-9]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """What would have happened in one lane since its push began.

    ``counts`` is what the guard would have noted by kind. ``listings`` is the number of listings if it would have been
    counted and noted on the way; ``made`` of them would be new, ``shelves`` in the stock lane, both below 0 when more
    would be let go. ``asked`` counts the items of which a second reading would have been asked for.
    """

    counts: Mapping[Kind, int] = field(default_factory=dict)
    listings: int | None = None
    made: int = 0
    shelves: int = 0
    asked: int = 0

    def on(self, log: GuardLog, now: datetime) -> GuardLog:
        """Give the log as it would be by now."""
        noted = log.noting(self.counts, now)
        return noted if self.listings is None else replace(noted, listings=self.listings, counted_at=now)

    def adding(self, counts: Mapping[Kind, int]) -> "Ahead":
        """Count more."""
        kinds = self.counts.keys() | counts.keys()
        return replace(self, counts={kind: self.counts.get(kind, 0) + counts.get(kind, 0) for kind in kinds})

    def for_stock(self) -> "Ahead":
        """Begin the stock lane after the catalogue lane: it has a log of its own, and listings it did not have."""
        return Ahead(made=self.shelves)

    def as_text(self) -> str:
        """Write it into a few letters and numbers; "" when nothing would have happened."""
        numbers = [(letter, self.counts.get(kind, 0) or None) for kind, letter in LETTERS.items()]
        numbers += [(LISTINGS, self.listings)]
        numbers += [(MADE, self.made or None), (SHELVES, self.shelves or None), (ASKED, self.asked or None)]
        return "".join(f"{letter}{number}" for letter, number in numbers if number is not None)

    @classmethod
    def of_text(cls, text: str) -> "Ahead | None":
        """Read what ``as_text`` has written; ``None`` when it is something else."""
        if not FORM.fullmatch(text):
            return None
        numbers = {letter: int(number) for letter, number in NUMBER.findall(text)}
        return cls(
            counts={kind: numbers[letter] for kind, letter in LETTERS.items() if letter in numbers},
            listings=numbers.get(LISTINGS),
            made=numbers.get(MADE, 0),
            shelves=numbers.get(SHELVES, 0),
            asked=numbers.get(ASKED, 0),
        )
