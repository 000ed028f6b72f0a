"""A merchant installs the app in a BigCommerce store, through the deployed handler, against the stand-in."""

from io import StringIO
from typing import Any
from urllib.parse import urlencode

import jwt as pyjwt
import pytest

from sandbox.bigcommerce.web import install
from tests.functional.grants.deployment import BIGCOMMERCE_SECRET, Browser, Deployment, Seen, query_of
from tillbridge.domain.merchant import Connection, ConnectionState, System

STORE = System.BIGCOMMERCE
NAME, HASH = "stores/sandbox1", "sandbox1"


def expect(deployment: Deployment, link: str = "", given: str = HASH) -> Seen:
    """Enter the store on our page."""
    browser = deployment.browser()
    start = browser.get(link or deployment.invite(STORE))
    return browser.post(f"{deployment.url}/connect/continue", invitation=start.field("invitation"), address=given)


def panel(deployment: Deployment) -> Browser:
    """A browser in the store's panel: no cookie of ours comes along."""
    return deployment.browser()


def install_app(deployment: Deployment, **changes: str) -> Seen:
    url = install.install_address(deployment.bigcommerce)
    query = {**query_of(url), **changes}
    return panel(deployment).get(f"{url.partition('?')[0]}?{urlencode(query)}")


def connect(deployment: Deployment) -> Connection:
    assert expect(deployment).status == 200
    done = install_app(deployment)
    assert done.status == 200, done.words
    return next(one for one in deployment.connections() if one.system is STORE)


def token(deployment: Deployment, connection: Connection) -> str:
    return deployment.keys(connection).reveal("access_token")


def payload(deployment: Deployment, **changes: Any) -> str:
    now = int(deployment.clock.now().timestamp())
    claims = {"aud": "clientoftheapp", "iss": "bc", "iat": now, "nbf": now - 5, "exp": now + 86_400, "sub": NAME}
    secret, algorithm = changes.pop("secret", BIGCOMMERCE_SECRET), changes.pop("algorithm", "HS256")
    whole = {name: value for name, value in {**claims, **changes}.items() if value is not None}
    return pyjwt.encode(whole, secret, algorithm=algorithm)


def call(deployment: Deployment, path: str, signed: str) -> Seen:
    return panel(deployment).get(f"{deployment.url}/connect/bigcommerce/{path}?signed_payload_jwt={signed}")


def test_the_way_of_a_bigcommerce_store(deployment: Deployment) -> None:
    waiting = expect(deployment)
    assert f"{NAME} is expected" in waiting.words
    done = install_app(deployment)
    assert "BigCommerce is connected" in done.words
    assert "Ann's" in done.words  # whose till it is
    (connection,) = deployment.connections()
    assert (connection.account_id, connection.state) == (NAME, ConnectionState.ACTIVE)
    assert token(deployment, connection) in deployment.bigcommerce.accounts


def test_only_the_panels_pages_may_be_framed_and_only_by_the_panel(deployment: Deployment) -> None:
    ours, framed = expect(deployment), install_app(deployment)
    assert (ours.headers["X-Frame-Options"], "X-Frame-Options" in framed.headers) == ("DENY", False)
    assert "frame-ancestors 'none'" in ours.headers["Content-Security-Policy"]
    assert "frame-ancestors https://*.mybigcommerce.com" in framed.headers["Content-Security-Policy"]
    refused = install_app(deployment, code="used")
    assert "frame-ancestors https://*.mybigcommerce.com" in refused.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "given", [HASH, NAME, f"https://api.bigcommerce.com/{NAME}/v3/", f"store-{HASH}.mybigcommerce.com"]
)
def test_the_store_may_be_given_in_many_ways(deployment: Deployment, given: str) -> None:
    assert f"{NAME} is expected" in expect(deployment, given=given).words


def test_a_store_that_nobody_expects_is_told_how_to_begin(deployment: Deployment) -> None:  # invariant 7
    before, tokens = deployment.snapshot(), dict(deployment.bigcommerce.accounts)
    page = install_app(deployment)
    assert (page.status, "Open the link that your provider sent you" in page.words) == (400, True)
    assert (deployment.snapshot(), deployment.bigcommerce.accounts) == (before, tokens)


def test_a_store_is_expected_for_an_hour(deployment: Deployment) -> None:  # invariant 7
    expect(deployment)
    deployment.advance(hours=1)
    assert install_app(deployment).status == 400


@pytest.mark.parametrize(
    "changes",
    [
        {"code": ""},
        {"code": "made-up"},
        {"code": "x" * 5000},
        {"context": ""},
        {"context": "stores/other99"},
        {"context": "stores/../x"},
        {"scope": ""},
        {"scope": "store_v2_products"},
    ],
)
def test_a_forged_installation_changes_nothing(deployment: Deployment, changes: dict[str, str]) -> None:  # invariant 7
    connect(deployment)
    before, tokens = deployment.snapshot(), dict(deployment.bigcommerce.accounts)
    page = install_app(deployment, **changes)
    assert page.status in {400, 422}
    assert "What you can do" in page.words
    assert (deployment.snapshot(), deployment.bigcommerce.accounts) == (before, tokens)


def test_missing_scopes_are_listed_before_anything_is_exchanged(deployment: Deployment) -> None:  # invariant 7
    deployment.bigcommerce.app.scopes = ("store_v2_products", "store_v2_orders_read_only")
    expect(deployment)
    page = install_app(deployment)
    assert (page.status, "store_inventory: without it there are no stock" in page.words) == (422, True)
    assert "store_v2_orders" not in page.words
    assert deployment.connections() == []


