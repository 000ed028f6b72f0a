"""Orders that change while a shop's list is read: each is seen in its last state by the next look at the latest.

Each shop's list is played as the facts tell, with three rows a page: which orders it holds, how it is sorted, and how
pages follow each other. Before every page some orders change, within one second or later.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from tests.unit.domain.samples import NOON
from tillbridge.domain.errors import Subject
from tillbridge.domain.product import WebOrder
from tillbridge.systems.bigcommerce import orders as bigcommerce
from tillbridge.systems.bigcommerce.api.client import BigClient
from tillbridge.systems.bigcommerce.traits import Traits
from tillbridge.systems.magento.api.client import MagentoClient
from tillbridge.systems.magento.api.client import Page as MagentoPage
from tillbridge.systems.magento.api.search import Criteria
from tillbridge.systems.magento.orders import OPEN, Orders, OrdersSeen
from tillbridge.systems.shop import OrderPage
from tillbridge.systems.shopify import orders as shopify
from tillbridge.systems.shopify.api.client import ShopifyClient
from tillbridge.systems.shopify.api.documents.orders import LOOK, NEWEST, ORDERS
from tillbridge.systems.woocommerce import orders as woocommerce
from tillbridge.systems.woocommerce.api.client import Listing, WooClient

pytestmark = pytest.mark.unit

ROWS = 3
SOON = timedelta(seconds=1)


@dataclass(frozen=True)
class Kept:
    """An order in the shop. Every change gives it one unit more, so that no two states are alike."""

    number: int
    changed: datetime
    units: int = 1
    open: bool = True


@dataclass
class Book:
    """The shop's orders, and what happens to them before each of the pages that are asked for."""

    orders: dict[int, Kept]
    plan: list[tuple[timedelta, list[tuple[int, bool]]]]
    time: datetime = NOON
    quiet: bool = False

    def now(self) -> datetime:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)

    @property
    def served_at(self) -> datetime:
        """The time as answers tell it."""
        return self.time.replace(microsecond=0)

    def page_is_asked_for(self) -> None:
        if self.quiet or not self.plan:
            return
        passes, changes = self.plan.pop(0)
        self.time += passes
        for number, ends in changes:
            order = self.orders[number % len(self.orders) + 1]
            still = order.open and not ends
            self.orders[order.number] = replace(order, changed=self.served_at, units=order.units + 1, open=still)

    def newest(self) -> list[Kept]:
        return sorted(self.orders.values(), key=lambda one: one.changed, reverse=True)

    def listed(self, chosen: Callable[[Kept], bool]) -> list[Kept]:
        return [order for _, order in sorted(self.orders.items()) if chosen(order)]


Look = Callable[[Book, datetime | None], OrderPage]


