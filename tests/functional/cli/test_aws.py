"""The command line's own AWS calls: one invocation, and the vault."""

import io
import json
from collections.abc import Iterator, Mapping
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError, ParamValidationError
from moto import mock_aws

from tillbridge.domain.grant import AppCredentials, Secret
from tillbridge.domain.merchant import System
from tillbridge.domain.shop_keys import BroughtSecrets, ShopKeys
from tillbridge.grants.apps import AppBook
from tillbridge.grants.pending import PendingBox
from tillbridge.grants.secret_store import SecretsManager
from tillbridge.runtime.clock import SystemClock
from tillbridge_cli import aws
from tillbridge_cli.aws import LambdaInvoker, VaultWriter
from tillbridge_cli.environment import Deployment
from tillbridge_cli.failures import Failure, Unreachable

STAGING = Deployment("staging")
EVENT = {"command": "merchant-list", "arguments": {}}


class FakeLambda:
    """Answers an invocation, or fails."""

    def __init__(self, answer: Mapping[str, Any] | Exception) -> None:
        self.answer = answer
        self.asked: dict[str, Any] = {}

    def invoke(self, **asked: Any) -> Mapping[str, Any]:
        self.asked = asked
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def invoking(monkeypatch: pytest.MonkeyPatch, answer: Mapping[str, Any] | Exception) -> FakeLambda:
    fake = FakeLambda(answer)
    monkeypatch.setattr(aws, "_client", lambda *_: fake)
    return fake


def test_the_operator_function_of_the_environment_is_invoked(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = invoking(monkeypatch, {"Payload": io.BytesIO(b'{"ok": true}')})
    assert LambdaInvoker(STAGING).invoke(EVENT) == {"ok": True}
    assert fake.asked["FunctionName"] == "tillbridge-staging-operator"
    assert json.loads(fake.asked["Payload"]) == EVENT


def test_a_defect_of_the_function_shows_nothing_of_it(monkeypatch: pytest.MonkeyPatch) -> None:  # invariant 5
    trace = json.dumps({"errorMessage": "cs_secret", "stackTrace": ["cs_secret"]}).encode()
    invoking(monkeypatch, {"FunctionError": "Unhandled", "Payload": io.BytesIO(trace)})
    with pytest.raises(Failure) as caught:
        LambdaInvoker(STAGING).invoke(EVENT)
    assert int(caught.value.exit_code) == 1
    assert "/aws/lambda/tillbridge-staging-operator" in caught.value.remedy
    assert "cs_secret" not in f"{caught.value.as_dict()}"


def client_error(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "arn:aws:lambda:secret-detail"}}, "Invoke")


@pytest.mark.parametrize(
    ("trouble", "remedy"),
    [
        (client_error("ResourceNotFoundException"), "Deploy it first"),
        (client_error("AccessDeniedException"), "lambda:InvokeFunction"),
        (client_error("SomethingNew"), "Check the AWS settings"),
        (EndpointConnectionError(endpoint_url="http://127.0.0.1:1"), "Check the AWS settings"),
        (NoCredentialsError(), "Check the AWS settings"),
    ],
)
def test_what_cannot_be_reached_is_named_with_its_remedy(
    monkeypatch: pytest.MonkeyPatch, trouble: Exception, remedy: str
) -> None:
    invoking(monkeypatch, trouble)
    with pytest.raises(Unreachable) as caught:
        LambdaInvoker(STAGING).invoke(EVENT)
    assert "tillbridge-staging" in caught.value.happened
    assert remedy in caught.value.remedy


def test_a_value_that_was_not_taken_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:  # invariant 5
    invoking(monkeypatch, ParamValidationError(report="cs_secret"))
    with pytest.raises(Unreachable) as caught:
        LambdaInvoker(STAGING).invoke(EVENT)
    assert "cs_secret" not in f"{caught.value.as_dict()}"


def test_a_cloud_that_does_not_answer_cannot_be_reached() -> None:
    nowhere = {
        "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
        "AWS_ACCESS_KEY_ID": "x",
        "AWS_SECRET_ACCESS_KEY": "x",
        "AWS_REGION": "eu-central-1",
    }
    with pytest.raises(Unreachable, match=r"127\.0\.0\.1:1"):
        LambdaInvoker(Deployment("local", nowhere)).invoke(EVENT)


# --- the vault ---


@pytest.fixture
def vault() -> Iterator[Any]:
    with mock_aws():
        kms = boto3.client("kms")
        kms.create_alias(
            AliasName="alias/tillbridge-staging-vault", TargetKeyId=kms.create_key()["KeyMetadata"]["KeyId"]
        )
        yield boto3.client("secretsmanager")


def test_the_functions_read_the_app_that_was_stored(vault: Any) -> None:
    writer = VaultWriter(STAGING)
    for secret in ("first", "second"):
        writer.put_app(System.LIGHTSPEED, AppCredentials("id", Secret(secret)))
    book = AppBook(SecretsManager(vault), SystemClock(), "tillbridge/staging/")
    assert book.get(System.LIGHTSPEED).client_secret.reveal() == "second"
    assert (
        vault.describe_secret(SecretId="tillbridge/staging/app/lightspeed")["KmsKeyId"]
        == "alias/tillbridge-staging-vault"
    )


def test_pending_keys_wait_under_their_name_and_can_be_taken_back(vault: Any) -> None:
    writer = VaultWriter(STAGING)
    writer.put_pending("n" * 24, ShopKeys.woocommerce(Secret("ck_1"), Secret("cs_1")))
    content = json.loads(vault.get_secret_value(SecretId=f"tillbridge/staging/pending/{'n' * 24}")["SecretString"])
    assert (content["consumer_key"], content["consumer_secret"]) == ("ck_1", "cs_1")
    writer.drop_pending("n" * 24)
    writer.drop_pending("n" * 24)
    assert vault.list_secrets()["SecretList"] == []


def test_secrets_of_a_newcomer_wait_like_any_others(vault: Any) -> None:
    writer = VaultWriter(STAGING)
    brought = BroughtSecrets(Secret("key-1"), ShopKeys.woocommerce(Secret("ck_1"), Secret("cs_1")))
    writer.put_brought("n" * 24, brought)
    assert PendingBox(SecretsManager(vault), "tillbridge/staging/").look("n" * 24) == brought
    writer.drop_pending("n" * 24)
    assert vault.list_secrets()["SecretList"] == []
