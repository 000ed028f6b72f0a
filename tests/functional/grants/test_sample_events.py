"""The sample events of both functions, as `sam local invoke` would hand them over."""

import base64
import importlib
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from tests.functional.grants.deployment import Context, Deployment
from tillbridge.domain.connecting import Attempt, Invitation
from tillbridge.domain.grant import hashed
from tillbridge.domain.merchant import System
from tillbridge.runtime import refresh

COOKIE = "sample-cookie-cookie-cookie-cookie-cookie-c"


@pytest.fixture
def events(project_root: Path) -> dict[str, dict[str, Any]]:
    found = sorted((project_root / "events").glob("oauth_callback_*.json"))
    return {path.stem.removeprefix("oauth_callback_"): json.loads(path.read_text()) for path in found}


def invite(deployment: Deployment, token: str, system: System) -> Invitation:
    """Keep an invitation whose token is the sample's."""
    invitation = Invitation(
        invitation_hash=hashed(token),
        merchant_id="m1",
        system=system,
        connection_id="c-sample",
        expires_at=deployment.clock.now() + timedelta(days=1),
    )
    deployment.doors.reception.invitations.add(invitation)
    return invitation


def attempt(deployment: Deployment, state: str, invitation: Invitation) -> None:
    """Keep an attempt whose state is the sample's, begun in the sample's browser."""
    deployment.doors.reception.attempts.begin(
        Attempt(
            state_hash=hashed(state),
            browser_hash=hashed(COOKIE),
            invitation_hash=invitation.invitation_hash,
            system=invitation.system,
            expires_at=invitation.expires_at,
            address="https://shop.invalid" if invitation.system is System.WOOCOMMERCE else "",
        )
    )


def status(deployment: Deployment, event: dict[str, Any]) -> int:
    code: int = deployment.gateway.invoke(event)["statusCode"]
    return code


def test_the_first_page(deployment: Deployment, events: dict[str, dict[str, Any]]) -> None:
    start = events["start"]
    assert status(deployment, start) == 400
    invite(deployment, start["queryStringParameters"]["invitation"], System.LIGHTSPEED)
    assert status(deployment, start) == 200


@pytest.mark.parametrize(
    ("name", "system", "expected"),
    [("continue_till", System.LIGHTSPEED, 303), ("continue_shop", System.WOOCOMMERCE, 422)],
)
def test_going_on(
    deployment: Deployment, events: dict[str, dict[str, Any]], name: str, system: System, expected: int
) -> None:
    """The shop of the sample has no host that could be found."""
    event = events[name]
    event["body"] = event["body"].replace("shop.example.com", "shop.invalid")
    invite(deployment, parse_qs(event["body"])["invitation"][0], system)
    assert status(deployment, event) == expected


@pytest.mark.parametrize("name", ["lightspeed_callback", "lightspeed_denied", "woocommerce_return"])
def test_coming_back(deployment: Deployment, events: dict[str, dict[str, Any]], name: str) -> None:
    query = events[name]["queryStringParameters"]
    system = System.LIGHTSPEED if "lightspeed" in name else System.WOOCOMMERCE
    attempt(deployment, query.get("state") or query["user_id"], invite(deployment, "any", system))
    expected = {"lightspeed_callback": "BadCode", "lightspeed_denied": "Denied", "woocommerce_return": "NoKeys"}[name]
    answer = deployment.gateway.invoke(events[name])
    assert answer["statusCode"] == 400
    assert expected in answer["body"]


def test_keys(deployment: Deployment, events: dict[str, dict[str, Any]]) -> None:
    event = events["woocommerce_keys"]
    assert status(deployment, event) == 400
    nonce = json.loads(event["body"])["user_id"]
    attempt(deployment, nonce, invite(deployment, "any", System.WOOCOMMERCE))
    assert status(deployment, event) == 503  # the shop cannot be reached


APPS = {
    "shopify_callback": (400, "Forged"),
    "shopify_app": (400, "Forged"),
    "shopify_redact": (401, "BadSignature"),
    "bigcommerce_auth": (400, "NotExpected"),
    "bigcommerce_load": (400, "Forged"),
    "magento_activate": (400, "NotExpected"),
    "magento_identity": (400, "NoActivation"),
}
"""What nobody signed, or nobody waits for."""


@pytest.mark.parametrize("name", APPS)
def test_what_the_vendors_of_apps_send(deployment: Deployment, events: dict[str, dict[str, Any]], name: str) -> None:
    answer = deployment.gateway.invoke(events[name])
    status, code = APPS[name]
    assert (answer["statusCode"], code in answer["body"]) == (status, True)


def test_every_sample_is_used(events: dict[str, dict[str, Any]]) -> None:
    used = {"start", "continue_till", "continue_shop", "lightspeed_callback", "lightspeed_denied"}
    assert set(events) == used | set(APPS) | {"woocommerce_return", "woocommerce_keys"}


def test_the_minute_of_the_schedule(
    deployment: Deployment, project_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deployment.connect_till()
    deployment.advance(minutes=45)
    monkeypatch.setattr(refresh, "GrantParts", lambda _: deployment.parts)
    event = json.loads((project_root / "events" / "token_refresh.json").read_text())
    handler = importlib.import_module("functions.token_refresh.app").handler
    context = replace(Context(), function_name="token-refresh")
    assert handler(event, context) == {"renewed": 1, "later": 0, "broken": 0}
    assert handler(event, context) == {"renewed": 0, "later": 0, "broken": 0}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"body": None}, 400),
        ({"headers": {}, "multiValueHeaders": {}}, 400),
        ({"headers": None}, 400),
        ({"isBase64Encoded": True}, 400),
        ({"isBase64Encoded": True, "body": "%%%"}, 400),
        ({"isBase64Encoded": True, "body": base64.b64encode(b'{"user_id": 1}').decode()}, 400),
        ({"httpMethod": "DELETE"}, 400),
        ({"path": "/connect/woocommerce/keys/../../x"}, 400),
    ],
)
def test_malformed_events_end_on_a_page(
    deployment: Deployment, events: dict[str, dict[str, Any]], changes: dict[str, Any], expected: int
) -> None:  # invariant 7
    assert status(deployment, {**events["woocommerce_keys"], **changes}) == expected
