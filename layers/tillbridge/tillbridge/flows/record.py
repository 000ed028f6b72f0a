"""Write down what came of each product, and settle its marks: the second half of a push of the catalogue lane."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from tillbridge.domain.errors import ItemRejectedError, RetryLaterError, SomeRejectedError, TillbridgeError
from tillbridge.domain.merchant import Lane
from tillbridge.domain.pauses import pause_after
from tillbridge.domain.planning import LATE, Blocked, may_still_come
from tillbridge.domain.product import LISTING_GONE, Link, Problem, ProductOutcome, ProductWrite, Visibility
from tillbridge.domain.traces import traces_left, with_traces
from tillbridge.domain.work import Mark, Shelf
from tillbridge.flows.shelving import claimed, moved_away, new_listings, new_shelves
from tillbridge.flows.shopkeeper import ShopKeeper


@dataclass(slots=True)
class Recorder:
    """Keeps links, shelves and marks of one round in step with what the shop said.

    The order of writes is shelves, stock marks, links, and at last the removal of the marks. A link is the proof that
    all before it was written; after a crash anywhere the product is looked at again.
    """

    keeper: ShopKeeper
    marks: Mapping[str, Sequence[Mark]]
    links: Mapping[str, Link]
    written: int = field(default=0, init=False)
    failed: int = field(default=0, init=False)

    def nothing_to_do(self, keys: Sequence[str]) -> None:
        """Clear the problems of products that are in step after all, and their marks.

        That a listing is gone from the shop is no matter of what it acknowledged: only seeing it again ends that.
        """
        healed = [
            replace(link, problem=None)
            for key in keys
            if (link := self.links.get(key)) and link.problem and link.problem.code != LISTING_GONE
        ]
        self.keeper.links.put(self.keeper.shop_id, healed)
        self._remove_marks(keys)

    def linked(self, outcomes: Collection[ProductOutcome], losing: Collection[Link]) -> None:
        """Keep links to listings that the shop had already; ``losing`` are the links that had these listings before.

        Their shelves go first, so that nobody writes the stock of two items to one listing, and they themselves last:
        as long as they are there, whoever begins anew after a crash finds out whose listings these were. Their marks
        see to it that they go.
        """
        accepted = [outcome for outcome in claimed(self.keeper, outcomes, losing) if outcome.error is None]
        now = self.keeper.clock.now()
        kept = [replace(_certain(outcome.link), acknowledged_at=now, problem=None) for outcome in accepted]
        emptied = [Link(product_key=link.product_key) for link in losing]
        if not kept and not emptied:
            return
        with self.keeper.ours(Lane.CATALOGUE, [link.product_key for link in (*kept, *emptied)]):
            self._look_again(link.product_key for link in losing)
            self._drop_shelves(losing)
            self._shelve(accepted)
            self.keeper.links.put(self.keeper.shop_id, kept)
            self.keeper.links.put(self.keeper.shop_id, emptied)
        self.links = {**self.links, **{link.product_key: link for link in kept}}

    def released(self, links: Iterable[Link]) -> None:
        """Forget listings that are not these products' any more; the shop is told nothing.

        Where none was known, and one may have been made, that is kept.
        """
        losing = list(links)
        if not losing:
            return
        keys = [link.product_key for link in losing]
        with self.keeper.ours(Lane.CATALOGUE, keys):
            self._drop_shelves(losing)
            self.keeper.links.put(self.keeper.shop_id, map(_emptied, losing))
            self._remove_marks(keys)

    def seen_again(self, links: Iterable[Link]) -> None:
        """Keep that listings which were gone from the shop are there again."""
        back = list(links)
        if not back:
            return
        with self.keeper.ours(Lane.CATALOGUE, [link.product_key for link in back]):
            self.keeper.links.put(self.keeper.shop_id, back)

    def _drop_shelves(self, links: Iterable[Link]) -> None:
        """Forget the shelves that are still at the listings of these links."""
        self.keeper.shelves.remove(self.keeper.shop_id, moved_away(self.keeper, links))

    def blocked(self, plan: Blocked, pause: timedelta | None) -> None:
        """Keep why a product cannot be shown. A passing reason is no problem of the merchant's."""
        if pause is not None:
            self.keeper.try_again(Lane.CATALOGUE, self.marks[plan.key], pause)
            return
        reason = plan.reasons[0]
        happened = " ".join(reason.happened for reason in plan.reasons[:3])
        error = ItemRejectedError(happened, remedy=reason.remedy, code=reason.code)
        self._fail(self._link(plan.key), error)

    def refused(self, write: ProductWrite, problems: Sequence[str]) -> None:
        """Keep why the shop could not take a product as it is."""
        error = ItemRejectedError(" ".join(problems), remedy="Mend it in the till.", code="shop_cannot_take_it")
        self._fail(write.link, error)

    def attempting(self, writes: Sequence[ProductWrite]) -> list[ProductWrite]:
        """Note, before anything is sent, which listings are about to be created or changed.

        The write itself keeps the time of the *earlier* attempt, if there was one: from then on the listing may exist.
        """
        self._note_attempts(map(with_traces, writes))
        return list(writes)

    def unpublishing(self, links: Iterable[Link]) -> None:
        """Note, before it is asked for, which listings are about to go off sale."""
        self._note_attempts(replace(link, unpublished_by_us=True) for link in links)

    def _note_attempts(self, links: Iterable[Link]) -> None:
        now = self.keeper.clock.now()
        self.keeper.links.put(
            self.keeper.shop_id,
            [replace(link, attempted_at=link.attempted_at or now, sought_at=None) for link in links],
        )

    def not_found(self, links: Iterable[Link]) -> None:
        """Keep that there is nothing of what may have been made, or look again: the shop may still be at it."""
        sought = list(links)
        if not sought:
            return
        now = self.keeper.clock.now()
        waiting = [replace(link, sought_at=link.sought_at or now) for link in sought if may_still_come(link, now)]
        settled = [_certain(link) for link in sought if not may_still_come(link, now)]
        with self.keeper.ours(Lane.CATALOGUE, [link.product_key for link in sought]):
            self.keeper.links.put(self.keeper.shop_id, [*waiting, *settled])
            for link in waiting:
                self.keeper.try_again(Lane.CATALOGUE, self.marks[link.product_key], LATE)
            self._remove_marks([link.product_key for link in settled])

    def unpublished(self, links: Iterable[Link]) -> None:
        """Keep that these listings are off sale, by us."""
        now = self.keeper.clock.now()
        done = [replace(_certain(link), unpublished_by_us=True, acknowledged_at=now, problem=None) for link in links]
        keys = [link.product_key for link in done]
        with self.keeper.ours(Lane.CATALOGUE, keys):
            self._keep_places(link for link in done if link.unread)
            self.keeper.links.put(self.keeper.shop_id, done)
            self.written += len(done)
            self._remove_marks(keys)

    def _keep_places(self, links: Iterable[Link]) -> None:
        """Keep whose listings these are, for nobody else may have them unasked; their stock is not looked after."""
        places = {known.item_id: known.ref for link in links for known in link.variants}
        known = self.keeper.shelves.get(self.keeper.shop_id, places) if places else {}
        fresh = [Shelf(item_id=key, ref=ref, tracked=False) for key, ref in places.items() if key not in known]
        self.keeper.shelves.put(self.keeper.shop_id, fresh)

    def outcomes(self, outcomes: Sequence[ProductOutcome]) -> None:
        """Keep what the shop acknowledged of one batch, unless another worker has taken the lane meanwhile."""
        with self.keeper.ours(Lane.CATALOGUE, [outcome.write.product.key for outcome in outcomes]):
            self._keep(outcomes)

    def _keep(self, outcomes: Sequence[ProductOutcome]) -> None:
        accepted = [self._checked(outcome) for outcome in claimed(self.keeper, outcomes)]
        good = [outcome for outcome in accepted if outcome.error is None]
        self._shelve(accepted)
        good = self._put(good)
        for outcome in accepted:
            if outcome.error is not None:
                self._fail(self._settled(outcome), outcome.error)
        self.written += len(good)
        self._look_again(outcome.link.product_key for outcome in good if _found(outcome))
        for outcome in good:
            if outcome.link.sought_at:
                self.keeper.try_again(Lane.CATALOGUE, self.marks[outcome.link.product_key], LATE)
        self._remove_marks([outcome.link.product_key for outcome in good if not outcome.link.sought_at])

    def _settled(self, outcome: ProductOutcome) -> Link:
        """Say what is still in doubt after an outcome.

        Where the shop failed half way, everything may be otherwise than was acknowledged. Where an earlier write was in
        doubt, what is archived by now was looked for; if it was not there it is looked for once more.
        """
        link, now = replace(outcome.link, traces=traces_left(outcome)), self.keeper.clock.now()
        if isinstance(outcome.error, RetryLaterError):
            return replace(link, attempted_at=link.attempted_at or now)
        if link.attempted_at and _lacks_archived(outcome) and may_still_come(link, now):
            return replace(link, sought_at=link.sought_at or now)
        return _certain(link)

    def _put(self, outcomes: Sequence[ProductOutcome]) -> list[ProductOutcome]:
        """Keep the links of a batch; returns those that could be kept.

        One that is too large keeps its former link, with the problem and the note that its listing may exist.
        """
        shop, now, kept = self.keeper.shop_id, self.keeper.clock.now(), list(outcomes)
        try:
            self.keeper.links.put(shop, [outcome.link for outcome in outcomes])
        except SomeRejectedError:
            kept = []
            for outcome in outcomes:
                try:
                    self.keeper.links.put(shop, [outcome.link])
                    kept.append(outcome)
                except SomeRejectedError as error:
                    former = outcome.write.link
                    self._fail(replace(former, attempted_at=former.attempted_at or now), error)
        return kept

    def _look_again(self, keys: Iterable[str]) -> None:
        """Have listings that were found in the shop compared: linking changes nothing of them, not even the price.

        One that an earlier try has made may hold what was taken off sale in the till since then.
        """
        now = self.keeper.clock.now()
        self.keeper.marks.add(self.keeper.shop_id, Lane.CATALOGUE, [Mark(key, since=now, due_at=now) for key in keys])

    def _checked(self, outcome: ProductOutcome) -> ProductOutcome:
        """Stamp a good link: acknowledged now, nothing attempted any more, on sale unless the till says otherwise.

        One that was only read is as it was.
        """
        if outcome.error is not None:
            return outcome
        link = replace(
            self._settled(outcome),
            acknowledged_at=self.keeper.clock.now(),
            unpublished_by_us=outcome.write.link.unread and outcome.link.unpublished_by_us,
            problem=None,
        )
        return replace(outcome, link=link)

    def _shelve(self, outcomes: Sequence[ProductOutcome]) -> None:
        """Tell the stock lane where new listings are, and have it look at each of them.

        Stock may have moved since the product was planned, and until now the stock lane did not know the listing.
        """
        now = self.keeper.clock.now()
        self.keeper.shelves.put(self.keeper.shop_id, new_shelves(self.keeper, outcomes))
        fresh = [item_id for item_id, tracked in new_listings(outcomes).items() if tracked]
        self.keeper.marks.add(
            self.keeper.shop_id, Lane.STOCK, [Mark(item_id, since=now, due_at=now) for item_id in fresh]
        )

    def _fail(self, link: Link, error: TillbridgeError) -> None:
        """Keep the problem on the link and look again after a growing pause; the other products go on."""
        now = self.keeper.clock.now()
        tries = link.problem.tries + 1 if link.problem else 1
        problem = Problem(
            code=error.code,
            happened=error.happened,
            remedy=error.remedy,
            since=link.problem.since if link.problem else now,
            tries=tries,
            retry_at=now + pause_after(tries),
        )
        self.keeper.links.put(self.keeper.shop_id, [replace(link, problem=problem)])
        self.keeper.try_again(Lane.CATALOGUE, self.marks[link.product_key], pause_after(tries))
        self.failed += 1

    def _link(self, key: str) -> Link:
        return self.links.get(key, Link(product_key=key))

    def _remove_marks(self, keys: Iterable[str]) -> None:
        self.keeper.marks.remove(
            self.keeper.shop_id, Lane.CATALOGUE, [mark for key in keys for mark in self.marks[key]]
        )


def _found(outcome: ProductOutcome) -> bool:
    """Tell whether a listing may have been there before: made by somebody else, or by a try that was never answered."""
    before = outcome.write.link
    return before.unread or (
        outcome.write.creates and (not outcome.link.created_by_us or before.attempted_at is not None)
    )


def _lacks_archived(outcome: ProductOutcome) -> bool:
    """Tell whether the product has variants that must not be on sale and of which no listing is known."""
    archived = [one for one in outcome.write.product.variants if one.visibility is Visibility.DRAFT]
    return any(outcome.link.variant(variant.item_id) is None for variant in archived)


def _certain(link: Link) -> Link:
    """Note that nothing of a link is in doubt any more."""
    return replace(link, attempted_at=None, sought_at=None)


def _emptied(link: Link) -> Link:
    """Forget everything of a link but that a listing may have been made that nobody knows."""
    return Link(product_key=link.product_key, attempted_at=None if link.product_id else link.attempted_at)
