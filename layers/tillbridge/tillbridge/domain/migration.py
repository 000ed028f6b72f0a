"""Moving a connection from one kind of credential to the next: stages, what may follow what, what is due. Pure.

::

    key only -> invited -> authorised -> verified -> switched -> retired
       ^                       |  ^         |  |         |
       |<------- lose ---------+--|---------+  |         |
                                  |<- differ --+         |
                                  |<----- go back -------+

Up to *verified* the old credential serves, from *switched* on the new one. The old one is destroyed after *retired* has
been noted and never before; from there no way leads back (invariant 3).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from tillbridge.domain.errors import InputError
from tillbridge.domain.vendor_events import VendorEvent


class Stage(StrEnum):
    """How far a connection has come."""

    KEY_ONLY = "key_only"
    INVITED = "invited"
    AUTHORISED = "authorised"
    VERIFIED = "verified"
    SWITCHED = "switched"
    RETIRED = "retired"


class Move(StrEnum):
    """What takes it from one stage to another."""

    INVITE = "invite"  # the merchant was asked
    AUTHORISE = "authorise"  # the new credential is in the vault
    VERIFY = "verify"  # both showed the same
    DIFFER = "differ"  # they did not
    LOSE = "lose"  # the new credential died before it served
    SWITCH = "switch"
    GO_BACK = "go_back"
    RETIRE = "retire"


FOLLOWS: Mapping[tuple[Stage, Move], Stage] = {
    (Stage.KEY_ONLY, Move.INVITE): Stage.INVITED,
    (Stage.KEY_ONLY, Move.AUTHORISE): Stage.AUTHORISED,
    (Stage.INVITED, Move.INVITE): Stage.INVITED,
    (Stage.INVITED, Move.AUTHORISE): Stage.AUTHORISED,
    (Stage.AUTHORISED, Move.AUTHORISE): Stage.AUTHORISED,
    (Stage.AUTHORISED, Move.VERIFY): Stage.VERIFIED,
    (Stage.AUTHORISED, Move.DIFFER): Stage.AUTHORISED,
    (Stage.AUTHORISED, Move.LOSE): Stage.KEY_ONLY,
    (Stage.VERIFIED, Move.AUTHORISE): Stage.AUTHORISED,
    (Stage.VERIFIED, Move.VERIFY): Stage.VERIFIED,
    (Stage.VERIFIED, Move.DIFFER): Stage.AUTHORISED,
    (Stage.VERIFIED, Move.LOSE): Stage.KEY_ONLY,
    (Stage.VERIFIED, Move.SWITCH): Stage.SWITCHED,
    (Stage.SWITCHED, Move.AUTHORISE): Stage.SWITCHED,
    (Stage.SWITCHED, Move.GO_BACK): Stage.AUTHORISED,
    (Stage.SWITCHED, Move.RETIRE): Stage.RETIRED,
    (Stage.RETIRED, Move.AUTHORISE): Stage.RETIRED,
}
"""Everything that may happen; whatever is not here is refused."""

SERVED_BY_OLD = frozenset({Stage.KEY_ONLY, Stage.INVITED, Stage.AUTHORISED, Stage.VERIFIED})
ASKED_OF_MERCHANT = frozenset({Stage.KEY_ONLY, Stage.INVITED})
REMIND_DAYS = (60, 30, 14, 7, 3, 1)
"""Days before the old credential ends on which a merchant who has not authorised yet is reminded, once each."""
AT_RISK_DAYS = 14
LOOK_EVERY = timedelta(hours=6)
"""How often each migration is looked at when nothing is due: so often a moved day is noticed."""
COMPARE_AGAIN = timedelta(hours=1)
TAKE_OVER_AGAIN = timedelta(minutes=5)
"""How soon after trouble a new credential is tried again that has to serve, since the old one may serve no longer."""
HISTORY = 40


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened."""

    at: datetime
    move: Move
    stage: Stage
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """One connection on its way. The stage is also the pointer to the credential that serves.

    ``version`` grows with every write. ``reminded`` holds the days of ``REMIND_DAYS`` that are dealt with.
    ``stopped_at`` is set while the connection pauses because the old credential has ended. ``destroyed`` says that the
    old credential is gone from the vault. ``due_at`` is when to look again, ``None`` for never.
    """

    connection_id: str
    merchant_id: str
    event: str
    stage: Stage = Stage.KEY_ONLY
    version: int = 1
    since: datetime
    reminded: tuple[int, ...] = ()
    stopped_at: datetime | None = None
    destroyed: bool = False
    problem: str = ""
    remedy: str = ""
    problem_at: datetime | None = None
    due_at: datetime | None = None
    history: tuple[Entry, ...] = ()

    @property
    def served_by_old(self) -> bool:
        """Tell which credential serves."""
        return self.stage in SERVED_BY_OLD

    def outlived(self, got_at: datetime) -> bool:
        """Tell whether a new credential of that time is one that died already."""
        lost = [entry.at for entry in self.history if entry.move is Move.LOSE]
        return bool(lost) and got_at <= max(lost)

    def seen_next(self, due_at: datetime) -> "Migration":
        """Give the next version, in which nothing but the time of the next look is another."""
        return replace(self, version=self.version + 1, due_at=due_at)

    def at_risk(self, event: VendorEvent, now: datetime) -> bool:
        """Tell whether it may not be done in time: trouble, or few days left, while the old one still serves."""
        if not self.served_by_old:
            return False
        left = event.days_left(now)
        return bool(self.problem) or self.stopped_at is not None or (left is not None and left <= AT_RISK_DAYS)


