"""Signs of life from a thread: as long as the work goes on, whatever happens to one of them, and never after it."""

import threading
from datetime import timedelta
from itertools import count

import pytest
from botocore.exceptions import ClientError

from tillbridge.domain.errors import RetryLaterError
from tillbridge.runtime.heartbeat import beating

pytestmark = pytest.mark.unit

AT_ONCE = timedelta(milliseconds=1)
PATIENCE = 10.0


def test_it_beats_while_the_work_waits() -> None:
    three = threading.Semaphore(0)
    with beating(three.release, AT_ONCE):
        assert all(three.acquire(timeout=PATIENCE) for _ in range(3))


def test_it_ends_with_the_work() -> None:
    before = threading.active_count()
    with beating(lambda: None, AT_ONCE):
        assert threading.active_count() == before + 1
    assert threading.active_count() == before


def test_it_ends_with_work_that_fails() -> None:
    before = threading.active_count()
    with pytest.raises(RetryLaterError), beating(lambda: None, AT_ONCE):
        raise RetryLaterError("No answer.")
    assert threading.active_count() == before


def test_work_that_is_over_soon_needs_none() -> None:
    with beating(lambda: pytest.fail("it is too early")):
        pass


@pytest.mark.parametrize(
    "trouble",
    [RetryLaterError("The table is busy."), ClientError({"Error": {"Code": "MessageNotInflight"}}, "x")],
    ids=str,
)
def test_one_that_fails_is_followed_by_the_next(trouble: Exception) -> None:
    again = threading.Event()
    numbers = count(1)

    def beat() -> None:
        if next(numbers) == 1:
            raise trouble
        again.set()

    with beating(beat, AT_ONCE):
        assert again.wait(PATIENCE)
