"""Give a good access token, refreshing when needed: the one path for workers and for ``token_refresh`` (invariant 3).

What makes it safe, step by step:

- only the holder of the lease calls the token server, and only with time left to store what it answers;
- the pair is read from the vault again under the lease, so that no spent token is sent;
- the new pair is in the vault before anybody sees it; the refresh token it was got with stays beside it;
- a failure never changes the vault; a lost answer leaves a doubt in the record;
- a refusal is believed after a second look into the vault, and after the predecessor was refused as well.
"""

from dataclasses import dataclass
from datetime import timedelta

from botocore.exceptions import BotoCoreError, ClientError

from tillbridge.domain.errors import DoubtfulWriteError, GarbledAnswerError, RetryLaterError, Subject
from tillbridge.domain.grant import Grant, Rejected, Secret, TokenPair
from tillbridge.domain.merchant import Place
from tillbridge.grants.clock import Clock
from tillbridge.grants.death import Autopsy, client_replaced, dead, death_of
from tillbridge.grants.decide import Decision, Situation, Step, decide
from tillbridge.grants.ports import Records, Renewing
from tillbridge.grants.record import DeathCause, GrantRecord, pause
from tillbridge.grants.secret_store import VersionTakenError
from tillbridge.grants.timing import LOOK, NEEDED, PATIENCE, Deadline
from tillbridge.grants.token_errors import GrantRefusedError
from tillbridge.grants.vault import Vault

MOST_LOOKS = 50
"""More than anybody needs who waits for as long as patience lasts: nothing here goes round for ever."""

STORE_AGAIN = (0.2, 0.5, 1.0)
"""Seconds before each further try to store a pair; AWS's own client has tried several times in each."""


