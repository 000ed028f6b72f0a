"""A FIFO queue with the function behind it, in simulated time: what it does to groups, failures and dead letters."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count


@dataclass
class Letter:
    """A message, and what has become of it."""

    group: str
    body: str
    sent_at: datetime
    tries: int = 0
    shown_at: datetime | None = None
    ended_at: datetime | None = None
    dead: bool = False


Serve = Callable[[Letter, datetime], tuple[timedelta, float | None]]
"""Serves a letter that begins at a time; tells how long it took, and the seconds to hide it if it failed."""


@dataclass
class FifoQueue:
    """One letter per group at a time, in order; ``at_once`` invocations; a letter is given up after ``most`` tries."""

    serve: Serve
    at_once: int = 10
    most: int = 8
    letters: list[Letter] = field(default_factory=list)

    def send(self, group: str, body: str, at: datetime) -> Letter:
        letter = Letter(group, body, at, shown_at=at)
        self.letters.append(letter)
        return letter

    def run(self) -> None:
        """Serve until nothing is left. Free places take the letter that has been shown longest."""
        numbers = count()
        free = [(min(letter.sent_at for letter in self.letters), next(numbers)) for _ in range(self.at_once)]
        heapq.heapify(free)
        busy: dict[str, datetime] = {}
        while waiting := [letter for letter in self.letters if letter.ended_at is None]:
            at, _ = heapq.heappop(free)
            begins, letter = min(
                (self._begins(one, at, busy), place, one) for place, one in enumerate(self._first_of_each(waiting))
            )[::2]
            busy[letter.group] = self._one(letter, begins)
            heapq.heappush(free, (busy[letter.group], next(numbers)))

    @staticmethod
    def _first_of_each(waiting: list[Letter]) -> list[Letter]:
        return list({letter.group: letter for letter in reversed(waiting)}.values())

    @staticmethod
    def _begins(letter: Letter, at: datetime, busy: dict[str, datetime]) -> datetime:
        return max(at, letter.shown_at or at, busy.get(letter.group, at))

    def _one(self, letter: Letter, at: datetime) -> datetime:
        """Serve one; gives the time at which its place is free again."""
        letter.tries += 1
        took, hide = self.serve(letter, at)
        if hide is None:
            letter.ended_at = at + took
        elif letter.tries >= self.most:
            letter.ended_at, letter.dead = at + took, True
        else:
            letter.shown_at = at + took + timedelta(seconds=hide)
        return at + took
