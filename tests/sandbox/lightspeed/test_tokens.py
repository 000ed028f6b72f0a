import base64
import json
from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from sandbox.lightspeed.settings import Client, Rules, Settings
from tests.sandbox.lightspeed.support import ADMIN, CLIENT, LIMITED, NOW, Till, body

REVOKED, UNVERIFIED = "Access token has been revoked", "Access token could not be verified"
OLD_TOKEN, OLD_AUTHORIZE = "/oauth/access_token.php", "/oauth/authorize.php"


def api_status(till: Till, token: str) -> tuple[int, str | None]:
    answer = till.http.get("/API/V3/Account.json", headers={"Authorization": f"Bearer {token}"})
    return answer.status_code, body(answer).get("hint")


def decoded(part: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return found


def number(text: str) -> int:
    return int.from_bytes(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def of_year(year: int) -> Till:
    return Till(Settings(clients=(CLIENT,), rules=Rules.of(year)))


# what is issued


def test_the_token_answer_has_the_documented_fields(till: Till) -> None:
    pair = till.connect()
    assert set(pair) == {"token_type", "expires_in", "access_token", "refresh_token"}
    assert (pair["token_type"], pair["expires_in"]) == ("Bearer", 3600)
    assert pair["refresh_token"].startswith("def50")
    assert len(pair["refresh_token"]) > 600


def test_the_access_token_is_a_signed_jwt_with_the_documented_claims(till: Till) -> None:
    token = till.connect(scope="employee:inventory employee:register")["access_token"]
    header, claims, signature = token.split(".")
    key = body(till.http.get("/.well-known/jwks"))["keys"][0]
    assert decoded(header) == {"typ": "JWT", "alg": "RS256", "kid": key["kid"]}
    public = rsa.RSAPublicNumbers(number(key["e"]), number(key["n"])).public_key()
    raw = base64.urlsafe_b64decode(signature + "==")
    public.verify(raw, f"{header}.{claims}".encode(), padding.PKCS1v15(), hashes.SHA256())
    found = decoded(claims)
    assert set(found) == {"jti", "iss", "aud", "sub", "acct", "scope", "iat", "nbf", "exp"}
    assert (found["aud"], found["acct"], found["sub"]) == (CLIENT.id, "182255", "170001")
    assert found["scope"] == "employee:inventory employee:register"
    assert isinstance(found["exp"], float)
    assert found["exp"] == NOW.timestamp() + 3600


def test_tokens_grow_with_their_scopes(till: Till) -> None:
    short = till.connect(scope="employee:all")
    long = till.connect(scope="employee:register employee:inventory employee:product_edit employee:tags")
    assert len(long["access_token"]) > len(short["access_token"])
    assert len(long["refresh_token"]) > len(short["refresh_token"])


@pytest.mark.parametrize("encoding", ["form", "json", "multipart"])
def test_form_json_and_multipart_bodies_are_taken(till: Till, encoding: str) -> None:
    fields = {
        "client_id": CLIENT.id,
        "client_secret": CLIENT.secret,
        "grant_type": "refresh_token",
        "refresh_token": till.connect()["refresh_token"],
    }
    if encoding == "json":
        answer = till.http.post("/auth/oauth/token", json=fields)
    else:
        kind = {"form": "application/x-www-form-urlencoded", "multipart": "multipart/form-data"}[encoding]
        answer = till.http.post("/auth/oauth/token", data=fields, content_type=kind)
    assert answer.status_code == 200, answer.text


def test_two_authorizations_of_one_client_live_side_by_side(till: Till) -> None:
    first, second = till.connect()["access_token"], till.connect(employee=LIMITED)["access_token"]
    assert api_status(till, first) == api_status(till, second) == (200, None)


# errors of the token endpoint


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, (400, "invalid_request")),
        ({"grant_type": "password"}, (400, "unsupported_grant_type")),
        ({"grant_type": "authorization_code"}, (400, "invalid_request")),
        ({"grant_type": "refresh_token"}, (400, "invalid_request")),
        ({"grant_type": "refresh_token", "refresh_token": "def50never"}, (400, "invalid_grant")),
        ({"grant_type": "refresh_token", "refresh_token": "x", "client_secret": "wrong"}, (401, "invalid_client")),
        ({"grant_type": "refresh_token", "refresh_token": "x", "client_id": "nobody"}, (401, "invalid_client")),
    ],
)
def test_documented_errors(till: Till, fields: dict[str, str], expected: tuple[int, str]) -> None:
    answer = till.post_token(**fields)
    assert (answer.status_code, body(answer)["error"]) == expected


