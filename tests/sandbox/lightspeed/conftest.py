"""A till that nobody is connected to, and one that an admin has connected."""

import pytest

from tests.sandbox.lightspeed.support import Till


@pytest.fixture
def till() -> Till:
    return Till()


@pytest.fixture
def connected(till: Till) -> Till:
    till.connect()
    return till
