"""A cloud of the tests' own, with free ports and a home of its own, beside whatever else runs."""

import os
from collections.abc import Iterator

import pytest

from local.cloud import LocalCloud, Ports
from local.home import PROJECT, Home
from tests.e2e.field import Field


@pytest.fixture(scope="session")
def started_cloud() -> Iterator[LocalCloud]:
    """Give a cloud that runs, with nothing deployed yet."""
    for environment in (".venv-cloud", ".venv-sam"):
        if not (PROJECT / environment).is_dir():
            reason = f"{environment} is not installed: run `make install`"
            if os.environ.get("CI") == "true":
                pytest.fail(reason)
            pytest.skip(reason)
    with LocalCloud(Home(PROJECT / ".local" / "e2e"), Ports.free()).session() as cloud:
        yield cloud


@pytest.fixture(scope="session")
def field(started_cloud: LocalCloud) -> Field:
    """Give the one deployment that all tests share: a till and two merchants with a shop each, all in step."""
    return Field.build(started_cloud)
