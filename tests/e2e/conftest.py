"""A cloud of the tests' own, with free ports and a home of its own, beside whatever else runs."""

import os
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from local.cloud import LocalCloud, Ports
from local.home import PROJECT, Home
from tests.e2e.field import Field

_running = ExitStack()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Generator[None]:
    """End the cloud with the last of these tests: its schedules would take a share of all tests that follow."""
    yield
    if nextitem is None or Path(__file__).parent not in nextitem.path.parents:
        _running.close()


@pytest.fixture(scope="session")
def started_cloud() -> Iterator[LocalCloud]:
    """Give a cloud that runs, with nothing deployed yet."""
    for environment in (".venv-cloud", ".venv-sam"):
        if not (PROJECT / environment).is_dir():
            reason = f"{environment} is not installed: run `make install`"
            if os.environ.get("CI") == "true":
                pytest.fail(reason)
            pytest.skip(reason)
    with _running:
        yield _running.enter_context(LocalCloud(Home(PROJECT / ".local" / "e2e"), Ports.free()).session())


@pytest.fixture(scope="session")
def field(started_cloud: LocalCloud) -> Field:
    """Give the one deployment that all tests share: a till and two merchants with a shop each, all in step."""
    return Field.build(started_cloud)
