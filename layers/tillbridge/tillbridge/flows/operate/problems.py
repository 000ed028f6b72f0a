"""What is not in step, why, and what to do about it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from tillbridge.domain.merchant import Connection, ConnectionState, Lane, Merchant
from tillbridge.domain.product import Link, Problem
from tillbridge.domain.work import Mark, Reject, Shelf
from tillbridge.flows.operate.answers import ProblemAnswer
from tillbridge.flows.operate.names import product_names
from tillbridge.flows.operate.register import Portion, Register
from tillbridge.flows.operate.unlinked import CODE, REMEDY, UnlinkedBook, UnlinkedUnits
from tillbridge.flows.ports import Deadline, Links, Marks, Mirror, Rejects, Shelves

MOST_ROWS = 500
"""Problems listed per shop and lane: more than a person reads, in an answer that is not too large."""

MARKS_READ = 10_000

PATIENCE = 3
"""Tries after which something that only waits for the till is shown as well."""


@dataclass(frozen=True, slots=True)
class ProblemBook:
    """Problems stand on connections, rows of the till, links (catalogue), shelves (stock) and orders."""

    register: Register
    mirror: Mirror
    links: Links
    shelves: Shelves
    marks: Marks
    rejects: Rejects
    unlinked: UnlinkedBook

    def everything(self, merchant_id: str | None, after: str | None, deadline: Deadline) -> Portion[ProblemAnswer]:
        """List the problems of one merchant, or of everybody."""
        return self.register.each(merchant_id, after, deadline, self.of)

    def of(self, merchant: Merchant) -> Sequence[ProblemAnswer]:
        """List the problems of one merchant: connections first, then products and stock of each shop."""
        rows = [_of_connection(one) for one in self.register.of(merchant) if one.state is not ConnectionState.ACTIVE]
        till = next((one for one in self.register.of(merchant) if one.system.is_till), None)
        if till is not None:
            rows += [_of_reject(till, reject) for reject in islice(self.rejects.list(till.connection_id), MOST_ROWS)]
        for shop in self.register.shops(merchant):
            rows += self._of_products(shop, till.connection_id if till else "")
            rows += self._of_stock(shop, till.connection_id if till else "")
            rows += [_of_units(shop, units) for units in self.unlinked.units(shop.connection_id)]
        return rows

    def _of_products(self, shop: Connection, till: str) -> Iterator[ProblemAnswer]:
        links = list(islice(self.links.troubled(shop.connection_id), MOST_ROWS))
        known = {link.product_key for link in links}
        stuck = [mark for mark in self._stuck(shop, Lane.CATALOGUE) if mark.key not in known]
        names = product_names(self.mirror, till, [*known, *(mark.key for mark in stuck)])
        for link in links:
            if link.problem:
                yield _of_link(shop, link, link.problem, names.get(link.product_key, ""))
        for mark in stuck:
            yield _of_mark(shop, Lane.CATALOGUE, mark, names.get(mark.key, ""))

    def _of_stock(self, shop: Connection, till: str) -> Iterator[ProblemAnswer]:
        """A shelf with a problem always has a mark that was tried before, so the marks lead to it."""
        tried = {mark.key: mark for mark in self._tried(shop, Lane.STOCK)}
        shelves = self.shelves.get(shop.connection_id, tried)
        names = self._item_names(till, tried)
        for key, mark in islice(tried.items(), MOST_ROWS):
            shelf = shelves.get(key)
            if shelf is not None and shelf.problem_code:
                yield _of_shelf(shop, shelf, mark, names.get(key, ""))
            elif mark.tries >= PATIENCE:
                yield _of_mark(shop, Lane.STOCK, mark, names.get(key, ""))

    def _tried(self, shop: Connection, lane: Lane) -> list[Mark]:
        return [mark for mark in self.marks.waiting(shop.connection_id, lane, MARKS_READ) if mark.tries]

    def _stuck(self, shop: Connection, lane: Lane) -> Iterable[Mark]:
        patient = [mark for mark in self._tried(shop, lane) if mark.tries >= PATIENCE]
        return {mark.key: mark for mark in islice(patient, MOST_ROWS)}.values()

    def _item_names(self, till: str, item_ids: Iterable[str]) -> Mapping[str, str]:
        return {item_id: item.description for item_id, item in self.mirror.items(till, item_ids).items()}


def _of_connection(connection: Connection) -> ProblemAnswer:
    return ProblemAnswer(
        merchant=connection.merchant_id,
        connection=connection.connection_id,
        system=connection.system,
        lane=None,
        key="",
        thing="connection",
        name=connection.account_name,
        code=str(connection.state),
        happened=connection.cause,
        remedy=connection.remedy,
        since=connection.changed_at,
        tries=0,
        retry_at=connection.retry_at,
    )


def _of_reject(till: Connection, reject: Reject) -> ProblemAnswer:
    """Show a row of the till that nobody understood; reading it again is all that could be retried."""
    return ProblemAnswer(
        merchant=till.merchant_id,
        connection=till.connection_id,
        system=till.system,
        lane=None,
        key="",
        thing=reject.thing,
        name="",
        code="unreadable",
        happened=reject.happened,
        remedy=reject.remedy,
        since=reject.seen_at,
        tries=0,
        retry_at=None,
    )


def _of_link(shop: Connection, link: Link, problem: Problem, name: str) -> ProblemAnswer:
    return ProblemAnswer(
        merchant=shop.merchant_id,
        connection=shop.connection_id,
        system=shop.system,
        lane=Lane.CATALOGUE,
        key=link.product_key,
        thing=link.product_key,
        name=name,
        code=problem.code,
        happened=problem.happened,
        remedy=problem.remedy,
        since=problem.since,
        tries=problem.tries,
        retry_at=problem.retry_at,
    )


def _of_shelf(shop: Connection, shelf: Shelf, mark: Mark, name: str) -> ProblemAnswer:
    return ProblemAnswer(
        merchant=shop.merchant_id,
        connection=shop.connection_id,
        system=shop.system,
        lane=Lane.STOCK,
        key=shelf.item_id,
        thing=f"item {shelf.item_id}",
        name=name,
        code=shelf.problem_code,
        happened=shelf.problem,
        remedy=shelf.remedy,
        since=mark.since,
        tries=mark.tries,
        retry_at=mark.due_at,
    )


def _of_units(shop: Connection, units: UnlinkedUnits) -> ProblemAnswer:
    """Show a line of an order; nothing is to be retried, since linking settles it."""
    return ProblemAnswer(
        merchant=shop.merchant_id,
        connection=shop.connection_id,
        system=shop.system,
        lane=None,
        key="",
        thing=f"order {units.number}",
        name="",
        code=CODE,
        happened=units.happened,
        remedy=REMEDY,
        since=units.since,
        tries=0,
        retry_at=None,
    )


def _of_mark(shop: Connection, lane: Lane, mark: Mark, name: str) -> ProblemAnswer:
    """Show what waits for something of the till that does not come, before it waits for ever unseen."""
    return ProblemAnswer(
        merchant=shop.merchant_id,
        connection=shop.connection_id,
        system=shop.system,
        lane=lane,
        key=mark.key,
        thing=mark.key if lane is Lane.CATALOGUE else f"item {mark.key}",
        name=name,
        code="not_read_yet",
        happened="A part of it has not been read from the till yet: its matrix, or its stock at one of the locations.",
        remedy="If it stays, read everything (tillbridge sync --full) and check the setting stock_locations.",
        since=mark.since,
        tries=mark.tries,
        retry_at=mark.due_at,
    )
