"""What Shopify tells the app as a whole: compliance requests and uninstalling, verified over the raw body."""

import base64
import hashlib
import hmac
import importlib
import json
from dataclasses import replace
from io import StringIO

import pytest
import requests

from sandbox.common.json_types import JsonObject
from sandbox.shopify.hooks.deliveries import run_cron, send_compliance
from tests.fakes.clock import FakeDeadline
from tests.fakes.permissions import allowed, noting_actions
from tests.functional.grants.deployment import SHOPIFY_ID, SHOPIFY_SECRET, SHOPIFY_SHOP, Context, Deployment
from tests.functional.grants.test_connect_shopify import SHOPIFY, connect
from tillbridge.domain.merchant import Connection, ConnectionState
from tillbridge.domain.notice import BY_ITSELF
from tillbridge.domain.product import Link
from tillbridge.flows.comply import NOTHING_OF_CUSTOMERS
from tillbridge.runtime import observe
from tillbridge.store.notices import StoredNotices

CUSTOMER: JsonObject = {"customer": {"id": 1, "email": "ann@example.com"}, "orders_to_redact": [7]}
UNINSTALLED = {"id": 5, "name": "Anns", "myshopify_domain": SHOPIFY_SHOP, "updated_at": "2020-01-01T00:00:00Z"}
REDACT = {"shop_id": 5, "shop_domain": SHOPIFY_SHOP}


def deliver(
    deployment: Deployment, topic: str, said: object, secret: str = SHOPIFY_SECRET, **headers: str
) -> requests.Response:
    body = json.dumps(said).encode()
    signature = base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()
    given = {
        "X-Shopify-Topic": topic,
        "X-Shopify-Shop-Domain": SHOPIFY_SHOP,
        "X-Shopify-Hmac-Sha256": signature,
        "X-Shopify-Triggered-At": deployment.clock.now().isoformat(),
        "Content-Type": "application/json",
    }
    url = f"{deployment.url}/connect/shopify/hooks"
    return requests.post(url, data=body, headers={**given, **headers}, verify=deployment.ca, timeout=10)


def notices(deployment: Deployment) -> list[str]:
    found = StoredNotices(deployment.parts.table).list(SHOPIFY)
    assert all(notice.account_id == SHOPIFY_SHOP for notice in found)
    return [notice.topic for notice in found]


def uninstall(deployment: Deployment) -> None:
    """Take the app out of the shop, as its owner does; nothing is told yet."""
    deployment.shopify.tokens.revoke_app(SHOPIFY_ID)
    deployment.shopify.uninstalled.add(SHOPIFY_ID)


def mails(deployment: Deployment) -> list[str]:
    return [row["sk"]["S"] for row in deployment.rows() if row["sk"]["S"].startswith("MAIL#")]


@pytest.mark.parametrize("topic", ["customers/data_request", "customers/redact"])
def test_a_request_about_a_customer_is_noted_without_the_customer(
    deployment: Deployment, log: StringIO, topic: str
) -> None:  # invariant 5
    connect(deployment)
    before = deployment.connections()
    assert [deliver(deployment, topic, {**REDACT, **CUSTOMER}).status_code for _ in range(2)] == [200, 200]
    assert notices(deployment) == [topic]
    assert deployment.connections() == before
    assert "ann@example.com" not in log.getvalue() + repr(deployment.rows())


@pytest.mark.parametrize("topic", ["customers/data_request", "customers/redact"])
def test_a_request_about_a_customer_is_settled_at_once_and_says_how(deployment: Deployment, topic: str) -> None:
    deliver(deployment, topic, {**REDACT, **CUSTOMER})
    (noted,) = StoredNotices(deployment.parts.table).list(SHOPIFY)
    assert (noted.done_by, noted.done) == (BY_ITSELF, NOTHING_OF_CUSTOMERS)


