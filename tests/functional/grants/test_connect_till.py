"""A merchant connects the till, through the deployed handler and the vendor's own pages."""

import base64
import hashlib
import re
from dataclasses import replace
from datetime import timedelta
from io import StringIO

import pytest

from tests.fakes.permissions import noting_actions
from tests.functional.grants.deployment import CLIENT_SECRET, LIMITED, Deployment, query_of
from tillbridge.domain.merchant import ConnectionState, System

TILL = System.LIGHTSPEED


def test_the_way_of_a_till(deployment: Deployment) -> None:
    done = deployment.approve(deployment.invite(TILL))
    assert done.status == 200, done.words
    assert "Lightspeed Retail is connected" in done.words
    (connection,) = deployment.connections()
    assert (connection.account_id, connection.state) == ("182255", ConnectionState.ACTIVE)
    assert deployment.grant(connection).version == 1
    wakes = deployment.sent()
    assert len(wakes) == 2
    assert any('"full"' in wake for wake in wakes)
    record = deployment.parts.credentials.records.read(connection.connection_id)
    assert record is not None
    assert record.version == 1


def test_the_first_page_says_what_why_and_until_when(deployment: Deployment) -> None:
    page = deployment.browser().get(deployment.invite(TILL))
    for words in (
        "Your till Lightspeed Retail Tillbridge, for Ann's & Söhne <b>",
        "read the items",
        "this is what your web shops show",
        "read products with variants",
        "UTC",
    ):
        assert words in page.words
    assert "<b>" not in page.text
    assert 'name="viewport"' in page.text


def test_pages_come_with_strict_headers(deployment: Deployment) -> None:
    page = deployment.browser().get(deployment.invite(TILL))
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    policy = page.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in policy
    cookie = page.headers["Set-Cookie"]
    assert cookie.startswith("__Host-tillbridge=")
    for attribute in ("Path=/", "Secure", "HttpOnly", "SameSite=Lax"):
        assert attribute in cookie
    assert "Domain" not in cookie


def test_the_style_is_the_one_that_the_policy_names(deployment: Deployment) -> None:
    page = deployment.browser().get(deployment.invite(TILL))
    style = re.search(r"(?s)<style>(.*?)</style>", page.text)
    assert style
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"'sha256-{digest}'" in page.headers["Content-Security-Policy"]


def test_the_vendor_is_asked_with_a_challenge_and_no_more_rights_than_needed(deployment: Deployment) -> None:
    browser = deployment.browser()
    query = query_of(deployment.consent(deployment.invite(TILL), browser).url)
    assert query["code_challenge_method"] == "S256"
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", query["code_challenge"])
    assert query["scope"].split() == ["employee:inventory", "employee:product_cost"]
    assert "redirect_uri" not in query
    assert not {"client_secret", "code_verifier"} & set(query)


def test_looking_at_the_link_uses_nothing_up(deployment: Deployment) -> None:
    """Mail programs and chat programs open links before people do."""
    link = deployment.invite(TILL)
    for _ in range(3):
        assert deployment.browser().get(link).status == 200
    assert deployment.approve(link).status == 200


def test_a_link_works_once(deployment: Deployment) -> None:  # invariant 7
    link = deployment.invite(TILL)
    assert deployment.approve(link).status == 200
    before = deployment.snapshot()
    again = deployment.browser().get(link)
    assert again.status == 400
    assert "used already" in again.words
    assert "nothing left to do" in again.words
    assert deployment.snapshot() == before


def test_a_link_ends_after_a_week(deployment: Deployment) -> None:  # invariant 7
    link = deployment.invite(TILL)
    deployment.advance(hours=7 * 24)
    page = deployment.browser().get(link)
    assert page.status == 400
    assert "older than seven days" in page.words


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "A" * 5000, "../../x", "%00", "<script>alert(1)</script>"])
def test_a_made_up_link_leads_to_a_remedy(deployment: Deployment, token: str) -> None:  # invariant 7
    page = deployment.browser().get(f"{deployment.url}/connect/start?invitation={token}")
    assert page.status == 400
    assert "What you can do" in page.words
    assert "<script" not in page.text


def test_a_link_that_was_changed_is_refused_before_the_table_is_asked(deployment: Deployment) -> None:  # invariant 7
    link, browser = deployment.invite(TILL), deployment.browser()
    deployment.advance(hours=7 * 24)
    nonce, signature, epoch = query_of(link)["invitation"].split(".")
    longer = f"{nonce}.{signature}.{int(epoch) + 60 * 60}"
    other = f"{nonce[::-1]}.{signature}.{epoch}"
    with noting_actions() as asked:
        pages = [browser.get(f"{deployment.url}/connect/start?invitation={token}") for token in (longer, other)]
    assert all("a part of it got lost" in page.words for page in pages)
    assert not [action for _, action in asked if action.startswith("dynamodb:")]


