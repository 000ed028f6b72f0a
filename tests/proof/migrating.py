"""Move a fleet from keys to authorisations with faults all along, and kill every step of bringing in and of moving.

In memory, where every write to a store or to the vault is a step with a kill point on either side, and every call to a
till, a shop or a token server can fail.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta

from tests.fakes.crash import Crash, KilledError
from tests.figures import Figure
from tests.proof.tally import shown
from tests.unit.flows.fleet import END, EVENT, Fleet, Process, link
from tests.unit.flows.ways import WAYS, finish, holds_what_serves, prepared, steps_of
from tillbridge.domain.errors import (
    DoubtfulWriteError,
    GarbledAnswerError,
    SystemDownError,
    ThrottledError,
    TillbridgeError,
)
from tillbridge.domain.mail import MailKind
from tillbridge.domain.merchant import ConnectionState
from tillbridge.domain.migration import Stage
from tillbridge.flows.migrate_rehearse import Rehearsal
from tillbridge.flows.operate.migration import MigrationDesk
from tillbridge.flows.operate.register import Register

MERCHANTS, FAULTS, SEED = 1000, 0.05, 17
BEGIN, ROUNDS_A_DAY, LATE_SHARE, BACK_SHARE = timedelta(days=20), 4, 0.1, 0.05
LONGEST, MOST_ROUNDS = timedelta(days=12), 40
TROUBLES: tuple[Callable[[], TillbridgeError], ...] = (
    lambda: SystemDownError("It is down."),
    lambda: ThrottledError("It was asked too often.", after=7),
    lambda: GarbledAnswerError("It answered rubbish."),
)


@dataclass
class Script:
    """What operator, merchants and time do with a fleet. Each deed is a process of its own, which may be disturbed."""

    fleet: Fleet = field(default_factory=Fleet)
    dice: random.Random = field(default_factory=lambda: random.Random(SEED))
    names: list[str] = field(default_factory=list)
    faults: int = 0
    deeds: int = 0
    unsound: int = 0  # moments at which the board did not add up
    stateless: int = 0  # merchants found without a stage
    lost: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.fleet.go_to(END - BEGIN)
        self.fleet.house.fault = self._fault

    def play(self) -> None:
        """Bring everybody in, then let days pass until everybody is done."""
        for number in shown("a fleet moves", range(MERCHANTS)):
            self._bring_in(f"m{number:04}", str(1000 + number))
        days = {name: self._day_of(name) for name in self.names}
        for day in shown("a fleet moves, days", range((BEGIN + LONGEST).days)):
            for _ in range(ROUNDS_A_DAY):
                self.fleet.clock.advance(hours=24 / ROUNDS_A_DAY)
                self._rounds()
            self._merchants([name for name in self.names if days[name] <= day])
            self._operator()
            if all(self.fleet.stage(name) is Stage.RETIRED for name in self.names):
                break
        self.fleet.house.fault = lambda _: None
        self._rounds()

    def _bring_in(self, name: str, account: str) -> None:
        """Repeat the command until it has worked, as its own answer asks for."""
        newcomer = self.fleet.newcomer(name, account, address=f"https://{name}.example")
        links = [link("1", "17"), link("2", "18/2", "7")]

        def bring(process: Process) -> None:
            process.bring_in.keep_links(newcomer, links)
            process.bring_in.finish(newcomer, EVENT)

        while not any(one.system.is_till for one in self.fleet.live(name)):
            self._do(bring, "")
        self.names.append(name)
        self._look(name)

    def _day_of(self, name: str) -> int:
        """Say on which day a merchant opens the link; some are late."""
        late = self.dice.random() < LATE_SHARE
        first, last = (BEGIN.days + 1, BEGIN.days + 3) if late else (1, BEGIN.days - 1)
        return self.dice.randint(first, last)

    def _rounds(self) -> None:
        for _ in range(MOST_ROUNDS):
            before = self.fleet.clock.now()
            due = [one for one in self.fleet.memory.migrations.values() if one.due_at and one.due_at <= before]
            if not due:
                return
            self._do(lambda process: process.round.run(_Deadline()), "")

    def _merchants(self, ready: list[str]) -> None:
        for name in ready:
            if self.fleet.stage(name) in {Stage.KEY_ONLY, Stage.INVITED}:
                if self.fleet.stage(name) is Stage.KEY_ONLY:
                    self._do(lambda process, name=name: process.invite(name), name)  # type: ignore[misc]
                self._do(lambda process, name=name: process.authorise(name), name)  # type: ignore[misc]

    def _operator(self) -> None:
        for name in self.names:
            stage = self.fleet.stage(name)
            if stage is Stage.VERIFIED:
                self._do(lambda process, name=name: process.switch(name), name)  # type: ignore[misc]
            elif stage is Stage.SWITCHED and self.dice.random() < BACK_SHARE:
                self._do(lambda process, name=name: process.back(name), name)  # type: ignore[misc]
            elif stage is Stage.SWITCHED and self.fleet.till(name).working:
                self._do(lambda process, name=name: process.retire(name), name)  # type: ignore[misc]

    def _do(self, deed: Callable[[Process], object], name: str) -> None:
        """Do something in a process, which dies on the way once in twenty times."""
        self.deeds += 1
        dies = self.dice.random() < FAULTS
        self.faults += dies
        with suppress(KilledError, TillbridgeError):  # looked at again at the next turn
            deed(self.fleet.process(Crash(at=self.dice.randrange(30)) if dies else None))
        self._look(name)

    def _look(self, name: str) -> None:
        """Hold the board against the fleet, and see whether whoever was touched has what serves."""
        board = self._desk().board(EVENT.name)
        known = len(self.fleet.memory.migrations)
        self.unsound += sum(board.stages.values()) + board.gone != board.total or board.total != known
        if name in self.names:
            missing = self.fleet.till(name).connection_id not in self.fleet.memory.migrations
            self.stateless += missing
            if missing or not holds_what_serves(self.fleet, name):
                self.lost.add(name)

    def _desk(self) -> MigrationDesk:
        process = self.fleet.process()
        register = Register(process.bring_in.merchants, process.connections)
        rehearsal = Rehearsal(process.mover, process.bring_in.merchants, lambda *_: None)
        return MigrationDesk(register, process.mover, rehearsal, process.bring_in)

    def _fault(self, _: str) -> None:
        if self.dice.random() < FAULTS:
            self.faults += 1
            trouble = self.dice.choice(TROUBLES)
            raise trouble()


class _Deadline:
    def left(self) -> timedelta:
        return timedelta(minutes=5)


def a_fleet_moves_with_faults() -> Iterator[Figure]:
    """Take 1,000 merchants from the file to the end, with one call and one process in twenty failing."""
    script = Script()
    script.play()
    fleet = script.fleet
    undone = [name for name in script.names if fleet.stage(name) is not Stage.RETIRED or not fleet.works(name)]
    idle = [name for name in script.names if fleet.till(name).state is not ConnectionState.ACTIVE]
    mails = Counter(posted.mail.kind for posted in fleet.memory.mails.values())
    note = (
        f"{script.deeds:,} deeds, {script.faults:,} faults, {mails[MailKind.MIGRATION_REMINDER]:,} reminders, "
        f"{mails[MailKind.MIGRATION_STOPPED]} paused on the day"
    )
    name = f"{MERCHANTS:,} merchants moved with faults"
    yield Figure(f"{name}: brought in", len(script.names), "merchants", MERCHANTS, note, at_least=True)
    yield Figure(f"{name}: lost on the way or at the end", len({*script.lost, *undone, *idle}), "merchants", 0)
    yield Figure(f"{name}: without a stage", script.stateless, "merchants", 0)
    yield Figure(f"{name}: moments when the board did not add up", script.unsound, "moments", 0, f"of {script.deeds:,}")


@dataclass(slots=True)
class Harm:
    """What came of disturbed runs."""

    runs: int = 0
    lost: int = 0
    doubled: int = 0

    def judge(self, fleet: Fleet, *, kept: bool, done: bool) -> None:
        self.runs += 1
        self.lost += not (kept and done and fleet.works())
        self.doubled += len(fleet.live()) - 2 + sum(len(links) - 2 for links in fleet.memory.links.values())


def killed_at_every_step_of_moving() -> Iterator[Figure]:
    """Kill bringing in and every way of moving before and after each step, and let each outside call fail each way."""
    harm = Harm()
    deaths = [(way, step) for way in WAYS for step in range(steps_of(way))]
    failures = [(way, call) for way in WAYS for call in range(_calls_of(way))]
    for name, step in shown("kill while moving", deaths):
        _moved(harm, name, Crash(at=step), None)
    kills = harm.runs
    for name, call in shown("fail while moving", failures):
        for trouble in (*TROUBLES, lambda: DoubtfulWriteError("Its answer never came.")):
            _moved(harm, name, Crash(), Failing(call, trouble))
    for step in shown("kill while bringing in", range(_steps_of_bringing_in())):
        fleet = Fleet()
        with suppress(KilledError):
            _bring_in(fleet, Crash(at=step))
        _bring_in(fleet)
        harm.judge(fleet, kept=fleet.kept_old() is not None, done=fleet.stage() is Stage.KEY_ONLY)
        kills += 1
    title = "kill and restart while moving credentials"
    note = f"{kills} kills, {harm.runs - kills} troubles, {len(WAYS)} ways and bringing in"
    yield Figure(f"{title}: disturbed runs", harm.runs, "runs", note=note)
    yield Figure(f"{title}: credentials lost", harm.lost, "grants", 0)
    yield Figure(f"{title}: doubled", harm.doubled, "rows", 0, "connections and links")


@dataclass(slots=True)
class Failing:
    """Lets one outside call fail; counts all of them."""

    at: int | None = None
    trouble: Callable[[], TillbridgeError] | None = None
    calls: int = 0

    def __call__(self, _: str) -> None:
        self.calls += 1
        if self.trouble and self.at == self.calls - 1:
            raise self.trouble()


def _moved(harm: Harm, name: str, crash: Crash, failing: Failing | None) -> None:
    """Take a way, disturbed; then let it be finished in peace."""
    fleet = prepared(name)
    calm, fleet.house.fault = fleet.house.fault, failing or fleet.house.fault
    with suppress(KilledError, TillbridgeError):
        WAYS[name][2](fleet.process(crash))
    fleet.house.fault = calm
    kept = holds_what_serves(fleet)
    finish(fleet)
    harm.judge(fleet, kept=kept, done=fleet.stage() is Stage.RETIRED)


def _calls_of(name: str) -> int:
    fleet, counting = prepared(name), Failing()
    fleet.house.fault = counting
    WAYS[name][2](fleet.process())
    return counting.calls


def _steps_of_bringing_in() -> int:
    crash = Crash()
    _bring_in(Fleet(), crash)
    return len(crash.steps)


def _bring_in(fleet: Fleet, crash: Crash | None = None) -> None:
    process, newcomer = fleet.process(crash), fleet.newcomer()
    process.bring_in.keep_links(newcomer, [link("1", "17"), link("2", "18/2", "7")])
    process.bring_in.finish(newcomer, EVENT)
