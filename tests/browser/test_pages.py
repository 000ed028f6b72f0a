"""Each page that a merchant can end on, in a browser, on a desk and on a phone."""

from http import HTTPStatus

import pytest

from tests.browser.chromium import DEVICES, Device
from tests.browser.conftest import Look
from tests.browser.kinds import KINDS
from tests.browser.shop_kinds import ADVISING, FRAMED
from tests.browser.sight import Sight

LARGEST_PAGE = 10_000
FINGER = 44  # CSS pixels (WCAG 2.5.5)


@pytest.fixture(params=DEVICES, ids=lambda device: device.name, scope="module")
def device(request: pytest.FixtureRequest) -> Device:
    chosen: Device = request.param
    return chosen


@pytest.fixture(params=KINDS, scope="module")
def kind(request: pytest.FixtureRequest) -> str:
    chosen: str = request.param
    return chosen


@pytest.fixture
def sight(seen: Look, kind: str, device: Device) -> Sight:
    return seen(kind, device)


def test_it_is_the_page_that_was_meant(sight: Sight, kind: str) -> None:
    assert sight.status == KINDS[kind][0], sight.words


def test_it_has_a_language_a_title_and_one_heading(sight: Sight) -> None:
    (heading,) = sight.layout["headings"]
    assert sight.layout["title"] == f"{heading} · Tillbridge"
    assert sight.layout["lang"] == "en"


def test_axe_finds_nothing(sight: Sight) -> None:
    assert sight.violations == []


def test_nothing_is_wider_than_the_screen(sight: Sight, device: Device) -> None:
    assert sight.layout["width"] == device.width
    assert sight.layout["overflow"] <= 0


def test_it_can_be_read_and_hit_with_a_finger(sight: Sight) -> None:
    assert sight.layout["smallest_text"] >= 14
    assert [one for one in sight.layout["targets"] if min(one[1], one[2]) < FINGER] == []


def test_the_tab_key_reaches_what_can_be_pressed_and_shows_where_it_is(sight: Sight) -> None:
    assert all(stop["seen"] for stop in sight.stops)
    assert any(stop["action"] for stop in sight.stops) is sight.offers_action


def test_it_needs_no_script_and_nobody_else(sight: Sight) -> None:  # invariant 5
    assert sight.layout["scripts"] == 0
    assert sight.hosts == [sight.own_host]
    assert sight.size < LARGEST_PAGE
    failed = f"Failed to load resource: the server responded with a status of {sight.status} "
    assert [told for told in sight.complaints if not told.startswith(failed)] == []


def test_its_headers_are_strict(sight: Sight, kind: str) -> None:  # invariant 5
    policy = dict(part.strip().partition(" ")[::2] for part in sight.headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["base-uri"] == "'none'"
    assert policy["frame-ancestors"] == (PANEL if kind in FRAMED else "'none'")
    assert policy["style-src"].startswith("'sha256-")
    assert "script-src" not in policy
    wanted = {**HEADERS, "x-frame-options": None if kind in FRAMED else "DENY"}
    assert {name: sight.headers.get(name) for name in wanted} == wanted


def test_it_follows_the_colours_of_the_device_and_nothing_moves(sight: Sight) -> None:
    assert sight.layout["background"] != sight.dark_background
    assert sight.layout["moving"] == 0


def test_what_went_wrong_comes_with_what_to_do(sight: Sight, kind: str) -> None:  # invariant 7
    if kind in ADVISING:
        assert "What you can do" in sight.words
        assert "Reference for your provider: " not in sight.words
    elif sight.status == HTTPStatus.OK or "Address of your shop" in sight.words:
        assert "What you can do" not in sight.words
    else:
        assert "What you can do" in sight.words
        assert "Reference for your provider: " in sight.words


HEADERS = {
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
PANEL = "https://*.mybigcommerce.com https://*.bigcommerce.com"
