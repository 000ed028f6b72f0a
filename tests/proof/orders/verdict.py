"""What there truly is of an item, and what any system could have known of it: judged apart from what ours did.

Whoever sells a unit, a shop or the till, tells of it at once through its API. Nobody can know sooner than they are
told or ask. So every sale is news from the moment when its web hook comes, or else when the documented interval of
asking is over; some seconds more are granted for carrying it to the other shops. Little else excuses: neither calls
that fail nor workers that die, nor anything that waits in a queue; only that a shop has just broken down and is not to
be asked again for a while, by its vendor's own rules.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

CARRYING = timedelta(seconds=30)
"""What is granted between the news and the last shop's answer."""


@dataclass(frozen=True, slots=True)
class Move:
    """Units that came (above 0) or went, where, since when that is news, and by what it is told."""

    at: datetime
    units: int
    shop: str = ""  # "" = in the house: the till sells, goods are delivered
    news_at: datetime | None = None
    told_by: str = ""

    @property
    def since(self) -> datetime:
        """Tell since when it is news."""
        return self.news_at or self.at


Pause = tuple[datetime, datetime]
"""From when to when a shop is not to be asked."""


@dataclass(frozen=True, slots=True)
class Oversold:
    """A unit that a shop sold when there was none, and the sale elsewhere of which it would have had to know.

    ``news`` is ``None`` if it would have had to know of no other: it sold its own units twice.
    """

    shop: str
    item: str
    at: datetime
    news: Move | None
    since: datetime | None = None

    @property
    def late(self) -> timedelta:
        """Tell how long that had been news."""
        return self.at - self.since if self.since else timedelta.max

    @property
    def known(self) -> bool:
        """Tell whether any system could have known."""
        return self.late > CARRYING

    def __str__(self) -> str:
        """Say where and when, and what was not known."""
        what = f"{self.news.told_by}, news for {self.late.total_seconds():.0f} s" if self.news else "units of its own"
        return f"item {self.item} at {self.shop} on {self.at:%d. %H:%M:%S} ({what})"


@dataclass
class Truth:
    """All moves by item, in the order of their time."""

    moves: dict[str, list[Move]] = field(default_factory=lambda: defaultdict(list))
    pauses: dict[str, list[Pause]] = field(default_factory=lambda: defaultdict(list))

    def left(self, item: str) -> int:
        """Count what there is and nobody has bought."""
        return sum(move.units for move in self.moves[item])

    def oversold(self, item: str, shop: str, now: datetime, *, kept_back: int, counts_itself: bool) -> Oversold:
        """Judge a unit that a shop sells now although none is left; it may sell none of those it keeps back either.

        It takes its own sales off by itself, unless it does that when they leave only. Of so many others it cannot have
        known, or it would have had none to sell: the one that has been news for the shortest time excuses it.
        """
        others = [move for move in self.moves[item] if move.units < 0 and not (counts_itself and move.shop == shop)]
        excuses = 1 + kept_back - self.left(item)
        latest = sorted(others, key=self._since, reverse=True)
        if excuses > len(latest):
            return Oversold(shop, item, now, None)
        news = latest[excuses - 1]
        return Oversold(shop, item, now, news, self._since(news))

    def _since(self, move: Move) -> datetime:
        """Tell since when a sale is news, in spite of the pauses that its shop wants."""
        since = move.since
        for begin, end in self.pauses[move.shop]:
            if begin <= since + CARRYING and end > since:
                since = end
        return since


def longest(oversold: Iterable[Oversold]) -> float:
    """Give the seconds for which what was not known had been news at most."""
    return max((one.late.total_seconds() for one in oversold), default=0.0)
