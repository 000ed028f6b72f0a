"""Meet everything a shop lists, so that items find listings that are there already. Resumable after any page.

Phases: the listings; then (but in the first survey) those are forgotten that were not met any more; then links whose
listing was not met are looked up one by one. Only a survey that came to its end counts, and what it did not meet is
gone from the shop only if the shop says so when asked for that very listing: a page that was cut short, or given
twice, can make nothing missing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import timedelta

from tillbridge.domain.agreement import live
from tillbridge.domain.judging import LinkState
from tillbridge.domain.listing import Sighting
from tillbridge.domain.merchant import Lane
from tillbridge.domain.product import LISTING_GONE, Link, ListingRef, Problem
from tillbridge.domain.work import Mark, Run
from tillbridge.flows.chunks import in_chunks
from tillbridge.flows.shopkeeper import ShopKeeper

SURVEY = "survey"
LISTINGS, FORGET, LINKS, DONE = "listings", "forget", "links", "done"
FORGET_CHUNK = 500
LINKS_CHUNK = 100
MOST_NAMED = 3
EVERY = timedelta(days=7)
LOOKING = frozenset({LISTING_GONE, *map(str, LinkState)})
"""Problems that end when the shop lists something else than it did."""

GONE = "Its listing was deleted in the shop, in whole or in part."
GONE_REMEDY = (
    "Restore it from the shop's trash; or have it made anew with the action create, or linked with another listing, by "
    "`tillbridge links --load`; or take the item out of the selection in the till."
)


@dataclass(frozen=True, slots=True)
class Surveyed:
    """What surveys tell of a shop. One that was ``empty`` has had nothing but what we made since."""

    empty: bool


def survey(keeper: ShopKeeper) -> bool:
    """Go on with the survey under way, or begin one; false when the deadline came first."""
    run = keeper.runs.get(keeper.shop_id, SURVEY)
    if run is None or run.phase == DONE:
        now = keeper.clock.now()
        run = _save(keeper, Run(kind=SURVEY, started_at=now, phase=LISTINGS, after="", first=run is None))
    steps = {LISTINGS: _read_listings, FORGET: _forget_unmet, LINKS: _look_for_unmet}
    while run.phase != DONE and not keeper.out_of_time():
        keeper.fence.hold()
        run = steps[run.phase](keeper, run)
    return run.phase == DONE


def under_way(keeper: ShopKeeper) -> bool:
    """Tell whether a survey was begun and has not come to its end: whoever worked at it may have died."""
    run = keeper.runs.get(keeper.shop_id, SURVEY)
    return run is not None and run.phase != DONE


def due(keeper: ShopKeeper) -> bool:
    """Tell whether it is time for another survey: after a week, or at once when some product looks for its listing.

    Listings that are linked are read back every night without it (``flows.reconcile``).
    """
    run = keeper.runs.get(keeper.shop_id, SURVEY)
    if run is None or run.finished_at is None or keeper.clock.now() - run.finished_at >= EVERY:
        return True
    return any(link.problem and link.problem.code in LOOKING for link in keeper.links.troubled(keeper.shop_id))


def surveyed(keeper: ShopKeeper) -> Surveyed | None:
    """Tell what surveys say of the shop, ``None`` before the first has come to its end."""
    run = keeper.runs.get(keeper.shop_id, SURVEY)
    if run is None or (run.first and run.phase != DONE):
        return None
    return Surveyed(empty=run.phase == DONE and run.done == 0)


def gone_problem(keeper: ShopKeeper, link: Link) -> Problem:
    """Say that the shop has a link's listing no longer; it keeps the time since when that is known."""
    known = link.problem if link.problem and link.problem.code == LISTING_GONE else None
    since = known.since if known else keeper.clock.now()
    return Problem(code=LISTING_GONE, happened=GONE, remedy=GONE_REMEDY, since=since, tries=known.tries if known else 1)


def gone_told(gone: Iterable[ListingRef]) -> str:
    """Say what is gone: the listing as a whole, or which of its variants."""
    refs = sorted(gone, key=str)
    named = [str(ref) for ref in refs if not ref.variant_id] or [str(ref) for ref in refs]
    more = f" and {len(named) - MOST_NAMED} more" if len(named) > MOST_NAMED else ""
    return f"{GONE} It no longer has {', '.join(named[:MOST_NAMED])}{more}."


def unseen(keeper: ShopKeeper, links: Sequence[Link]) -> Mapping[str, frozenset[ListingRef]]:
    """Ask the shop for the listings of links: product key -> what it has no longer, if anything."""
    wanted = expected(links)
    there = keeper.shop.observe(wanted) if wanted else {}
    return {link.product_key: gone for link in links if (gone := _lost(link, there.keys()))}