def test_two_invitations_in_one_link_are_none(deployment: Deployment) -> None:  # invariant 7
    link = deployment.invite(TILL)
    assert deployment.browser().get(f"{link}&invitation=other").status == 400


def test_a_refusal_by_the_merchant_changes_nothing_and_can_be_reconsidered(
    deployment: Deployment,
) -> None:  # invariant 7
    link, browser = deployment.invite(TILL), deployment.browser()
    before = deployment.snapshot()
    page = deployment.decide(deployment.consent(link, browser), browser, decision="deny")
    assert page.status == 400
    assert "not approved" in page.words
    assert deployment.snapshot() == before
    assert deployment.approve(link, browser).status == 200


def test_a_refusal_offers_to_begin_again_with_the_link_of_its_own_attempt(deployment: Deployment) -> None:
    browser, one, other = deployment.browser(), deployment.invite(TILL), deployment.invite(TILL)
    first, _second = deployment.consent(one, browser), deployment.consent(other, browser)
    page = deployment.decide(first, browser, decision="deny")
    assert f'href="{one}"' in page.text
    assert query_of(other)["invitation"] not in page.text


def test_a_refusal_in_a_browser_that_kept_no_link_offers_nothing(deployment: Deployment) -> None:  # invariant 5
    page = deployment.browser().get(f"{deployment.url}/connect/lightspeed/callback?state={'A' * 43}&code=c")
    assert "Begin again" not in page.text


def test_the_kept_link_is_guarded_like_the_browsers_own_cookie_and_ends(deployment: Deployment) -> None:  # invariant 5
    browser = deployment.browser()
    deployment.consent(deployment.invite(TILL), browser)
    cookie = next(seen.headers["Set-Cookie"] for seen in browser.seen if seen.status == 303)
    assert cookie.startswith("__Host-tillbridge-")
    for attribute in ("Path=/", "Secure", "HttpOnly", "SameSite=Lax", "Max-Age=3600"):
        assert attribute in cookie


def test_a_reload_after_success_is_told_that_all_is_done(deployment: Deployment) -> None:  # invariant 7
    browser = deployment.browser()
    done = deployment.approve(deployment.invite(TILL), browser)
    before = deployment.snapshot()
    assert "nothing left to do" in browser.get(done.url).words
    assert deployment.snapshot() == before


@pytest.mark.parametrize("kept", ["x", "../../x", "<b>", "A" * 5000])
def test_a_kept_link_that_is_none_is_not_offered(deployment: Deployment, kept: str) -> None:  # invariant 7
    browser = deployment.browser()
    page = deployment.consent(deployment.invite(TILL), browser)
    (name,) = (one.name for one in browser.session.cookies if one.name != "__Host-tillbridge")
    own = browser.session.cookies["__Host-tillbridge"]
    browser.session.cookies.clear()
    browser.session.headers["Cookie"] = f"__Host-tillbridge={own}; {name}={kept}"
    refused = deployment.decide(page, browser, decision="deny")
    assert "not approved" in refused.words
    assert "Begin again" not in refused.words


def test_missing_rights_are_listed_by_name_and_the_grant_is_given_back(deployment: Deployment) -> None:  # invariant 7
    link = deployment.invite(TILL)
    before = deployment.snapshot()
    page = deployment.approve(link, employee=LIMITED)
    assert page.status == 422
    assert "product_cost" in page.words
    assert "matrices" in page.words
    assert deployment.snapshot() == before
    assert all(grant.revoked for grant in deployment.till.grants.all.values())
    assert deployment.approve(link).status == 200


def test_the_same_account_again_replaces_the_grant_and_keeps_the_connection(deployment: Deployment) -> None:
    deployment.approve(deployment.invite(TILL))
    (before,) = deployment.connections()
    first = deployment.grant(before)
    deployment.advance(hours=2)
    page = deployment.approve(deployment.invite(TILL))
    assert "renewed" in page.words
    (after,) = deployment.connections()
    assert after.connection_id == before.connection_id
    assert deployment.grant(after).version == 2
    assert deployment.grant(after).pair.access != first.pair.access
    assert deployment.grant(after).predecessor is None


