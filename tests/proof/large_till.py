"""Read a till of 100,000 items, die after every page and inside some, go on, and compare with a read in peace."""

import json
import random
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from local.cloud import LocalCloud, Ports
from local.home import PROJECT, Home
from tests.bench.forgetful import ForgetfulMirror, reader_of, till_of
from tests.bench.memory import WIDE_BUCKET
from tests.fakes.crash import KilledError
from tests.fakes.stores import Memory
from tests.figures import Figure
from tillbridge.domain.catalogue import Item, Matrix
from tillbridge.domain.stock import StockLevel
from tillbridge.flows.full_read import full_read
from tillbridge.systems.lightspeed import LightspeedTill
from tillbridge.systems.till import Page, StockedItem

ITEMS = 100_000
DEATHS_INSIDE = 40
SEED = 7
SAY_EVERY = 200

Row = TypeVar("Row")
Seen = dict[tuple[str, str], int]


@dataclass
class WhatWasMet(ForgetfulMirror):
    """Keeps of every row only what it looked like, as a number. Whoever stores a ``fatal`` item dies of it, once."""

    seen: Seen = field(default_factory=dict)
    fatal: set[str] = field(default_factory=set)

    def put_matrices(self, till: str, matrices: Iterable[Matrix]) -> None:
        rows = list(matrices)
        self.seen |= {(matrix.product_key, ""): hash(repr(matrix)) for matrix in rows}
        super().put_matrices(till, rows)

    def meet(self, row: Item | StockLevel) -> None:
        place = row.location_id if isinstance(row, StockLevel) else ""
        self.seen[row.item_id, place] = hash(repr(row))
        if not place and row.item_id in self.fatal:
            self.fatal.remove(row.item_id)
            raise KilledError(f"while item {row.item_id} was stored")


@dataclass
class Deaths:
    """Counts pages, and ends a mortal's life after each of them."""

    mortal: bool
    pages: int = 0

    def between(self, pages: Iterator[Page[Row]]) -> Iterator[Page[Row]]:
        """Give pages; when the next one is asked for, the last one is wholly stored."""
        for page in pages:
            yield page
            self.pages += 1
            if self.pages % SAY_EVERY == 0:
                sys.stderr.write(f"... a till of {ITEMS:,} items: {self.pages} pages\n")
            if self.mortal:
                raise KilledError(f"after page {self.pages}")


class MortalTill(LightspeedTill):
    """The real till, whose reader may die after every page."""

    deaths: Deaths

    def items_after(self, item_id: str) -> Iterator[Page[StockedItem]]:
        return self.deaths.between(super().items_after(item_id))

    def matrices_after(self, matrix_id: str) -> Iterator[Page[Matrix]]:
        return self.deaths.between(super().matrices_after(matrix_id))


def a_large_till_survives_being_killed() -> Iterator[Figure]:
    """Read twice: in peace, and dying between any two pages."""
    dice = random.Random(SEED)
    with LocalCloud(Home(PROJECT / ".local" / "proof"), Ports.free()).session() as cloud:
        cloud.start_stand_in("till", "tests.bench.till_server", ["--items", str(ITEMS), "--bucket-size", WIDE_BUCKET])
        told = json.loads((cloud.home.folder / "till.ready.json").read_text())
        ca_file = str(cloud.ca_file)
        peaceful, _ = _read(told, ca_file, Deaths(mortal=False), set())
        inside = {str(number) for number in dice.sample(range(1, ITEMS), DEATHS_INSIDE)}
        killed, lives = _read(told, ca_file, Deaths(mortal=True), inside)
    differing = sum(peaceful.get(key) != killed.get(key) for key in peaceful.keys() | killed.keys())
    note = f"{lives - 1} deaths, {len(peaceful):,} rows"
    name = f"a till of {ITEMS:,} items read in spite of kills"
    yield Figure(f"{name}: rows missed or met otherwise", differing, "rows", 0, note)
    yield Figure(
        f"{name}: items met", len({item for item, _ in killed if item.isdecimal()}), "items", ITEMS, note, at_least=True
    )


def _read(told: Mapping[str, str], ca_file: str, deaths: Deaths, fatal: set[str]) -> tuple[Seen, int]:
    """Read to the end, in as many lives as it takes; gives what was met and the number of lives."""
    mirror, lives = WhatWasMet(Memory(), fatal=fatal), 1
    while not _live(told, ca_file, deaths, mirror):
        lives += 1
    return mirror.seen, lives


def _live(told: Mapping[str, str], ca_file: str, deaths: Deaths, mirror: WhatWasMet) -> bool:
    till = till_of(told, ca_file, MortalTill)
    till.deaths = deaths
    try:
        return full_read(reader_of(till, mirror)).finished
    except KilledError:
        return False
