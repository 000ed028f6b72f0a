"""A reader of a real till over HTTP whose stores forget at once, so that only the reader itself is seen."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from tests.bench.no_hurry import NoHurry
from tests.fakes.crash import Crash
from tests.fakes.people import connection
from tests.fakes.stores import FakeConnections, FakeCursors, FakeLanes, FakeMarks, FakeMirror, FakeRejects, FakeRuns
from tests.fakes.stores import Memory as Kept
from tillbridge.domain.catalogue import Item, Matrix
from tillbridge.domain.merchant import Connection, Lane, System
from tillbridge.domain.stock import StockLevel
from tillbridge.domain.work import Mark
from tillbridge.flows.fanout import Fanout
from tillbridge.flows.reader import TillReader
from tillbridge.runtime.clock import SystemClock
from tillbridge.systems.http import AddressPolicy, HttpClient, TransportOptions
from tillbridge.systems.lightspeed import BudgetBook, LightspeedClient, LightspeedTill
from tillbridge.systems.till import Till

TILL, SHOP = "till", "shop"

TillKind = TypeVar("TillKind", bound=LightspeedTill)


class NoCrash(Crash):
    """Counts nothing and never kills."""

    def step(self, name: str) -> None:
        return


@dataclass
class ForgetfulMirror(FakeMirror):
    """Counts what it is given and keeps one matrix, to show it again as often as there were matrices."""

    crash: Crash = field(default_factory=NoCrash)
    sample: list[Matrix] = field(default_factory=list)
    matrices_met: int = 0

    def put_items(self, till: str, items: Iterable[Item], previous: Mapping[str, Item] | None = None) -> None:
        for item in items:
            self.meet(item)

    def put_matrices(self, till: str, matrices: Iterable[Matrix]) -> None:
        rows = list(matrices)
        self.sample = rows[:1] or self.sample
        self.matrices_met += len(rows)

    def put_stock(self, till: str, levels: Iterable[StockLevel], *, guarded: bool) -> None:
        for level in levels:
            self.meet(level)

    def every_matrix(self, till: str, after: str = "") -> Iterator[Matrix]:
        for number in range(self.matrices_met):
            yield replace(self.sample[0], matrix_id=str(number))

    def meet(self, row: Item | StockLevel) -> None:
        """Look at a row and let it go."""


class ForgetfulMarks(FakeMarks):
    """Takes marks and drops them."""

    def add(self, shop: str, lane: Lane, marks: Iterable[Mark]) -> Sequence[Mark]:
        for _ in marks:
            pass
        return ()


class ForgetfulLanes(FakeLanes):
    """Wakes nobody."""

    def wake(self, connection: Connection, lane: Lane, task: str = "work") -> None:
        return


@dataclass(frozen=True, slots=True)
class FirstToken:
    """The access token that came with the till."""

    text: str

    def current(self) -> str:
        return self.text

    def renew(self, rejected: str, told: str) -> str:
        raise RuntimeError("the token of a bench does not end")

    def forbidden(self, what: str) -> None:
        raise RuntimeError("the till of a bench lets us read everything")


def till_of(told: Mapping[str, str], ca_file: str, kind: type[TillKind]) -> TillKind:
    """Connect to a till of ``tests.bench.till_server`` by what its ready file tells."""
    clock = SystemClock()
    options = TransportOptions(ca_bundle=ca_file)
    http = HttpClient("lightspeed", TILL, policy=AddressPolicy.local(), clock=clock, options=options)
    token = FirstToken(told["access_token"])
    client = LightspeedClient(http, token, clock=clock, budget=BudgetBook(clock), base_url=told["tls_url"])
    return kind(client, told["account_id"])


def reader_of(till: Till, mirror: ForgetfulMirror) -> TillReader:
    """Make a reader over forgetful stores; how far it has come is kept in the mirror's memory."""
    kept, never = mirror.memory, NoCrash()
    kept.connections |= {TILL: connection(TILL, system=System.LIGHTSPEED), SHOP: connection(SHOP)}
    return TillReader(
        connection=kept.connections[TILL],
        till=till,
        mirror=mirror,
        cursors=FakeCursors(kept, never),
        runs=FakeRuns(kept, never),
        rejects=FakeRejects(kept, never),
        fanout=Fanout(FakeConnections(kept, never), ForgetfulMarks(kept, never), ForgetfulLanes()),
        clock=SystemClock(),
        deadline=NoHurry(),
    )


def forgetful_mirror() -> ForgetfulMirror:
    """Make a mirror that keeps nothing."""
    return ForgetfulMirror(Kept())