def test_a_broken_connection_works_again_after_it_was_authorised_anew(deployment: Deployment) -> None:
    deployment.approve(deployment.invite(TILL))
    (connection,) = deployment.connections()
    deployment.parts.connections.save(replace(connection, state=ConnectionState.BROKEN, cause="x", remedy="y"))
    deployment.approve(deployment.invite(TILL))
    (mended,) = deployment.connections()
    assert (mended.state, mended.cause, mended.remedy) == (ConnectionState.ACTIVE, "", "")


def test_another_account_is_refused_with_an_explanation(deployment: Deployment) -> None:  # invariant 7
    deployment.approve(deployment.invite(TILL))
    (connection,) = deployment.connections()
    before = deployment.snapshot()
    deployment.till.settings = replace(deployment.till.settings, account_id=999)
    page = deployment.approve(deployment.invite(TILL))
    assert page.status == 400
    assert connection.account_name in page.words
    assert deployment.snapshot() == before


def test_only_hashes_of_invitation_state_and_cookie_are_kept(deployment: Deployment) -> None:  # invariant 5
    browser = deployment.browser()
    link = deployment.invite(TILL)
    page = deployment.consent(link, browser)
    kept = repr(deployment.rows())
    nonce, signature, _ = query_of(link)["invitation"].split(".")
    own = browser.session.cookies["__Host-tillbridge"]
    for secret in (nonce, signature, query_of(page.url)["state"], own):
        assert len(secret) == 43
        assert secret not in kept


def test_nothing_secret_is_logged_or_shown(deployment: Deployment, log: StringIO) -> None:  # invariant 5
    browser = deployment.browser()
    link = deployment.invite(TILL)
    done = deployment.approve(link, browser)
    again = browser.get(link)
    (connection,) = deployment.connections()
    grant = deployment.grant(connection)
    told = log.getvalue() + done.text + again.text + repr(grant) + repr(connection)
    assert '"message":"Connected"' in told
    assert "This link was used already" in told
    secrets = [
        grant.pair.access.reveal(),
        grant.pair.refresh.reveal(),
        CLIENT_SECRET,
        query_of(link)["invitation"],
        *browser.session.cookies.values(),
        *(
            query_of(seen.url)[name]
            for seen in browser.seen
            for name in ("code", "state")
            if name in query_of(seen.url)
        ),
    ]
    assert len(secrets) > 6
    assert not [secret for secret in secrets if secret in told]


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/connect/nowhere", "GET"), ("/connect/start", "POST"), ("/connect/continue", "GET"), ("/connect/", "GET")],
)
def test_every_other_address_ends_on_a_page(deployment: Deployment, path: str, kind: str) -> None:  # invariant 7
    browser = deployment.browser()
    page = browser.get(deployment.url + path) if kind == "GET" else browser.post(deployment.url + path)
    assert page.status == 400
    assert "no such page" in page.words


def test_a_base_path_of_a_custom_domain_is_left_aside(deployment: Deployment) -> None:
    link = deployment.invite(TILL)
    page = deployment.browser().get(link.replace("/connect/", "/base/v1/connect/"))
    assert page.status == 200


def test_a_vendor_that_is_down_is_said_to_be_so(deployment: Deployment) -> None:  # invariant 7
    link, browser = deployment.invite(TILL), deployment.browser()
    page = deployment.consent(link, browser)
    deployment.till.clients.block("client-1", blocked=True)
    before = deployment.snapshot()
    answer = deployment.decide(page, browser)
    assert answer.status == 503
    assert deployment.snapshot() == before
    deployment.till.clients.block("client-1", blocked=False)
    assert deployment.approve(link, browser).status == 200


def test_a_defect_ends_on_a_page_as_well(
    deployment: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:  # invariant 7
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a secret text")

    link, browser = deployment.invite(TILL), deployment.browser()
    page = deployment.consent(link, browser)
    monkeypatch.setattr(type(deployment.parts.credentials.vault), "replace_tokens", fail)
    answer = deployment.decide(page, browser)
    assert answer.status == 500
    assert "our side" in answer.words
    assert "secret text" not in answer.text
    monkeypatch.undo()


def test_the_state_of_a_link_is_in_no_page_that_leads_elsewhere(deployment: Deployment) -> None:
    """No page loads anything from anywhere, and none has a link to another host."""
    browser = deployment.browser()
    deployment.approve(deployment.invite(TILL), browser)
    ours = [seen for seen in browser.seen if seen.url.startswith(deployment.url) and seen.text]
    assert ours
    for seen in ours:
        assert not re.findall(r"(?:src|href)=", seen.text)


def test_the_link_may_be_opened_for_seven_days(deployment: Deployment) -> None:
    link = deployment.invite(TILL)
    deployment.clock.time += timedelta(days=7) - timedelta(seconds=1)
    assert deployment.browser().get(link).status == 200
