"""Web hooks that are signed with the secret of the app that subscribed to them, and carry none of ours.

That is the provider's own app, or one that the shop's owner made, whose secret is among the keys (facts/shopify.md,
section 4).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tillbridge.domain.grant import HookSecret, Secret
from tillbridge.domain.merchant import Connection, Place, System

if TYPE_CHECKING:
    from tillbridge.grants.apps import AppBook
    from tillbridge.grants.vault import Vault

SIGNED_BY_APP = frozenset({System.SHOPIFY})
GENERATION = "app"


@dataclass(frozen=True, slots=True)
class AppSigned:
    """Implements ``flows.keep_hooks.HookSecrets`` where there is nothing to give and nothing to forget."""

    def current(self, place: Place) -> HookSecret:
        """Give no secret: the vendor knows it."""
        del place
        return HookSecret(GENERATION, Secret(""))

    def forget_own(self, place: Place) -> None:
        """Delete nothing."""


def app_secrets(vault: "Vault", apps: "AppBook", connection: Connection) -> Sequence[Secret]:
    """Give what the deliveries of a shop may be signed with: a merchant's own app has a secret of its own."""
    keys = vault.keys_or_grant(connection.place, connection.authorised_at)
    return apps.get(connection.system).signing if keys is None else (keys.secrets["client_secret"],)
