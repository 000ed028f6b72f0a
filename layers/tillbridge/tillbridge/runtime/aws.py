"""AWS clients, made when first used. The client's own retries cover short trouble; ours begin where they end."""

from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sqs import SQSClient

CONFIG = Config(connect_timeout=2, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 4})
IN_HASTE = Config(connect_timeout=0.5, read_timeout=0.5, retries={"mode": "standard", "total_max_attempts": 1})
"""For whoever has somebody waiting: ``store.patience`` asks once more what does not answer at once, or gives up."""


@cache
def dynamodb(config: Config = CONFIG) -> "DynamoDBClient":
    """Give the table's client."""
    return boto3.client("dynamodb", config=config)


@cache
def sqs(config: Config = CONFIG) -> "SQSClient":
    """Give the queues' client."""
    return boto3.client("sqs", config=config)


@cache
def secrets(config: Config = CONFIG) -> "SecretsManagerClient":
    """Give the vault's client."""
    return boto3.client("secretsmanager", config=config)


@cache
def sesv2() -> Any:  # noqa: ANN401 - its types are not installed; see store.ses.SesClient
    """Give the mails' client. It sends once: a repeated request is a second mail."""
    once = CONFIG.merge(Config(retries={"mode": "standard", "total_max_attempts": 1}))
    session: Any = boto3.Session()
    return session.client("sesv2", config=once)


@cache
def cloudwatch() -> "CloudWatchClient":
    """Give the metrics' client."""
    return boto3.client("cloudwatch", config=CONFIG)
