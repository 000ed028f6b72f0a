"""The market with the shops' own stand-ins in it, our adapters before them, and workers side by side."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import SimpleNamespace
from typing import Any, cast

from tests.conformance.front import MemoryVocabulary
from tests.fakes.counter import FakeDesk
from tests.fakes.stores import FakeBudgets, FakeMarks, FakeShelves
from tests.fakes.world import connection
from tests.proof.orders.market import TICK, Front, Group, Market
from tests.proof.orders.side_by_side import Crew, SharedClock
from tests.proof.orders.windows import Window, windows
from tillbridge.domain.merchant import Connection, Lane, System
from tillbridge.domain.work import Mark, Shelf
from tillbridge.flows.keep_hooks import TRAIT, WORKING
from tillbridge.flows.lane_fence import LaneFence
from tillbridge.flows.schedule import wakes
from tillbridge.flows.shopkeeper import ShopKeeper
from tillbridge.runtime.shops import Built, Fittings, kit_of
from tillbridge.systems.http import FencedClient


@dataclass
class Street(Market):
    """``counts_late`` says when the BigCommerce store counts units off itself."""

    clock: SharedClock = field(default_factory=SharedClock)
    counts_late: bool = False
    crew: Crew = field(init=False)
    windows: dict[str, Window] = field(init=False)
    busy: set[Group] = field(default_factory=set)
    vocabularies: dict[str, MemoryVocabulary] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._opened_windows = windows(self.clock, counts_late=self.counts_late)
        self.windows = {}
        super().__post_init__()
        self.line.meanwhile = lambda: None  # it happens between the turns of the workers
        self.crew = self.clock.crew = Crew(self.reaper)

    def _opened(self, name: str, system: System) -> Front:
        window = self.windows[name] = self._opened_windows[system]
        self.line.apps = {**self.line.apps, window.host: window.app}
        hooks = {} if system is System.MAGENTO else {TRAIT: WORKING}
        self.memory.connections[name] = replace(connection(name, system), traits={**window.traits, **hooks})
        window.list_items(self.sold_items)
        self.vocabularies[name] = MemoryVocabulary()
        now = self.clock.now()
        for item in self.sold_items:
            FakeShelves(self.memory).put(name, [Shelf(item_id=item, ref=window.refs[item])])
            FakeMarks(self.memory).add(name, Lane.STOCK, [Mark(item, since=now, due_at=now)])
        self.wake(name, Lane.STOCK)
        desk = FakeDesk(self.crash)  # of no use here: the windows have orders of their own
        return Front(name, system, cast("Any", window), desk, desk, f"secret of {name}")

    # --- adapters ---

    def built(self, whose: Connection, fence: LaneFence | None = None) -> Built:
        """Make a shop's adapters as the runtime does, for one worker."""
        name, window = whose.connection_id, self.windows[whose.connection_id]
        http, budgets = self.line.client(whose.system.value, name), self._of(FakeBudgets)
        return kit_of(whose.system).build(
            Fittings(
                http=FencedClient(http, fence.may_send) if fence else http,
                gallery=http,
                address=window.address,
                keys=lambda: cast("Any", window.keys),
                tokens=lambda: cast("Any", window.token),
                vocabulary=self.vocabularies[name],
                clock=self.clock,
                traits=whose.traits,
                load=lambda: budgets.load(name),
                save=lambda told: budgets.save(name, told),
            )
        )

    def keeper_of(self, whose: Connection, fence: LaneFence) -> ShopKeeper:
        shop = self.built(whose, fence).shop
        keeper = replace(self.keeper(), connection=whose, fence=fence, shop=shop)
        return replace(keeper, deadline=self._deadline())

    def _parts(self, fence: LaneFence) -> Any:
        parts = super()._parts(fence)
        systems = SimpleNamespace(seller=parts.systems.seller, built=lambda shop, *_: self.built(shop, fence))
        return SimpleNamespace(**{**vars(parts), "systems": systems})

    # --- time ---

    def _tick(self) -> None:
        """Wake whose turn it is on the lanes that are played."""
        for wake in wakes(self.memory.connections.values(), self.clock.now(), TICK):
            if wake.lane is Lane.STOCK:
                self.wake(wake.connection.connection_id, wake.lane, wake.task)
        self.at(self.clock.now() + TICK, self._tick)

    def run(self, until: datetime) -> None:
        """Let time pass: what is planned happens, and every queue is served, all at the same time."""
        while self.clock.now() < until:
            self._happen()
            if not self._begin_one() and not self.crew.resume(self.clock.now()):
                self.clock.time = max(self.clock.now(), min([until, *self._next()]))
            self.look_around()

    def look_around(self) -> None:
        """See what the shops show by now."""

    def _begin_one(self) -> bool:
        group = self._ready()
        if group is not None:
            self.busy.add(group)
            self.crew.begin(lambda: self._serve_alone(group))
        return group is not None

    def _serve_alone(self, group: Group) -> None:
        try:
            self._serve(group)
        finally:
            self.busy.discard(group)

    def _ready(self) -> Group | None:
        waiting = [(letters[0].shown_at, group) for group, letters in self._idle()]
        return min((one for one in waiting if one[0] <= self.clock.now()), default=(None, None))[1]

    def _idle(self) -> Iterator[tuple[Group, list[Any]]]:
        return ((group, letters) for group, letters in self.queues.items() if letters and group not in self.busy)

    def _next(self) -> Iterator[datetime]:
        if self.plan:
            yield self.plan[0][0]
        yield from (letters[0].shown_at for _, letters in self._idle())
        if (until := self.crew.until()) is not None:
            yield until
