"""A browser, and what it shows of each kind of page."""

import os
from collections.abc import Callable, Iterator
from functools import cache

import pytest
from playwright.sync_api import Browser

from sandbox.common.server import TlsFiles
from tests.browser.chromium import MISSING, Device, chromium, path_of_chromium
from tests.browser.sight import Sight, look
from tests.functional.grants.deploying import deployed
from tests.functional.grants.deployment import Deployment

Look = Callable[[str, Device], Sight]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    path = path_of_chromium()
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    with chromium(path) as running:
        yield running


@pytest.fixture(scope="package")
def seen(browser: Browser, tls: TlsFiles) -> Look:
    """Look at a kind of page on a device; once, whatever the number of tests that ask."""
    looked = cache(lambda kind: look(browser, tls, kind))
    return lambda kind, device: looked(kind)[device]


@pytest.fixture
def deployment(tls: TlsFiles) -> Iterator[Deployment]:
    with deployed(tls) as deployment:
        yield deployment
