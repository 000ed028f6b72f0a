"""End a connection: its work stops at once, its grant is given back and deleted; the connection remains as history."""

from dataclasses import dataclass, replace

from tillbridge.domain.merchant import Connection, ConnectionState
from tillbridge.flows.connect_ports import Grants
from tillbridge.flows.ports import Clock, Connections


@dataclass(frozen=True, slots=True)
class Ending:
    """Ends connections. What a crash leaves half done is finished by ``token_refresh``."""

    connections: Connections
    grants: Grants
    clock: Clock

    def end(self, connection: Connection) -> Connection:
        """End a connection and give it as it is now; what a person has to do at the vendor stands in its remedy."""
        ended = replace(
            connection,
            state=ConnectionState.DISCONNECTED,
            cause="It was disconnected.",
            remedy="",
            retry_at=None,
            changed_at=self.clock.now(),
        )
        self.grants.watch(connection.place)
        self.connections.save(ended)
        left_over = self.grants.drop(connection.place)
        if not left_over:
            return ended
        told = replace(ended, remedy=left_over)
        self.connections.save(told)
        return told
