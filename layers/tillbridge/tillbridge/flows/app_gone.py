"""The provider's app was taken out of a shop, and later the vendor asks that what is left of the shop be deleted.

Being taken out breaks the connection and keeps its links and settings, so that installing the app again brings
everything back. The merchant is told once. Only a connection whose grant is the app's is meant: one that works with
keys of the shop's own people goes on. Both may be told several times and late, and both can be repeated.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from tillbridge.domain.connecting import BY_APP, GRANT
from tillbridge.domain.errors import UnauthorisedError
from tillbridge.domain.merchant import Connection, ConnectionState, System
from tillbridge.flows.connect_ports import Grants
from tillbridge.flows.disconnect import Ending
from tillbridge.flows.lane_work import Register, break_off


def _untold(_: Connection) -> bool | None:
    """Know nothing of any installation."""
    return None


@dataclass(frozen=True, slots=True)
class AppGone:
    """Closes what belongs to an installation that has ended.

    ``lasts`` asks the shop whether the app is in it all the same, ``None`` when nobody can tell; ``forget`` deletes the
    rows of a connection.
    """

    register: Register
    grants: Grants
    ending: Ending
    forget: Callable[[Connection], None]
    lasts: Callable[[Connection], bool | None] = _untold

    def uninstalled(self, system: System, account_id: str, at: datetime | None) -> Sequence[Connection]:
        """Close the connections to an account; gives them. What was authorised after ``at`` is not meant."""
        meant = [one for one in self._of(system, account_id) if self._is_meant(one, at)]
        for connection in meant:
            gone = UnauthorisedError(
                "The app was uninstalled in the shop.",
                remedy="If that was not meant, connect the shop again: links and settings are kept.",
                code="Uninstalled",
            )
            break_off(self.register, connection, gone, since=connection.changed_at)
            self.grants.drop(connection.place)
        return meant

    def redacted(self, system: System, account_id: str) -> Sequence[Connection]:
        """Delete what is left of a shop that the app is not in; gives its connections. One that works is kept."""
        return self._forget(one for one in self._of(system, account_id) if not one.working and not self.lasts(one))

    def expired(self, system: System, account_id: str, before: datetime) -> Sequence[Connection]:
        """Delete what is left of a shop that was disconnected before a moment; gives its connections."""
        ended = (one for one in self._of(system, account_id) if one.state is ConnectionState.DISCONNECTED)
        return self._forget(one for one in ended if one.changed_at <= before)

    def remaining(self, system: System, account_id: str) -> Sequence[Connection]:
        """List the connections to a shop of which there is still something."""
        return self._of(system, account_id)

    def _forget(self, meant: Iterable[Connection]) -> Sequence[Connection]:
        left = list(meant)
        for connection in left:
            if connection.state is not ConnectionState.DISCONNECTED:
                self.ending.end(connection)
            self.forget(connection)
        return left

    def _of(self, system: System, account_id: str) -> Sequence[Connection]:
        known = self.register.connections.of_account(system, account_id)
        return [one for one in known if one.traits.get(GRANT) == BY_APP]

    def _is_meant(self, connection: Connection, at: datetime | None) -> bool:
        if connection.state is ConnectionState.DISCONNECTED or (at is not None and at < connection.authorised_at):
            return False
        return not self.lasts(connection)
