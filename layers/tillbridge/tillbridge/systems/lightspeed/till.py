"""The till as the flows see it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from tillbridge.domain.catalogue import Item, Matrix, Reference
from tillbridge.domain.errors import GarbledAnswerError
from tillbridge.domain.stock import StockLevel
from tillbridge.systems.common.pieces import in_pieces
from tillbridge.systems.http.answer import Answer
from tillbridge.systems.lightspeed import parse_reference as to
from tillbridge.systems.lightspeed.client import LightspeedClient
from tillbridge.systems.lightspeed.envelope import garbled, only_row, open_envelope
from tillbridge.systems.lightspeed.order import AnyOrder, ById, ByTime
from tillbridge.systems.lightspeed.pages import list_params, read_pages, read_whole
from tillbridge.systems.lightspeed.parse import (
    JsonObject,
    Model,
    UnreadableError,
    read,
    read_item,
    read_level,
    read_matrix,
    read_stocked_item,
)
from tillbridge.systems.lightspeed.quirks import read_id
from tillbridge.systems.lightspeed.resources import (
    ATTRIBUTE_SETS,
    CATEGORIES,
    ITEMS,
    LAST_ITEM,
    LOCATIONS,
    MANUFACTURERS,
    MATRICES,
    PAGE_SIZE,
    PRICE_LEVELS,
    STOCK,
    STOCK_OF_ITEMS,
    STOCKED_ITEMS,
    Listing,
)
from tillbridge.systems.lightspeed.rights import SELLING_NEEDS, missing_rights
from tillbridge.systems.lightspeed.wire import WireAccount, WireSession
from tillbridge.systems.till import Page, StockedItem, TillAccount

Entry = TypeVar("Entry")


class LightspeedTill:
    """Lightspeed Retail (R-Series), read only. Implements ``systems.till.Till``.

    Without an ``account_id`` only ``account`` can be asked: that is how the account of a new grant is found.
    """

    def __init__(self, client: LightspeedClient, account_id: str = "") -> None:
        self._client = client.of_account(account_id)

    def account(self) -> TillAccount:
        """Identify the account and the rights of the grant; two calls."""
        answer = self._client.get(self._client.account_url(), resource="Account")
        account = _record(answer, "Account", WireAccount, only_row(answer, "Account"))
        answer = self._client.get(self._client.session_url(), resource="Session")
        session = _record(answer, "Session", WireSession, answer.json())
        if session.account_id != account.account_id:
            raise garbled(answer, "Session", f"it is about account {session.account_id}, not {account.account_id}")
        rights = frozenset(name for name, granted in session.rights.items() if granted)
        return TillAccount(
            account.account_id, account.name, rights, missing_rights(rights), missing_rights(rights, SELLING_NEEDS)
        )

    def reference(self) -> Reference:
        """Read the lists that items point into; one call per list and hundred rows."""
        return Reference(
            locations=self._all(LOCATIONS, to.read_location, lambda row: row.location_id),
            categories=self._all(CATEGORIES, to.read_category, lambda row: row.category_id),
            manufacturers=self._all(MANUFACTURERS, to.read_manufacturer, lambda row: row.manufacturer_id),
            price_levels=self._all(PRICE_LEVELS, to.read_price_level, lambda row: row.price_level_id),
            attribute_sets=self._all(ATTRIBUTE_SETS, to.read_attribute_set, lambda row: row.attribute_set_id),
        )

    def last_item_id(self) -> str:
        """Tell the highest item id, "0" when there are no items."""
        params = {**list_params(LAST_ITEM), "limit": "1", "sort": f"-{LAST_ITEM.id_field}"}
        answer = self._client.get(
            self._client.list_url(LAST_ITEM.resource), params, resource=LAST_ITEM.resource, cost=LAST_ITEM.cost
        )
        rows = open_envelope(answer, LAST_ITEM.resource).rows
        try:
            ById(LAST_ITEM.id_field).check(rows[:1])
        except ValueError as error:
            raise garbled(answer, LAST_ITEM.resource, str(error)) from None
        return str(rows[0][LAST_ITEM.id_field]) if rows else "0"

    def items_after(self, item_id: str) -> Iterator[Page[StockedItem]]:
        """Read every item with its stock in the order of ids."""
        return read_pages(self._client, STOCKED_ITEMS, ById(STOCKED_ITEMS.id_field, item_id), read_stocked_item)

    def items_by_id(self, item_ids: Sequence[str]) -> Mapping[str, Item | None]:
        """Look items up by id, a hundred per call; one that is there and cannot be understood is ``None``."""
        unique = list(dict.fromkeys(item_ids))
        found: dict[str, Item | None] = {}
        for piece in in_pieces(unique, PAGE_SIZE):
            among = {ITEMS.id_field: f"IN,[{','.join(piece)}]"}
            for page in read_pages(self._client, ITEMS, AnyOrder(ITEMS.id_field), _read_if_clear, **among):
                found |= dict(page.rows)
        if strangers := found.keys() - set(unique):
            happened = f"Lightspeed was asked for some items by id and gave item {min(strangers)} as well."
            raise GarbledAnswerError(happened, subject=self._client.subject)
        return found

    def matrices_after(self, matrix_id: str) -> Iterator[Page[Matrix]]:
        """Read every matrix in the order of ids."""
        return read_pages(self._client, MATRICES, ById(MATRICES.id_field, matrix_id), read_matrix)

    def items_since(self, since: datetime) -> Iterator[Page[Item]]:
        """Read the items changed since a time; a change of stock alone does not count as one."""
        return self._since(ITEMS, since, read_item)

    def matrices_since(self, since: datetime) -> Iterator[Page[Matrix]]:
        """Read the matrices changed since a time."""
        return self._since(MATRICES, since, read_matrix)

    def stock_since(self, since: datetime) -> Iterator[Page[StockLevel]]:
        """Read the stock rows changed since a time. The sums of all locations are not even asked for."""
        return read_pages(self._client, STOCK, ByTime(STOCK.id_field, since), read_level, shopID="!=,0")

    def stock_of(self, item_ids: Sequence[str]) -> Mapping[str, tuple[StockLevel, ...]]:
        """Read the stock of these items now; one call, as ``IN`` takes a hundred values (facts/lightspeed.md, A3)."""
        if not item_ids:
            return {}
        wanted = f"IN,[{','.join(item_ids)}]"
        order = ById(STOCK_OF_ITEMS.id_field)
        found: dict[str, tuple[StockLevel, ...]] = {}
        for page in read_pages(self._client, STOCK_OF_ITEMS, order, read_stocked_item, itemID=wanted):
            found |= {row.item.item_id: row.levels for row in page.rows}
        if strange := found.keys() - set(item_ids):
            raise GarbledAnswerError(
                f"The till was asked for the stock of some items, and told of item {min(strange)} instead.",
                subject=self._client.subject,
            )
        return found

    def _since(self, listing: Listing, since: datetime, reader: Callable[[JsonObject], Entry]) -> Iterator[Page[Entry]]:
        """Ask without relations first, at a third of the price: nearly always nothing has changed.

        Otherwise everything is read from the beginning, so that no row counts of which only a part was seen, and what
        happens between the two readings is in the second. Not even rows that look as we know them are left out: times
        are whole seconds, and relations may have changed within the same one.
        """
        look = next(read_pages(self._client, replace(listing, relations=()), ByTime(listing.id_field, since), dict))
        if look.rows:
            yield from read_pages(self._client, listing, ByTime(listing.id_field, since), reader)
        else:
            yield Page((), look.served_at, last=look.last)

    def _all(
        self, listing: Listing, reader: Callable[[JsonObject], Entry], key_of: Callable[[Entry], str]
    ) -> dict[str, Entry]:
        """Read a whole list. Entries are pointed to from everywhere, so that one bad entry spoils the list."""
        return {key_of(row): row for row in read_whole(self._client, listing, AnyOrder(listing.id_field), reader)}


def _read_if_clear(row: JsonObject) -> tuple[str, Item | None]:
    """Read an item with its id, which its list has checked already."""
    item_id = read_id(row[ITEMS.id_field])
    try:
        return item_id, read_item(row)
    except UnreadableError:
        return item_id, None


def _record(answer: Answer, resource: str, model: type[Model], body: object) -> Model:
    if not isinstance(body, dict):
        raise garbled(answer, resource, "it holds no record")
    try:
        return read(model, body)
    except UnreadableError as error:
        raise garbled(answer, resource, str(error)) from None
