"""The handshake that lets an integration in (facts/magento.md, section 1)."""

import re
import socket
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from oauthlib.oauth1 import Client

from sandbox.common.clock import ManualClock
from sandbox.magento.app import build_app
from sandbox.magento.settings import Settings
from sandbox.magento.shop import Shop

SITE = "https://shop.test"


@pytest.fixture
def begin(api: Any, receiver: Any) -> Any:
    """Make an integration and activate it; gives what the control action told."""

    def begin(**fields: object) -> Any:
        body = {"callback_url": f"{receiver.url}/activate", "identity_url": f"{receiver.url}/login", **fields}
        made = api.control("/integrations", body)
        assert made["active"] is False
        return api.control(f"/integrations/{made['id']}/activate")

    return begin


class Partner:
    """The program that is let in."""

    def __init__(self, api: Any, form: dict[str, str]) -> None:
        self.api, self.form = api, form
        self.keys = {"client_key": form["oauth_consumer_key"], "client_secret": form["oauth_consumer_secret"]}

    def step(self, name: str, token: tuple[str, str] = ("", ""), **more: str) -> tuple[int, dict[str, str]]:
        owner = {"resource_owner_key": token[0], "resource_owner_secret": token[1]} if token[0] else {}
        url, now = f"{SITE}/oauth/token/{name}", int(self.api.shop.instruments.clock.now().timestamp())
        signer = Client(**self.keys, **owner, signature_method="HMAC-SHA256", timestamp=str(now), **more)
        answer = self.api.client.post(url, headers=signer.sign(url, http_method="POST")[1])
        return answer.status_code, dict(parse_qsl(answer.text))

    def token(self, name: str, token: tuple[str, str] = ("", ""), **more: str) -> tuple[str, str]:
        status, form = self.step(name, token, **more)
        assert status == 200, form
        return form["oauth_token"], form["oauth_token_secret"]

    def exchange(self) -> tuple[str, str]:
        request = self.token("request")
        return self.token("access", request, verifier=self.form["oauth_verifier"])

    def may_read(self, token: tuple[str, str]) -> bool:
        url, now = self.api.url("/store/websites"), int(self.api.shop.instruments.clock.now().timestamp())
        signer = Client(
            **self.keys, resource_owner_key=token[0], resource_owner_secret=token[1],
            signature_method="HMAC-SHA256", timestamp=str(now),
        )  # fmt: skip
        answer = self.api.client.get(url, headers=signer.sign(url)[1])
        return bool(answer.status_code == 200)


def test_activation_posts_four_values_and_opens_the_identity_link(api: Any, begin: Any, receiver: Any) -> None:
    told = begin()
    ((headers, form),) = receiver.got
    assert headers["Content-Type"].startswith("application/x-www-form-urlencoded")
    assert headers["User-Agent"] == "Laminas\\Http\\Client"
    assert form.pop("store_base_url") == f"{SITE}/"
    assert sorted(form) == ["oauth_consumer_key", "oauth_consumer_secret", "oauth_verifier"]
    assert all(re.fullmatch("[a-z0-9]{32}", value) for value in form.values())
    link = urlsplit(told["identity_link"])
    query = {name: value for name, (value,) in parse_qs(link.query).items()}
    assert query["oauth_consumer_key"] == form["oauth_consumer_key"]
    assert api.client.get(query["success_call_back"]).status_code == 200
    assert told["active"] is False


@pytest.mark.parametrize("status", [302, 500])
def test_what_the_callback_answers_does_not_matter_and_no_redirect_is_followed(
    begin: Any, receiver: Any, status: int
) -> None:
    receiver.status = status
    told = begin()
    assert (told["callback_status"], bool(told["identity_link"]), len(receiver.got)) == (status, True, 1)


def test_a_callback_that_does_not_answer_in_time_is_left(settings: Settings, clock: ManualClock) -> None:
    client = build_app(Shop(replace(settings, callback_seconds=0.05), clock)).test_client()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/activate"
        made: Any = client.post("/_sandbox/integrations", json={"callback_url": url}).json
        told: Any = client.post(f"/_sandbox/integrations/{made['id']}/activate").json
    assert told["callback_status"] == 0


def test_only_the_access_token_opens_the_api_and_makes_the_integration_active(
    api: Any, begin: Any, receiver: Any
) -> None:
    begin()
    partner = Partner(api, receiver.got[0][1])
    request = partner.token("request")
    assert partner.may_read(request) is False
    wrong, problem = partner.step("access", request, verifier="x" * 32)
    assert (wrong, problem) == (401, {"oauth_problem": "Token verifier and verifier token do not match"})
    assert api.control("/integrations", method="GET")[-1]["active"] is False
    access = partner.token("access", request, verifier=partner.form["oauth_verifier"])
    assert partner.may_read(access) is True
    assert api.control("/integrations", method="GET")[-1]["active"] is True


def test_each_step_works_once(api: Any, begin: Any, receiver: Any) -> None:
    begin()
    partner = Partner(api, receiver.got[0][1])
    request = partner.token("request")
    text = "Cannot create request token because consumer token is not a verifier token"
    assert partner.step("request") == (401, {"oauth_problem": text})
    verifier = partner.form["oauth_verifier"]
    partner.token("access", request, verifier=verifier)
    assert partner.step("access", request, verifier=verifier)[0] == 401


def test_the_first_step_has_to_come_within_300_seconds(api: Any, begin: Any, receiver: Any, clock: ManualClock) -> None:
    begin()
    clock.sleep(301)
    partner = Partner(api, receiver.got[0][1])
    assert partner.step("request") == (401, {"oauth_problem": "Consumer key has expired"})


def test_a_wrong_consumer_secret_is_refused(api: Any, begin: Any, receiver: Any) -> None:
    begin()
    partner = Partner(api, {**receiver.got[0][1], "oauth_consumer_secret": "x" * 32})
    assert partner.step("request") == (401, {"oauth_problem": "The signature is invalid. Verify and try again."})


def test_reauthorising_ends_the_old_token_and_keeps_the_consumer(api: Any, begin: Any, receiver: Any) -> None:
    number = begin()["id"]
    partner = Partner(api, receiver.got[0][1])
    old = partner.exchange()
    assert api.control(f"/integrations/{number}/activate")["active"] is False
    assert partner.may_read(old) is False
    again = receiver.got[1][1]
    assert again["oauth_consumer_key"] == partner.form["oauth_consumer_key"]
    assert again["oauth_verifier"] != partner.form["oauth_verifier"]
    new = Partner(api, again).exchange()
    assert (partner.may_read(old), partner.may_read(new)) == (False, True)


def test_without_a_callback_four_secrets_are_shown_and_work_at_once(api: Any) -> None:
    made = api.control("/integrations", {"name": "Pasted"})
    partner = Partner(
        api, {"oauth_consumer_key": made["consumer_key"], "oauth_consumer_secret": made["consumer_secret"]}
    )
    assert (made["active"], partner.may_read((made["access_token"], made["access_secret"]))) == (True, True)
    answer = api.client.post(f"/_sandbox/integrations/{made['id']}/activate")
    assert (answer.status_code, "no callback URL" in answer.json["error"]) == (400, True)


def test_unsigned_steps_name_what_is_missing(api: Any) -> None:
    answer = api.client.post(f"{SITE}/oauth/token/request")
    assert (answer.status_code, answer.text.startswith("oauth_problem=%22oauth_consumer_key%22")) == (400, True)
