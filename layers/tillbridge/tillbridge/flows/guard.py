"""Stand between planning and writing: what looks like an accident waits for a person, everything else goes on.

What counts within the hour is what the shop has acknowledged and what is held: a try that fails counts when it
succeeds. A held key has no mark any more but a row of its own, which is written before the mark goes. So a crash
anywhere leaves the mark, the row, or both, and never neither (invariant 4); and what is held is not written (invariant
1). A new mark of a held key does not get past: only when nothing of what it is held for is left, it leaves the hold.
"""

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from tillbridge.domain.ahead import Ahead
from tillbridge.domain.guard import Change, Kind, Verdict, bounded, count, counted, judge, needs_listings, sample
from tillbridge.domain.hour import GuardLog
from tillbridge.domain.merchant import Lane
from tillbridge.domain.work import Held, Hold, HoldState, Mark
from tillbridge.flows.shopkeeper import ShopKeeper, merged

DROP_LASTS = timedelta(days=14)
"""How long a person who has dropped a change is not asked about the same one again."""

LIFE = timedelta(hours=24)
"""How long a hold waits for a person before its keys are planned afresh."""

SAMPLE = 10
COUNT_LASTS = timedelta(days=1)
COUNT_IS_FRESH = timedelta(minutes=5)
"""No hold is made by a count of the listings that is older than this."""


@dataclass(frozen=True, slots=True)
class Screened:
    """The keys that are held, whose marks are gone, and how many of them were not held before."""

    held: frozenset[str]
    fresh: int


@dataclass(frozen=True, slots=True)
class Judged:
    """What is to be done about the changes of one round; nothing of it has been done yet.

    ``staying`` are held already and stay so, ``leaving`` leave their holds. ``fresh`` are the changes that were not
    held before and count within the hour, and ``verdict`` says which of them will be. ``resting`` are those that a
    person has dropped, ``outdated`` those of them that are another matter by now. ``wishes`` says all that keys need.
    """

    staying: frozenset[str]
    leaving: tuple[str, ...]
    fresh: tuple[Change, ...]
    verdict: Verdict
    resting: frozenset[str] = frozenset()
    outdated: tuple[str, ...] = ()
    wishes: Mapping[str, str] = field(default_factory=dict)

    @property
    def held(self) -> frozenset[str]:
        """Name the keys that must not be written."""
        return self.staying.union(self.verdict.held, self.resting)