def moved(migration: Migration, move: Move, now: datetime, note: str = "") -> Migration:
    """Take a step; ``InputError`` when it cannot follow. A problem is over with every step but ``DIFFER``, ``LOSE``."""
    stage = FOLLOWS.get((migration.stage, move))
    if stage is None:
        raise InputError(
            "stage",
            f"Merchant {migration.merchant_id} is {_WORDS[migration.stage]}; {_WANTED[move]}.",
            remedy="`tillbridge migrate board` shows how far everybody is.",
            code="MigrationOrder",
        )
    failed = move in {Move.DIFFER, Move.LOSE}
    return replace(
        migration,
        stage=stage,
        since=migration.since if stage is migration.stage else now,
        problem=migration.problem if failed else "",
        remedy=migration.remedy if failed else "",
        problem_at=migration.problem_at if failed else None,
        history=(*migration.history, Entry(now, move, stage, note))[-HISTORY:],
    )


def troubled(migration: Migration, problem: str, remedy: str, now: datetime) -> Migration:
    """Keep what went wrong last."""
    return replace(migration, problem=problem, remedy=remedy, problem_at=now)


class Due(StrEnum):
    """What is to be done with a migration by itself, without the operator."""

    NOTHING = "nothing"
    OBTAIN = "obtain"  # the vendor exchanges the old credential without the merchant
    COMPARE = "compare"  # side by side
    REMIND = "remind"
    STOP = "stop"  # the old credential may be used no longer, and there is no new one
    TAKE_OVER = "take over"  # the new one serves from now on, since the old one can no longer
    RESUME = "resume"  # the pause is over
    DESTROY = "destroy"  # the old credential, which is retired


def due(migration: Migration, event: VendorEvent, now: datetime, *, paused: bool) -> Due:
    """Say what is due; the first line that fits counts. ``paused`` says that the connection does no work.

    | the situation                                              | due       |
    |------------------------------------------------------------|-----------|
    | retired, the old credential still in the vault             | destroy   |
    | the new one serves, after a pause of ours                  | resume    |
    | the old one may serve again, since its vendor postponed    | resume    |
    | the old one has ended or the work pauses; a new one is there | take over |
    | the vendor exchanged, and nobody went back                 | take over |
    | the old one has ended, there is no new one, not paused yet | stop      |
    | the vendor exchanges, and nothing was exchanged yet        | obtain    |
    | authorised, and not compared within the hour               | compare   |
    | a day for reminding has come                               | remind    |
    """
    ended, waiting = not event.usable(now), migration.stage in ASKED_OF_MERCHANT
    facts = (
        (Due.DESTROY, migration.stage is Stage.RETIRED and not migration.destroyed),
        (Due.RESUME, migration.stopped_at is not None and (not migration.served_by_old or (waiting and not ended))),
        (Due.TAKE_OVER, _to_take_over(migration, event, now, paused=paused)),
        (Due.OBTAIN, waiting and event.strategy == "exchange" and _rested(migration, now)),
        (Due.STOP, waiting and ended and migration.stopped_at is None),
        (Due.COMPARE, migration.stage is Stage.AUTHORISED and _rested(migration, now)),
        (Due.REMIND, event.strategy == "anew" and reminder(migration, event, now) is not None),
    )
    return next((step for step, holds in facts if holds), Due.NOTHING)


