"""A till's callback counts once, in time, in the browser that began, and only as the vendor sent it."""

from urllib.parse import urlencode, urlsplit

import pytest

from tests.functional.grants.deployment import Deployment, query_of
from tests.functional.grants.test_connect_till import TILL
from tillbridge.domain.merchant import System


def test_a_callback_in_another_browser_is_refused_and_the_right_one_can_still_finish(
    deployment: Deployment,
) -> None:  # invariant 7
    browser = deployment.browser()
    page = deployment.consent(deployment.invite(TILL), browser)
    callback = browser.stop_before(
        "/callback", "POST", page.url, request=page.field("request"), employee="1", decision="approve"
    )
    before = deployment.snapshot()
    stranger = deployment.browser().get(callback)
    assert stranger.status == 400
    assert "another browser" in stranger.words
    assert deployment.snapshot() == before
    assert browser.get(callback).status == 200


def test_a_callback_works_once(deployment: Deployment) -> None:  # invariant 7
    browser = deployment.browser()
    page = deployment.consent(deployment.invite(TILL), browser)
    form = {"request": page.field("request"), "employee": "1", "decision": "approve"}
    callback = browser.stop_before("/callback", "POST", page.url, **form)
    assert browser.get(callback).status == 200
    before = deployment.snapshot()
    again = browser.get(callback)
    assert again.status == 400
    assert deployment.snapshot() == before


def test_a_callback_that_comes_too_late_is_refused(deployment: Deployment) -> None:  # invariant 7
    browser = deployment.browser()
    page = deployment.consent(deployment.invite(TILL), browser)
    form = {"request": page.field("request"), "employee": "1", "decision": "approve"}
    callback = browser.stop_before("/callback", "POST", page.url, **form)
    before = deployment.snapshot()
    deployment.advance(minutes=10)
    assert browser.get(callback).status == 400
    assert deployment.snapshot() == before


@pytest.mark.parametrize(
    "change",
    [
        {"state": "A" * 43},
        {"state": ""},
        {"code": ""},
        {"code": "made up"},
        {"code": "x" * 5000},
        {"error": "server_error"},
        {"error": "<script>"},
    ],
)
def test_a_forged_callback_changes_nothing(deployment: Deployment, change: dict[str, str]) -> None:  # invariant 7
    browser = deployment.browser()
    page = deployment.consent(deployment.invite(TILL), browser)
    before = deployment.snapshot()
    query = {"state": query_of(page.url)["state"], "code": "c", **change}
    answer = browser.get(f"{deployment.url}/connect/lightspeed/callback?{urlencode(query)}")
    assert answer.status == 400
    assert "What you can do" in answer.text
    assert "<script" not in answer.text
    assert deployment.snapshot() == before


def test_a_till_s_callback_for_a_shop_s_attempt_is_mixed_up(deployment: Deployment) -> None:  # invariant 7
    browser = deployment.browser()
    asked = deployment.shop_page(deployment.invite(System.WOOCOMMERCE), browser)
    nonce = query_of(asked.url)["user_id"]
    before = deployment.snapshot()
    page = browser.get(f"{deployment.url}/connect/lightspeed/callback?state={nonce}&code=c")
    assert page.status == 400
    assert deployment.snapshot() == before
    assert browser.get(f"{deployment.url}{urlsplit(deployment.approval(asked)).path}").status != 200


def test_two_tabs_do_not_disturb_each_other(deployment: Deployment) -> None:
    browser = deployment.browser()
    link = deployment.invite(TILL)
    first, second = deployment.consent(link, browser), deployment.consent(link, browser)
    assert deployment.decide(first, browser).status == 200
    late = deployment.decide(second, browser)  # the invitation is used up
    assert late.status == 400
    assert len(deployment.connections()) == 1


def test_going_on_without_the_cookie_is_refused(deployment: Deployment) -> None:  # invariant 7
    start = deployment.browser().get(deployment.invite(TILL))
    other = deployment.browser()
    page = other.post(f"{deployment.url}/connect/continue", invitation=start.field("invitation"))
    assert page.status == 400
    assert "cookies" in page.words


def test_a_form_from_another_site_is_refused(deployment: Deployment) -> None:  # invariant 7
    browser = deployment.browser()
    start = browser.get(deployment.invite(TILL))
    browser.session.headers["Sec-Fetch-Site"] = "cross-site"
    page = browser.post(f"{deployment.url}/connect/continue", invitation=start.field("invitation"))
    assert page.status == 400
    assert not any(row["pk"]["S"].startswith("STATE#") for row in deployment.rows())


@pytest.mark.parametrize(
    "body",
    ["&".join(f"f{number}=x" for number in range(20)), "invitation=" + "x" * 40_000, "", "\x00", "address=only"],
    ids=["many fields", "huge", "empty", "control", "no invitation"],
)
def test_a_strange_form_ends_on_a_page(deployment: Deployment, body: str) -> None:  # invariant 7
    browser = deployment.browser()
    answer = browser.session.post(
        f"{deployment.url}/connect/continue",
        data=body,
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        timeout=10,
    )
    assert answer.status_code == 400
    assert "What you can do" in answer.text