def test_a_shop_that_is_in_use_again_is_deleted_when_it_has_been_disconnected_for_48_hours(
    deployment: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    function = importlib.import_module("functions.token_refresh.app")
    monkeypatch.setattr(function, "token_refresh", lambda: deployment.round)
    connection = connect(deployment)
    fill(deployment, connection)
    assert deliver(deployment, "shop/redact", REDACT).status_code == 200
    assert deployment.connections() == [connection]
    deployment.advance(hours=1)
    deployment.doors.ending.end(connection)
    deployment.advance(hours=47)
    with noting_actions() as asked:
        function.handler({}, Context())
        assert rows_of(deployment, connection)
        deployment.advance(hours=1)
        function.handler({}, Context())
    assert not rows_of(deployment, connection)
    assert {action for name, action in asked if name == "token_refresh"} <= allowed("token_refresh")
    assert ("token_refresh", "dynamodb:BatchWriteItem") in asked
    (noted,) = StoredNotices(deployment.parts.table).list(SHOPIFY)
    assert (noted.done_by, connection.connection_id in noted.done) == (BY_ITSELF, True)


def test_how_long_a_request_has_been_open_is_told_to_the_alarm(
    deployment: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect(deployment)
    deliver(deployment, "shop/redact", REDACT)
    told: dict[str, float] = {}
    monkeypatch.setattr(observe, "count", lambda name, value=1: told.update({name: value}))
    deployment.advance(hours=36)
    deployment.round.run(FakeDeadline())
    assert (told["OldestComplianceDays"], told["ComplianceSettled"]) == (1.5, 0)


def test_notices_end_by_themselves(deployment: Deployment) -> None:
    deliver(deployment, "customers/redact", {**REDACT, **CUSTOMER})
    (row,) = [row for row in deployment.rows() if row["pk"]["S"] == "NOTICE#shopify"]
    assert int(row["expires_at"]["N"]) - deployment.clock.now().timestamp() == 90 * 24 * 3600


@pytest.mark.parametrize("topic", ["customers/data_request", "customers/redact", "shop/redact", "app/uninstalled"])
@pytest.mark.parametrize("signature", ["", "x", "é".encode().decode("latin-1"), "A" * 44])
def test_what_shopify_did_not_sign_is_401_and_changes_nothing(
    deployment: Deployment, topic: str, signature: str
) -> None:  # invariant 7
    connect(deployment)
    before = deployment.snapshot()
    answer = deliver(deployment, topic, UNINSTALLED, **{"X-Shopify-Hmac-Sha256": signature})
    assert answer.status_code == 401
    assert deployment.snapshot() == before


def test_the_old_secret_counts_for_a_while_after_a_rotation(deployment: Deployment) -> None:
    said = {**REDACT, **CUSTOMER}
    secret = deployment.shopify.rotate_secret(SHOPIFY_ID).secret
    deployment.set_shopify_app(secret)
    assert deliver(deployment, "customers/redact", said).status_code == 200
    assert deliver(deployment, "customers/redact", said, secret).status_code == 200
    deployment.advance(hours=2)
    assert deliver(deployment, "customers/redact", said).status_code == 401


@pytest.mark.parametrize(
    ("topic", "said"),
    [
        ("shop/redact", {**REDACT, **CUSTOMER}),  # a request about a customer, sent again under another name
        ("shop/redact", UNINSTALLED),
        ("app/uninstalled", REDACT),
        ("customers/redact", REDACT),
        ("shop/redact", {"shop_domain": "evil.example"}),
        ("orders/create", {"id": 1}),
        ("nonsense", {}),
        ("shop/redact", []),
    ],
)
def test_a_body_of_another_kind_than_its_topic_changes_nothing(
    deployment: Deployment, topic: str, said: object
) -> None:  # invariant 7
    """The topic stands in a header that nobody signs."""
    connect(deployment)
    uninstall(deployment)
    before = deployment.snapshot()
    assert deliver(deployment, topic, said).status_code == 400
    assert deployment.snapshot() == before


def test_an_uninstalled_app_closes_its_connection_and_the_merchant_is_told_once(deployment: Deployment) -> None:
    connection = connect(deployment)
    uninstall(deployment)
    for _ in range(2):
        assert deliver(deployment, "app/uninstalled", UNINSTALLED).status_code == 200
    (closed,) = deployment.connections()
    assert (closed.connection_id, closed.state) == (connection.connection_id, ConnectionState.BROKEN)
    assert "uninstalled" in closed.cause
    assert not any("/connection/" in name for name in deployment.secrets())
    assert len(mails(deployment)) == 1


def test_installing_again_brings_everything_back(deployment: Deployment) -> None:
    connection = connect(deployment)
    uninstall(deployment)
    deliver(deployment, "app/uninstalled", UNINSTALLED)
    deployment.advance(hours=1)
    assert "renewed" in deployment.install(deployment.invite(SHOPIFY)).words
    (again,) = deployment.connections()
    assert (again.connection_id, again.state) == (connection.connection_id, ConnectionState.ACTIVE)


def test_what_comes_late_does_not_end_a_newer_installation(deployment: Deployment) -> None:  # invariant 3
    triggered = deployment.clock.now().isoformat()
    deployment.advance(hours=1)
    connection = connect(deployment)
    late = deliver(deployment, "app/uninstalled", UNINSTALLED, **{"X-Shopify-Triggered-At": triggered})
    assert late.status_code == 200
    assert deployment.connections() == [connection]
    untimed = deliver(deployment, "app/uninstalled", UNINSTALLED, **{"X-Shopify-Triggered-At": ""})
    assert untimed.status_code == 200  # the shop itself says that the app is there
    assert deliver(deployment, "shop/redact", REDACT).status_code == 200
    assert deployment.connections() == [connection]


def rows_of(deployment: Deployment, connection: Connection) -> list[str]:
    keys = [row["pk"]["S"] for row in deployment.rows()]
    return [key for key in keys if key.startswith(f"S#{connection.connection_id}")]


def fill(deployment: Deployment, connection: Connection) -> None:
    link = Link(product_key="item:1", product_id="9")
    deployment.parts.links.put(connection.connection_id, [link])


def test_a_shop_that_is_to_be_redacted_is_forgotten(deployment: Deployment) -> None:
    connection = connect(deployment)
    fill(deployment, connection)
    uninstall(deployment)
    deliver(deployment, "app/uninstalled", UNINSTALLED)
    deployment.advance(hours=48)
    for _ in range(2):
        assert deliver(deployment, "shop/redact", REDACT).status_code == 200
    assert notices(deployment) == ["shop/redact"]
    assert deployment.connections() == []
    known = deployment.parts.connections.get(connection.connection_id)
    assert (known.state, known.account_name, dict(known.traits)) == (ConnectionState.DISCONNECTED, "", {})
    assert not [row for row in deployment.rows() if row["pk"]["S"].startswith(f"S#{connection.connection_id}")]
    assert "Stand-in shop" not in repr([row for row in deployment.rows() if not row["sk"]["S"].startswith("MAIL#")])


def test_a_shop_that_was_disconnected_here_before_is_forgotten_too(deployment: Deployment) -> None:
    connection = connect(deployment)
    fill(deployment, connection)
    deployment.doors.ending.end(connection)
    deliver(deployment, "shop/redact", REDACT)
    assert not [row for row in deployment.rows() if row["pk"]["S"].startswith(f"S#{connection.connection_id}")]


def test_a_shop_with_keys_of_its_own_people_is_not_meant(deployment: Deployment) -> None:
    connection = connect(deployment)
    by_keys = replace(connection, traits={**connection.traits, "grant": "keys"})
    deployment.parts.connections.save(by_keys)
    uninstall(deployment)
    assert deliver(deployment, "app/uninstalled", UNINSTALLED).status_code == 200
    assert deployment.connections() == [by_keys]


def test_while_the_shop_cannot_be_asked_shopify_is_told_to_come_again(deployment: Deployment) -> None:
    connect(deployment)
    deployment.shopify.switches.paused = True
    before = deployment.snapshot()
    assert deliver(deployment, "app/uninstalled", UNINSTALLED).status_code == 503
    assert deployment.snapshot() == before


def test_the_shops_own_deliveries_are_taken(deployment: Deployment) -> None:
    """As the stand-in sends them, from its app's configuration."""
    shop = deployment.shopify
    shop.apps[SHOPIFY_ID] = replace(shop.apps[SHOPIFY_ID], compliance_uri=f"{deployment.url}/connect/shopify/hooks")
    shop.reset()
    for topic in ("CUSTOMERS_DATA_REQUEST", "CUSTOMERS_REDACT", "SHOP_REDACT"):
        send_compliance(shop, topic, {} if topic == "SHOP_REDACT" else CUSTOMER)
    run_cron(shop)
    assert sorted(notices(deployment)) == ["customers/data_request", "customers/redact", "shop/redact"]
