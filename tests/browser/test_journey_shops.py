"""A merchant's way through our pages and those of Shopify, BigCommerce and Magento, without scripts."""

from collections.abc import Iterator
from html import escape
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Frame
from werkzeug.wrappers import Request, Response

from sandbox.bigcommerce.web.install import STAFF, install_address, load_address
from sandbox.common.server import TlsFiles, serve
from sandbox.magento.web.handshake import activate
from tests.browser.chromium import DESKTOP, PHONE, path_of_chromium, profile
from tests.browser.shop_kinds import activated, shopify_callback
from tests.browser.visit import Visit
from tests.functional.grants.deployment import SHOPIFY_SHOP, Deployment, query_of
from tests.functional.grants.test_connect_magento import integration
from tillbridge.domain.merchant import ConnectionState, System

PANEL, STRANGER = "store-sandbox1.mybigcommerce.com", "panel.example"
BLOCKED = "chrome-error://chromewebdata/"


@pytest.fixture(params=[DESKTOP, PHONE], ids=lambda device: device.name)
def visit(request: pytest.FixtureRequest, browser: Browser, deployment: Deployment) -> Iterator[Visit]:
    with profile(browser, request.param, java_script_enabled=False) as context:
        yield Visit(deployment, context.new_page())


@pytest.fixture(scope="module")
def neighbours(browser: Browser, tls: TlsFiles) -> Iterator[Browser]:
    """A browser that finds two further sites on this machine, each with a page that frames what it is asked to."""

    @Request.application
    def show(request: Request) -> Response:
        page = f"<!DOCTYPE html><title>Panel</title><iframe src='{escape(request.args['show'])}'></iframe>"
        return Response(page, content_type="text/html")

    with serve(show, tls=tls) as server:
        there = server.url.partition("://")[2]
        rules = ", ".join(f"MAP {host}:443 {there}" for host in (PANEL, STRANGER))
        running = browser.browser_type.launch(
            executable_path=path_of_chromium(), args=[f"--host-resolver-rules={rules}"]
        )
        yield running
        running.close()


@pytest.fixture
def panel(neighbours: Browser, deployment: Deployment) -> Iterator[Visit]:
    with profile(neighbours, java_script_enabled=False) as context:
        yield Visit(deployment, context.new_page())


def framed(visit: Visit, host: str, address: str) -> Frame:
    """Show an address of ours in a frame of a site's page; gives the frame."""
    visit.open(f"https://{host}/?{urlencode({'show': address})}")
    return visit.page.frames[1]


def test_one_shop_of_each_kind_is_connected(visit: Visit) -> None:
    visit.connect_shopify()
    assert visit.title == "Shopify is connected"
    visit.connect_store()
    assert visit.title == "BigCommerce is connected"
    visit.expect_magento()
    visit.open(activated(visit))
    assert visit.words == "This window may be closed."  # the shop's own page, in its pop-up
    found = {one.system: one.state for one in visit.deployment.connections()}
    assert found == dict.fromkeys((System.SHOPIFY, System.BIGCOMMERCE, System.MAGENTO), ConnectionState.ACTIVE)


def test_a_shopify_shop_is_connected_by_keyboard(visit: Visit) -> None:
    visit.open_link(System.SHOPIFY)
    visit.page.keyboard.press("Tab")  # the address
    visit.page.keyboard.type(SHOPIFY_SHOP)
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_url("**/admin/oauth/authorize**")
    for key in ("Tab", "Enter"):
        visit.page.keyboard.press(key)
    visit.page.wait_for_url("**/connect/shopify/callback**")
    assert visit.title == "Shopify is connected"


@pytest.mark.parametrize(
    ("system", "wrong", "told"),
    [
        (System.SHOPIFY, "https://shop.example.com", "It looks like example.myshopify.com"),
        (System.BIGCOMMERCE, "https://shop.example.com", "BigCommerce"),
        (System.MAGENTO, "https://10.1.2.3", "not on the open internet"),
    ],
)
def test_an_address_that_will_not_do_is_asked_for_again_in_its_place(  # invariant 7
    visit: Visit, system: System, wrong: str, told: str
) -> None:
    visit.open_link(system)
    visit.go_on(wrong)
    assert visit.page.input_value("input[name=address]") == wrong
    assert visit.page.get_attribute("input[name=address]", "aria-describedby") == "note"
    assert told in visit.page.locator("#note").inner_text()
    assert visit.deployment.connections() == []


