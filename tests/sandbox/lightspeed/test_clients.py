"""Independent clients drive the stand-in over real sockets, as they are."""

import re
from collections.abc import Iterator

import pytest
import requests
from lightspeed_api import Lightspeed as IndependentClient  # type: ignore[import-untyped]
from oauthlib.oauth2 import InvalidGrantError
from requests_oauthlib import OAuth2Session

from sandbox.common.server import Server, TlsFiles, serve
from sandbox.lightspeed.app import build_app
from sandbox.lightspeed.settings import Settings
from sandbox.lightspeed.state import Lightspeed
from tests.sandbox.lightspeed.support import ADMIN, CLIENT

OLD_TOKEN, CURRENT_TOKEN = "/oauth/access_token.php", "/auth/oauth/token"


@pytest.fixture
def state() -> Lightspeed:
    # a whole drip rate, because the independent client reads it as a whole number
    return Lightspeed(Settings(clients=(CLIENT,), bucket_size=9_000, drip_rate=2))


@pytest.fixture
def secure(state: Lightspeed, tls: TlsFiles) -> Iterator[Server]:
    with serve(build_app(state), tls=tls) as server:
        yield server


def approve(address: str, ca: str) -> str:
    """Press Approve in a browser; gives the address that the browser is sent to."""
    with requests.Session() as browser:
        browser.trust_env = False
        page = browser.get(address, verify=ca)
        found = re.search(r'name="request" value="(\w+)"', page.text)
        assert found, page.text
        form = {"request": found.group(1), "employee": ADMIN, "decision": "approve"}
        return browser.post(page.url, data=form, verify=ca, allow_redirects=False).headers["Location"]


def test_requests_oauthlib_authorizes_exchanges_and_refreshes(secure: Server, tls: TlsFiles) -> None:
    ca = str(tls.ca)
    with OAuth2Session(CLIENT.id, scope=["employee:all"], pkce="S256") as session:
        session.trust_env, session.verify = False, ca
        address, state = session.authorization_url(f"{secure.url}/auth/oauth/authorize")
        returned = approve(address, ca)
        assert f"state={state}" in returned
        first = session.fetch_token(
            f"{secure.url}{CURRENT_TOKEN}",
            authorization_response=returned,
            client_secret=CLIENT.secret,
            include_client_id=True,
        )
        account = f"{secure.url}/API/V3/Account.json"
        assert session.get(account).json()["Account"]["accountID"] == "182255"
        second = session.refresh_token(f"{secure.url}{CURRENT_TOKEN}", client_id=CLIENT.id, client_secret=CLIENT.secret)
        assert second["refresh_token"] != first["refresh_token"]
        assert session.get(account).status_code == 200


def test_requests_oauthlib_notices_a_foreign_verifier(secure: Server, tls: TlsFiles) -> None:
    ca = str(tls.ca)
    with (
        OAuth2Session(CLIENT.id, scope=["employee:all"], pkce="S256", state="s") as honest,
        OAuth2Session(CLIENT.id, scope=["employee:all"], pkce="S256", state="s") as thief,
    ):
        address, _ = honest.authorization_url(f"{secure.url}/auth/oauth/authorize")
        thief.authorization_url(f"{secure.url}/auth/oauth/authorize")
        thief.trust_env, thief.verify = False, ca
        with pytest.raises(InvalidGrantError):
            thief.fetch_token(
                f"{secure.url}{CURRENT_TOKEN}",
                authorization_response=approve(address, ca),
                client_secret=CLIENT.secret,
                include_client_id=True,
            )


@pytest.fixture(params=[OLD_TOKEN, CURRENT_TOKEN])
def independent(request: pytest.FixtureRequest, state: Lightspeed) -> Iterator[IndependentClient]:
    """The package lightspeed-api from PyPI, told where the stand-in is, with an old refresh token."""
    grant = state.grants.new(CLIENT.id, int(ADMIN), ("employee:all",), legacy=True)
    with serve(build_app(state)) as server:
        client = IndependentClient(
            {
                "account_id": "182255",
                "client_id": CLIENT.id,
                "client_secret": CLIENT.secret,
                "refresh_token": grant.refresh_token,
            }
        )
        client.token_url = server.url + request.param
        client.api_url = f"{server.url}/API/V3/Account/182255/"
        client.session.trust_env = False
        yield client
        client.session.close()


def test_an_independent_client_reads_all_pages(independent: IndependentClient) -> None:
    found = independent.get("Item", {"load_relations": '["ItemShops"]', "archived": "true"})
    assert [row["itemID"] for row in found["Item"]] == [str(number) for number in range(1, 501)]
    assert independent.rate_limit_bucket_level.endswith("/9000")


def test_an_independent_client_creates_changes_and_archives(independent: IndependentClient) -> None:
    created = independent.create("Item", {"Item": {"description": "Made elsewhere", "customSku": "X/1"}})["Item"]
    assert created["itemID"] == "501"
    assert independent.update("Item/501", {"description": "Renamed"})["Item"]["description"] == "Renamed"
    assert independent.get("Item", {"customSku": "X/1"})["Item"]["description"] == "Renamed"
    assert independent.delete("Item/501")["Item"]["archived"] == "true"
    assert "Item" not in independent.get("Item", {"customSku": "X/1"})


def test_an_independent_client_finds_what_changed(independent: IndependentClient) -> None:
    since = independent.create("Item", {"description": "Newest"})["Item"]["timeStamp"]
    found = independent.get("Item", {"timeStamp": f">=,{since}", "sort": "timeStamp"})
    assert found["Item"]["description"] == "Newest"
