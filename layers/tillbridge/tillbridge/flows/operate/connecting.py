"""Connect systems to merchants, list what is connected, and end a connection."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from tillbridge.domain.errors import InputError
from tillbridge.domain.merchant import Connection, Merchant, System
from tillbridge.domain.shop_keys import ShopKeys
from tillbridge.flows.connect_invite import Invited
from tillbridge.flows.operate.answers import ConnectionAnswer, InvitationAnswer
from tillbridge.flows.operate.register import Portion, Register, connection_answer
from tillbridge.flows.ports import Deadline
from tillbridge.flows.shop_addresses import ShopAddresses

Invite = Callable[[Merchant, System, str], Invited]
ConnectKeys = Callable[[Merchant, System, str, ShopKeys], Connection]
End = Callable[[Connection], Connection]


class PendingKeys(Protocol):
    """Keys that the command line has left in the vault, under a name that nobody can guess."""

    def take(self, nonce: str) -> ShopKeys:
        """Read the keys and delete them; ``NotFoundError`` when there are none."""
        ...


@dataclass(frozen=True, slots=True)
class ConnectionDesk:
    """Connections of all merchants."""

    register: Register
    invite: Invite
    connect_keys: ConnectKeys
    end: End
    pending: PendingKeys
    addresses: ShopAddresses
    note: Callable[[Connection], str] = lambda _: ""  # what the operator has to know of one that works

    def invite_to(self, merchant_id: str | None, system: System, address: str | None) -> InvitationAnswer:
        """Make a link at which a merchant connects a system; nothing is connected yet.

        The address of a shop may be left to the merchant.
        """
        if address and system.is_till:
            raise InputError("address", f"{system} has one address for everybody.", remedy="Leave out --address.")
        merchant = self.register.merchant(merchant_id)
        invited = self.invite(merchant, system, self.addresses.of(system, address) if address else "")
        return InvitationAnswer(
            merchant=merchant.merchant_id, system=system, link=invited.link, expires_at=invited.expires_at
        )

    def connect_with_keys(self, merchant_id: str | None, system: System, address: str, nonce: str) -> ConnectionAnswer:
        """Connect a shop with keys that prove to work. They are gone from where they waited, whatever comes of it."""
        if system.is_till:
            raise InputError(
                "system", f"{system} is not connected with keys.", remedy="Make a link, and open it in a browser."
            )
        merchant = self.register.merchant(merchant_id)
        keys = self.pending.take(nonce)
        return connection_answer(self.connect_keys(merchant, system, address, keys))

    def list(self, merchant_id: str | None, after: str | None, deadline: Deadline) -> Portion[ConnectionAnswer]:
        """List the connections of one merchant, or of everybody."""
        return self.register.each(
            merchant_id,
            after,
            deadline,
            lambda merchant: [self._noted(one) for one in self.register.of(merchant)],
        )

    def _noted(self, connection: Connection) -> ConnectionAnswer:
        """Show a connection; what is wrong with it goes before what could be better."""
        answer = connection_answer(connection)
        return answer if answer.cause else replace(answer, cause=self.note(connection))

    def disconnect(self, merchant_id: str | None, connection_id: str) -> ConnectionAnswer:
        """End a connection of this merchant; its grant is deleted, and what it has put into a shop stays.

        What is left for a person to do at the vendor stands in the answer's remedy.
        """
        merchant = self.register.merchant(merchant_id)
        return connection_answer(self.end(self.register.connection(merchant, connection_id)))
