import base64
import hashlib
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from sandbox.lightspeed.settings import Client, Rules, Settings
from tests.sandbox.lightspeed.support import CLIENT, LIMITED, LOCKED, Till, body

VERIFIER = "v" * 64
S256 = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


def test_the_consent_page_shows_app_scopes_and_employees(till: Till) -> None:
    page = till.ask(scope="employee:inventory employee:register")
    assert page.status_code == 200
    for text in (
        "Till connector",
        "employee:inventory",
        "employee:register",
        "Alder &amp; Quay",
        "Limited",
        "cannot log in",
    ):
        assert text in page.text


def test_approving_sends_code_and_state_to_the_registered_address(till: Till) -> None:
    answer = till.decide(till.ask(state="a b&c=1"))
    address = urlsplit(answer.headers["Location"])
    assert answer.status_code == 302
    assert f"{address.scheme}://{address.netloc}{address.path}" == CLIENT.redirect_uri
    assert parse_qs(address.query)["state"] == ["a b&c=1"]
    assert len(parse_qs(address.query)["code"][0]) > 60


def test_without_a_state_none_is_sent_back(till: Till) -> None:
    answer = till.decide(till.ask(state=None))
    assert set(parse_qs(urlsplit(answer.headers["Location"]).query)) == {"code"}


def test_denying_sends_the_error_of_the_standard(till: Till) -> None:
    query = parse_qs(urlsplit(till.decide(till.ask(), decision="deny").headers["Location"]).query)
    assert query["error"] == ["access_denied"]
    assert query["state"] == ["s/1"]
    assert "code" not in query


def test_an_authorization_is_decided_once(till: Till) -> None:
    page = till.ask()
    assert till.decide(page).status_code == 302
    assert till.decide(page).status_code == 400


def test_a_locked_employee_cannot_approve_but_another_still_can(till: Till) -> None:
    page = till.ask()
    assert till.decide(page, employee=LOCKED).status_code == 400
    assert till.decide(page, employee=LIMITED).status_code == 302


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"client_id": "nobody"}, "invalid_client"),
        ({"client_id": None}, "invalid_client"),
        ({"scope": ""}, "invalid_scope"),
        ({"scope": "employee:all,employee:register"}, "invalid_scope"),
        ({"scope": "systemuserid:1"}, "invalid_scope"),
        ({"response_type": "token"}, "invalid_request"),
        ({"redirect_uri": "https://elsewhere.example/"}, "invalid_request"),
        ({"code_challenge": S256, "code_challenge_method": "S512"}, "invalid_request"),
        ({"code_challenge": S256}, "invalid_request"),
    ],
)
def test_bad_authorize_requests_are_refused_with_400(till: Till, changes: dict[str, str | None], error: str) -> None:
    answer = till.ask_with(changes)
    assert (answer.status_code, body(answer)["error"]) == (400, error)


def test_the_registered_redirect_uri_may_be_sent_along(till: Till) -> None:
    assert till.ask(redirect_uri=CLIENT.redirect_uri).status_code == 200


def with_redirect(uri: str, year: int = 2026, *, loopback: bool = False) -> Till:
    settings = Settings(clients=(replace(CLIENT, redirect_uri=uri),), rules=Rules.of(year), loopback_redirects=loopback)
    return Till(settings)


def test_the_redirect_uri_must_be_https() -> None:
    assert with_redirect("http://connector.example/callback").ask().status_code == 400
    assert with_redirect("http://127.0.0.1:4566/callback").ask().status_code == 400
    assert with_redirect("https://localhost/callback").ask().status_code == 200


def test_plain_redirects_on_this_machine_can_be_allowed_and_only_those() -> None:
    assert with_redirect("http://127.0.0.1:4566/callback", loopback=True).ask().status_code == 200
    assert with_redirect("http://connector.example/callback", loopback=True).ask().status_code == 400


def test_a_redirect_uri_with_a_query_keeps_it() -> None:
    till = with_redirect("https://connector.example/callback?tenant=7")
    query = parse_qs(urlsplit(till.decide(till.ask()).headers["Location"]).query)
    assert query["tenant"] == ["7"]
    assert "code" in query


def exchange(till: Till, code: str, **fields: str) -> tuple[int, str | None]:
    answer = till.post_token(grant_type="authorization_code", code=code, **fields)
    return answer.status_code, body(answer).get("error")


def test_a_code_works_once(till: Till) -> None:
    code = till.code()
    assert exchange(till, code) == (200, None)
    assert exchange(till, code) == (400, "invalid_grant")


@pytest.mark.parametrize(("seconds", "expected"), [(59, (200, None)), (60, (400, "invalid_grant"))])
def test_a_code_lives_sixty_seconds(till: Till, seconds: int, expected: tuple[int, str | None]) -> None:
    code = till.code()
    till.clock.sleep(seconds)
    assert exchange(till, code) == expected


def test_a_code_is_good_for_its_own_client_and_server_only(till: Till) -> None:
    other = Client("client-2", "secret-2", "https://other.example/")
    till.state.clients.register(other)
    code = till.code()
    assert exchange(till, code, client_id=other.id, client_secret=other.secret) == (400, "invalid_grant")
    old = till.post_token("/oauth/access_token.php", grant_type="authorization_code", code=code)
    assert (old.status_code, body(old)["error"]) == (400, "invalid_grant")
    assert exchange(till, code) == (200, None)


@pytest.mark.parametrize(("method", "challenge"), [("S256", S256), ("plain", VERIFIER)])
def test_pkce_is_checked(till: Till, method: str, challenge: str) -> None:
    code = till.code(code_challenge=challenge, code_challenge_method=method)
    assert exchange(till, code) == (400, "invalid_request")
    assert exchange(till, code, code_verifier="short") == (400, "invalid_request")
    assert exchange(till, code, code_verifier="w" * 64) == (400, "invalid_grant")
    assert exchange(till, code, code_verifier=VERIFIER) == (200, None)


def test_public_clients_need_pkce_and_no_secret() -> None:
    till = Till(Settings(clients=(replace(CLIENT, public=True),)))
    assert till.ask().status_code == 400
    code = till.code(code_challenge=S256, code_challenge_method="S256")
    fields = {"grant_type": "authorization_code", "client_id": CLIENT.id, "code": code, "code_verifier": VERIFIER}
    assert till.http.post("/auth/oauth/token", data=fields).status_code == 200
