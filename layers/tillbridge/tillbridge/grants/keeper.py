"""Stores, hands over and ends grants for the flows, so that nothing is ever forgotten in the vault.

A record with a time to look at it is written before anything goes into the vault. Whatever then goes wrong,
``token_refresh`` finds it, and deletes what belongs to no connection.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tillbridge.domain.errors import BrokenConnectionError, TillbridgeError
from tillbridge.domain.grant import Grant, Secret, TokenPair
from tillbridge.domain.merchant import Connection, Place
from tillbridge.domain.shop_keys import ShopKeys
from tillbridge.grants.clock import Clock
from tillbridge.grants.ports import KeptRecords, Revoking
from tillbridge.grants.vault import Vault

LOOK_AFTER = timedelta(hours=1)
REMOVE_APP = "Uninstall the app in the shop, under Settings > Apps."
REMOVE_CLIENT = "The till could not be told; remove the access there, under Settings > Client API Access."


@dataclass(frozen=True, slots=True)
class GrantKeeper:
    """The vault and the records together."""

    vault: Vault
    records: KeptRecords
    server: Revoking
    clock: Clock

    def keep_tokens(self, place: Place, pair: TokenPair) -> None:
        """Store a pair of a new authorisation; a refresh that is under way with the old one comes to nothing."""
        self._begin(place)
        self.records.settle(place.connection_id, self.vault.replace_tokens(place, pair))

    def keep_keys(self, place: Place, keys: ShopKeys) -> None:
        """Store a shop's keys."""
        self._begin(place)
        self.vault.replace_keys(place, keys)

    def keep_pending(self, place: Place, told: Secret) -> None:
        """Store what a vendor's server brought, until somebody comes back for it."""
        self._begin(place)
        self.vault.keep_pending(place, told)

    def pending(self, place: Place) -> Secret | None:
        """Read what is kept so."""
        return self.vault.pending(place)

    def keep_old(self, connection: Connection, credential: Secret) -> None:
        """Store a credential of a kind that its vendor gives up."""
        self._begin(connection.place)
        self.vault.keep_old(connection.place, credential)

    def old(self, connection: Connection) -> Secret | None:
        """Read the credential of an old kind; ``None`` when there is none."""
        return self.vault.old(connection.place)

    def destroy_old(self, connection: Connection) -> None:
        """Delete the credential of an old kind for good."""
        self.vault.destroy_old(connection.place)

    def tokens_from(self, connection: Connection) -> datetime | None:
        """Tell when the tokens in the vault were got; ``None`` when there are none."""
        held = self.vault.anything(connection.place)
        return held.pair.obtained_at if isinstance(held, Grant) else None

    def keys(self, place: Place) -> ShopKeys | None:
        """Read keys that were stored a moment ago."""
        held = self.vault.anything(place)
        return held if isinstance(held, ShopKeys) else None

    def connected(self, place: Place) -> None:
        """Note that keys have found their connection: nothing of them has to be renewed, and nothing waits."""
        self.vault.delete_pending(place)
        self.records.look_no_more(place.connection_id)

    def watch(self, place: Place) -> None:
        """Have ``token_refresh`` look at it soon: it finishes what the next steps may leave half done."""
        self._begin(place)
        self.records.look(place.connection_id, self.clock.now() + LOOK_AFTER)

    def drop(self, place: Place) -> str:
        """Give the grant back, delete it, and say what is left for a person to do."""
        left_over = self._give_back(place)
        self.vault.delete(place)
        self.records.forget(place.connection_id)
        return left_over

    def _begin(self, place: Place) -> None:
        self.records.begin(place, self.clock.now() + LOOK_AFTER)

    def _give_back(self, place: Place) -> str:
        """Tell the vendor. A token that it could not be told of is deleted all the same, and ends unused."""
        try:
            held = self.vault.anything(place)
            if isinstance(held, Grant) and place.system.is_till:
                self.server.revoke(place.connection_id, held.pair.refresh)
        except BrokenConnectionError:
            return ""
        except TillbridgeError:
            return REMOVE_CLIENT
        if isinstance(held, ShopKeys):
            return held.form.removal
        return REMOVE_APP if isinstance(held, Grant) and not place.system.is_till else ""