def reminder(migration: Migration, event: VendorEvent, now: datetime) -> int | None:
    """Give the day of ``REMIND_DAYS`` for which a reminder is due: the nearest one that has come, unless dealt with.

    Whoever joins late is not reminded of the days before; nobody is once the merchant has done what was asked.
    """
    left = event.days_left(now)
    if left is None or not event.usable(now) or migration.stage not in ASKED_OF_MERCHANT:
        return None
    come = [day for day in REMIND_DAYS if left <= day]
    return min(come) if come and min(come) not in migration.reminded else None


def reminded(migration: Migration, day: int) -> Migration:
    """Note a reminder, and that those of the days before need not go out any more."""
    return replace(migration, reminded=tuple(sorted({*migration.reminded, *(d for d in REMIND_DAYS if d >= day)})))


def look_at(migration: Migration, event: VendorEvent, now: datetime) -> datetime | None:
    """Tell when to look at it next; ``None`` when nothing can become due any more."""
    if migration.stage is Stage.RETIRED and migration.destroyed:
        return None
    moments = [now + LOOK_EVERY]
    if migration.problem_at is not None and migration.stage is not Stage.SWITCHED:
        again = TAKE_OVER_AGAIN if _to_take_over(migration, event, now) else COMPARE_AGAIN
        moments.append(migration.problem_at + again)
    if event.ends_at is not None:
        moments += [event.ends_at, *(event.ends_at - timedelta(days=day) for day in REMIND_DAYS)]
    return min(moment for moment in moments if moment > now)


def _to_take_over(migration: Migration, event: VendorEvent, now: datetime, *, paused: bool = False) -> bool:
    """Tell whether a new credential is there that has to serve."""
    if not migration.served_by_old or migration.stage in ASKED_OF_MERCHANT:
        return False
    return paused or not event.usable(now) or _unasked(migration, event)


def _unasked(migration: Migration, event: VendorEvent) -> bool:
    """Tell whether nobody is asked before the switch: the old credential may have ended with the exchange."""
    return event.strategy == "exchange" and all(entry.move is not Move.GO_BACK for entry in migration.history)


def _rested(migration: Migration, now: datetime) -> bool:
    return migration.problem_at is None or now - migration.problem_at >= COMPARE_AGAIN


_WORDS: Mapping[Stage, str] = {
    Stage.KEY_ONLY: "served by the old credential and not invited yet",
    Stage.INVITED: "invited and has not authorised yet",
    Stage.AUTHORISED: "authorised, and both credentials have not been compared",
    Stage.VERIFIED: "verified and not switched yet",
    Stage.SWITCHED: "switched",
    Stage.RETIRED: "done, and the old credential is retired",
}
_WANTED: Mapping[Move, str] = {
    Move.INVITE: "an invitation is for those who have not authorised yet",
    Move.AUTHORISE: "a new credential cannot be taken now",
    Move.VERIFY: "there is nothing to compare",
    Move.DIFFER: "there is nothing to compare",
    Move.LOSE: "there is no new credential to lose",
    Move.SWITCH: "only a verified one can be switched",
    Move.GO_BACK: "only a switched one can go back, until the old credential is retired",
    Move.RETIRE: "only of a switched one the old credential can be retired",
}
