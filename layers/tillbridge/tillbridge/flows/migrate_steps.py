"""Each step of a migration: invite, take what was authorised, verify, switch, go back, retire; stop and resume.

A step is carried out first and noted after, so that a process that dies in between leaves a step to be repeated, never
one that was noted and not done. The one exception is the end: that the old credential is retired is noted before it is
destroyed, because from then on nothing may lead back to it (invariant 3).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from tillbridge.domain.errors import (
    BrokenConnectionError,
    InputError,
    MissingRightError,
    RetryLaterError,
    TillbridgeError,
    UnauthorisedError,
)
from tillbridge.domain.mail import Mail, reconnect_key, reconnect_mail, recovered_mail, told_of_pause
from tillbridge.domain.merchant import SHOP_LANES, Connection, ConnectionState
from tillbridge.domain.migration import FOLLOWS, Migration, Move, Stage, moved, troubled
from tillbridge.domain.migration_mail import invite_mail, stopped_key, stopped_mail
from tillbridge.domain.vendor_events import Strategy
from tillbridge.flows.migrate_book import LONGEST_PROBLEM, MigrationBook
from tillbridge.flows.migrate_ports import Case, MigrationStrategy, Obtained, OldCredentials
from tillbridge.flows.migrate_serve import key_ended
from tillbridge.flows.ports import Deadline, Lanes, Outbox

DEAD_CODES = frozenset({"GrantDead", "NoGrant"})
"""Codes of errors which say that the new credential is not there any more."""
OLD_ENDED = frozenset({"KeyRefused", "KeyEnded"})
"""Codes of errors which say that the old one is of no use any more."""
PERSONAL = (UnauthorisedError, MissingRightError)
"""What only the merchant can mend."""
TRIES = 3
NEXT_TRY = timedelta(minutes=5)
"""When a step that failed is tried again while work pauses for it."""


@dataclass(frozen=True, slots=True)
class Mover:
    """Takes migrations from step to step."""

    book: MigrationBook
    strategies: Mapping[Strategy, MigrationStrategy]
    credentials: OldCredentials
    outbox: Outbox
    lanes: Lanes

    def invite(self, case: Case, deadline: Deadline) -> tuple[Migration, Obtained]:
        """Ask for the new credential: mail the merchant a link, or have the vendor exchange the old one."""
        now = self.book.clock.now()
        after = moved(case.migration, Move.INVITE, now)
        obtained = self._strategy(case).obtain(case, deadline)
        if obtained.there:
            return self.obtained(case, deadline), obtained
        self.outbox.put(invite_mail(case.migration, case.connection, case.event, now))
        return self.book.write(case.migration, after), obtained

    def obtain(self, case: Case, deadline: Deadline) -> Migration:
        """Have the vendor exchange the old credential, and go all the way: the old one may have ended with it."""
        try:
            self._strategy(case).obtain(case, deadline)
        except TillbridgeError as error:
            return self.book.trouble(case.migration, error)
        return self.obtained(case, deadline)

    def obtained(self, case: Case, deadline: Deadline) -> Migration:
        """Go on from a new credential that came without the merchant."""
        authorised = self.book.advance(case.migration, Move.AUTHORISE)
        verified = self.verify(replace(case, migration=authorised), deadline)
        return self.switch(replace(case, migration=verified)) if verified.stage is Stage.VERIFIED else verified

    def authorised(self, connection: Connection) -> None:
        """Note that the merchant has authorised; its account and rights have just been looked at.

        A connection that pauses, or whose old credential has ended, is served by the new one from now on.
        """
        for last in (False,) * (TRIES - 1) + (True,):
            migration = self.book.migrations.get(connection.connection_id)
            if migration is None:
                return
            try:
                self._authorised(migration)
            except RetryLaterError:
                if last:
                    raise
            else:
                return

    def _authorised(self, migration: Migration) -> None:
        after = self.book.advance(migration, Move.AUTHORISE)
        current = self.book.connection(after)
        paused = current is not None and current.state is ConnectionState.BROKEN
        if after.stage is Stage.AUTHORISED and (paused or not self.book.event(after).usable(self.book.clock.now())):
            verified = self.book.advance(after, Move.VERIFY, "alone, since the old credential does not serve")
            self._take_over(verified)

    def verify(self, case: Case, deadline: Deadline) -> Migration:
        """Compare both credentials side by side, and note what comes of it; what went wrong stands in the migration."""
        moved(case.migration, Move.VERIFY, self.book.clock.now())  # refuses before anything is asked
        try:
            differing = (
                self._strategy(case).compare(case, deadline) if self._usable(case) else self._prove(case, deadline)
            )
        except TillbridgeError as error:
            if error.code in OLD_ENDED:
                return self._verify_alone(case, deadline)
            return self._failed(case.migration, error)
        if not differing:
            return self.book.advance(case.migration, Move.VERIFY)
        told = TillbridgeError(
            f"Seen through both credentials the account differs: {'; '.join(differing)}.",
            remedy="Authorise with an employee who sees all of the account, then verify again.",
        )
        now = self.book.clock.now()
        after = moved(case.migration, Move.DIFFER, now, "; ".join(differing))
        return self.book.write(case.migration, troubled(after, told.happened, told.remedy, now))

    def switch(self, case: Case) -> Migration:
        """Have the new credential serve: one write, which every worker sees as a whole with its next wake."""
        switched = self.book.advance(case.migration, Move.SWITCH)
        broken = case.connection.state is ConnectionState.BROKEN
        return self.resume(replace(case, migration=switched)) if broken else switched

    def go_back(self, case: Case) -> Migration:
        """Have the old credential serve again: the same write in reverse."""
        now = self.book.clock.now()
        after = moved(case.migration, Move.GO_BACK, now)
        if not case.event.usable(now):
            raise InputError(
                "stage",
                f"There is no way back: the {case.event.old} has ended.",
                remedy="Stay with the new one.",
                code="OldEnded",
            )
        if self.credentials.old(case.connection) is None:
            raise InputError(
                "stage",
                f"There is no way back: the vault holds no {case.event.old}.",
                remedy="Stay with the new one.",
                code="NoOldCredential",
            )
        return self.book.write(case.migration, after)

    def retire(self, case: Case, deadline: Deadline) -> Migration:
        """Give the old credential up, after one more look through the new one, and destroy it."""
        moved(case.migration, Move.RETIRE, self.book.clock.now())
        self._strategy(case).prove(case, deadline)
        return self.destroy(replace(case, migration=self.book.advance(case.migration, Move.RETIRE)))

    def destroy(self, retired: Case) -> Migration:
        """Destroy what is retired; a process that died in between left that to be done."""
        self.credentials.destroy_old(retired.connection)
        return self.book.write(retired.migration, replace(retired.migration, destroyed=True))

    def stop(self, case: Case) -> Migration:
        """Pause a connection whose old credential has ended: tell the merchant, keep everything, lose nothing.

        One that the operator has paused stays as it is; a merchant who was asked to connect again is not asked twice.
        """
        now, ended = self.book.clock.now(), key_ended(case.event)
        if not self._told(case.connection, reconnect_key(case.connection)):
            self._tell([stopped_mail(case.migration, case.connection, case.event, now)])
        if case.connection.state is not ConnectionState.PAUSED:
            self._set(case.connection, ConnectionState.BROKEN, ended.happened, ended.remedy)
        stopped = replace(case.migration, stopped_at=now)
        return self.book.write(case.migration, troubled(stopped, ended.happened, ended.remedy, now))

    def take_over(self, case: Case, deadline: Deadline) -> Migration:
        """Have the new credential serve because the old one cannot."""
        migration = case.migration
        if migration.stage is Stage.AUTHORISED:
            migration = self._verify_alone(case, deadline)
        if migration.stage is not Stage.VERIFIED:
            return migration
        return self.resume(replace(case, migration=self._take_over(migration)))

    def resume(self, case: Case) -> Migration:
        """End the pause, unless it is the operator's: what waited begins at once, from its cursors and marks."""
        current = self.book.connection(case.migration)
        if current is not None and current.state is ConnectionState.BROKEN:
            self._end_pause(current, case.migration)
        if case.migration.stopped_at is None:
            return case.migration
        after = replace(case.migration, stopped_at=None, problem="", remedy="", problem_at=None)
        return self.book.write(case.migration, after)

    def lost(self, connection: Connection, error: BrokenConnectionError) -> bool:
        """Note that a new credential died; tells whether the old one serves, so that work goes on all the same."""
        migration = self.book.migrations.get(connection.connection_id)
        if migration is None or not migration.served_by_old:
            return False
        if (migration.stage, Move.LOSE) in FOLLOWS:
            self._failed(migration, error, dead=True)
        return True

    def _end_pause(self, paused: Connection, migration: Migration) -> None:
        """Have work go on; whoever was told of the pause is told of its end, with one mail.

        It is asked for before and after the end is stored, as in ``ConnectionBook.put``. What serves from now on counts
        as a new authorisation, so that its own end would be told again.
        """
        told = self._told(paused, reconnect_key(paused), stopped_key(migration, paused))
        news = [recovered_mail(paused)] if told else []
        self._tell(news)
        self._set(replace(paused, granted_at=self.book.clock.now()), ConnectionState.ACTIVE)
        self._tell(news)
        for lane in SHOP_LANES:
            self.lanes.wake(paused, lane, "poll")

    def _told(self, connection: Connection, *keys: str) -> bool:
        """Tell whether one of these mails lets the merchant know of the pause."""
        return any(told_of_pause(connection, self.outbox.find(connection.merchant_id, key)) for key in keys)

    def _tell(self, mails: Iterable[Mail]) -> None:
        for mail in mails:
            self.outbox.put(mail)

    def _take_over(self, verified: Migration) -> Migration:
        """Switch; the pause is noted with it, so that it is ended also when this process dies now."""
        now = self.book.clock.now()
        after = moved(verified, Move.SWITCH, now)
        return self.book.write(verified, replace(after, stopped_at=verified.stopped_at or now))

    def _verify_alone(self, case: Case, deadline: Deadline) -> Migration:
        try:
            self._strategy(case).prove(case, deadline)
        except TillbridgeError as error:
            return self._failed(case.migration, error)
        return self.book.advance(case.migration, Move.VERIFY, "alone, since the old credential does not serve")

    def _prove(self, case: Case, deadline: Deadline) -> tuple[str, ...]:
        self._strategy(case).prove(case, deadline)
        return ()

    def _failed(self, migration: Migration, error: TillbridgeError, *, dead: bool = False) -> Migration:
        """Keep why a step failed; a new credential that is dead has to be asked for anew.

        While work pauses for it, it is tried again sooner, and the merchant is told what only a person can mend.
        """
        now, gone = self.book.clock.now(), dead or error.code in DEAD_CODES
        paused, stops = self._paused(migration), gone and self._stop_follows(migration)
        if paused is not None and isinstance(error, PERSONAL) and not stops:
            self._tell([reconnect_mail(paused, error.happened, error.remedy)])
        after = moved(migration, Move.LOSE, now, error.happened) if gone else migration
        latest = now if stops else now + NEXT_TRY if paused and not gone else None
        return self.book.write(migration, troubled(after, error.happened[:LONGEST_PROBLEM], error.remedy, now), latest)

    def _paused(self, migration: Migration) -> Connection | None:
        """Find the connection if it does no work until a person has mended it."""
        current = self.book.connection(migration)
        return current if current is not None and current.state is ConnectionState.BROKEN else None

    def _stop_follows(self, migration: Migration) -> bool:
        """Tell whether losing the new credential leads to the stop of the day, which tells the merchant itself."""
        return migration.stopped_at is None and not self.book.event(migration).usable(self.book.clock.now())

    def _set(self, connection: Connection, state: ConnectionState, cause: str = "", remedy: str = "") -> None:
        self.book.connections.save(
            replace(
                connection, state=state, cause=cause, remedy=remedy, retry_at=None, changed_at=self.book.clock.now()
            )
        )

    def _usable(self, case: Case) -> bool:
        return case.event.usable(self.book.clock.now())

    def _strategy(self, case: Case) -> MigrationStrategy:
        return self.strategies[case.event.strategy]
