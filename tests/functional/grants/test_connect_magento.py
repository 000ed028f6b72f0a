"""A merchant activates an integration in a Magento shop, through the deployed handler, against the stand-in."""

import time
from io import StringIO
from urllib.parse import urlencode

import pytest
import requests

from sandbox.magento.integrations import Integration
from sandbox.magento.web.handshake import SUCCESS, activate
from tests.fakes.clock import FakeDeadline
from tests.functional.grants.deployment import Browser, Deployment, Seen, query_of
from tillbridge.domain.merchant import Connection, ConnectionState, System

MAGENTO = System.MAGENTO
KEY = "k" * 32


def expect(deployment: Deployment, browser: Browser, link: str = "", given: str = "") -> Seen:
    """Enter the shop on our page."""
    start = browser.get(link or deployment.invite(MAGENTO))
    form = {"invitation": start.field("invitation"), "address": given or deployment.magento_url}
    return browser.post(f"{deployment.url}/connect/continue", **form)


def integration(deployment: Deployment) -> Integration:
    """Make one with the two addresses that our page shows."""
    shop = deployment.magento
    number = shop.next_integration_id()
    urls = (f"{deployment.url}/connect/magento/activate", f"{deployment.url}/connect/magento/identity")
    made = Integration(number, "Tillbridge", shop.secret(), shop.secret(), *urls)
    shop.integrations[number] = made
    return made


def connect(deployment: Deployment) -> tuple[Connection, Integration, Seen]:
    browser, made = deployment.browser(), integration(deployment)
    assert expect(deployment, browser).status == 200
    done = browser.get(activate(deployment.magento, made))
    assert made.callback_status == 200
    return deployment.connections()[-1], made, done


def post(deployment: Deployment, **changes: str) -> int:
    form = {
        "oauth_consumer_key": KEY,
        "oauth_consumer_secret": "s" * 32,
        "store_base_url": f"{deployment.magento_url}/",
        "oauth_verifier": "v" * 32,
    }
    url = f"{deployment.url}/connect/magento/activate"
    return requests.post(url, data={**form, **changes}, verify=deployment.ca, timeout=10).status_code


def identity(deployment: Deployment, browser: Browser, **changes: str) -> Seen:
    query = {"oauth_consumer_key": KEY, "success_call_back": f"{deployment.magento_url}{SUCCESS}", **changes}
    return browser.get(f"{deployment.url}/connect/magento/identity?{urlencode(query)}")


def test_the_way_of_a_magento_shop(deployment: Deployment) -> None:
    connection, made, done = connect(deployment)
    assert (done.status, "This window may be closed" in done.words) == (200, True)
    assert done.url.startswith(f"{deployment.magento_url}{SUCCESS}")
    assert (connection.account_id, connection.state) == (deployment.magento_url, ConnectionState.ACTIVE)
    assert made.active
    assert made.token is not None
    keys = deployment.keys(connection)
    assert (keys.reveal("access_token"), keys.reveal("access_secret")) == (made.token.token, made.token.secret)
    assert not any(name.endswith("/pending") for name in deployment.secrets())


def test_our_page_shows_the_two_addresses(deployment: Deployment) -> None:
    page = expect(deployment, deployment.browser())
    assert f"Callback URL: {deployment.url}/connect/magento/activate" in page.words
    assert f"Identity link URL: {deployment.url}/connect/magento/identity" in page.words


def test_the_post_is_answered_within_a_second(deployment: Deployment) -> None:
    expect(deployment, deployment.browser())
    post(deployment)
    began = time.monotonic()
    assert post(deployment) == 200
    assert time.monotonic() - began < 1


def test_an_activation_that_nobody_expects_is_refused(deployment: Deployment) -> None:  # invariant 7
    before = deployment.snapshot()
    assert post(deployment) == 400
    expect(deployment, deployment.browser())
    assert post(deployment, store_base_url="https://other.example/") == 400
    deployment.advance(hours=1)
    assert post(deployment) == 400
    assert deployment.snapshot() == before


@pytest.mark.parametrize(
    "changes",
    [
        {"oauth_consumer_key": ""},
        {"oauth_consumer_key": "K" * 32},
        {"oauth_consumer_secret": "x" * 31},
        {"oauth_verifier": "../../x"},
        {"store_base_url": "ftp://x"},
        {"store_base_url": "https://a@b"},
        {"store_base_url": ""},
    ],
)
def test_a_malformed_activation_is_refused(deployment: Deployment, changes: dict[str, str]) -> None:  # invariant 7
    expect(deployment, deployment.browser())
    before = deployment.snapshot()
    assert post(deployment, **changes) == 400
    assert deployment.snapshot() == before


