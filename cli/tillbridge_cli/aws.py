"""The AWS calls of the command line: invoke the operator function, and put secrets straight into the vault.

boto3 is imported when the first call is made, so that ``--help`` is quick.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from tillbridge.domain.grant import AppCredentials
from tillbridge.domain.merchant import System
from tillbridge.domain.shop_keys import BroughtSecrets, ShopKeys
from tillbridge_cli.environment import Deployment
from tillbridge_cli.failures import Failure, Unreachable

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_secretsmanager import SecretsManagerClient

LONGEST_ANSWER = 70
"""Seconds; the operator function itself ends after 60."""


class Invoker(Protocol):
    """Asks the operator function."""

    def invoke(self, event: Mapping[str, Any]) -> object:
        """Give the function's answer, parsed from JSON."""
        ...


class SecretWriter(Protocol):
    """Puts secrets where only the functions read them; they never travel in an event."""

    def put_app(self, system: System, app: AppCredentials) -> None:
        """Store the provider's own credentials at a vendor."""
        ...

    def put_pending(self, nonce: str, keys: ShopKeys) -> None:
        """Leave a shop's keys for the operator function to collect."""
        ...

    def put_brought(self, nonce: str, secrets: BroughtSecrets) -> None:
        """Leave the secrets of a merchant who is being brought in."""
        ...

    def drop_pending(self, nonce: str) -> None:
        """Take back keys that were not collected; none there is no error."""
        ...


@dataclass(frozen=True, slots=True)
class LambdaInvoker:
    """Invokes the function of one deployment with the caller's AWS credentials, once: not every command may repeat."""

    deployment: Deployment

    def invoke(self, event: Mapping[str, Any]) -> object:
        """Invoke and wait."""
        with reaching(self.deployment):
            client: LambdaClient = _client("lambda", self.deployment)
            answer = client.invoke(FunctionName=self.deployment.function, Payload=json.dumps(event).encode())
            payload = answer["Payload"].read()
        if answer.get("FunctionError"):
            raise Failure(
                "The operator function ended with an error of its own.",
                remedy=f"Look into its log: /aws/lambda/{self.deployment.function}.",
                code="FunctionError",
            )
        return json.loads(payload)


@dataclass(frozen=True, slots=True)
class VaultWriter:
    """Writes to Secrets Manager with the caller's AWS credentials, under the deployment's own key."""

    deployment: Deployment

    def put_app(self, system: System, app: AppCredentials) -> None:
        """Store the provider's own credentials; the functions notice within minutes."""
        from tillbridge.grants.apps import AppBook  # noqa: PLC0415 - brings boto3
        from tillbridge.runtime.clock import SystemClock  # noqa: PLC0415

        with reaching(self.deployment):
            AppBook(self._store(), SystemClock(), self.deployment.secrets).put(system, app)

    def put_pending(self, nonce: str, keys: ShopKeys) -> None:
        """Leave keys under a name that nobody can guess."""
        from tillbridge.grants.stored import StoredKeys  # noqa: PLC0415

        with reaching(self.deployment):
            self._store().write(self._pending(nonce), StoredKeys.of(keys, 1).content(), 1)

    def put_brought(self, nonce: str, secrets: BroughtSecrets) -> None:
        """Leave secrets under a name that nobody can guess."""
        from tillbridge.grants.stored import StoredBrought  # noqa: PLC0415

        with reaching(self.deployment):
            self._store().write(self._pending(nonce), StoredBrought.of(secrets).model_dump_json(), 1)

    def drop_pending(self, nonce: str) -> None:
        """Take keys back."""
        with reaching(self.deployment):
            self._store().delete(self._pending(nonce))

    def _pending(self, nonce: str) -> str:
        return f"{self.deployment.secrets}pending/{nonce}"

    def _store(self) -> Any:  # noqa: ANN401 - grants.secret_store.SecretsManager, imported late
        from tillbridge.grants.secret_store import SecretsManager  # noqa: PLC0415

        client: SecretsManagerClient = _client("secretsmanager", self.deployment)
        return SecretsManager(client, f"alias/{self.deployment.stack}-vault")


def _client(service: str, deployment: Deployment) -> Any:  # noqa: ANN401 - one of boto3's many clients
    """Make a client from the caller's AWS settings, or from those of the local cloud."""
    import boto3  # noqa: PLC0415
    from botocore.config import Config  # noqa: PLC0415

    aws = deployment.aws
    config = Config(
        connect_timeout=5,
        read_timeout=LONGEST_ANSWER,
        retries={"total_max_attempts": 1},
        proxies={} if aws else None,
    )
    if not aws:
        session: Any = boto3.Session()
        return session.client(service, config=config)
    session = boto3.Session(aws["AWS_ACCESS_KEY_ID"], aws["AWS_SECRET_ACCESS_KEY"], region_name=aws["AWS_REGION"])
    return session.client(service, endpoint_url=aws["AWS_ENDPOINT_URL"], config=config)


@contextmanager
def reaching(deployment: Deployment) -> Iterator[None]:
    """Turn whatever AWS says into a failure that names the deployment; it never shows what was sent."""
    from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError  # noqa: PLC0415

    try:
        yield
    except ClientError as error:
        raise _refused(deployment, error.response["Error"]["Code"]) from None
    except BotoCoreError as error:
        told = "a value was not taken" if isinstance(error, ParamValidationError) else str(error)
        raise Unreachable(
            f"{deployment.stack} cannot be reached: {told}",
            remedy="Check the AWS settings (AWS_PROFILE, AWS_REGION, AWS_ENDPOINT_URL) and --env.",
            code=type(error).__name__,
        ) from None


REMEDIES = {
    "ResourceNotFoundException": "Deploy it first, or check --env, AWS_REGION and AWS_ENDPOINT_URL.",
    "AccessDeniedException": "Your AWS credentials need lambda:InvokeFunction on the operator function; commands "
    "that take secrets need to read, write and delete secrets below tillbridge/ and to use the stack's key.",
    "TooManyRequestsException": "Try again in a moment.",
}


def _refused(deployment: Deployment, code: str) -> Unreachable:
    return Unreachable(
        f"AWS refused to reach {deployment.stack} ({code}).",
        remedy=REMEDIES.get(code, "Check the AWS settings (AWS_PROFILE, AWS_REGION, AWS_ENDPOINT_URL) and --env."),
        code=code,
    )
