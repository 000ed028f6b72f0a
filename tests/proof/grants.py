"""Kill or disturb each step of authorising, renewing, exchanging, switching and disconnecting, and see what is left.

Every write to the table, the vault and the outbox, and every call to a vendor, is a step with a kill point on either
side; each call also meets each family of trouble. Grants are judged at the vendor: does it still take what we hold?
"""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from multiprocessing import get_context
from os import cpu_count

from sandbox.lightspeed.settings import Rotation
from tests.fakes.crash import Crash, KilledError
from tests.figures import Figure
from tests.proof.grant_works import VENDORS, WORKS
from tests.proof.granted import House
from tests.proof.line import Trouble
from tests.proof.tally import shown
from tillbridge.domain.errors import TillbridgeError
from tillbridge.domain.mail import MailKind
from tillbridge.domain.merchant import Connection, ConnectionState
from tillbridge.grants.keeper import REMOVE_CLIENT

PAUSE = timedelta(minutes=16)  # longer than any pause after a failure
GRACE_HOURS = 3  # by then whatever belongs to nobody has been cleared away


@dataclass(frozen=True, slots=True)
class Disturbed:
    """One run: whose rules hold, which work, and at which step or call (a ``trouble``'s number counts calls)."""

    vendor: str
    work: str
    number: int
    step: str  # its name, to be told
    trouble: Trouble | None = None

    @property
    def where(self) -> str:
        """Say where the fault struck, whichever the work."""
        if self.trouble is None:
            return f"killed {self.step}"
        return f"answer {'lost' if self.trouble.done else 'withheld'} {self.step}"

    @property
    def told(self) -> str:
        """Say all of it."""
        fault = self.trouble.told if self.trouble else "killed"
        return f"{self.vendor}, {self.work}: {fault} {self.step}"


@dataclass(slots=True)
class Outcome:
    """What came of runs. ``beyond`` are grants that the vendor's rules end, by where the fault struck."""

    runs: int = 0
    lost: list[str] = field(default_factory=list)
    beyond: Counter[str] = field(default_factory=Counter)
    unannounced: list[str] = field(default_factory=list)
    slowest_mail: timedelta = timedelta()
    left_behind: list[str] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)
    orphans: int = 0

    def add(self, other: "Outcome") -> None:
        """Add another's."""
        self.runs += other.runs
        self.lost += other.lost
        self.beyond += other.beyond
        self.unannounced += other.unannounced
        self.slowest_mail = max(self.slowest_mail, other.slowest_mail)
        self.left_behind += other.left_behind
        self.stuck += other.stuck
        self.orphans += other.orphans


def killed_at_every_step_of_a_grant() -> Iterator[Figure]:
    """Play every fault at every step under each vendor's rules, as many runs at once as there are processors."""
    runs = [run for vendor in VENDORS for work in WORKS for run in every_fault(vendor, work)]
    outcome = Outcome()
    with ProcessPoolExecutor(cpu_count(), mp_context=get_context("spawn")) as pool:
        done = as_completed([pool.submit(play, run) for run in runs])
        for _ in shown("grants", runs):
            outcome.add(next(done).result())
    kills = sum(run.trouble is None for run in runs)
    name = "kill and disturb grants"
    yield Figure(
        f"{name}: disturbed runs",
        outcome.runs,
        "runs",
        note=f"{len(WORKS)} works under {len(VENDORS)} vendors' rules: {kills:,} kills, {len(runs) - kills:,} troubles",
    )
    yield Figure(f"{name}: grants lost", len(outcome.lost), "grants", 0, _some(outcome.lost))
    where = ", ".join(f"{count} x {step}" for step, count in sorted(outcome.beyond.items()))
    yield Figure(f"{name}: lost where the vendor leaves no way", outcome.beyond.total(), "grants", note=where)
    mailed = f"mail asked for within {outcome.slowest_mail.total_seconds():.0f} s of the fault"
    silent = _some(outcome.unannounced) or mailed
    yield Figure(f"{name}: ends without a mail at once", len(outcome.unannounced), "grants", 0, silent)
    yield Figure(f"{name}: secrets left behind", len(outcome.left_behind), "secrets", 0, _some(outcome.left_behind))
    yield Figure(f"{name}: ways that could not be finished", len(outcome.stuck), "runs", 0, _some(outcome.stuck))
    yield Figure(f"{name}: authorisations left unused at the vendor", outcome.orphans, "grants", note="end in 30 days")


