"""Tokens of Shopify shops are renewed, and what ends a grant is told apart from what does not."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.fakes.clock import FakeDeadline
from tests.functional.grants.deployment import (
    SHOPIFY_ID,
    SHOPIFY_SECRET,
    SHOPIFY_SHOP,
    Deployment,
)
from tests.functional.grants.test_connect_shopify import SHOPIFY, connect
from tillbridge.domain.errors import UnauthorisedError
from tillbridge.domain.grant import AppCredentials, Secret
from tillbridge.domain.merchant import Connection, ConnectionState
from tillbridge.grants.client_tokens import ClientTokens


@pytest.fixture
def lasting(deployment: Deployment) -> Deployment:
    """An hour is over in every test that renews."""
    connect(deployment)
    deployment.advance(minutes=45)
    return deployment


def shop(deployment: Deployment) -> Connection:
    return deployment.connections()[0]


def test_tokens_are_renewed_before_they_end(lasting: Deployment) -> None:  # invariant 3
    before = lasting.grant(shop(lasting))
    report = lasting.round.run(FakeDeadline())
    assert (report.renewed, report.broken, report.later) == (1, (), ())
    after = lasting.grant(shop(lasting))
    assert (after.version, after.predecessor) == (2, before.pair.refresh)
    assert after.pair.refresh_expires_at == lasting.clock.now() + timedelta(days=90)


def test_a_worker_renews_with_less_than_a_minute_left(lasting: Deployment) -> None:
    lasting.advance(minutes=14, seconds=30)
    tokens = lasting.parts.credentials.tokens(shop(lasting).place, FakeDeadline(timedelta(minutes=2)))
    assert tokens.current() == lasting.grant(shop(lasting)).pair.access.reveal()
    assert lasting.grant(shop(lasting)).version == 2


def test_a_lost_answer_is_asked_for_again_with_the_same_token(lasting: Deployment) -> None:  # invariant 3
    lasting.shopify.switches.forget_token_answers = 1
    first = lasting.round.run(FakeDeadline())
    assert (first.renewed, len(first.later)) == (0, 1)
    lasting.advance(minutes=2)
    assert lasting.round.run(FakeDeadline()).renewed == 1
    assert shop(lasting).state is ConnectionState.ACTIVE


def test_a_revoked_refresh_token_breaks_the_connection_with_the_remedy(lasting: Deployment) -> None:
    lasting.shopify.tokens.revoke_refresh(SHOPIFY_ID)
    report = lasting.round.run(FakeDeadline())
    assert len(report.broken) == 1
    broken = shop(lasting)
    assert broken.state is ConnectionState.BROKEN
    assert "revoked in the shop" in broken.cause
    assert "Connect the shop again" in broken.remedy


def test_an_app_that_was_uninstalled_is_told_by_name(lasting: Deployment) -> None:
    lasting.shopify.tokens.revoke_app(SHOPIFY_ID)
    lasting.shopify.uninstalled.add(SHOPIFY_ID)
    report = lasting.round.run(FakeDeadline())
    assert (len(report.broken), report.stopped) == (1, False)
    assert "the app was uninstalled in the shop" in shop(lasting).cause


def test_our_own_secret_being_wrong_ends_no_grant(lasting: Deployment) -> None:  # invariant 3
    lasting.set_shopify_app("a wrong secret")
    report = lasting.round.run(FakeDeadline())
    assert (report.stopped, report.for_the_operator, report.broken) == (True, 1, ())
    assert shop(lasting).state is ConnectionState.ACTIVE
    lasting.set_shopify_app()
    lasting.advance(minutes=16)
    assert lasting.round.run(FakeDeadline()).renewed == 1


def test_with_no_living_token_a_wrong_secret_and_an_uninstalled_app_look_alike(lasting: Deployment) -> None:
    lasting.set_shopify_app("a wrong secret")  # invariant 3
    lasting.advance(minutes=16)
    report = lasting.round.run(FakeDeadline())
    assert (report.stopped, report.broken, len(report.later)) == (False, (), 1)
    lasting.set_shopify_app()
    lasting.advance(minutes=16)
    assert lasting.round.run(FakeDeadline()).renewed == 1


def test_a_rotated_secret_is_noticed_by_a_process_that_remembers_the_old_one(lasting: Deployment) -> None:
    lasting.parts.credentials.apps.get(SHOPIFY)
    secret = lasting.shopify.rotate_secret(SHOPIFY_ID).secret
    other = type(lasting.parts.credentials)(lasting.parts.settings, lasting.clock)
    other.apps.put(SHOPIFY, AppCredentials(SHOPIFY_ID, Secret(secret)))
    assert lasting.round.run(FakeDeadline()).renewed == 1


def test_a_paused_shop_is_kept_alive(lasting: Deployment) -> None:
    lasting.parts.connections.save(replace(shop(lasting), state=ConnectionState.PAUSED))
    lasting.advance(hours=24)
    assert lasting.round.run(FakeDeadline()).renewed == 0
    for _ in range(6):
        lasting.advance(hours=20 * 24)
        assert lasting.round.run(FakeDeadline()).renewed == 1


def test_unused_for_ninety_days_it_is_dead_and_named_so(lasting: Deployment) -> None:
    lasting.advance(hours=91 * 24)
    lasting.round.run(FakeDeadline())
    assert "not used for 90 days" in shop(lasting).cause


def test_a_grant_without_a_connection_is_deleted_after_an_hour(deployment: Deployment) -> None:  # invariant 5
    connection = connect(deployment)
    pair = deployment.grant(connection).pair
    deployment.parts.credentials.keeper.keep_tokens(replace(connection, connection_id="c-orphan").place, pair)
    deployment.advance(hours=2)
    assert deployment.round.run(FakeDeadline()).dropped == 1


def own_app(deployment: Deployment, secret: str = SHOPIFY_SECRET) -> ClientTokens:
    credentials = deployment.parts.credentials
    app = AppCredentials(SHOPIFY_ID, Secret(secret))
    return ClientTokens(app, SHOPIFY_SHOP, credentials.shop_http, deployment.clock, url_of=credentials.shopify_url)


def test_an_app_of_the_shops_own_organisation_gets_a_token_for_a_day_and_asks_again(deployment: Deployment) -> None:
    deployment.shopify.apps[SHOPIFY_ID] = replace(deployment.shopify.apps[SHOPIFY_ID], own_shop=True)
    tokens = own_app(deployment)
    first = tokens.current()
    assert deployment.shopify.tokens.find(first, deployment.shopify.now()) is not None
    deployment.advance(hours=23)
    assert tokens.current() == first
    deployment.advance(hours=1)
    second = tokens.current()
    assert second != first
    assert tokens.renew(first, "expired") == second
    assert tokens.renew(second, "revoked") not in {first, second}


@pytest.mark.parametrize("secret", [SHOPIFY_SECRET, "a wrong secret"])
def test_an_app_of_another_organisation_is_refused_with_a_remedy(deployment: Deployment, secret: str) -> None:
    with pytest.raises(UnauthorisedError, match="developer dashboard") as caught:
        own_app(deployment, secret).current()
    assert secret not in str(caught.value)  # invariant 5
