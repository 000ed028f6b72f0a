"""What the guard needs from the outside: where what is held is kept, and the requests for second readings.

Every method speaks of one connection and can reach no other one's rows (invariant 5).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from tillbridge.domain.hour import GuardLog
from tillbridge.domain.merchant import Lane
from tillbridge.domain.work import Held, Hold


class Holds(Protocol):
    """Holds of one shop, the keys they hold, and what the guard of each lane remembers.

    A lane's worker alone writes keys and its log; a hold's state is also changed by whoever decides, so that every
    change of a hold says what state it expects.
    """

    def unsettled(self, shop: str) -> Sequence[Hold]:
        """List the holds that are open, and those whose keys still have to be moved, oldest first."""
        ...

    def known(self, shop: str) -> Sequence[Hold]:
        """List every hold that is remembered, settled ones included, oldest first."""
        ...

    def get(self, shop: str, hold_id: str) -> Hold | None:
        """Find a hold; it is forgotten two weeks after it was settled."""
        ...

    def put(self, shop: str, hold: Hold, former: Hold | None) -> bool:
        """Store a hold if its state is still that of ``former`` (``None``: it is new); tells whether it was."""
        ...

    def find(self, shop: str, lane: Lane, keys: Iterable[str]) -> Mapping[str, Held]:
        """Find which of these keys are held."""
        ...

    def held(self, shop: str, lane: Lane, hold_id: str) -> Iterator[Held]:
        """Go through the keys of one hold, page by page; keys may be removed meanwhile."""
        ...

    def keep(self, shop: str, lane: Lane, held: Iterable[Held]) -> None:
        """Store held keys, each in the place of what was known of it."""
        ...

    def let_go(self, shop: str, lane: Lane, keys: Iterable[str]) -> None:
        """Forget that these keys are held."""
        ...

    def log(self, shop: str, lane: Lane) -> GuardLog:
        """Find what the guard of a lane remembers."""
        ...

    def put_log(self, shop: str, lane: Lane, log: GuardLog) -> None:
        """Store what the guard of a lane remembers."""
        ...


class Rechecks(Protocol):
    """Items of one till whose stock has to be read a second time before a shop is set to zero."""

    def ask(self, till: str, item_ids: Iterable[str]) -> None:
        """Ask for second readings; asking again does no harm."""
        ...

    def asked(self, till: str, limit: int = 10_000) -> Sequence[str]:
        """List the items that were asked for and not read yet, at most ``limit``."""
        ...

    def answer(self, till: str, item_ids: Iterable[str], at: datetime) -> None:
        """Note that a second reading has confirmed what the mirror has of these items."""
        ...

    def close(self, till: str, item_ids: Iterable[str]) -> None:
        """Forget that these items were asked for."""
        ...

    def answers(self, till: str, item_ids: Iterable[str]) -> Mapping[str, datetime]:
        """Find when items were last confirmed by a second reading; answers are forgotten after an hour."""
        ...