def _some(told: list[str]) -> str:
    return "; ".join(told[:5])


def every_fault(vendor: str, work: str) -> Iterator[Disturbed]:
    """Do the work once in peace, and disturb each of its steps and calls."""
    house, crash = _prepared(vendor, work), Crash()
    process = house.process(crash)
    WORKS[work].do(house, process)
    for number, step in enumerate(crash.steps):
        yield Disturbed(vendor, work, number, step)
    for number, call in enumerate(process.line.calls):
        yield from (Disturbed(vendor, work, number, f"at {call}", trouble) for trouble in Trouble)


def play(run: Disturbed) -> Outcome:
    """Disturb a work, let time pass, let whoever did it go on, and judge."""
    house, work = _prepared(run.vendor, run.work), WORKS[run.work]
    served = [one for one in house.live() if _holds(house, one)]
    outcome, struck_at = Outcome(runs=1), house.clock.now()
    crash = Crash(at=run.number) if run.trouble is None else Crash()
    with suppress(KilledError, TillbridgeError):
        work.do(house, house.process(crash, run.trouble, run.number))
    beyond = [one for one in served if _beyond(house, one)]
    for _ in range(3):
        house.minute()
    house.clock.time += PAUSE
    house.minute()
    for one in served:
        if any(other.connection_id == one.connection_id for other in house.live()) and not house.works(one):
            _note_loss(house, run, one, outcome, struck_at, beyond=one in beyond)
    with suppress(TillbridgeError):
        work.again(house)
    for _ in range(GRACE_HOURS):
        house.clock.advance(hours=1)
        house.minute()
    _judge_the_end(house, run, outcome, given_up=bool(beyond) and run.work == "exchange")
    return outcome


def _prepared(vendor: str, work: str) -> House:
    rules = VENDORS[vendor]
    house = House(rules, once=rules.rotation is Rotation.AT_ONCE)
    WORKS[work].prepare(house)
    return house


def _holds(house: House, one: Connection) -> bool:
    """Tell whether there is something to lose: the vendor takes what serves."""
    if house.process().serving.old(one) is not None:
        return True
    return house.renewable(one.place)


def _beyond(house: House, one: Connection) -> bool:
    """Tell whether the vendor, by its rules of rotation, takes nothing any more of what could be stored.

    It has given a pair in an answer that never came to rest, and has ended the token that was sent for it.
    """
    if house.rules.rotation is not Rotation.AT_ONCE:
        return False
    if not one.system.is_till:
        return not house.shop.old and house.kept(one.place) is None
    return house.process().serving.old(one) is None and not house.renewable(one.place)


def _note_loss(
    house: House, run: Disturbed, one: Connection, outcome: Outcome, struck_at: datetime, *, beyond: bool
) -> None:
    if not beyond:
        outcome.lost.append(run.told)
        return
    outcome.beyond[run.where] += 1
    state, record = house.process().connections.get(one.connection_id), house.records.rows[one.connection_id]
    met_at = record.death.at if record.death else state.changed_at
    mails = [posted for posted in house.memory.mails.values() if posted.mail.kind is MailKind.RECONNECT]
    woken = {key for _, key in house.memory.mails_woken}
    at_once = [posted for posted in mails if posted.put_at == met_at and posted.mail.key in woken]
    if state.working or len(mails) != 1 or not at_once:
        outcome.unannounced.append(run.told)
    else:
        outcome.slowest_mail = met_at - struck_at


def _judge_the_end(house: House, run: Disturbed, outcome: Outcome, *, given_up: bool) -> None:
    told, live = run.told, house.live()
    outcome.left_behind += [f"{told}: {name}" for name in sorted(house.left_behind())]
    outcome.orphans += house.orphans()
    if WORKS[run.work].ends:
        ended = next(iter(house.memory.connections.values()))
        known = house.orphans() == 0 or ended.remedy == REMOVE_CLIENT
        outcome.stuck += [] if not live and known else [told]
    elif not given_up and not _fine(house, live, run.work):
        outcome.stuck.append(told)


def _fine(house: House, live: list[Connection], work: str) -> bool:
    state = ConnectionState.PAUSED if work == "keep alive" else ConnectionState.ACTIVE
    return len(live) == 1 and live[0].state is state and house.works(live[0])
