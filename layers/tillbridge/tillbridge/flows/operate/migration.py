"""Move a fleet from one kind of credential to another: the calendar, the board, and each step for one or for all."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tillbridge.domain.errors import TillbridgeError
from tillbridge.domain.merchant import Connection, ConnectionState
from tillbridge.domain.migration import ASKED_OF_MERCHANT, Migration, Stage
from tillbridge.domain.vendor_events import VendorEvent
from tillbridge.flows.migrate_file import BroughtLink
from tillbridge.flows.migrate_import import Import, Newcomer
from tillbridge.flows.migrate_ports import Case
from tillbridge.flows.migrate_rehearse import COMPARED, Rehearsal
from tillbridge.flows.migrate_steps import Mover
from tillbridge.flows.operate.migration_answers import (
    BoardAnswer,
    CheckedAnswer,
    ColumnAnswer,
    EventAnswer,
    ImportedAnswer,
    KeptLinksAnswer,
    MigrationAnswer,
    PhaseAnswer,
)
from tillbridge.flows.operate.register import Portion, Register
from tillbridge.flows.ports import Deadline

MOST_ROWS = 1000
STOP_MARGIN = timedelta(seconds=25)


@dataclass(frozen=True, slots=True)
class Whom:
    """Whom a step is for: one merchant, or everybody of an event beginning at ``after``."""

    event: str
    merchant: str | None = None
    after: str | None = None


Step = Callable[[Case, Deadline], tuple[Migration, str, str]]
"""Takes a step; gives the migration, what to tell, and a link."""


@dataclass(frozen=True, slots=True)
class MigrationDesk:
    """The operator's view of migrations."""

    register: Register
    mover: Mover
    rehearsal: Rehearsal
    bring_in: Import

    # --- bringing in ---

    def check(self, newcomer: Newcomer, event: str) -> CheckedAnswer:
        """Look whether a merchant can be brought in; nothing is changed."""
        checked = self.bring_in.check(newcomer, self._event(event))
        problems = (
            ColumnAnswer(column=one.column, happened=one.happened, remedy=one.remedy) for one in checked.problems
        )
        account = checked.till.account_id if checked.till else ""
        return CheckedAnswer(merchant=newcomer.merchant_id, account=account, problems=tuple(problems))

    def keep_links(self, newcomer: Newcomer, links: Sequence[BroughtLink]) -> KeptLinksAnswer:
        """Store links of a merchant who is brought in next."""
        self.bring_in.keep_links(newcomer, links)
        return KeptLinksAnswer(merchant=newcomer.merchant_id, links=len(links))

    def finish(self, newcomer: Newcomer, event: str) -> ImportedAnswer:
        """Bring a merchant in."""
        till = self.bring_in.finish(newcomer, self._event(event))
        migration = self.mover.book.case(till).migration
        return ImportedAnswer(
            merchant=till.merchant_id,
            connection=till.connection_id,
            account=till.account_id,
            name=till.account_name,
            stage=migration.stage,
        )

    # --- looking ---

    def calendar(self) -> Sequence[EventAnswer]:
        """Show what vendors have announced, and how long it is until then."""
        return [self._shown(event) for event in self.mover.book.calendar.events]

    def board(self, name: str) -> BoardAnswer:
        """Show how far a fleet is. Every connection is counted once, at the stage in which it was found."""
        event, now = self._event(name), self._now
        live = {one.connection_id for one in self.register.connections.list()}
        known = list(self.mover.book.migrations.of_event(event.name))
        there = [one for one in known if one.connection_id in live]
        rows = sorted(
            (self._row(one) for one in there if one.stage is not Stage.RETIRED),
            key=lambda row: (not row.at_risk, row.merchant),
        )
        counted = Counter(one.stage for one in there)
        phase = event.phase_at(now)
        return BoardAnswer(
            event=event.name,
            system=event.system,
            phase=phase.meaning if phase else "",
            ends_at=event.ends_at,
            days_left=event.days_left(now),
            total=len(known),
            stages={stage: counted[stage] for stage in Stage},
            gone=len(known) - len(there),
            at_risk=sum(one.at_risk(event, now) for one in there),
            stopped=sum(one.stopped_at is not None for one in there),
            rows=tuple(rows[:MOST_ROWS]),
            more=len(rows) > MOST_ROWS,
        )

    # --- moving ---

    def invite(self, whom: Whom, deadline: Deadline) -> Portion[MigrationAnswer]:
        """Ask merchants to authorise anew: whoever has not yet."""

        def step(case: Case, deadline: Deadline) -> tuple[Migration, str, str]:
            migration, obtained = self.mover.invite(case, deadline)
            told = "The vendor has exchanged it." if obtained.there else "A mail with a link is on its way."
            return migration, migration.problem or told, obtained.link

        return self._each(whom, deadline, ASKED_OF_MERCHANT, step)

    def verify(self, whom: Whom, deadline: Deadline) -> Portion[MigrationAnswer]:
        """Compare both credentials side by side."""

        def step(case: Case, deadline: Deadline) -> tuple[Migration, str, str]:
            migration = self.mover.verify(case, deadline)
            return migration, migration.problem or "Both show the same.", ""

        return self._each(whom, deadline, COMPARED, step)

    def rehearse(self, whom: Whom, deadline: Deadline) -> Portion[MigrationAnswer]:
        """Do everything that a switch does, but the switch."""

        def step(case: Case, deadline: Deadline) -> tuple[Migration, str, str]:
            rehearsed = self.rehearsal.run(case, deadline)
            return rehearsed.migration, " ".join(rehearsed.obstacles) or "It can be switched now.", ""

        return self._each(whom, deadline, frozenset(Stage) - {Stage.SWITCHED, Stage.RETIRED}, step)

    def switch(self, whom: Whom, deadline: Deadline) -> Portion[MigrationAnswer]:
        """Have the new credential serve."""

        def step(case: Case, _: Deadline) -> tuple[Migration, str, str]:
            return self.mover.switch(case), f"The {case.event.new} serves from now on.", ""

        return self._each(whom, deadline, frozenset({Stage.VERIFIED}), step)

    def back(self, whom: Whom, deadline: Deadline) -> Portion[MigrationAnswer]:
        """Have the old credential serve again."""

        def step(case: Case, _: Deadline) -> tuple[Migration, str, str]:
            return self.mover.go_back(case), f"The {case.event.old} serves again.", ""

        return self._each(whom, deadline, frozenset({Stage.SWITCHED}), step)

    def retire(self, whom: Whom, deadline: Deadline) -> Portion[MigrationAnswer]:
        """Destroy the old credential; from here no way leads back."""

        def step(case: Case, deadline: Deadline) -> tuple[Migration, str, str]:
            told = f"The {case.event.old} is destroyed here; the merchant can delete it at the vendor."
            return self.mover.retire(case, deadline), told, ""

        return self._each(whom, deadline, frozenset({Stage.SWITCHED}), step)

    def _each(self, whom: Whom, deadline: Deadline, stages: frozenset[Stage], step: Step) -> Portion[MigrationAnswer]:
        """Take a step with one merchant, whose error is the answer; or with everybody at these stages, one by one."""
        event = self._event(whom.event)
        if whom.merchant is not None:
            return Portion((self._answer(*step(self._case(whom.merchant, event), deadline)),))
        waiting = [one for one in self.mover.book.migrations.of_event(event.name) if one.stage in stages]
        rows: list[MigrationAnswer] = []
        for one in sorted(waiting, key=lambda one: one.merchant_id):
            if one.merchant_id < (whom.after or ""):
                continue
            if rows and (len(rows) >= MOST_ROWS or deadline.left() < STOP_MARGIN):
                return Portion(tuple(rows), one.merchant_id)
            rows += self._one_of_many(one, step, deadline)
        return Portion(tuple(rows))

    def _one_of_many(self, migration: Migration, step: Step, deadline: Deadline) -> Sequence[MigrationAnswer]:
        connection = self.mover.book.connection(migration)
        if connection is None or connection.state is ConnectionState.DISCONNECTED:
            return []
        try:
            return [self._answer(*step(self.mover.book.case(connection), deadline))]
        except TillbridgeError as error:
            return [self._row(migration, done=False, told=f"{error.happened} {error.remedy}".rstrip())]

    def _case(self, merchant_id: str, event: VendorEvent) -> Case:
        """Find a merchant's connection that moves because of this event."""
        moving = [one for one in self.register.of(self.register.merchant(merchant_id)) if self._moves(one, event)]
        return self.mover.book.case(moving[0] if moving else self.register.till(self.register.merchant(merchant_id)))

    @staticmethod
    def _moves(connection: Connection, event: VendorEvent) -> bool:
        return connection.migration == event.name

    def _answer(self, migration: Migration, told: str, link: str) -> MigrationAnswer:
        return self._row(migration, told=told, link=link, done=not migration.problem)

    def _row(self, one: Migration, *, told: str = "", link: str = "", done: bool = True) -> MigrationAnswer:
        return MigrationAnswer(
            merchant=one.merchant_id,
            connection=one.connection_id,
            stage=one.stage,
            since=one.since,
            at_risk=one.at_risk(self.mover.book.event(one), self._now),
            stopped_at=one.stopped_at,
            problem=one.problem,
            remedy=one.remedy,
            problem_at=one.problem_at,
            done=done,
            told=told,
            link=link,
        )

    def _shown(self, event: VendorEvent) -> EventAnswer:
        return EventAnswer(
            event=event.name,
            system=event.system,
            old=event.old,
            new=event.new,
            strategy=event.strategy,
            source=event.source,
            phases=tuple(
                PhaseAnswer(kind=one.kind, on=one.on, meaning=one.meaning, begun=one.begins <= self._now)
                for one in event.phases
            ),
            ends_at=event.ends_at,
            days_left=event.days_left(self._now),
        )

    def _event(self, name: str) -> VendorEvent:
        return self.mover.book.calendar.event(name)

    @property
    def _now(self) -> datetime:
        return self.mover.book.clock.now()