def with_woocommerce(book: Book, since: datetime | None) -> OrderPage:
    class Client(WooClient):
        subject = Subject()

        def __init__(self) -> None: ...

        def page(self, route: str, params: Mapping[str, str], number: int = 1) -> Listing:
            book.page_is_asked_for()
            after, before = params.get("modified_after"), params.get("modified_before")
            rows = book.listed(
                lambda one: (
                    (after is None or one.changed > datetime.fromisoformat(after))
                    and (before is None or one.changed < datetime.fromisoformat(before))
                    and ("completed" if not one.open else "processing") in params["status"].split(",")
                )
            )
            shown: Any = [
                {
                    "id": one.number,
                    "status": "processing" if one.open else "completed",
                    "date_created_gmt": "2026-01-01T00:00:00",
                    "date_modified_gmt": one.changed.replace(tzinfo=None).isoformat(),
                    "line_items": [{"product_id": 1, "quantity": one.units}],
                }
                for one in rows[(number - 1) * ROWS : number * ROWS]
            ]
            return Listing(shown, len(rows), -(-len(rows) // ROWS), book.served_at)

    if since is None:
        return woocommerce.open_orders(Client(), book, ())
    return woocommerce.orders_since(Client(), since, book, ())


def with_magento(book: Book, since: datetime | None) -> OrderPage:
    class Client(MagentoClient):
        subject = Subject()

        def __init__(self) -> None: ...

        def page(self, route: str, criteria: Criteria) -> MagentoPage:
            if route == "shipments":
                return MagentoPage([], 0, book.served_at)
            book.page_is_asked_for()
            rows = book.listed(lambda one: all(self._holds(where.field, where.value, one) for where in criteria.where))
            rows.sort(
                key=lambda one: tuple({"entity_id": one.number, "updated_at": one.changed}[by] for by in criteria.order)
            )
            first = (criteria.page - 1) * ROWS
            return MagentoPage([self._row(one) for one in rows[first : first + ROWS]], len(rows), book.served_at)

        @staticmethod
        def _holds(field: str, value: str, one: Kept) -> bool:
            match field:
                case "updated_at":
                    return one.changed >= datetime.fromisoformat(value).replace(tzinfo=UTC)
                case "entity_id":
                    return one.number > int(value)
                case _:
                    return one.open == (value == ",".join(OPEN))

        @staticmethod
        def _row(one: Kept) -> Any:
            changed = one.changed.strftime("%Y-%m-%d %H:%M:%S")
            item = {"item_id": 1, "product_id": 1, "qty_ordered": one.units}
            state = "processing" if one.open else "complete"
            return {"entity_id": one.number, "state": state, "updated_at": changed, "items": [item]}

    orders = Orders(Client(), book, OrdersSeen())
    return orders.open() if since is None else orders.since(since)


def with_bigcommerce(book: Book, since: datetime | None) -> OrderPage:
    class Client(BigClient):
        subject = Subject()

        def __init__(self) -> None:
            self.served_at = None

        def read(self, route: str, params: Mapping[str, str] | None = None) -> Any:
            assert params is not None
            book.page_is_asked_for()
            self.served_at = book.served_at
            changed, status = params.get("min_date_modified"), params.get("status_id")
            rows = book.listed(
                lambda one: (
                    one.number >= int(params.get("min_id", 0))
                    and (changed is None or one.changed >= datetime.fromisoformat(changed))
                    and (status is None or one.open == (status == "11"))
                )
            )
            return [self._row(one) for one in rows[:ROWS]] if status in {None, "11"} else None

        @staticmethod
        def _row(one: Kept) -> Any:
            lines = [{"product_id": 1, "quantity": one.units}]
            return {
                "id": one.number,
                "status_id": 11 if one.open else 10,
                "date_modified": format_datetime(one.changed),
                "consignments": {"shipping": [{"line_items": lines}]},
            }

    if since is None:
        return bigcommerce.open_orders(Client(), book, Traits())
    return bigcommerce.orders_since(Client(), since, book, Traits())


def with_shopify(book: Book, since: datetime | None) -> OrderPage:
    class Client(ShopifyClient):
        subject = Subject()

        def __init__(self) -> None:
            self.served_at = None

        def ask_all(self, document: Any, lane: Any = None, **variables: Any) -> Any:
            del lane
            assert document is LOOK
            book.page_is_asked_for()
            self.served_at = book.served_at
            few = [_shopify_row(one) for one in book.newest()[: shopify.FEW]]
            return {"newest": {"nodes": few}, "orders": self._page(variables["query"], None)}

        def ask(self, document: Any, shape: Any, field: str, lane: Any = None, **variables: Any) -> Any:
            del field, lane
            self.served_at = book.served_at
            if document is ORDERS:
                book.page_is_asked_for()
                return TypeAdapter(shape).validate_python(self._page(variables["query"], variables["after"]))
            if document is NEWEST:
                return TypeAdapter(shape).validate_python({"nodes": [_shopify_row(one) for one in book.newest()]})
            ids = {f"gid://shopify/Order/{one.number}": one for one in book.newest()}
            return TypeAdapter(shape).validate_python([_shopify_row(ids[one]) for one in variables["ids"]])

        def _page(self, query: str, after: str | None) -> Any:
            """Cursors hold the time and the id of the last row."""
            from_then = query.partition(">='")[2].rstrip("'")
            rows = book.listed(lambda one: one.changed >= datetime.fromisoformat(from_then) if from_then else one.open)
            rows.sort(key=lambda one: (one.changed, one.number))
            behind = [one for one in rows if after is None or (one.changed.isoformat(), one.number) > _cursor(after)]
            shown = behind[:ROWS]
            end = f"{shown[-1].changed.isoformat()} {shown[-1].number}" if shown else None
            info = {"hasNextPage": len(behind) > ROWS, "endCursor": end}
            return {"nodes": [_shopify_row(one) for one in shown], "pageInfo": info}

    if since is None:
        return shopify.open_orders(Client(), book)
    return shopify.orders_since(Client(), since, book)


def _shopify_row(one: Kept) -> Any:
    variant = {"id": "gid://shopify/ProductVariant/1", "product": {"id": "gid://shopify/Product/1"}}
    return {
        "id": f"gid://shopify/Order/{one.number}",
        "name": f"#{one.number}",
        "updatedAt": one.changed.isoformat(),
        "displayFulfillmentStatus": "UNFULFILLED" if one.open else "FULFILLED",
        "lineItems": {"nodes": [{"currentQuantity": one.units, "sku": "", "variant": variant}]},
    }


def _cursor(text: str) -> tuple[str, int]:
    moment, _, number = text.rpartition(" ")
    return moment, int(number)


SHOPS: Mapping[str, Look] = {
    "bigcommerce": with_bigcommerce,
    "magento": with_magento,
    "shopify": with_shopify,
    "woocommerce": with_woocommerce,
}


@contextmanager
def three_rows_a_page() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bigcommerce, "SURE_PAGE", ROWS)
        patch.setattr(shopify, "PAGE", ROWS)
        yield


changes = st.lists(st.tuples(st.integers(0, 12), st.booleans()), max_size=4)
plans = st.lists(
    st.tuples(st.sampled_from((timedelta(), timedelta(seconds=0.4), SOON, timedelta(seconds=40))), changes), max_size=8
)


def two_looks(look: Look, book: Book, since: datetime | None) -> dict[str, WebOrder]:
    """Look while orders change, and once more when all is quiet; gives each order as it was seen last."""
    with three_rows_a_page():
        first = look(book, since)
        book.quiet = True
        book.time += SOON
        second = look(book, first.next_look)
    assert first.next_look <= second.next_look
    return {order.order_id: order for page in (first, second) for order in page.orders}


@pytest.mark.parametrize("shop", SHOPS)
@settings(max_examples=150, deadline=None)
@given(st.integers(1, 11), st.lists(st.sampled_from((0, 0, 1, 600)), min_size=11, max_size=11), plans)
def test_changed_orders_are_seen_in_their_last_state(  # invariant 4
    shop: str, number: int, ages: list[int], plan: list[tuple[timedelta, list[tuple[int, bool]]]]
) -> None:
    kept = {one: Kept(one, NOON - timedelta(seconds=ages[one - 1])) for one in range(1, number + 1)}
    book = Book(kept, list(plan))
    seen = two_looks(SHOPS[shop], book, NOON - timedelta(minutes=5))
    expected = {str(one.number): one for one in book.orders.values() if one.changed >= NOON - timedelta(minutes=5)}
    assert {number: (int(order.lines[0].units), order.holds_stock) for number, order in seen.items()} == {
        number: (one.units, one.open) for number, one in expected.items()
    }


@pytest.mark.parametrize("shop", SHOPS)
@settings(max_examples=150, deadline=None)
@given(st.integers(1, 11), plans)
def test_open_orders_are_seen_in_their_last_state(  # invariant 4
    shop: str, number: int, plan: list[tuple[timedelta, list[tuple[int, bool]]]]
) -> None:
    book = Book({one: Kept(one, NOON - timedelta(days=40)) for one in range(1, number + 1)}, list(plan))
    seen = two_looks(SHOPS[shop], book, None)
    holding = {number: int(order.lines[0].units) for number, order in seen.items() if order.holds_stock}
    assert holding == {str(one.number): one.units for one in book.orders.values() if one.open}