def test_the_token_endpoint_takes_only_posts(till: Till) -> None:
    answer = till.http.get("/auth/oauth/token")
    assert (answer.status_code, body(answer)["error"]) == (405, "invalid_request")


def test_a_refresh_token_is_its_own_clients(till: Till) -> None:
    other = Client("client-2", "secret-2", "https://other.example/")
    till.state.clients.register(other)
    token = till.connect()["refresh_token"]
    answer = till.post_token(
        client_id=other.id, client_secret=other.secret, grant_type="refresh_token", refresh_token=token
    )
    assert (answer.status_code, body(answer)["error"]) == (400, "invalid_grant")


def test_many_wrong_secrets_are_rate_limited_for_a_minute(till: Till) -> None:
    answers = [till.post_token(client_secret="guess", grant_type="refresh_token").status_code for _ in range(11)]
    assert answers == [401] * 10 + [429]
    assert till.post_token(grant_type="refresh_token").status_code == 429
    till.clock.sleep(60)
    assert till.post_token(grant_type="refresh_token").status_code == 400


# expiry at the API


def test_an_expired_token_could_not_be_verified_and_later_counts_as_revoked(till: Till) -> None:
    token = till.connect()["access_token"]
    till.clock.sleep(3599)
    assert api_status(till, token) == (200, None)
    till.clock.sleep(1)
    assert api_status(till, token) == (401, UNVERIFIED)
    till.clock.sleep(24 * 3600)
    assert api_status(till, token) == (401, REVOKED)


def test_a_dead_token_is_answered_with_an_oauth_body(till: Till) -> None:
    answer = till.http.get("/API/V3/Account.json", headers={"Authorization": "Bearer nonsense"})
    assert answer.status_code == 401
    assert set(body(answer)) == {"error", "error_description", "hint"}
    assert body(answer)["error"] == "access_denied"


def test_the_token_life_can_be_set() -> None:
    till = Till(Settings(clients=(CLIENT,), token_seconds=1800))
    assert till.connect()["expires_in"] == 1800


# rotation


def test_every_refresh_gives_a_new_pair(till: Till) -> None:
    first = till.connect()
    second = body(till.refresh(first["refresh_token"]))
    assert second["refresh_token"] != first["refresh_token"]
    assert second["access_token"] != first["access_token"]


def test_refreshing_revokes_the_valid_access_token_at_once(till: Till) -> None:
    first = till.connect()
    till.refresh(first["refresh_token"])
    assert api_status(till, first["access_token"]) == (401, REVOKED)


def test_the_old_refresh_token_lives_until_the_new_access_token_is_used(till: Till) -> None:
    # rule of 2026-01-15
    first = till.connect()
    lost = body(till.refresh(first["refresh_token"]))
    again = till.refresh(first["refresh_token"])
    assert again.status_code == 200
    assert api_status(till, lost["access_token"]) == (401, REVOKED)
    assert api_status(till, body(again)["access_token"]) == (200, None)
    late = till.refresh(first["refresh_token"])
    assert (late.status_code, body(late)["error"]) == (400, "invalid_grant")
    assert till.refresh(body(again)["refresh_token"]).status_code == 200