@dataclass(frozen=True, slots=True)
class Refresher:
    """Gives access tokens. Safe to be used by any number of processes for the same connection."""

    vault: Vault
    records: Records
    server: Renewing
    clock: Clock

    def token(
        self, place: Place, deadline: Deadline, *, rejected: Rejected | None = None, early: bool = False
    ) -> Secret:
        """Give a token other than the ``rejected``; ``early`` asks for a renewal ahead of time.

        ``RetryLaterError`` when none can be had now; ``UnauthorisedError`` when the grant is dead.
        """
        began = self.clock.now()
        for _ in range(MOST_LOOKS):
            situation = self._look(place, deadline, rejected, early=early)
            decision = decide(situation)
            patient = self.clock.now() - began < PATIENCE and deadline.left() > LOOK
            if decision.step is Step.USE:
                return situation.grant.pair.access
            if decision.step is Step.WAIT and patient:
                self.clock.sleep(decision.after.total_seconds())
            else:
                self._act(decision, situation, deadline)
        raise _later(place.connection_id, LOOK)

    def forbidden(self, place: Place, what: str) -> None:
        """Note that the till did not let us read something."""
        self.records.forbid(place.connection_id, self.clock.now(), what)

    def _act(self, decision: Decision, situation: Situation, deadline: Deadline) -> None:
        """Take a step after which there is something new to see, or raise."""
        match decision.step:
            case Step.DEAD:
                raise dead(situation.record)
            case Step.ADOPT:
                self.records.settle(situation.record.connection_id, situation.grant)
            case Step.REFRESH:
                try:
                    self._refresh(situation, deadline)
                except RetryLaterError:
                    if situation.early or not situation.usable:
                        raise
            case _:
                raise _later(situation.record.connection_id, decision.after)

    def _look(self, place: Place, deadline: Deadline, rejected: Rejected | None, *, early: bool) -> Situation:
        """Gather what the decision needs: first the record, then the pair, so that the pair is never the older one."""
        now = self.clock.now()
        record = self.records.read(place.connection_id)
        if record is None:
            self.records.begin(place, now)
            record = GrantRecord(place=place)
        grant = self.vault.tokens(place, record.version if rejected is None else None)
        return Situation(
            now=now,
            grant=grant,
            record=record,
            refused=rejected is not None and grant.pair.access == rejected.token,
            told=rejected.told if rejected is not None else "",
            early=early,
            time_left=deadline.left(),
        )

    def _refresh(self, situation: Situation, deadline: Deadline) -> None:
        """Get the next pair under the lease. Whatever comes of it is seen at the next look."""
        held = self.records.acquire(situation.record, self.clock.now())
        if held is None:
            return
        grant = self._still(held)
        if grant is None:
            return
        token = grant.pair.refresh
        answer = self._spend(held, token)
        if isinstance(answer, GrantRefusedError) and self._still(held) is None:
            return
        if isinstance(answer, GrantRefusedError) and grant.predecessor is not None:
            longer = self._for_another_try(held, deadline)
            if longer is None:
                return
            held, token = longer, grant.predecessor
            answer = self._spend(held, token)
        if isinstance(answer, GrantRefusedError):
            self._bury(held, grant, answer, situation.told if situation.refused else "")
        else:
            self._keep(held, Grant(grant.version + 1, answer, predecessor=token))

    def _bury(self, held: GrantRecord, grant: Grant, refused: GrantRefusedError, told: str) -> None:
        """Note why the grant is dead, unless it is only our client that is not the one it was given to."""
        now, client_id = self.clock.now(), self.server.client_id
        death = death_of(Autopsy(now=now, record=held, grant=grant, refused=refused, told=told, client_id=client_id))
        if death.cause is not DeathCause.CLIENT:
            self.records.die(held, death)
            return
        error = client_replaced(held, death)
        self._fail(held, error)
        raise error

    def _still(self, held: GrantRecord) -> Grant | None:
        """Read the pair from the vault itself; ``None`` when it is not the one that the lease was taken for."""
        grant = self.vault.tokens(held.place)
        if grant.version == held.version:
            return grant
        self.records.release(held)
        return None

    def _spend(self, held: GrantRecord, token: Secret) -> TokenPair | GrantRefusedError:
        """Send a refresh token; a failure is noted with the pause it asks for, and passed on."""
        try:
            return self.server.refresh(held.connection_id, token)
        except GrantRefusedError as refused:
            return refused
        except RetryLaterError as error:
            self._fail(held, error)
            raise

    def _fail(self, held: GrantRecord, error: RetryLaterError) -> None:
        wait = max(pause(held.failures + 1), timedelta(seconds=error.after or 0))
        doubt = isinstance(error, (DoubtfulWriteError, GarbledAnswerError))
        self.records.fail(held, self.clock.now() + wait, error.happened, doubt=doubt)

    def _for_another_try(self, held: GrantRecord, deadline: Deadline) -> GrantRecord | None:
        """Keep the lease for the predecessor's turn; later, when time or attempts do not suffice now."""
        now = self.clock.now()
        free_at = held.free_at(now)
        if deadline.left() < NEEDED or free_at > now:
            error = _later(held.connection_id, free_at - now)
            self._fail(held, error)
            raise error
        return self.records.extend(held, now)

    def _keep(self, held: GrantRecord, grant: Grant) -> None:
        """Store the pair, then note it. When somebody else's pair came first, ours was never used and is dropped."""
        try:
            self._store(held.place, grant)
        except VersionTakenError:
            self.records.release(held)
        else:
            self.records.settle(held.connection_id, grant)

    def _store(self, place: Place, grant: Grant) -> None:
        """Store with patience: this is the one moment in which a pair exists nowhere else."""
        for seconds in STORE_AGAIN:
            try:
                return self.vault.store_tokens(place, grant)
            except (BotoCoreError, ClientError):
                self.clock.sleep(seconds)
        return self.vault.store_tokens(place, grant)


def _later(connection_id: str, after: timedelta) -> RetryLaterError:
    return RetryLaterError(
        "There is no good access token just now; the next renewal has to wait.",
        after=after.total_seconds() or None,
        code="TokenLater",
        subject=Subject(connection=connection_id),
    )
