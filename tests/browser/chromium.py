"""Debian's Chromium, driven by Playwright, as a person at a desk or with a phone has it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

NAMES = ("chromium", "chromium-browser")
MISSING = "there is no Chromium on this machine: `apt-get install chromium`"
MILLISECONDS = 10_000


@dataclass(frozen=True, slots=True)
class Device:
    """A size of screen, in CSS pixels, and what else tells a phone from a desk."""

    name: str
    width: int
    height: int
    scale: int = 1
    touch: bool = False

    def options(self) -> dict[str, Any]:
        return {
            "viewport": {"width": self.width, "height": self.height},
            "device_scale_factor": self.scale,
            "has_touch": self.touch,
            "is_mobile": self.touch,
        }


DESKTOP = Device("desktop", 1280, 800)
PHONE = Device("phone", 390, 844, scale=2, touch=True)
DEVICES = (DESKTOP, PHONE)


def path_of_chromium() -> str | None:
    """Tell where it is, ``None`` when it is not installed."""
    return next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def chromium(path: str) -> Iterator[Browser]:
    """Run it while the block runs."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path)
        yield browser
        browser.close()


@contextmanager
def profile(browser: Browser, device: Device = DESKTOP, **options: Any) -> Iterator[BrowserContext]:
    """Open a browser without any cookies; the authority of the stand-ins is not among those it trusts."""
    context = browser.new_context(ignore_https_errors=True, **device.options(), **options)
    context.set_default_timeout(MILLISECONDS)
    yield context
    context.close()


def become(page: Page, device: Device) -> None:
    """Turn the device under a page into another one, as Playwright makes devices itself, without opening it again.

    It stays so for as long as the session of the debugger does, which ends with the page.
    """
    session = page.context.new_cdp_session(page)
    size = {"width": device.width, "height": device.height, "deviceScaleFactor": device.scale, "mobile": device.touch}
    session.send("Emulation.setDeviceMetricsOverride", size)
    session.send("Emulation.setTouchEmulationEnabled", {"enabled": device.touch})