def test_of_repeated_refreshes_only_the_newest_pair_is_good(till: Till) -> None:
    first = till.connect()
    lost = body(till.refresh(first["refresh_token"]))
    till.refresh(first["refresh_token"])
    assert body(till.refresh(lost["refresh_token"]))["error"] == "invalid_grant"


def test_under_the_rules_of_2024_the_old_refresh_token_dies_at_once() -> None:
    till = of_year(2024)
    first = till.connect()
    second = body(till.refresh(first["refresh_token"]))
    assert body(till.refresh(first["refresh_token"]))["error"] == "invalid_grant"
    assert till.refresh(second["refresh_token"]).status_code == 200


@pytest.mark.parametrize("strict", [True, False])
def test_a_server_may_end_the_whole_grant_when_a_dead_refresh_token_comes_again(strict: bool) -> None:  # noqa: FBT001
    rules = replace(Rules.of(2026), reuse_ends_grant=strict)
    till = Till(Settings(clients=(CLIENT,), rules=rules))
    first = till.connect()
    second = body(till.refresh(first["refresh_token"]))
    assert api_status(till, second["access_token"]) == (200, None)
    assert till.refresh(first["refresh_token"]).status_code == 400
    assert till.refresh(second["refresh_token"]).status_code == (400 if strict else 200)


def test_five_refreshes_a_minute_per_connection(till: Till) -> None:
    first, other = till.connect(), till.connect()
    answers = [till.refresh(first["refresh_token"]).status_code for _ in range(6)]
    assert answers == [200] * 5 + [429]
    assert till.refresh(first["refresh_token"]).headers["Retry-After"] == "60"
    assert till.refresh(other["refresh_token"]).status_code == 200
    till.clock.sleep(60)
    assert till.refresh(first["refresh_token"]).status_code == 200


@pytest.mark.parametrize(("days", "status"), [(29, 200), (30, 400)])
def test_an_unused_refresh_token_dies_after_thirty_days(till: Till, days: int, status: int) -> None:
    token = till.connect()["refresh_token"]
    till.clock.sleep(days * 86_400)
    assert till.refresh(token).status_code == status


def test_a_connection_used_within_thirty_days_lives_on(till: Till) -> None:
    token = till.connect()["refresh_token"]
    for _ in range(4):
        till.clock.sleep(29 * 86_400)
        token = body(till.refresh(token))["refresh_token"]
    assert till.refresh(token).status_code == 200


# ending a connection


def test_the_client_can_revoke(till: Till) -> None:
    pair = till.connect()
    fields = {"client_id": CLIENT.id, "client_secret": CLIENT.secret, "refresh_token": pair["refresh_token"]}
    assert till.http.post("/auth/oauth/revoke", data=fields).status_code == 200
    assert api_status(till, pair["access_token"]) == (401, REVOKED)
    assert body(till.refresh(pair["refresh_token"]))["error"] == "invalid_grant"


def test_the_merchant_can_revoke_a_grant_or_only_its_access_token(till: Till) -> None:
    pair = till.connect()
    till.control("revoke", grant=1, only_access=True)
    assert api_status(till, pair["access_token"]) == (401, REVOKED)
    fresh = body(till.refresh(pair["refresh_token"]))
    till.control("revoke", client=CLIENT.id)
    assert api_status(till, fresh["access_token"]) == (401, REVOKED)
    assert till.refresh(fresh["refresh_token"]).status_code == 400


@pytest.mark.parametrize("change", ["locked", "archived"])
def test_a_locked_or_archived_employees_tokens_stop_and_resume(till: Till, change: str) -> None:
    pair = till.connect()
    till.control("employee", employee=int(ADMIN), **{change: True})
    assert api_status(till, pair["access_token"])[0] == 401
    assert body(till.refresh(pair["refresh_token"]))["error"] == "invalid_grant"
    till.control("employee", employee=int(ADMIN), **{change: False})
    assert api_status(till, pair["access_token"])[0] == 200


