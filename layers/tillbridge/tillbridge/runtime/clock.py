"""The real clock, and the time that an invocation has left."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Tell the time in UTC."""
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)


class LambdaContext(Protocol):
    """As much of the Lambda context as is used."""

    def get_remaining_time_in_millis(self) -> int:
        """Tell the milliseconds until the invocation is ended."""
        ...


@dataclass(frozen=True, slots=True)
class LambdaDeadline:
    """The end of the invocation, as Lambda tells it."""

    context: LambdaContext

    def left(self) -> timedelta:
        """Tell how long work may still go on."""
        return timedelta(milliseconds=self.context.get_remaining_time_in_millis())
