"""Look again at once, instead of when the pause after a failure is over."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tillbridge.domain.errors import NotFoundError
from tillbridge.domain.merchant import SHOP_LANES, Connection, Lane, Merchant
from tillbridge.domain.work import Mark
from tillbridge.flows.operate.answers import RetriedAnswer
from tillbridge.flows.operate.problems import MARKS_READ, ProblemBook
from tillbridge.flows.operate.register import Register
from tillbridge.flows.ports import Clock, Lanes, Links, Marks, Shelves
from tillbridge.flows.shopkeeper import by_key

Place = tuple[Connection, Lane]


@dataclass(frozen=True, slots=True)
class RetryDesk:
    """Brings marks forward. It writes nothing to any shop: the lane's worker does, in its turn."""

    register: Register
    problems: ProblemBook
    links: Links
    shelves: Shelves
    marks: Marks
    lanes: Lanes
    clock: Clock

    def retry_named(self, merchant_id: str | None, keys: Sequence[str]) -> Sequence[RetriedAnswer]:
        """Have every shop that knows these keys look at them, failing or not, and write their stock anew.

        A key that no shop of the merchant knows is not found, and then nothing at all is retried.
        """
        merchant = self.register.merchant(merchant_id)
        places = [(shop, lane) for shop in self.register.shops(merchant) for lane in SHOP_LANES]
        known = [self._known(place, keys) for place in places]
        _require_all(merchant, keys, known)
        found = zip(places, known, strict=True)
        return [row for place, mine in found for row in self._again(place, sorted(mine), doubt=True)]

    def retry_failing(self, merchant_id: str | None) -> Sequence[RetriedAnswer]:
        """Have everything that fails looked at."""
        merchant = self.register.merchant(merchant_id)
        failing = self.problems.of(merchant)
        return [
            retried
            for shop in self.register.shops(merchant)
            for lane in SHOP_LANES
            for retried in self._again(
                (shop, lane),
                [row.key for row in failing if (row.connection, row.lane) == (shop.connection_id, lane)],
                doubt=False,
            )
        ]

    def _known(self, place: Place, keys: Sequence[str]) -> set[str]:
        """Tell which of these keys a shop has on this lane: listed, in stock, or still waiting."""
        shop, lane = place
        if lane is Lane.CATALOGUE:
            known = set(self.links.get(shop.connection_id, keys))
        else:
            known = {key for key, shelf in self.shelves.get(shop.connection_id, keys).items() if shelf.tracked}
        return known | {mark.key for mark in self._waiting(place) if mark.key in keys}

    def _again(self, place: Place, keys: Sequence[str], *, doubt: bool) -> Iterator[RetriedAnswer]:
        """Mark for now; the new marks are written before the old ones go, so that a crash loses nothing."""
        shop, lane = place
        if not keys:
            return
        old = {key: marks for key, marks in by_key(self._waiting(place)).items() if key in keys}
        self.marks.add(shop.connection_id, lane, self._fresh(keys, old, doubt=doubt))
        self.marks.remove(shop.connection_id, lane, [mark for marks in old.values() for mark in marks])
        if shop.working:
            self.lanes.wake(shop, lane)
        for key in keys:
            yield RetriedAnswer(connection=shop.connection_id, lane=lane, key=key, paused=not shop.working)

    def _waiting(self, place: Place) -> Sequence[Mark]:
        shop, lane = place
        return self.marks.waiting(shop.connection_id, lane, MARKS_READ)

    def _fresh(self, keys: Iterable[str], old: Mapping[str, Sequence[Mark]], *, doubt: bool) -> Iterator[Mark]:
        """Keep when a change was first seen and how often it has failed: only the pause is cut short."""
        now = self.clock.now()
        for key in keys:
            marks = old.get(key, ())
            yield Mark(
                key,
                since=min((mark.since for mark in marks), default=now),
                due_at=now,
                tries=max((mark.tries for mark in marks), default=0),
                doubt=doubt or any(mark.doubt for mark in marks),
                allowed=next((mark.allowed for mark in marks if mark.allowed), ""),
            )


def _require_all(merchant: Merchant, keys: Sequence[str], found: Iterable[set[str]]) -> None:
    if unknown := sorted(set(keys).difference(*found)):
        raise NotFoundError(
            "keys",
            f"No shop of merchant {merchant.merchant_id} knows {', '.join(unknown)}.",
            remedy="Keys look like I42, M7 or 42; `tillbridge errors` and `tillbridge item` show them.",
        )
