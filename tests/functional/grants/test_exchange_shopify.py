"""A lasting token of our own app becomes an expiring pair, against the stand-in, without the merchant."""

from dataclasses import replace

import pytest

from tests.fakes.clock import FakeDeadline
from tests.functional.grants.deployment import SHOPIFY_ID, SHOPIFY_SHOP, Deployment
from tests.functional.grants.test_connect_shopify import SHOPIFY
from tillbridge.domain.grant import Secret
from tillbridge.domain.merchant import Connection
from tillbridge.domain.migration import Migration, Stage
from tillbridge.domain.vendor_events import SHOPIFY_TOKENS
from tillbridge.grants.shopify import SCOPES


@pytest.fixture
def old(deployment: Deployment) -> Connection:
    """A connection that was brought in with a token that never ends."""
    now = deployment.clock.now()
    connection = Connection(
        connection_id="c-old",
        merchant_id="m1",
        system=SHOPIFY,
        account_id=SHOPIFY_SHOP,
        address=f"https://{SHOPIFY_SHOP}",
        migration=SHOPIFY_TOKENS.name,
        created_at=now,
        changed_at=now,
    )
    deployment.parts.connections.add(connection)
    shop, credentials = deployment.shopify, deployment.parts.credentials
    credentials.keeper.keep_old(connection, Secret(shop.issue(shop.apps[SHOPIFY_ID], tuple(SCOPES)).value))
    credentials.migrations.add(
        Migration(connection_id="c-old", merchant_id="m1", event=SHOPIFY_TOKENS.name, since=now, due_at=now)
    )
    return connection


def works(deployment: Deployment, connection: Connection) -> str:
    """Ask the shop who it is with the token that serves; gives the token."""
    token = deployment.parts.credentials.of_shop(connection, FakeDeadline()).current()
    assert deployment.shopify.tokens.find(token, deployment.shopify.now()) is not None
    return token


def test_it_goes_all_the_way_and_is_renewed_from_then_on(
    deployment: Deployment, old: Connection
) -> None:  # invariant 3
    lasting = works(deployment, old)
    deployment.round.run(FakeDeadline())
    migration = deployment.parts.credentials.migrations.get("c-old")
    assert migration is not None
    assert (migration.stage, migration.problem) == (Stage.SWITCHED, "")
    assert works(deployment, old) == deployment.grant(old).pair.access.reveal() != lasting
    deployment.advance(minutes=45)
    assert deployment.round.run(FakeDeadline()).renewed == 1
    works(deployment, old)


def test_a_lost_answer_ends_with_a_remedy_where_the_old_token_is_gone(deployment: Deployment, old: Connection) -> None:
    deployment.shopify.switches.forget_token_answers = 1
    deployment.round.run(FakeDeadline())
    deployment.advance(hours=1)
    deployment.round.run(FakeDeadline())
    migration = deployment.parts.credentials.migrations.get("c-old")
    assert migration is not None
    assert migration.stage is Stage.KEY_ONLY
    assert "authorise the app in the shop again" in migration.remedy


def test_connecting_in_a_browser_finishes_it_as_well(deployment: Deployment, old: Connection) -> None:
    assert deployment.install(deployment.invite(SHOPIFY)).status == 200
    (connection,) = deployment.connections()
    assert connection.connection_id == old.connection_id
    deployment.round.run(FakeDeadline())
    works(deployment, connection)


def test_a_shop_that_says_it_is_another_is_never_switched_to(deployment: Deployment, old: Connection) -> None:
    deployment.shopify.settings = replace(deployment.shopify.settings, domain="other.myshopify.com")  # invariant 5
    deployment.round.run(FakeDeadline())
    migration = deployment.parts.credentials.migrations.get("c-old")
    assert migration is not None
    assert migration.stage is not Stage.SWITCHED