@dataclass(slots=True)
class Guard:
    """Judges the changes of one round of one lane. ``held`` are the keys of the round that are held already.

    ``dropped`` are those that a person did not want, in the holds ``drops``.
    ``ahead`` is what a preview's earlier rounds would have done; in a push that has happened.
    """

    keeper: ShopKeeper
    lane: Lane
    marks: Mapping[str, Sequence[Mark]]
    holds: dict[str, Hold]
    held: Mapping[str, Held]
    ahead: Ahead = field(default_factory=Ahead)
    drops: Mapping[str, Hold] = field(default_factory=dict)
    dropped: Mapping[str, Held] = field(default_factory=dict)
    _log: GuardLog | None = field(default=None, init=False)
    _counted: bool = field(default=False, init=False)
    _passing: list[Change] = field(default_factory=list, init=False)

    @classmethod
    def of_round(cls, keeper: ShopKeeper, lane: Lane, marks: Mapping[str, Sequence[Mark]]) -> "Guard":
        """Look which of these keys are held: one query, and the keys only while there is a hold."""
        known = [hold for hold in keeper.holds.known(keeper.shop_id) if hold.lane is lane]
        holds = {hold.hold_id: hold for hold in known if not hold.settled}
        drops = {hold.hold_id: hold for hold in known if hold.settled and remembered(hold, keeper.clock.now())}
        found = keeper.holds.find(keeper.shop_id, lane, marks) if holds or drops else {}
        held = {key: one for key, one in found.items() if one.hold_id in holds}
        dropped = {key: one for key, one in found.items() if one.hold_id in drops}
        return cls(keeper, lane, marks, holds, held, drops=drops, dropped=dropped)

    def resting(self, wishes: Mapping[str, str]) -> frozenset[str]:
        """Name the keys that wish for just what a person has dropped, as long as that is bounded at all."""
        bounds = self.keeper.settings.guard_bounds
        return frozenset(
            key
            for key, one in self.dropped.items()
            if one.wish
            and one.wish == wishes.get(key)
            and bounds.bounds(self.drops[one.hold_id].kind)
            and not self.allowed(key)
        )

    def allowed(self, key: str) -> bool:
        """Tell whether a person has let this key pass."""
        return any(mark.allowed for mark in self.marks[key])

    def seen(self, kind: Kind) -> int:
        """Count what happened within the last hour."""
        return self.log.within_hour(self.keeper.clock.now()).get(kind, 0)

    def listings(self, lasts: timedelta = COUNT_LASTS) -> int:
        """Count the shop's listings, unless that was done a short while ago."""
        now, shop = self.keeper.clock.now(), self.keeper.shop_id
        counted_at = self.log.counted_at
        if counted_at is None or now - counted_at >= lasts:
            number = (self.keeper.shelves if self.lane is Lane.STOCK else self.keeper.links).count(shop)
            self._log = replace(self.log, listings=number + self.ahead.made, counted_at=now)
            self._counted = True
        return self.log.listings

    @property
    def log(self) -> GuardLog:
        """What was seen before; read when it is first asked for."""
        if self._log is None:
            stored = self.keeper.holds.log(self.keeper.shop_id, self.lane)
            self._log = self.ahead.on(stored, self.keeper.clock.now())
        return self._log

    def judge(self, changes: Sequence[Change], waiting: int = 0) -> Verdict:
        """Say which of these changes would be held. ``waiting`` counts zeros that are not written yet anyway."""
        bounds = self.keeper.settings.guard_bounds
        fresh = bounded(self._fresh(changes), bounds)
        if not fresh:
            return Verdict()
        before = self.log.within_hour(self.keeper.clock.now())
        before[Kind.ZEROED] = before.get(Kind.ZEROED, 0) + waiting
        if not needs_listings(fresh, before, bounds):
            return judge(fresh, before, 0, bounds)
        if not judge(fresh, before, self.listings(), bounds).held:
            return Verdict()
        return judge(fresh, before, self.listings(COUNT_IS_FRESH), bounds)

    def decide(
        self, changes: Sequence[Change], settled: Collection[str], wishes: Mapping[str, str], waiting: int = 0
    ) -> Judged:
        """Say what is to be done about these changes, and do nothing of it: a preview and a push ask the same.

        ``settled`` are the keys of which it is known what they need, if anything: only they can leave a hold.
        ``wishes`` says in a short text what that is.
        """
        resting = self.resting(wishes)
        changes = [change for change in changes if change.key not in resting]
        staying = self._staying(changes)
        leaving = tuple(key for key in self.held if key in settled and key not in staying)
        outdated = tuple(key for key in self.dropped if key in settled and key not in resting)
        fresh, verdict = tuple(self._fresh(changes)), self.judge(changes, waiting)
        return Judged(frozenset(staying), leaving, fresh, verdict, resting, outdated, wishes)

    def hold(self, judged: Judged) -> Screened:
        """Do what was decided: hold what must wait for a person, and let go of what need not."""
        fresh, verdict = judged.fresh, judged.verdict
        self._leave(judged.leaving)
        self._rest(judged)
        self._passing = [change for change in fresh if change.key not in verdict.held]
        self._note([change for change in fresh if change.key in verdict.held])
        self._keep({key: self._renewed(one, judged.wishes) for key, one in self.held.items() if key in judged.staying})
        for kind, cause in verdict.causes.items():
            keys = [key for key, held_for in verdict.held.items() if held_for is kind]
            if keys:
                self._hold(keys, judged.wishes, self._open(kind, cause, sample(fresh, keys, kind)))
        return Screened(judged.held, len(verdict.held))

    def foreseen(self, judged: Judged, written: Collection[str]) -> Ahead:
        """Say what would have happened by the next round if what was decided were done and ``written`` acknowledged.

        A count of the listings is kept only together with something that is noted, as ``_note`` does.
        """
        noted = [change for change in judged.fresh if change.key in judged.verdict.held or change.key in written]
        if not noted:
            return self.ahead
        ahead = self.ahead.adding(count(noted))
        return replace(ahead, listings=self.log.listings) if self._counted else ahead

    def wrote(self, keys: Iterable[str]) -> None:
        """Count what the shop has acknowledged of the changes that were let through."""
        done = set(keys)
        self._note([change for change in self._passing if change.key in done])

    def _note(self, changes: Sequence[Change]) -> None:
        if changes:
            self._log = self.log.noting(count(changes), self.keeper.clock.now())
            self.keeper.holds.put_log(self.keeper.shop_id, self.lane, self._log)

    def _fresh(self, changes: Sequence[Change]) -> list[Change]:
        """Keep what counts, is not held already, and not let pass by a person. Filling a new shop is no accident."""
        staying = self._staying(changes)
        fresh = [
            change
            for change in counted(changes, self.keeper.settings.guard_bounds)
            if change.key not in staying and not self.allowed(change.key)
        ]
        if any(change.kind is Kind.CREATED for change in fresh) and not self.log.filled:
            return [change for change in fresh if change.kind is not Kind.CREATED]
        return fresh

    def _staying(self, changes: Sequence[Change]) -> set[str]:
        """Name the held keys that would still do what they are held for."""
        still = {(change.key, change.kind) for change in bounded(changes, self.keeper.settings.guard_bounds)}
        return {
            key
            for key, held in self.held.items()
            if (key, self.holds[held.hold_id].kind) in still and not self.allowed(key)
        }

    def _leave(self, keys: Collection[str]) -> None:
        """Let go of keys with nothing surprising left; their marks are still there. An empty hold is closed."""
        shop, holds = self.keeper.shop_id, self.keeper.holds
        holds.let_go(shop, self.lane, keys)
        left = dict.fromkeys(self.held[key].hold_id for key in keys)
        self.held = {key: one for key, one in self.held.items() if key not in keys}
        for hold_id in left:
            hold = self.holds[hold_id]
            if hold.state is HoldState.OPEN and next(holds.held(shop, self.lane, hold_id), None) is None:
                now = self.keeper.clock.now()
                closed = replace(hold, state=HoldState.EXPIRED, decided_at=now, settled=True)
                if holds.put(shop, closed, hold):
                    del self.holds[hold_id]  # a key that has to be held now needs another one

    def _open(self, kind: Kind, cause: str, changes: Sequence[Change]) -> str:
        """Find the open hold of a kind and bring its cause up to date, or open one; returns its id."""
        shop, now = self.keeper.shop_id, self.keeper.clock.now()
        for hold in list(self.holds.values()):
            if hold.kind is kind and hold.state is HoldState.OPEN:
                known = {change.key for change in hold.sample}
                more = [change for change in changes if change.key not in known]
                if self.keeper.holds.put(shop, replace(hold, cause=cause, sample=(*hold.sample, *more)[:SAMPLE]), hold):
                    return hold.hold_id
        hold = Hold(
            hold_id=secrets.token_hex(4),
            lane=self.lane,
            kind=kind,
            cause=cause,
            sample=tuple(changes[:SAMPLE]),
            created_at=now,
            expires_at=now + LIFE,
        )
        while not self.keeper.holds.put(shop, hold, None):
            hold = replace(hold, hold_id=secrets.token_hex(4))
        return hold.hold_id

    def _hold(self, keys: Collection[str], wishes: Mapping[str, str], hold_id: str) -> None:
        now = self.keeper.clock.now()
        self._keep({key: Held(hold_id, self.marks[key][0], now, wishes.get(key, "")) for key in keys})

    def _renewed(self, one: Held, wishes: Mapping[str, str]) -> Held:
        """Keep what a held key wishes for by now; of another wish no decision knows that was made before."""
        wish = wishes.get(one.mark.key, one.wish)
        return one if wish == one.wish else replace(one, wish=wish, held_at=self.keeper.clock.now())

    def _rest(self, judged: Judged) -> None:
        """Do nothing about what a person has dropped, and forget drops of what is another matter by now."""
        shop = self.keeper.shop_id
        if judged.outdated:
            self.keeper.holds.let_go(shop, self.lane, judged.outdated)
        if judged.resting:
            marks = [mark for key in judged.resting for mark in self.marks[key]]
            self.keeper.marks.remove(shop, self.lane, marks)

    def _keep(self, held: Mapping[str, Held]) -> None:
        """Keep keys with all that their marks say, and only then remove the marks."""
        shop, now = self.keeper.shop_id, self.keeper.clock.now()
        rows = [replace(one, mark=merged([one.mark, *self.marks[key]], now, 0)) for key, one in held.items()]
        self.keeper.holds.keep(shop, self.lane, rows)
        self.keeper.marks.remove(shop, self.lane, [mark for key in held for mark in self.marks[key]])


def remembered(hold: Hold, now: datetime) -> bool:
    """Tell whether a hold was dropped so lately that nobody is asked about the same changes again."""
    return hold.state is HoldState.DROPPED and hold.decided_at is not None and now - hold.decided_at < DROP_LASTS
