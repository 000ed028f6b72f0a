"""Everything that is looked at on a page, taken at one visit. Tests only compare."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page

from sandbox.common.server import TlsFiles
from tests.browser.chromium import DESKTOP, PHONE, Device, become, profile
from tests.browser.kinds import KINDS
from tests.browser.visit import ACTION, Visit
from tests.functional.grants.deploying import deployed

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
MOST_STOPS = 12

LAYOUT = """() => {
  const visible = element => element.getClientRects().length > 0;
  const all = selector => [...document.querySelectorAll(selector)].filter(visible);
  const style = element => getComputedStyle(element);
  return {
    lang: document.documentElement.lang,
    title: document.title,
    headings: all('h1').map(one => one.innerText),
    width: window.innerWidth,
    overflow: document.documentElement.scrollWidth - window.innerWidth,
    targets: all('a, button, input').map(one => [one.innerText || one.name, one.getBoundingClientRect().width,
                                                 one.getBoundingClientRect().height]),
    smallest_text: Math.min(...all('body *').map(one => parseFloat(style(one).fontSize))),
    scripts: document.scripts.length,
    moving: document.getAnimations().length + all('body *').filter(
      one => style(one).animationName !== 'none' || style(one).transitionDuration !== '0s').length,
    background: style(document.body).backgroundColor,
  };
}"""
FOCUSED = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const outline = getComputedStyle(one);
  return {action: one.matches(%r), seen: outline.outlineStyle !== 'none' && parseFloat(outline.outlineWidth) >= 2};
}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What was seen of one kind of page on one device. Lengths are in CSS pixels."""

    status: int
    headers: Mapping[str, str]
    size: int  # bytes of HTML
    hosts: Sequence[str]  # where the page and all it needs came from
    own_host: str
    complaints: Sequence[str]  # of the browser's console
    words: str
    layout: Mapping[str, Any]
    dark_background: str
    violations: Sequence[str]
    offers_action: bool
    stops: Sequence[Mapping[str, bool]]  # of the Tab key, from the top


@contextmanager
def arrived(browser: Browser, tls: TlsFiles, kind: str, device: Device, merchant: str) -> Iterator[Visit]:
    """Go to a kind of page, in a deployment of its own."""
    with deployed(tls) as deployment, profile(browser, device) as context:
        deployment.rename_merchant(merchant)
        visit = Visit(deployment, context.new_page())
        KINDS[kind][1](visit)
        yield visit


def look(browser: Browser, tls: TlsFiles, kind: str) -> Mapping[Device, Sight]:
    """Go to a kind of page once and look at it on each device; the merchant's name is one that has to be escaped."""
    with arrived(browser, tls, kind, PHONE, "Ann's & Söhne <b>") as visit:
        return {device: _sight(visit, device) for device in (PHONE, DESKTOP)}


def _sight(visit: Visit, device: Device) -> Sight:
    page, answer = visit.page, visit.answer
    assert answer is not None
    become(page, device)
    page.emulate_media(color_scheme="light")
    layout = page.evaluate(LAYOUT)
    violations = _violations(page)  # leaves it dark
    return Sight(
        status=answer.status,
        headers=answer.all_headers(),
        size=len(answer.body()),
        hosts=visit.requests,
        own_host=visit.deployment.url.partition("://")[2],
        complaints=visit.complaints,
        words=visit.words,
        layout=layout,
        dark_background=page.evaluate(LAYOUT)["background"],
        violations=violations,
        offers_action=page.locator(ACTION).count() > 0,
        stops=_stops(page),
    )


def _violations(page: Page) -> Sequence[str]:
    """Ask axe, and once more for contrast in the dark; gives a line for each rule that is broken, with where."""
    page.evaluate(AXE_SCRIPT)
    light = _broken(page, {"type": "tag", "values": RULES})
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    return [*light, *(f"dark: {one}" for one in _broken(page, {"type": "rule", "values": ["color-contrast"]}))]


def _broken(page: Page, only: Mapping[str, Any]) -> Sequence[str]:
    found = page.evaluate("only => axe.run({runOnly: only, resultTypes: ['violations']})", only)
    return [f"{one['id']}: {[node['html'] for node in one['nodes']]}" for one in found["violations"]]


def _stops(page: Page) -> Sequence[Mapping[str, bool]]:
    """Press Tab until the page has been gone through; where something had the focus already, that is the first stop."""
    stops = []
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED % ACTION)
        if stop is None:
            break
        stops.append(stop)
    return stops
