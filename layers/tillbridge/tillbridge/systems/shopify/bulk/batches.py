"""Makes many products by one bulk operation, and puts them on sale by another.

::

    upload, note the batch, run, note its number ... look, look, look ... take in what each line answered
                                                                             |
    take them in, forget the batch  ... look, look ...  upload, note, run  <-+

Whoever dies anywhere leaves the note. The next run goes on with the operation that is under way and starts none for the
same lines (invariant 8). What an operation does not tell of is looked for by our own key, and made one by one.
"""

from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TypeAlias, TypeVar

from tillbridge.domain.errors import GarbledAnswerError
from tillbridge.systems.common.subjects import thing
from tillbridge.systems.shopify.api.bulk import BulkApi, Started
from tillbridge.systems.shopify.api.documents.bulk import PUBLISH_LINES, PUT_LINES
from tillbridge.systems.shopify.api.points import MOST_IDS
from tillbridge.systems.shopify.api.wire import ProductRow
from tillbridge.systems.shopify.api.wire_bulk import Lines, OperationRow, payload_of
from tillbridge.systems.shopify.bulk.lines import Line, creating, fitting, line
from tillbridge.systems.shopify.bulk.memory import Batch, BatchMemory
from tillbridge.systems.shopify.products.create import Creation
from tillbridge.systems.shopify.products.progress import Progress
from tillbridge.systems.shopify.products.publishing import Publishing
from tillbridge.systems.shopify.tools import Tools

LONGEST_PAUSE = 10
"""Seconds after which whoever waits is asked whether there is time left."""
FASTEST = 100
"""Lines a second that no operation is expected to do: it is not looked at before."""
MOST_BETWEEN_LOOKS = 300.0
"""Seconds; each look costs a point."""
LONGEST = timedelta(hours=1)
"""An operation that takes longer is ended, and after as long again left alone: others wait behind it."""

MOMENT = timedelta(seconds=1)

T = TypeVar("T")
Waiting: TypeAlias = Generator[tuple[()], None, T]
"""Yields nothing at every look, so that whoever has no more time can stop there."""


