"""Secrets Manager, as far as it is used: named texts whose versions are written once and never changed.

A version's name follows from its number. Writing the same version again with the same content does nothing, and with
another content is refused: that makes ``PutSecretValue`` a compare-and-set in one call, so that a writer who slept
through a rotation cannot put an old pair in the place of a newer one.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from botocore.exceptions import ClientError

from tillbridge.domain.merchant import Place
from tillbridge.grants.stored import StoredVersion, read

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_secretsmanager.type_defs import CreateSecretRequestTypeDef


class VersionTakenError(Exception):
    """Somebody else has written this version of the secret. It names nothing and ends inside this package."""


class SecretStore(Protocol):
    """Named texts with numbered versions."""

    def read(self, name: str) -> str | None:
        """Read the newest version; ``None`` when there is no such secret."""
        ...

    def write(self, name: str, content: str, version: int, tags: Mapping[str, str] | None = None) -> None:
        """Write a version, making the secret with these tags when it is not there; ``VersionTakenError``."""
        ...

    def delete(self, name: str) -> None:
        """Delete a secret at once and for good; one that is not there is no error."""
        ...


def path_of(place: Place) -> str:
    """Spell the end of a secret's name, by which policies tell what a function may reach: system, merchant, id."""
    return f"{place.system.value}/{place.merchant_id}/{place.connection_id}"


def tags_of(place: Place) -> Mapping[str, str]:
    """Give the tags of a secret: for bills and audits by merchant."""
    return {"merchant": place.merchant_id, "system": place.system.value, "connection": place.connection_id}


def newest(store: SecretStore, name: str) -> int:
    """Tell the number of the newest version, 0 when there is no such secret."""
    content = store.read(name)
    return 0 if content is None else read(StoredVersion, content).version


@dataclass(frozen=True, slots=True)
class SecretsManager:
    """The real store. ``kms_key`` "" leaves the choice of the key to the account."""

    client: "SecretsManagerClient"
    kms_key: str = ""

    def read(self, name: str) -> str | None:
        """Read the newest version."""
        try:
            return self.client.get_secret_value(SecretId=name).get("SecretString", "")
        except ClientError as error:
            if _code(error) == "ResourceNotFoundException":
                return None
            raise

    def write(self, name: str, content: str, version: int, tags: Mapping[str, str] | None = None) -> None:
        """Write a version."""
        token = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{name}#{version}"))
        try:
            self._put(name, content, token, tags or {})
        except ClientError as error:
            if _code(error) == "ResourceExistsException":
                raise VersionTakenError from None
            raise

    def delete(self, name: str) -> None:
        """Delete a secret without the usual weeks in which it could be brought back."""
        try:
            self.client.delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)
        except ClientError as error:
            if _code(error) != "ResourceNotFoundException":
                raise

    def _put(self, name: str, content: str, token: str, tags: Mapping[str, str]) -> None:
        try:
            self.client.put_secret_value(SecretId=name, SecretString=content, ClientRequestToken=token)
        except ClientError as error:
            if _code(error) != "ResourceNotFoundException":
                raise
        else:
            return
        new: CreateSecretRequestTypeDef = {"Name": name, "SecretString": content, "ClientRequestToken": token}
        if self.kms_key:
            new["KmsKeyId"] = self.kms_key
        if tags:
            new["Tags"] = [{"Key": key, "Value": value} for key, value in tags.items()]
        self.client.create_secret(**new)


def _code(error: ClientError) -> str:
    return error.response["Error"]["Code"]
