"""The credentials that a shop's own people make for us, by kind: which secrets, how they look, and where they are made.

What an app of the provider's is given at a browser's approval and has to be renewed is a grant, and none of these.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from tillbridge.domain.errors import InputError
from tillbridge.domain.grant import Secret
from tillbridge.domain.merchant import System


class KeyKind(StrEnum):
    """What a shop's owner may give."""

    WOOCOMMERCE = "woocommerce"  # a key of the REST API, both halves
    SHOPIFY_TOKEN = "shopify-token"  # noqa: S105  # nosec B105 - an app of the shop's own: token and secret
    SHOPIFY_CLIENT = "shopify-client"  # an app of one's own organisation: id and secret, for tokens of a day
    BIGCOMMERCE = "bigcommerce"  # a store-level API account
    MAGENTO = "magento"  # an integration that was activated without a callback


@dataclass(frozen=True, slots=True)
class KeyField:
    """One secret. ``name`` is what it is called in the vault and in errors, ``words`` what people call it."""

    name: str
    words: str
    pattern: str
    looks: str

    def taken(self, text: str, made_at: str) -> Secret:
        """Take what somebody typed; ``InputError`` names the field and shows nothing of it."""
        text = text.strip()
        if not re.fullmatch(self.pattern, text, re.ASCII):
            raise InputError(self.name, f"{self.words}: {self.looks}.", remedy=f"Copy it again from {made_at}.")
        return Secret(text)


@dataclass(frozen=True, slots=True)
class KeyForm:
    """A kind's fields, where in the shop they are made, and what its owner deletes to end them."""

    system: System
    fields: tuple[KeyField, ...]
    made_at: str
    removal: str

    @property
    def names(self) -> tuple[str, ...]:
        """Name the fields."""
        return tuple(field.name for field in self.fields)


_LETTERS = "it has small letters and digits, 32 of them"

FORMS: Mapping[KeyKind, KeyForm] = {
    KeyKind.WOOCOMMERCE: KeyForm(
        System.WOOCOMMERCE,
        (
            KeyField("consumer_key", "Consumer key", r"ck_[!-~]+", "a consumer key of WooCommerce begins with ck_"),
            KeyField(
                "consumer_secret", "Consumer secret", r"cs_[!-~]+", "a consumer secret of WooCommerce begins with cs_"
            ),
        ),
        "WooCommerce > Settings > Advanced > REST API",
        "Delete the key in the shop, under WooCommerce > Settings > Advanced > REST API.",
    ),
    KeyKind.SHOPIFY_TOKEN: KeyForm(
        System.SHOPIFY,
        (
            KeyField("access_token", "Admin API access token", r"shpat_\w{16,}", "the token begins with shpat_"),
            KeyField("client_secret", "API secret key", r"\w{16,}", "the secret has letters and digits only"),
        ),
        "Settings > Apps > Develop apps > the app > API credentials in the shop's admin",
        "Uninstall the app in the shop, under Settings > Apps.",
    ),
    KeyKind.SHOPIFY_CLIENT: KeyForm(
        System.SHOPIFY,
        (
            KeyField("client_id", "Client ID", r"\w{16,}", "the client ID has letters and digits only"),
            KeyField("client_secret", "Client secret", r"\w{16,}", "the secret has letters and digits only"),
        ),
        "the app's Settings in the Dev Dashboard",
        "Uninstall the app in the shop, under Settings > Apps.",
    ),
    KeyKind.BIGCOMMERCE: KeyForm(
        System.BIGCOMMERCE,
        (KeyField("access_token", "Access token", r"\w{8,}", "the token has letters and digits only"),),
        "Settings > Store-level API accounts in the store's control panel, where it is shown once",
        "Delete the API account in the store, under Settings > Store-level API accounts.",
    ),
    KeyKind.MAGENTO: KeyForm(
        System.MAGENTO,
        (
            KeyField("consumer_key", "Consumer key", r"[a-z0-9]{32}", _LETTERS),
            KeyField("consumer_secret", "Consumer secret", r"[a-z0-9]{32}", _LETTERS),
            KeyField("access_token", "Access token", r"[a-z0-9]{32}", _LETTERS),
            KeyField("access_secret", "Access token secret", r"[a-z0-9]{32}", _LETTERS),
        ),
        "System > Extensions > Integrations in the shop's admin, where the integration is activated",
        "Deactivate or delete the integration in the shop, under System > Extensions > Integrations.",
    ),
}
"""What the secrets look like: facts/shopify.md, section 3; facts/bigcommerce.md, "Hosts, auth"; facts/magento.md, 1."""


@dataclass(frozen=True, slots=True)
class ShopKeys:
    """The secrets of one kind, by their names, all that the kind has."""

    kind: KeyKind
    secrets: Mapping[str, Secret]

    @classmethod
    def woocommerce(cls, key: Secret, secret: Secret) -> "ShopKeys":
        """Take both halves of a key of WooCommerce's REST API."""
        return cls(KeyKind.WOOCOMMERCE, {"consumer_key": key, "consumer_secret": secret})

    @property
    def form(self) -> KeyForm:
        """Tell what there is to know of the kind."""
        return FORMS[self.kind]

    @property
    def system(self) -> System:
        """Tell whose they are."""
        return self.form.system

    def reveal(self, name: str) -> str:
        """Give one of them, to be sent to the one place that it is meant for."""
        return self.secrets[name].reveal()

    def checked(self) -> "ShopKeys":
        """Give them without blanks around; ``InputError`` names the first that cannot be what it should be."""
        form = self.form
        return ShopKeys(
            self.kind, {field.name: field.taken(self.reveal(field.name), form.made_at) for field in form.fields}
        )


@dataclass(frozen=True, slots=True)
class BroughtSecrets:
    """What a merchant of the old kind is brought in with: the till's API key, and the keys of the shop."""

    till_key: Secret
    shop_keys: ShopKeys | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedKeys:
    """What a shop's server delivers when its owner has approved; ``nonce`` is what we gave along."""

    nonce: str
    keys: ShopKeys
    permissions: str  # "read_write"


def kinds_of(system: System) -> tuple[KeyKind, ...]:
    """List the kinds that a system's shops may give, the usual one first."""
    return tuple(kind for kind, form in FORMS.items() if form.system is system)
