"""Goes through a list page by page. Lazy: nothing is requested before it is asked for, and nothing is kept."""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from tillbridge.domain.errors import GarbledAnswerError, ItemRejectedError, Subject
from tillbridge.systems.http.answer import Answer
from tillbridge.systems.lightspeed.client import LightspeedClient
from tillbridge.systems.lightspeed.envelope import Envelope, garbled, open_envelope
from tillbridge.systems.lightspeed.order import Order
from tillbridge.systems.lightspeed.parse import JsonObject, UnreadableError
from tillbridge.systems.lightspeed.resources import PAGE_SIZE, Listing
from tillbridge.systems.till import Page

Row = TypeVar("Row")
Reader = Callable[[JsonObject], Row | None]
"""Reads a row; ``None`` leaves it out, ``UnreadableError`` rejects it."""


def read_pages(
    client: LightspeedClient, listing: Listing, order: Order, reader: Reader[Row], **filters: str
) -> Iterator[Page[Row]]:
    """Read a list in an order; each page is wholly checked before any of its rows is given out."""
    url, params = client.list_url(listing.resource), {**list_params(listing), **order.params(), **filters}
    seen: set[int] = set()
    while url:
        answer = client.get(url, params, resource=listing.resource, cost=listing.cost, lane=listing.lane)
        envelope = open_envelope(answer, listing.resource)
        _check(answer, envelope, listing, order, seen)
        if envelope.next_url:
            client.check_next(envelope.next_url, listing.resource)
        url, params = envelope.next_url, {}
        yield _page(envelope, listing, reader, client.subject)


def read_whole(
    client: LightspeedClient, listing: Listing, order: Order, reader: Reader[Row], **filters: str
) -> list[Row]:
    """Read a list to its end; one row that cannot be understood spoils it, with ``GarbledAnswerError``."""
    return [row for page in read_pages(client, listing, order, reader, **filters) for row in whole(page)]


def whole(page: Page[Row]) -> tuple[Row, ...]:
    """Give the rows of a page of which every row must be understood."""
    if page.rejected:
        first = page.rejected[0]
        raise GarbledAnswerError(first.happened, remedy=first.remedy, subject=first.subject)
    return page.rows


def list_params(listing: Listing) -> dict[str, str]:
    """Give the parameters that every page of a list is asked with; they are percent-encoded when sent."""
    relations = {"load_relations": json.dumps(listing.relations, separators=(",", ":"))} if listing.relations else {}
    archived = {"archived": "true"} if listing.archives else {}
    return {"limit": str(PAGE_SIZE), **relations, **archived}


def _check(answer: Answer, envelope: Envelope, listing: Listing, order: Order, seen: set[int]) -> None:
    try:
        order.check(envelope.rows)
    except ValueError as error:
        raise garbled(answer, listing.resource, str(error)) from None
    count = len(envelope.rows)
    if count > PAGE_SIZE or (envelope.next_url and count < PAGE_SIZE):
        raise garbled(answer, listing.resource, f"a page of {PAGE_SIZE} rows was asked for and one of {count} came")
    place = hash(envelope.next_url)
    if place in seen:
        raise garbled(answer, listing.resource, "it goes on at a page that was read already")
    if envelope.next_url:
        seen.add(place)


def _page(envelope: Envelope, listing: Listing, reader: Reader[Row], subject: Subject) -> Page[Row]:
    rows, rejected = _read_rows(envelope.rows, listing, reader, subject)
    return Page(tuple(rows), envelope.served_at, last=not envelope.next_url, rejected=tuple(rejected))


def _read_rows(
    raw: Sequence[JsonObject], listing: Listing, reader: Reader[Row], subject: Subject
) -> tuple[list[Row], list[ItemRejectedError]]:
    rows: list[Row] = []
    rejected: list[ItemRejectedError] = []
    for entry in raw:
        try:
            row = reader(entry)
        except UnreadableError as error:
            rejected.append(_rejection(error, entry, listing, subject))
            continue
        if row is not None:
            rows.append(row)
    return rows, rejected


def _rejection(error: UnreadableError, row: JsonObject, listing: Listing, subject: Subject) -> ItemRejectedError:
    thing = f"{listing.thing} {row.get(listing.id_field)}"
    if listing.resource == "ItemShop":
        thing += f" (item {row.get('itemID')})"
    return ItemRejectedError(
        f"Lightspeed gives {thing} in a form that cannot be used: {error}.",
        remedy=f"Open it in Lightspeed, correct {error.field} and save it; if it looks right there, tell the operator.",
        code="Unreadable",
        subject=Subject(subject.merchant, subject.system, subject.connection, thing),
    )
