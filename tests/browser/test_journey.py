"""A merchant's way through pages of ours, of the till's vendor and of the shop, in a browser that runs no scripts."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.chromium import DESKTOP, PHONE, profile
from tests.browser.visit import Visit
from tests.functional.grants.deployment import LIMITED, Deployment
from tillbridge.domain.merchant import System

TILL, WEB = System.LIGHTSPEED, System.WOOCOMMERCE


@pytest.fixture(params=[DESKTOP, PHONE], ids=lambda device: device.name)
def visit(request: pytest.FixtureRequest, browser: Browser, deployment: Deployment) -> Iterator[Visit]:
    with profile(browser, request.param, java_script_enabled=False) as context:
        yield Visit(deployment, context.new_page())


def test_a_till_and_then_a_shop_are_connected(visit: Visit) -> None:
    visit.connect_till()
    assert visit.title == "Lightspeed Retail is connected"
    visit.connect_shop()
    assert visit.title == "WooCommerce is connected"
    assert {one.system for one in visit.deployment.connections()} == {TILL, WEB}


def test_the_whole_way_by_keyboard(visit: Visit) -> None:
    visit.open_link(TILL)
    for key in ("Tab", "Enter"):  # the one thing to press
        visit.page.keyboard.press(key)
    visit.page.wait_for_url("**/auth/oauth/authorize**")
    for key in ("Tab", "Tab", "Enter"):  # the employee, then the vendor's button
        visit.page.keyboard.press(key)
    visit.page.wait_for_url("**/connect/lightspeed/callback**")
    assert visit.title == "Lightspeed Retail is connected"


def test_an_address_that_will_not_do_is_asked_for_again_in_its_place(visit: Visit) -> None:  # invariant 7
    visit.open_link(WEB)
    visit.go_on("https://10.1.2.3")
    assert visit.page.input_value("input[name=address]") == "https://10.1.2.3"
    assert visit.page.get_attribute("input[name=address]", "aria-describedby") == "note"
    assert "not on the open internet" in visit.page.locator("#note").inner_text()
    visit.go_on(visit.deployment.shop_url)
    visit.approve_in_shop()
    assert visit.title == "WooCommerce is connected"


def test_whoever_denied_can_reconsider_on_the_spot(visit: Visit) -> None:  # invariant 7
    visit.open_link(TILL)
    before = visit.deployment.snapshot()
    visit.go_on()
    visit.deny()
    assert visit.title == "The access was not approved"
    assert visit.deployment.snapshot() == before
    visit.go_on()  # begins again
    visit.go_on()
    visit.approve()
    assert visit.title == "Lightspeed Retail is connected"


def test_whoever_lacked_rights_can_begin_again_as_somebody_else(visit: Visit) -> None:  # invariant 7
    visit.connect_till(employee=LIMITED)
    assert visit.title == "Some rights are missing"
    assert visit.page.locator("li").count() > 1
    visit.go_on()
    visit.go_on()
    visit.approve()
    assert visit.title == "Lightspeed Retail is connected"


def test_reloading_and_going_back_after_success_changes_nothing_and_says_that_all_is_well(  # invariant 7
    visit: Visit,
) -> None:
    visit.connect_till()
    before = visit.deployment.snapshot()
    visit.page.reload()
    assert visit.title == "This is connected already"
    visit.page.go_back()  # to the vendor's page, whose request was answered
    visit.page.go_back()  # to the invitation
    assert visit.title == "This is connected already"
    assert visit.deployment.snapshot() == before


def test_the_answer_in_another_browser_is_refused_and_the_right_one_can_still_finish(  # invariant 7
    visit: Visit, browser: Browser
) -> None:
    visit.open_link(TILL)
    visit.go_on()
    callback = visit.approve_but_do_not_arrive()
    before = visit.deployment.snapshot()
    with profile(browser) as context:
        stranger = Visit(visit.deployment, context.new_page())
        stranger.open(callback)
        assert stranger.title == "This was begun in another browser"
        assert stranger.page.locator("a").count() == 0  # nothing of the right browser's link is shown
    assert visit.deployment.snapshot() == before
    visit.open(callback)
    assert visit.title == "Lightspeed Retail is connected"


def test_the_vendor_is_not_told_the_address_of_the_invitation(visit: Visit) -> None:  # invariant 5
    visit.open_link(TILL)
    with visit.page.expect_request("**/auth/oauth/authorize?*") as sent:
        visit.go_on()
    assert "referer" not in sent.value.all_headers()
