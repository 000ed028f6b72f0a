"""A Shopify shop connected in a browser, served by its worker while its tokens end and are renewed."""

import importlib
from collections.abc import Iterator
from dataclasses import replace

import pytest

from sandbox.lightspeed.control_shop import sell_at_till
from sandbox.shopify.stock.ledger import levels_of
from tests.fakes.clock import FakeDeadline
from tests.fakes.permissions import Asked, allowed, noting_actions
from tests.functional.grants.deployment import SHOPIFY_ID, Context, Deployment
from tests.functional.grants.workers import serve_all, wake, working
from tillbridge.domain.grant import Grant
from tillbridge.domain.merchant import Connection, ConnectionState, Lane, System
from tillbridge.domain.product import Visibility
from tillbridge.flows.operate.preview import Question
from tillbridge.runtime import operator_parts

WORKER, TOKEN = "sync_shopify", "/admin/oauth/access_token"


@pytest.fixture
def connected(deployment: Deployment) -> Iterator[Deployment]:
    """Give a merchant whose till and shop were both connected by grants, with everything in the shop."""
    merchant = deployment.parts.merchants.get("m1")
    settings = replace(merchant.settings, new_products=Visibility.PUBLISHED, send_images=False)
    deployment.parts.merchants.save(replace(merchant, settings=settings))
    with working(deployment):
        deployment.connect_till()
        assert deployment.install(deployment.invite(System.SHOPIFY)).status == 200
        serve_all(deployment)
        yield deployment


@pytest.fixture
def asked(connected: Deployment) -> Iterator[Asked]:
    with noting_actions() as asked:
        yield asked


def of(deployment: Deployment, system: System) -> Connection:
    return next(one for one in deployment.connections() if one.system is system)


def grant(deployment: Deployment) -> Grant:
    return deployment.grant(of(deployment, System.SHOPIFY))


def units(deployment: Deployment) -> int:
    """Count what the shop has of everything."""
    shop = deployment.shopify
    with shop.lock:
        levels = [level for item in shop.items for level in levels_of(shop, item) if level.is_active]
        return sum(level.states["available"] for level in levels)


def sell_one(deployment: Deployment) -> None:
    """Sell a unit at the till, and serve whatever that wakes."""
    rows = deployment.till.retailer.stock.rows(1)
    sell_at_till(deployment.till.retailer, 1, next(row.shop_id for row in rows if row.shop_id and row.qoh > 0), 1)
    wake(deployment, of(deployment, System.LIGHTSPEED), Lane.STOCK, "poll")


def renew(deployment: Deployment, monkeypatch: pytest.MonkeyPatch) -> int:
    """Run ``token_refresh`` as it is deployed; tells how many grants it has renewed."""
    function = importlib.import_module("functions.token_refresh.app")
    monkeypatch.setattr(function, "token_refresh", lambda: deployment.round)
    answer = function.handler({}, Context(function_name="token_refresh"))
    assert (answer["later"], answer["broken"]) == (0, 0)
    return int(answer["renewed"])


def calls(deployment: Deployment, route: str = "") -> list[int]:
    """List the statuses that the shop has answered with since this was last asked, everywhere or at one address."""
    ledger = deployment.shopify.instruments.ledger
    found = [call.status or 0 for call in ledger.calls() if not route or call.path == route]
    ledger.reset()
    return found


def alive(deployment: Deployment, held: Grant) -> bool:
    shop = deployment.shopify
    return shop.tokens.find(held.pair.access.reveal(), shop.now()) is not None


def test_work_goes_on_with_the_token_that_token_refresh_has_renewed(
    connected: Deployment, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:  # invariants 3 and 4
    before = units(connected)
    assert before
    for version in (2, 3, 4):
        old = grant(connected)
        connected.advance(minutes=45)
        assert renew(connected, monkeypatch) == 2  # the till's as well
        connected.advance(minutes=16)
        assert not alive(connected, old)
        calls(connected)
        sell_one(connected)
        assert units(connected) == before - version + 1
        answered = calls(connected)
        assert answered
        assert 401 not in answered
        assert grant(connected).version == version  # the worker had nothing to renew

    assert of(connected, System.SHOPIFY).state is ConnectionState.ACTIVE
    for function in (WORKER, "token_refresh"):
        did = {action for name, action in asked if name == function}
        assert did
        assert did <= allowed(function)


def test_a_worker_whose_token_ended_unrenewed_renews_it_once_and_goes_on(connected: Deployment) -> None:  # invariant 3
    """Had the schedule stood still, the shop would still be served."""
    before, old = units(connected), grant(connected)
    connected.advance(hours=3)
    assert not alive(connected, old)
    calls(connected)
    sell_one(connected)
    assert units(connected) == before - 1
    assert calls(connected, TOKEN) == [200]
    assert (grant(connected).version, grant(connected).predecessor) == (2, old.pair.refresh)


def test_recommended_prices_are_neither_foretold_nor_written(connected: Deployment) -> None:
    """Shopify has no place for them beside a sale's regular price."""
    desks, chosen = operator_parts.build(connected.parts), {"msrp_level": "1"}
    plain, rounds = (
        desks.preview.show(Question(merchant="m1", changes=changes), FakeDeadline()).rows for changes in ({}, chosen)
    )
    assert plain
    assert [change for one in plain for change in one.changes] == []
    assert rounds == plain

    desks.merchants.settings("m1", chosen, FakeDeadline())
    serve_all(connected)
    links = list(connected.parts.links.every(of(connected, System.SHOPIFY).connection_id))
    told = [known.fields["msrp"] for link in links for known in link.variants]
    assert told
    assert not any(told)


@pytest.mark.filterwarnings("ignore:No application metrics")  # a wake of a broken connection leads to nothing
def test_a_grant_that_was_revoked_pauses_the_work_and_another_grant_has_it_caught_up(
    connected: Deployment,
) -> None:  # invariants 3 and 4
    before = units(connected)
    connected.shopify.tokens.revoke_app(SHOPIFY_ID)
    connected.advance(minutes=61)
    sell_one(connected)
    broken = of(connected, System.SHOPIFY)
    assert (broken.state, units(connected)) == (ConnectionState.BROKEN, before)
    assert connected.install(connected.invite(System.SHOPIFY)).status == 200
    serve_all(connected)
    again = of(connected, System.SHOPIFY)
    assert (again.connection_id, again.state) == (broken.connection_id, ConnectionState.ACTIVE)
    assert units(connected) == before - 1
