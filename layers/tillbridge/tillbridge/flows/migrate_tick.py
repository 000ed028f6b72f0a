"""What happens to migrations by themselves: reminders, comparisons, the stop on the day, steps left half done."""

from dataclasses import dataclass, replace
from datetime import timedelta

from tillbridge.domain.errors import BrokenConnectionError, InputError, RetryLaterError
from tillbridge.domain.merchant import ConnectionState
from tillbridge.domain.migration import ASKED_OF_MERCHANT, Due, Migration, Move, due, look_at, reminded, reminder
from tillbridge.domain.migration_mail import reminder_mail
from tillbridge.flows.migrate_ports import Case
from tillbridge.flows.migrate_steps import Mover
from tillbridge.flows.ports import Deadline

AT_ONCE = 100
STOP_MARGIN = timedelta(seconds=25)
"""A comparison is some twenty calls to the till; none begins with less time left."""


@dataclass(frozen=True, slots=True)
class MigrationReport:
    """What a round did, by what was due; ``failed`` counts those that have to be looked at again."""

    looked_at: int = 0
    reminded: int = 0
    compared: int = 0
    stopped: int = 0
    taken_over: int = 0
    destroyed: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class MigrationRound:
    """Looks at the migrations whose time has come."""

    mover: Mover

    def run(self, deadline: Deadline) -> MigrationReport:
        """Look at them, longest due first, until it is done or time is up."""
        report = MigrationReport()
        book = self.mover.book
        for migration in book.migrations.due(book.clock.now(), AT_ONCE):
            if deadline.left() < STOP_MARGIN:
                break
            report = replace(self._guarded(migration, deadline, report), looked_at=report.looked_at + 1)
        return report

    def _guarded(self, migration: Migration, deadline: Deadline, report: MigrationReport) -> MigrationReport:
        """One that cannot be moved now must not keep the others waiting; it stays due."""
        try:
            return self._look(migration, deadline, report)
        except (RetryLaterError, BrokenConnectionError, InputError):
            return replace(report, failed=report.failed + 1)

    def _look(self, migration: Migration, deadline: Deadline, report: MigrationReport) -> MigrationReport:
        book = self.mover.book
        connection = book.connection(migration)
        if connection is None:
            self._rest(migration)
            return report
        case = self._found_authorised(Case(migration, connection, book.event(migration)))
        step = due(case.migration, case.event, book.clock.now(), paused=connection.state is ConnectionState.BROKEN)
        return self._take(step, case, deadline, report)

    def _take(self, step: Due, case: Case, deadline: Deadline, report: MigrationReport) -> MigrationReport:
        match step:
            case Due.REMIND:
                self._remind(case)
                return replace(report, reminded=report.reminded + 1)
            case Due.STOP:
                self.mover.stop(case)
                return replace(report, stopped=report.stopped + 1)
            case Due.DESTROY:
                self.mover.destroy(case)
                return replace(report, destroyed=report.destroyed + 1)
            case Due.COMPARE:
                self.mover.verify(case, deadline)
                return replace(report, compared=report.compared + 1)
            case _:
                return self._change_over(step, case, deadline, report)

    def _change_over(self, step: Due, case: Case, deadline: Deadline, report: MigrationReport) -> MigrationReport:
        """Take the steps that may change which credential serves."""
        match step:
            case Due.TAKE_OVER:
                self.mover.take_over(case, deadline)
            case Due.OBTAIN:
                self.mover.obtain(case, deadline)
            case Due.RESUME:
                self.mover.resume(case)
            case _:
                self._rest(case.migration)
                return report
        return replace(report, taken_over=report.taken_over + 1)

    def _found_authorised(self, case: Case) -> Case:
        """Find tokens of an authorisation whose process died before it could note them."""
        if case.migration.stage not in ASKED_OF_MERCHANT:
            return case
        got_at = self.mover.credentials.tokens_from(case.connection)
        if got_at is None or case.migration.outlived(got_at):
            return case
        return replace(case, migration=self.mover.book.advance(case.migration, Move.AUTHORISE, "found in the vault"))

    def _remind(self, case: Case) -> None:
        now = self.mover.book.clock.now()
        day = reminder(case.migration, case.event, now)
        if day is not None:
            self.mover.outbox.put(reminder_mail(case.migration, case.connection, case.event, now, day))
            self.mover.book.write(case.migration, reminded(case.migration, day))

    def _rest(self, migration: Migration) -> None:
        """Nothing is due: look again when something can be."""
        book = self.mover.book
        now = book.clock.now()
        book.migrations.put(
            replace(migration, version=migration.version + 1, due_at=look_at(migration, book.event(migration), now))
        )