def test_a_second_installation_replaces_the_token_and_keeps_the_connection(deployment: Deployment) -> None:
    before = connect(deployment)
    first = token(deployment, before)
    deployment.advance(hours=30)
    assert "renewed" in install_app(deployment).words  # nobody had to open a link
    (after,) = deployment.connections()
    assert after.connection_id == before.connection_id
    assert token(deployment, after) != first
    assert token(deployment, after) in deployment.bigcommerce.accounts


def test_an_installation_works_once(deployment: Deployment) -> None:  # invariant 7
    expect(deployment)
    url = install.install_address(deployment.bigcommerce)
    assert panel(deployment).get(url).status == 200
    before = deployment.snapshot()
    assert panel(deployment).get(url).status == 400
    assert deployment.snapshot() == before


def test_a_store_of_another_merchant_stays_where_it_is(deployment: Deployment) -> None:  # invariant 5
    connection = connect(deployment)
    first = token(deployment, connection)
    deployment.add_merchant("m2", "Bert")
    expect(deployment, deployment.invite(STORE, "m2"))
    page = install_app(deployment)
    assert (page.status, "connected already" in page.words) == (400, True)
    assert token(deployment, connection) == first
    assert first in deployment.bigcommerce.accounts  # the exchange would have voided it


def test_one_store_is_expected_for_one_invitation_at_a_time(deployment: Deployment) -> None:  # invariant 5
    deployment.add_merchant("m2", "Bert")
    link = deployment.invite(STORE, "m2")
    expect(deployment)
    assert expect(deployment, link).status == 400
    deployment.advance(hours=1)
    assert expect(deployment, link).status == 200


def test_a_link_for_one_store_is_refused_to_another(deployment: Deployment) -> None:  # invariant 7
    link = deployment.invite(STORE, address=f"https://api.bigcommerce.com/{NAME}")
    assert "This link is for the shop" in expect(deployment, link, "other99").words


def test_opening_the_app_says_how_things_are(deployment: Deployment) -> None:
    assert "Begin with your provider's link" in call(deployment, "load", payload(deployment)).words
    connect(deployment)
    address = install.load_address(deployment.bigcommerce, install.STAFF)
    assert "This store is connected" in panel(deployment).get(address).words


@pytest.mark.parametrize(
    "changes",
    [
        {"secret": BIGCOMMERCE_SECRET[::-1]},
        {"secret": "", "algorithm": "none"},
        {"algorithm": "HS512"},
        {"aud": "another app"},
        {"aud": None},
        {"iss": "bx"},
        {"sub": "stores/../x"},
        {"sub": NAME + "\n"},
        {"sub": None},
        {"exp": 1},
        {"exp": None},
        {"nbf": 99_999_999_999},
        {"nbf": "soon"},
        {"iat": 1e300},
    ],
)
@pytest.mark.parametrize(("path", "status"), [("load", 400), ("uninstall", 401), ("remove_user", 401)])
def test_what_bigcommerce_did_not_sign_is_refused(
    deployment: Deployment, changes: dict[str, Any], path: str, status: int
) -> None:  # invariant 7
    before = deployment.snapshot()
    assert call(deployment, path, payload(deployment, **changes)).status == status
    assert deployment.snapshot() == before


@pytest.mark.parametrize("signed", ["", ".", "a.b", "a.b.c", "..", "é.é.é", "x" * 9000])
def test_what_is_no_signed_payload_is_refused(deployment: Deployment, signed: str) -> None:  # invariant 7
    assert call(deployment, "load", signed).status == 400


def test_clocks_may_differ_a_little(deployment: Deployment) -> None:
    ahead = int(deployment.clock.now().timestamp()) + 20
    assert call(deployment, "load", payload(deployment, nbf=ahead, iat=ahead)).status == 200


def test_uninstalling_closes_the_connection_once_and_installing_again_brings_it_back(deployment: Deployment) -> None:
    connection = connect(deployment)
    assert [install.uninstall(deployment.bigcommerce) for _ in range(2)] == [200, 200]
    (closed,) = deployment.connections()
    assert (closed.state, "uninstalled" in closed.cause) == (ConnectionState.BROKEN, True)
    assert not any("/connection/" in name for name in deployment.secrets())
    assert sum(row["sk"]["S"].startswith("MAIL#") for row in deployment.rows()) == 1
    deployment.advance(hours=1)
    assert install_app(deployment).status == 200
    (again,) = deployment.connections()
    assert (again.connection_id, again.state) == (connection.connection_id, ConnectionState.ACTIVE)


def test_an_uninstallation_that_comes_late_does_not_end_a_newer_installation(deployment: Deployment) -> None:
    old = payload(deployment)
    deployment.advance(hours=1)
    connection = connect(deployment)
    assert call(deployment, "uninstall", old).status == 200
    assert deployment.connections() == [connection]


def test_a_user_who_was_removed_changes_nothing(deployment: Deployment) -> None:
    connection = connect(deployment)
    assert install.call_back(deployment.bigcommerce, "remove_user", install.STAFF) == 200
    assert deployment.connections() == [connection]


def test_no_token_is_logged_or_shown(deployment: Deployment, log: StringIO) -> None:  # invariant 5
    expect(deployment)
    url = install.install_address(deployment.bigcommerce)
    page = panel(deployment).get(url)
    (connection,) = deployment.connections()
    told = log.getvalue() + page.text + repr(deployment.rows())
    for secret in (token(deployment, connection), query_of(url)["code"], BIGCOMMERCE_SECRET, "owner@store.invalid"):
        assert secret not in told
