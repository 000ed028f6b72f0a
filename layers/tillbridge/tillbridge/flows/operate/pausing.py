"""Stop a connection's work for a while, and go on where it stopped."""

from dataclasses import dataclass, replace

from tillbridge.domain.errors import InputError
from tillbridge.domain.merchant import Connection, ConnectionState, Lane
from tillbridge.domain.work import Cursor
from tillbridge.flows.keep_hooks import HOOKS
from tillbridge.flows.operate.answers import ConnectionAnswer
from tillbridge.flows.operate.register import Register, connection_answer
from tillbridge.flows.ports import Clock, Cursors, Lanes


@dataclass(frozen=True, slots=True)
class PauseDesk:
    """Pauses and resumes connections. Nothing is forgotten meanwhile: changes are marked, and cursors stay.

    A shop's worker stops before its next request that would change something (``flows/lane_fence.py``), a till's at the
    latest when its invocation ends.
    """

    register: Register
    cursors: Cursors
    lanes: Lanes
    clock: Clock

    def pause(self, merchant_id: str | None, connection_id: str) -> ConnectionAnswer:
        """Pause a connection that works; pausing it twice changes nothing."""
        connection = self._find(merchant_id, connection_id)
        if connection.state is ConnectionState.PAUSED:
            return connection_answer(connection)
        if not connection.working:
            raise InputError(
                "connection",
                f"Connection {connection_id} is {connection.state}: it does no work that could be paused.",
                remedy=connection.remedy or "`tillbridge connections` says what it needs.",
            )
        return self._save(
            connection,
            ConnectionState.PAUSED,
            cause="It was paused by the operator.",
            remedy=f"To go on: tillbridge resume {connection_id} --merchant {connection.merchant_id}.",
        )

    def resume(self, merchant_id: str | None, connection_id: str) -> ConnectionAnswer:
        """Go on, and look at once at what was missed. Of a connection that works it only asks to look."""
        connection = self._find(merchant_id, connection_id)
        if connection.state is ConnectionState.PAUSED:
            answer = self._save(connection, ConnectionState.ACTIVE)
        elif connection.working:
            answer = connection_answer(connection)
        else:
            raise InputError(
                "connection",
                f"Connection {connection_id} is {connection.state}, not paused.",
                remedy=connection.remedy or "`tillbridge connections` says what it needs.",
            )
        self._wake(connection)
        return answer

    def _find(self, merchant_id: str | None, connection_id: str) -> Connection:
        return self.register.connection(self.register.merchant(merchant_id), connection_id)

    def _save(
        self, connection: Connection, state: ConnectionState, *, cause: str = "", remedy: str = ""
    ) -> ConnectionAnswer:
        changed = replace(
            connection, state=state, cause=cause, remedy=remedy, retry_at=None, changed_at=self.clock.now()
        )
        self.register.connections.save(changed)
        return connection_answer(changed)

    def _wake(self, connection: Connection) -> None:
        """Wake both lanes. A shop may have switched our web hooks off, because nobody took them in."""
        if connection.system.is_till:
            tasks = ((Lane.STOCK, "poll"), (Lane.CATALOGUE, "poll"))
        else:
            tasks = ((Lane.STOCK, "orders"), (Lane.CATALOGUE, "push"))
            self.cursors.put(connection.connection_id, HOOKS, Cursor(self.clock.now()))
        for lane, task in tasks:
            self.lanes.wake(connection, lane, task)