def expected(links: Iterable[Link]) -> list[ListingRef]:
    """List what ``unseen`` asks the shop for."""
    return list(dict.fromkeys(ref for link in links for ref in _expected(link)))


def _expected(link: Link) -> list[ListingRef]:
    """List what the shop should have of a product: the listing as a whole, and the variants on sale."""
    return list(dict.fromkeys([ListingRef(link.product_id), *(known.ref for known in live(link))]))


def _lost(link: Link, there: AbstractSet[ListingRef]) -> frozenset[ListingRef]:
    """Name what is gone; with the listing as a whole go all of its variants."""
    lost = frozenset(_expected(link)) - there
    return lost.union(known.ref for known in link.variants) if ListingRef(link.product_id) in lost else lost


def _save(keeper: ShopKeeper, run: Run) -> Run:
    keeper.runs.put(keeper.shop_id, SURVEY, run)
    return run


def _read_listings(keeper: ShopKeeper, run: Run) -> Run:
    for page in keeper.shop.listings(run.after):
        keeper.sightings.keep(keeper.shop_id, page.products, run.started_at)
        following = LINKS if run.first else FORGET
        run = _save(
            keeper,
            replace(
                run,
                phase=following if page.last else LISTINGS,
                after="" if page.last else page.after,
                done=run.done + len(page.products),
            ),
        )
        if keeper.out_of_time():
            break
    return run


def _forget_unmet(keeper: ShopKeeper, run: Run) -> Run:
    """Forget listings that this survey did not meet; if one is there after all, the next survey meets it again."""
    for chunk in in_chunks(keeper.sightings.every(keeper.shop_id, run.after), FORGET_CHUNK):
        unmet = [one.listed.product_id for one in chunk if one.survey < run.started_at]
        keeper.sightings.forget(keeper.shop_id, unmet)
        run = _save(keeper, replace(run, after=chunk[-1].listed.product_id))
        if keeper.out_of_time():
            return run
    return _save(keeper, replace(run, phase=LINKS, after=""))


def _look_for_unmet(keeper: ShopKeeper, run: Run) -> Run:
    """Ask the shop for the listings of links that the survey did not meet, and note those that are gone."""
    for chunk in in_chunks(keeper.links.every(keeper.shop_id, run.after), LINKS_CHUNK):
        gone = _gone(keeper, run, [link for link in chunk if link.product_id])
        _note_gone(keeper, gone)
        run = _save(keeper, replace(run, after=chunk[-1].product_key, marked=run.marked + len(gone)))
        if keeper.out_of_time():
            return run
    _look_again(keeper)
    return _save(keeper, replace(run, phase=DONE, after="", finished_at=keeper.clock.now()))


def _gone(keeper: ShopKeeper, run: Run, links: Sequence[Link]) -> list[Link]:
    met = keeper.sightings.get(keeper.shop_id, {link.product_id for link in links})
    unmet = [link for link in links if not _was_met(link, met.get(link.product_id), run)]
    missing = unseen(keeper, unmet)
    return [link for link in unmet if link.product_key in missing]


def _was_met(link: Link, sighting: Sighting | None, run: Run) -> bool:
    if sighting is None or sighting.survey < run.started_at:
        return False
    return all(sighting.listed.variant(known.ref) for known in live(link))


def _note_gone(keeper: ShopKeeper, links: Sequence[Link]) -> None:
    """Keep that listings are gone, and have their products look for another; the mark is written first."""
    if not links:
        return
    now = keeper.clock.now()
    marks = [Mark(link.product_key, since=now, due_at=now) for link in links]
    keeper.fence.prove()
    keeper.marks.add(keeper.shop_id, Lane.CATALOGUE, marks)
    keeper.links.put(keeper.shop_id, [replace(link, problem=gone_problem(keeper, link)) for link in links])


def _look_again(keeper: ShopKeeper) -> None:
    """Have products that found no listing before, or not a single one, look again: the shop is known better now."""
    now = keeper.clock.now()
    for chunk in in_chunks(_unlisted(keeper), LINKS_CHUNK):
        keeper.marks.add(keeper.shop_id, Lane.CATALOGUE, [Mark(key, since=now, due_at=now) for key in chunk])


def _unlisted(keeper: ShopKeeper) -> Iterator[str]:
    return (link.product_key for link in keeper.links.troubled(keeper.shop_id) if not link.product_id)