@dataclass(slots=True)
class Batches:
    """Makes products many at a time in one shop. ``_given_up`` ends that for this run."""

    tools: Tools
    creation: Creation
    publishing: Publishing
    _api: BulkApi = field(init=False)
    _memory: BatchMemory = field(init=False)
    _batch: Batch | None = field(default=None, init=False)
    _given_up: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        """Set up the parts."""
        self._api = BulkApi(self.tools.client, self.tools.clock)
        self._memory = BatchMemory(self.tools.vocabulary)

    # --- begin, or go on ----------------------------------------------------------------------------------------------

    def resume(self, new: Sequence[Progress]) -> list[Progress]:
        """Find those of some new products that an operation of an earlier run is about."""
        batch = self._known()
        if batch is None:
            return []
        mine = [entry for entry in new if entry.product.key in batch.lines]
        if mine:
            self._batch = batch
        elif _over(self._api.state(batch.create)):
            self._memory.forget()
        else:
            self._given_up = True  # it is about products that are not asked for now
        return mine

    def _known(self) -> Batch | None:
        """Give the batch that is under way, if its operation was ever begun."""
        batch = self._memory.load()
        if batch is None or batch.create.number:
            return batch
        found = self._api.find(batch.create)
        if found is None:
            self._memory.forget()
            return None
        batch = replace(batch, create=replace(batch.create, number=found.id))
        self._memory.keep(batch)
        return batch

    def begin(self, fresh: Sequence[Progress]) -> tuple[list[Progress], list[Progress]]:
        """Begin to make as many as make one operation; gives these, and those that are left.

        Few ones are left altogether, and so are all when Shopify does not take the operation.
        """
        if len(fresh) < self.tools.bulk_from or self._given_up:
            return [], list(fresh)
        lines = fitting(self._line(entry) for entry in fresh)
        mine, left = list(fresh[: len(lines)]), list(fresh[len(lines) :])
        path = self._api.upload([one.text for one in lines])
        if path:
            digests = {entry.product.key: one.digest for entry, one in zip(mine, lines, strict=True)}
            batch = Batch(lines=digests, create=Started(path=path, since=self.tools.clock.now()))
            self._memory.keep(batch)
            if number := self._api.run(PUT_LINES, batch.create):
                self._note(replace(batch, create=replace(batch.create, number=number)))
                return mine, left
            self._memory.forget()
        self._given_up = True
        return [], list(fresh)

    def _line(self, entry: Progress) -> Line:
        return creating(entry.write, self.tools.place, self.tools.traits.weight_unit)

    def _note(self, batch: Batch) -> None:
        self._batch = batch
        self._memory.keep(batch)

    # --- take in ------------------------------------------------------------------------------------------------------

    def made(self, entries: Sequence[Progress]) -> Waiting[list[Progress]]:
        """Wait until the operation is over and take in what it made; gives those of which it does not tell.

        That is also what was sent otherwise than it would be now: an earlier run began with it.
        """
        batch = self._batch
        if batch is None:
            return list(entries)
        said = self._api.results((yield from self._ended(batch.create, len(batch.lines))))
        places = {key: place for place, key in enumerate(batch.lines)}
        untold: list[Progress] = []
        for entry in entries:
            key = entry.product.key
            same = self._line(entry).digest == batch.lines[key]
            if not (same and self._created(entry, said, places[key])):
                untold.append(entry)
        return untold

    def _created(self, entry: Progress, said: Lines, place: int) -> bool:
        """Take in what was answered to a line; tells whether it says what was done."""
        subject = thing(self.tools.client.subject, f"product {entry.product.key}")
        try:
            payload = payload_of(said.get(place), "productSet", subject)
            row = payload.part(ProductRow, "product") if payload and not payload.errors else None
        except GarbledAnswerError:
            return False
        if payload is None:
            return False
        self.creation.take_in(entry, payload.errors, row)
        return True

    def publish(self, entries: Sequence[Progress]) -> Waiting[None]:
        """Put on sale what was made; what this leaves out is to be published one by one."""
        waiting = [entry for entry in entries if not entry.failed and "visibility" in entry.todo]
        batch = self._batch
        if batch is None or (batch.publish is None and len(waiting) < self.tools.bulk_from):
            return
        if batch.publish is None:
            batch = self._begin_publishing(batch, waiting)
        if batch.publish is None:
            return
        said = self._api.results((yield from self._ended(batch.publish, len(batch.published))))
        places = {key: place for place, key in enumerate(batch.published)}
        for entry in waiting:
            try:
                answer = said.get(places.get(entry.product.key, -1))
                payload = payload_of(answer, "publishablePublish", self.tools.client.subject)
                shown = payload.part(ProductRow, "publishable") if payload and not payload.errors else None
            except GarbledAnswerError:
                continue
            if payload is not None:
                self.publishing.take_in(entry, payload.errors)
                entry.pictured = shown

    def _begin_publishing(self, batch: Batch, entries: Sequence[Progress]) -> Batch:
        """Begin to publish products; without an operation the batch stays as it is."""
        lines = [line({**self.publishing.variables(entry), "media": MOST_IDS}) for entry in entries]
        path = self._api.upload([one.text for one in lines])
        if not path:
            return batch
        keys = tuple(entry.product.key for entry in entries)
        begun = Started(path=path, since=self.tools.clock.now())
        self._note(replace(batch, publish=begun, published=keys))
        if number := self._api.run(PUBLISH_LINES, begun):
            self._note(replace(batch, publish=replace(begun, number=number), published=keys))
        else:
            self._note(batch)
        return self._batch or batch

    def _ended(self, started: Started, lines: int) -> Waiting[OperationRow | None]:
        """Wait until an operation is over, or seems never to be; ``None`` when nobody knows it any more.

        How far it is by now tells when to look again.
        """
        due = started.since + timedelta(seconds=max(1.0, lines / FASTEST))
        while True:
            now = self.tools.clock.now()
            if now < due:
                yield ()
                self.tools.clock.sleep(min(LONGEST_PAUSE, (due - now).total_seconds()))
                continue
            row = self._api.state(started)
            age = now - started.since
            if row is None or row.ended or age > 2 * LONGEST:
                return row
            if age > LONGEST:
                self._api.cancel(row)
                left, end = _left(age - LONGEST, 0, lines), 2 * LONGEST
            else:
                left, end = _left(age, row.root_object_count, lines), LONGEST
            due = min(now + left, started.since + end + MOMENT)

    # --- end ----------------------------------------------------------------------------------------------------------

    def done(self) -> None:
        """Forget the batch: what came of every product was told."""
        self._batch = None
        self._memory.forget()

    def coming(self, keys: Iterable[str]) -> set[str]:
        """Tell which of these products an operation may still make; nothing is changed."""
        batch = self._memory.load()
        mine = batch.lines.keys() & set(keys) if batch else set()
        return mine if batch and mine and not _over(self._api.state(batch.create)) else set()


def _left(age: timedelta, done: int, lines: int) -> timedelta:
    """Reckon how long an operation has still to do; before it has begun, as long as it has lasted."""
    seconds = age.total_seconds() * ((lines - done) / done if 0 < done < lines else 1)
    return timedelta(seconds=min(max(1.0, seconds), MOST_BETWEEN_LOOKS))


def _over(row: OperationRow | None) -> bool:
    return row is None or row.ended
