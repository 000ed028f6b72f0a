"""A small memory of one process for what the vault said, bounded in number and in time."""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")

REMEMBERED = 200


@dataclass
class ShortMemory(Generic[Key, Value]):
    """Forgets what is older than ``life``, and the oldest when there is too much."""

    life: timedelta
    _kept: OrderedDict[Key, tuple[datetime, Value]] = field(default_factory=OrderedDict, repr=False)

    def get(self, key: Key, now: datetime, *, since: datetime | None = None) -> Value | None:
        """Give what is remembered; with ``since`` only what was remembered then or later."""
        at, value = self._kept.get(key, (None, None))
        fitting = at is not None and now - at < self.life and (since is None or at >= since)
        return value if fitting else None

    def put(self, key: Key, value: Value, now: datetime) -> Value:
        """Remember, and give the value back."""
        self._kept.pop(key, None)
        self._kept[key] = (now, value)
        if len(self._kept) > REMEMBERED:
            self._kept.popitem(last=False)
        return value

    def forget(self, key: Key) -> None:
        """Forget one."""
        self._kept.pop(key, None)