def test_a_blocked_client_is_refused_everywhere_until_it_is_allowed_again(till: Till) -> None:
    pair = till.connect()
    till.control("client", id=CLIENT.id, blocked=True)
    assert till.ask().status_code == 400
    assert body(till.refresh(pair["refresh_token"]))["error"] == "invalid_client"
    assert api_status(till, pair["access_token"])[0] == 401
    till.control("client", id=CLIENT.id, blocked=False)
    assert till.refresh(pair["refresh_token"]).status_code == 200


def test_introspection_shows_the_claims_of_a_live_token(till: Till) -> None:
    pair = till.connect()
    headers = {"Authorization": f"Bearer {pair['access_token']}"}
    assert body(till.http.get("/auth/oauth/introspect", headers=headers))["aud"] == CLIENT.id
    till.clock.sleep(3600)
    assert till.http.get("/auth/oauth/introspect", headers=headers).status_code == 401
    assert till.http.get("/auth/oauth/introspect").status_code == 401


# the deprecated server


def old_pair(till: Till) -> dict[str, Any]:
    code = till.code(OLD_AUTHORIZE)
    return body(till.post_token(OLD_TOKEN, grant_type="authorization_code", code=code))


def test_the_deprecated_server_issues_short_tokens_and_names_the_scope(till: Till) -> None:
    pair = old_pair(till)
    assert set(pair) == {"access_token", "expires_in", "token_type", "scope", "refresh_token"}
    assert pair["scope"] == "employee:all systemuserid:170001"
    assert len(pair["access_token"]) == len(pair["refresh_token"]) == 40
    assert api_status(till, pair["access_token"]) == (200, None)


def test_there_a_refresh_in_time_returns_the_same_access_token_and_no_new_refresh_token(till: Till) -> None:
    pair = old_pair(till)
    till.clock.sleep(600)
    again = body(till.refresh(pair["refresh_token"], OLD_TOKEN))
    assert again["access_token"] == pair["access_token"]
    assert again["expires_in"] == 3000
    assert "refresh_token" not in again
    till.clock.sleep(3000)
    later = body(till.refresh(pair["refresh_token"], OLD_TOKEN))
    assert later["access_token"] != pair["access_token"]
    assert api_status(till, later["access_token"]) == (200, None)


def test_an_old_refresh_token_moves_silently_to_the_current_server(till: Till) -> None:
    pair = old_pair(till)
    moved = body(till.refresh(pair["refresh_token"]))
    assert moved["access_token"].count(".") == 2
    assert api_status(till, pair["access_token"]) == (401, REVOKED)
    assert api_status(till, moved["access_token"]) == (200, None)
    assert body(till.refresh(pair["refresh_token"], OLD_TOKEN))["error"] == "invalid_grant"
    assert body(till.refresh(pair["refresh_token"]))["error"] == "invalid_grant"
    assert till.refresh(moved["refresh_token"]).status_code == 200


def test_in_2016_only_the_deprecated_server_is_there_and_refresh_tokens_do_not_die() -> None:
    till = of_year(2016)
    assert till.ask().status_code == 404
    pair = old_pair(till)
    till.clock.sleep(400 * 86_400)
    fresh = body(till.refresh(pair["refresh_token"], OLD_TOKEN))
    headers = {"Authorization": f"OAuth {fresh['access_token']}"}
    assert till.http.get("/API/V3/Account.json", headers=headers).status_code == 200


def test_the_oldest_form_of_the_header_is_refused_today(till: Till) -> None:
    headers = {"Authorization": f"OAuth {till.connect()['access_token']}"}
    assert till.http.get("/API/V3/Account.json", headers=headers).status_code == 401


def test_tokens_repeat_with_the_seed() -> None:
    settings = Settings(clients=(CLIENT,))
    assert Till(settings).connect()["refresh_token"] == Till(settings).connect()["refresh_token"]
    other = Till(replace(settings, seed=8))
    assert other.connect()["refresh_token"] != Till(settings).connect()["refresh_token"]
