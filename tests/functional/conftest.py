"""What every functional test is held to."""

from collections.abc import Iterator

import pytest

from tests.fakes.permissions import allowed, noting_actions


@pytest.fixture(autouse=True)
def _within_its_role() -> Iterator[None]:
    """Let no function ask for anything that its role would not allow in AWS."""
    with noting_actions() as asked:
        yield
    refused = {(function, action) for function, action in asked if action not in allowed(function)}
    assert not refused, "the policy of the function lacks an action"
