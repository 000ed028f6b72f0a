"""A till for each test."""

from collections.abc import Iterator

import pytest

from tests.functional.lightspeed.shopfloor import Shopfloor, shopfloor


@pytest.fixture
def floor() -> Iterator[Shopfloor]:
    with shopfloor() as opened:
        yield opened
