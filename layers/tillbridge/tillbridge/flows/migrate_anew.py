"""The strategy for vendors who want to hear it from the merchant: the merchant authorises anew, in a browser."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tillbridge.domain.merchant import Merchant, System
from tillbridge.domain.vendor_events import Strategy
from tillbridge.flows.connect_invite import Invited
from tillbridge.flows.migrate_compare import check_account, differences
from tillbridge.flows.migrate_ports import Case, Obtained, TillsOf
from tillbridge.flows.ports import Deadline, Merchants


@dataclass(frozen=True, slots=True)
class AuthorisesAnew:
    """Implements ``MigrationStrategy`` for tills."""

    invite: Callable[[Merchant, System, str], Invited]
    merchants: Merchants
    tills: TillsOf
    kind: Strategy = Strategy.ANEW

    def obtain(self, case: Case, deadline: Deadline) -> Obtained:  # noqa: ARG002  others need the time
        """Make a link for the merchant; what is authorised there belongs to this connection, by its account."""
        merchant = self.merchants.get(case.connection.merchant_id)
        invited = self.invite(merchant, case.connection.system, case.connection.address)
        return Obtained(there=False, link=invited.link, expires_at=invited.expires_at)

    def compare(self, case: Case, deadline: Deadline) -> Sequence[str]:
        """Compare account, shops and a sample of items."""
        old, new = self.tills(case.connection, deadline)
        return differences(old, new, case.connection.account_id)

    def prove(self, case: Case, deadline: Deadline) -> None:
        """Look at account and rights through the new one."""
        _, new = self.tills(case.connection, deadline)
        check_account(new, case.connection.account_id)
