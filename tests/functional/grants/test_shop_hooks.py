"""Web hooks of shops that were connected with keys: each is believed by what its system proves, and by nothing else."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from sandbox.common.server import TlsFiles
from tests.functional.grants.deployment import Context, Deployment
from tests.functional.grants.test_shop_systems import CASES, Case, connect, deployed_for
from tillbridge.domain.merchant import Connection
from tillbridge.grants.hook_secrets import HookSecrets
from tillbridge.runtime import aws
from tillbridge.runtime.webhooks import Intake, intake
from tillbridge.systems.bigcommerce.deliveries import SECRET_HEADER
from tillbridge.systems.shopify.deliveries import signature

ORDER = {"id": 1, "updated_at": "2026-11-26T12:00:00Z"}
BIG_ORDER = {"scope": "store/order/updated", "data": {"type": "order", "id": 1}, "hash": "h", "created_at": 1}


def case_of(name: str) -> Case:
    return next(case for case in CASES if case.name == name)


def delivered(shop: Connection, body: bytes, headers: Mapping[str, str]) -> int:
    taking: Intake = intake.__wrapped__()
    event = {
        "pathParameters": {"proxy": f"{shop.system.value}/{shop.connection_id}"},
        "httpMethod": "POST",
        "headers": dict(headers),
        "body": body.decode(),
        "isBase64Encoded": False,
    }
    answer: dict[str, Any] = taking.take(event, Context())  # type: ignore[arg-type]
    return int(answer["statusCode"])


def stock_wakes(deployment: Deployment, case: Case) -> int:
    url = deployment.parts.settings.queue_urls[f"{case.system.value}-stock"]
    told = aws.sqs().get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])
    return int(told["Attributes"]["ApproximateNumberOfMessages"])


@pytest.mark.parametrize("name", ["shopify-token", "shopify-client"])
def test_shopify_is_believed_by_the_secret_of_the_app(
    tls: TlsFiles, deployment: Deployment, name: str
) -> None:  # invariant 5
    case, body = case_of(name), json.dumps(ORDER).encode()
    with case.serve(tls) as front, deployed_for(deployment, case, front):
        keys = case.keys(front)
        shop = connect(deployment, case, front, keys)
        headers = {"X-Shopify-Topic": "orders/updated", "X-Shopify-Shop-Domain": case.address(front)}
        before = stock_wakes(deployment, case)
        for secret, status in (("another", 401), (keys.reveal("client_secret"), 200)):
            signed = {**headers, "X-Shopify-Hmac-Sha256": signature(body, secret)}
            assert delivered(shop, body, signed) == status
        assert stock_wakes(deployment, case) == before + 1


def test_bigcommerce_is_believed_by_the_header_that_we_chose(
    tls: TlsFiles, deployment: Deployment
) -> None:  # invariant 5
    case, body = case_of("bigcommerce"), json.dumps({**BIG_ORDER, "store_id": "1", "producer": "stores/x"}).encode()
    with case.serve(tls) as front, deployed_for(deployment, case, front):
        shop, parts = connect(deployment, case, front), deployment.parts
        secrets = HookSecrets.of(parts.credentials.secrets, parts.clock, parts.settings.secret_prefix)
        right = secrets.current(shop.place).secret.reveal()
        before = stock_wakes(deployment, case)
        for secret, status in (("another", 401), (right, 200)):
            assert delivered(shop, body, {SECRET_HEADER: secret}) == status
        assert stock_wakes(deployment, case) == before + 1


def test_magento_has_no_web_hooks(tls: TlsFiles, deployment: Deployment) -> None:
    case = case_of("magento")
    with case.serve(tls) as front, deployed_for(deployment, case, front):
        assert delivered(connect(deployment, case, front), b"{}", {}) == 404