def test_a_forged_activation_comes_to_nothing(deployment: Deployment) -> None:  # invariant 7
    """Whoever posts made-up secrets for an expected shop is found out by the handshake with the shop itself."""
    browser = deployment.browser()
    expect(deployment, browser)
    assert post(deployment) == 200
    page = identity(deployment, browser)
    assert (page.status, "What you can do" in page.words) == (422, True)
    assert deployment.connections() == []
    assert not any(row["sk"]["S"].startswith("CONNECTION#") for row in deployment.rows())


def test_the_pop_up_has_to_be_in_the_browser_that_began(deployment: Deployment) -> None:  # invariant 7
    browser, made = deployment.browser(), integration(deployment)
    expect(deployment, browser)
    url = activate(deployment.magento, made)
    stranger = deployment.browser().get(url)
    assert (stranger.status, "another browser" in stranger.words) == (400, True)
    assert deployment.connections() == []
    assert browser.get(url).status == 200


@pytest.mark.parametrize(
    "back", ["https://evil.example/x", "//evil.example", "", "javascript:alert(1)", "https://127.0.0.1@evil.example/"]
)
def test_the_pop_up_is_sent_to_the_shops_own_host_only(deployment: Deployment, back: str) -> None:  # invariant 7
    browser, made = deployment.browser(), integration(deployment)
    expect(deployment, browser)
    url = activate(deployment.magento, made)
    page = identity(deployment, browser, oauth_consumer_key=made.consumer_key, success_call_back=back)
    assert (page.status, "leads away from the shop" in page.words) == (400, True)
    assert not made.active
    assert browser.get(url).status == 200  # nothing was spent


@pytest.mark.parametrize("key", ["", KEY, "x" * 5000, "\u00e9"])
def test_a_pop_up_without_an_activation_says_what_to_do(deployment: Deployment, key: str) -> None:  # invariant 7
    browser = deployment.browser()
    expect(deployment, browser)
    page = identity(deployment, browser, oauth_consumer_key=key)
    assert (page.status, "Callback URL" in page.words or "callback URL" in page.words) == (400, True)


def test_a_handshake_that_comes_too_late_is_told_with_its_remedy(deployment: Deployment) -> None:  # invariant 7
    browser, made, link = deployment.browser(), integration(deployment), deployment.invite(MAGENTO)
    expect(deployment, browser, link)
    url = activate(deployment.magento, made)
    deployment.advance(seconds=301)
    page = browser.get(url)
    assert (page.status, "Reauthorize" in page.words) == (422, True)
    assert deployment.connections() == []
    expect(deployment, browser, link)
    assert browser.get(activate(deployment.magento, made)).status == 200


def test_the_pop_up_works_once(deployment: Deployment) -> None:  # invariant 7
    browser, made = deployment.browser(), integration(deployment)
    expect(deployment, browser)
    url = activate(deployment.magento, made)
    assert browser.get(url).status == 200
    before = deployment.snapshot()
    assert browser.get(url).status == 400
    assert deployment.snapshot() == before


def test_reauthorising_replaces_the_token_and_keeps_the_connection(deployment: Deployment) -> None:
    before, made, _ = connect(deployment)
    first = deployment.keys(before).reveal("access_token")
    deployment.advance(hours=2)
    browser = deployment.browser()
    expect(deployment, browser)
    assert browser.get(activate(deployment.magento, made)).status == 200
    (after,) = deployment.connections()
    assert after.connection_id == before.connection_id
    assert deployment.keys(after).reveal("access_token") != first
    assert sum("/connection/" in name for name in deployment.secrets()) == 1


def test_an_activation_that_nobody_came_back_for_is_deleted(deployment: Deployment) -> None:  # invariant 5
    expect(deployment, deployment.browser())
    post(deployment)
    assert any(name.endswith("/pending") for name in deployment.secrets())
    deployment.advance(hours=2)
    deployment.round.run(FakeDeadline())
    assert not any("/connection/" in name for name in deployment.secrets())


def test_no_secret_is_logged_or_shown(deployment: Deployment, log: StringIO) -> None:  # invariant 5
    connection, made, done = connect(deployment)
    assert made.token is not None
    told = log.getvalue() + done.text + repr(deployment.rows())
    for secret in (made.consumer_secret, made.token.token, made.token.secret):
        assert secret not in told
    assert query_of(done.url).get("oauth_consumer_key") is None
    assert connection.account_name
