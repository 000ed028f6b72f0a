"""Find whom a command is about. Look-ups go by merchant: another one's connection does not exist (invariant 5)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import dropwhile
from typing import Generic, TypeVar

from tillbridge.domain.errors import InputError, NotFoundError
from tillbridge.domain.merchant import WARNINGS, Connection, Merchant
from tillbridge.flows.operate.answers import ConnectionAnswer
from tillbridge.flows.ports import Connections, Deadline, Merchants

Row = TypeVar("Row")

PAGE_ROWS = 1000
STOP_MARGIN = timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class Portion(Generic[Row]):
    """Rows of some merchants; ``following`` is where to go on, ``None`` after the last.

    It is a merchant, or a merchant and a place within its list (``flows/operate/paging.py``).
    """

    rows: tuple[Row, ...]
    following: str | None = None


@dataclass(frozen=True, slots=True)
class Register:
    """Merchants and their connections."""

    merchants: Merchants
    connections: Connections

    def merchant(self, merchant_id: str | None) -> Merchant:
        """Find the merchant that was named, or the only one there is."""
        if merchant_id is not None:
            return self.merchants.get(merchant_id)
        everybody = self.merchants.list()
        if not everybody:
            raise NotFoundError("merchant", "There is no merchant yet.", remedy="Add one: tillbridge merchant add.")
        if len(everybody) > 1:
            raise InputError(
                "merchant",
                f"There are {len(everybody)} merchants, and none was named.",
                remedy="Name one with --merchant; `tillbridge merchant list` shows them.",
            )
        return everybody[0]

    def of(self, merchant: Merchant) -> Sequence[Connection]:
        """List a merchant's connections."""
        return self.connections.of_merchant(merchant.merchant_id)

    def connection(self, merchant: Merchant, connection_id: str) -> Connection:
        """Find one connection of this merchant; anybody else's is not found."""
        for connection in self.of(merchant):
            if connection.connection_id == connection_id:
                return connection
        raise NotFoundError(
            "connection",
            f"Merchant {merchant.merchant_id} has no connection {connection_id!r}.",
            remedy="`tillbridge connections` shows the connections of every merchant.",
        )

    def till(self, merchant: Merchant) -> Connection:
        """Find the merchant's till."""
        for connection in self.of(merchant):
            if connection.system.is_till:
                return connection
        raise NotFoundError(
            "merchant",
            f"Merchant {merchant.merchant_id} has no till connected.",
            remedy=f"Connect one: tillbridge connect lightspeed --merchant {merchant.merchant_id}.",
        )

    def shops(self, merchant: Merchant) -> Sequence[Connection]:
        """List a merchant's shops, oldest first."""
        return [connection for connection in self.of(merchant) if not connection.system.is_till]

    def each(
        self,
        merchant_id: str | None,
        after: str | None,
        deadline: Deadline,
        rows_of: Callable[[Merchant], Sequence[Row]],
    ) -> Portion[Row]:
        """Gather rows of one merchant, or of all of them beginning at ``after``, until there are enough or time is up.

        The answer of a function is bounded, and so is its time; the command line asks again for the rest.
        """
        if merchant_id is not None:
            return Portion(tuple(rows_of(self.merchants.get(merchant_id))))
        rows: list[Row] = []
        everybody = self.merchants.list()
        for number, merchant in enumerate(dropwhile(lambda one: one.merchant_id < (after or ""), everybody)):
            if number and (len(rows) >= PAGE_ROWS or deadline.left() < STOP_MARGIN):
                return Portion(tuple(rows), merchant.merchant_id)
            rows += rows_of(merchant)
        return Portion(tuple(rows))


def connection_answer(connection: Connection) -> ConnectionAnswer:
    """Show a connection."""
    return ConnectionAnswer(
        connection=connection.connection_id,
        merchant=connection.merchant_id,
        system=connection.system,
        account=connection.account_id,
        name=connection.account_name,
        address=connection.address,
        state=connection.state,
        cause=connection.cause,
        remedy=connection.remedy,
        retry_at=connection.retry_at,
        warnings=connection.warnings,
        traits={name: told for name, told in connection.traits.items() if name != WARNINGS},
        created_at=connection.created_at,
        changed_at=connection.changed_at,
    )
