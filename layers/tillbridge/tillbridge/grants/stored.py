"""What stands in the vault, as JSON. Read strictly: a secret that somebody edited by hand gets a clear error."""

from datetime import UTC, datetime
from typing import Literal, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator

from tillbridge.domain.errors import BrokenConnectionError, Subject
from tillbridge.domain.grant import AppCredentials, Grant, Secret, TokenPair
from tillbridge.domain.shop_keys import FORMS, BroughtSecrets, KeyKind, ShopKeys


class Stored(BaseModel):
    """A secret's content. Errors never show what it is."""

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)


class StoredGrant(Stored):
    """A pair of tokens and the refresh token before it."""

    kind: Literal["tokens"] = "tokens"
    version: int = Field(ge=1)
    access_token: str = Field(min_length=1, repr=False)
    refresh_token: str = Field(min_length=1, repr=False)
    obtained_at: AwareDatetime
    expires_at: AwareDatetime
    refresh_expires_at: AwareDatetime | None = None
    predecessor: str | None = Field(default=None, repr=False)

    @classmethod
    def of(cls, grant: Grant) -> "StoredGrant":
        """Take a grant to be written."""
        return cls(
            version=grant.version,
            access_token=grant.pair.access.reveal(),
            refresh_token=grant.pair.refresh.reveal(),
            obtained_at=grant.pair.obtained_at,
            expires_at=grant.pair.expires_at,
            refresh_expires_at=grant.pair.refresh_expires_at,
            predecessor=grant.predecessor.reveal() if grant.predecessor else None,
        )

    def grant(self) -> Grant:
        """Give the grant that was read."""
        pair = TokenPair(
            Secret(self.access_token),
            Secret(self.refresh_token),
            self.obtained_at.astimezone(UTC),
            self.expires_at.astimezone(UTC),
            self.refresh_expires_at.astimezone(UTC) if self.refresh_expires_at else None,
        )
        return Grant(self.version, pair, Secret(self.predecessor) if self.predecessor else None)


class StoredKeys(Stored):
    """The secrets that a shop's owner gave. Those written when WooCommerce was the only shop do not name their kind."""

    kind: Literal["keys"] = "keys"
    version: int = Field(ge=1)
    of_kind: KeyKind = KeyKind.WOOCOMMERCE
    consumer_key: str = Field(default="", repr=False, validate_default=True)
    consumer_secret: str = Field(default="", repr=False, validate_default=True)
    access_token: str = Field(default="", repr=False, validate_default=True)
    access_secret: str = Field(default="", repr=False, validate_default=True)
    client_id: str = Field(default="", repr=False, validate_default=True)
    client_secret: str = Field(default="", repr=False, validate_default=True)

    @field_validator(*{name for form in FORMS.values() for name in form.names})
    @classmethod
    def _complete(cls, secret: str, info: ValidationInfo) -> str:
        kind = info.data.get("of_kind")
        if kind is not None and not secret and info.field_name in FORMS[kind].names:
            raise ValueError("it is empty")
        return secret

    @classmethod
    def of(cls, keys: ShopKeys, version: int) -> "StoredKeys":
        """Take keys to be written."""
        return cls.model_validate(
            {"version": version, "of_kind": keys.kind, **{name: keys.reveal(name) for name in keys.form.names}}
        )

    def content(self) -> str:
        """Write them, without what their kind does not have."""
        return self.model_dump_json(include={"kind", "version", "of_kind", *FORMS[self.of_kind].names})

    def keys(self) -> ShopKeys:
        """Give the keys that were read."""
        return ShopKeys(self.of_kind, {name: Secret(getattr(self, name)) for name in FORMS[self.of_kind].names})


class StoredOld(Stored):
    """A credential of the kind that its vendor has given up: an API key, a token that never expires."""

    kind: Literal["old"] = "old"
    version: int = Field(ge=1)
    secret: str = Field(min_length=1, repr=False)

    @classmethod
    def of(cls, secret: Secret, version: int) -> "StoredOld":
        """Take one to be written."""
        return cls(version=version, secret=secret.reveal())

    def credential(self) -> Secret:
        """Give the one that was read."""
        return Secret(self.secret)


class StoredBrought(Stored):
    """The secrets of one merchant who is being brought in."""

    kind: Literal["brought"] = "brought"
    till_key: str = Field(min_length=1, repr=False)
    consumer_key: str = Field(default="", repr=False)
    consumer_secret: str = Field(default="", repr=False)

    @classmethod
    def of(cls, brought: BroughtSecrets) -> "StoredBrought":
        """Take secrets to be written."""
        keys = brought.shop_keys
        return cls(
            till_key=brought.till_key.reveal(),
            consumer_key=keys.reveal("consumer_key") if keys else "",
            consumer_secret=keys.reveal("consumer_secret") if keys else "",
        )

    def brought(self) -> BroughtSecrets:
        """Give the secrets that were read."""
        keys = (
            ShopKeys.woocommerce(Secret(self.consumer_key), Secret(self.consumer_secret)) if self.consumer_key else None
        )
        return BroughtSecrets(Secret(self.till_key), keys)


class StoredApp(Stored):
    """The provider's own application at a vendor."""

    version: int = Field(default=1, ge=1)
    client_id: str = Field(min_length=1)
    client_secret: str = Field(min_length=1, repr=False)
    former_secret: str = Field(default="", repr=False)
    former_until: AwareDatetime | None = None

    @classmethod
    def of(cls, app: AppCredentials, version: int, former_until: datetime | None = None) -> "StoredApp":
        """Take credentials to be written; their former secret counts until then."""
        return cls(
            version=version,
            client_id=app.client_id,
            client_secret=app.client_secret.reveal(),
            former_secret=app.former_secret.reveal() if app.former_secret else "",
            former_until=former_until,
        )

    def app(self, now: datetime) -> AppCredentials:
        """Give the credentials that were read."""
        former = Secret(self.former_secret) if self.former_until and now < self.former_until else None
        return AppCredentials(self.client_id, Secret(self.client_secret), former)


class StoredVersion(Stored):
    """The version of a secret of any kind; one that somebody wrote by hand has none."""

    version: int = Field(default=1, ge=1)


class StoredKind(Stored):
    """What a connection's secret holds."""

    kind: Literal["tokens", "keys"]


Kind = TypeVar("Kind", bound=Stored)


def read(kind: type[Kind], content: str, connection_id: str = "") -> Kind:
    """Verify what the vault gave; the error names the field and shows nothing of it."""
    try:
        return kind.model_validate_json(content)
    except ValidationError as error:
        field = ".".join(map(str, error.errors(include_input=False, include_url=False)[0]["loc"])) or "the whole"
        problem = BrokenConnectionError(
            f"What the vault holds cannot be used: {field} is not as it was written.",
            remedy="Connect the system again; the link can be made with `tillbridge connect`.",
            code="UnreadableSecret",
            subject=Subject(connection=connection_id),
        )
    raise problem