def test_whoever_cancelled_in_shopify_can_reconsider_on_the_spot(visit: Visit) -> None:  # invariant 7
    visit.ask_shopify()
    before = visit.deployment.snapshot()
    visit.cancel_in_shopify()
    assert visit.title == "The access was not approved"
    assert visit.deployment.snapshot() == before
    visit.go_on()  # begins again
    visit.go_on(SHOPIFY_SHOP)
    visit.install_in_shopify()
    assert visit.title == "Shopify is connected"


def test_shopifys_answer_in_another_browser_is_refused_and_the_right_one_can_still_finish(  # invariant 7
    visit: Visit, browser: Browser
) -> None:
    callback = shopify_callback(visit)
    before = visit.deployment.snapshot()
    with profile(browser) as context:
        stranger = Visit(visit.deployment, context.new_page())
        stranger.open(callback)
        assert stranger.title == "This was begun in another browser"
        assert stranger.page.locator("a").count() == 0
    assert visit.deployment.snapshot() == before
    visit.open(callback)
    assert visit.title == "Shopify is connected"


def test_the_control_panel_of_bigcommerce_shows_the_end_in_its_frame(panel: Visit) -> None:
    """The frame is another site's, so that no cookie of ours comes along."""
    panel.expect_store()
    frame = framed(panel, PANEL, install_address(panel.deployment.bigcommerce))
    assert frame.locator("h1").inner_text() == "BigCommerce is connected"
    assert "Ann's & Söhne" in frame.locator("body").inner_text()  # for whom
    assert "cookie" not in {name.lower() for name in panel.deployment.gateway.events[-1]["headers"]}
    opened = framed(panel, PANEL, load_address(panel.deployment.bigcommerce, STAFF))
    assert opened.locator("h1").inner_text() == "This store is connected"


def test_nobody_else_can_show_it_in_a_frame(panel: Visit) -> None:  # invariant 7
    panel.connect_store()
    address = load_address(panel.deployment.bigcommerce, STAFF)
    for host, shown in ((STRANGER, BLOCKED), (PANEL, address)):
        framed(panel, host, address).wait_for_url(shown, wait_until="commit")


def test_an_app_that_was_installed_first_is_installed_once_more_after_the_link(visit: Visit) -> None:  # invariant 7
    visit.install_in_panel()
    assert visit.title == "Begin with your provider's link"
    assert visit.deployment.connections() == []
    visit.connect_store()
    assert visit.title == "BigCommerce is connected"


def test_a_magento_shop_whose_admin_was_slow_is_reauthorised(visit: Visit) -> None:  # invariant 7
    link = visit.expect_magento()
    made = integration(visit.deployment)
    address = activate(visit.deployment.magento, made)
    visit.deployment.advance(seconds=301)
    visit.open(address)
    assert "Reauthorize" in visit.words
    assert visit.deployment.connections() == []
    visit.open(link)
    visit.go_on(visit.deployment.magento_url)
    visit.open(activate(visit.deployment.magento, made))
    assert visit.words == "This window may be closed."


def test_the_two_addresses_for_magento_can_be_copied_from_the_page(visit: Visit) -> None:
    visit.expect_magento()
    for path in ("activate", "identity"):
        assert f"{visit.deployment.url}/connect/magento/{path}" in visit.words


def test_no_shop_is_told_the_address_of_the_invitation(visit: Visit) -> None:  # invariant 5
    visit.open_link(System.SHOPIFY, SHOPIFY_SHOP)
    with visit.page.expect_request("**/admin/oauth/authorize?*") as sent:
        visit.go_on()
    assert "referer" not in sent.value.all_headers()
    assert "invitation" not in urlencode(query_of(sent.value.url))
