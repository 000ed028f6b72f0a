"""A shop as its owner sees it through the shop's own API: what stands in it, how much of it, and what is ordered."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import requests

from tests.bench.least import PAGE, Assortment

SECONDS = 60
AT_ONCE = 50  # SKUs in one question: addresses have their limits


@dataclass(frozen=True, slots=True)
class Place:
    """Where a SKU is: its own id, its parent's (0 for a simple product), and the stock shown."""

    listing: int
    parent: int
    quantity: int | None


class ShopView:
    """Reads and orders with the owner's key, not with ours."""

    def __init__(self, url: str, key: str, secret: str, ca_file: str) -> None:
        self._api = f"{url}/wp-json/wc/v3"
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.verify = ca_file
        self._session.auth = (key, secret)

    def get(self, route: str, **params: str) -> Any:
        """Read one answer."""
        answer = self._session.get(f"{self._api}/{route}", params=params, timeout=SECONDS)
        answer.raise_for_status()
        return answer.json()

    def order(self, place: Place) -> int:
        """Have a shopper order one unit and pay; gives the order's id."""
        line = {"product_id": place.parent or place.listing, "variation_id": place.listing if place.parent else 0}
        return int(self._send("POST", "orders", {"set_paid": True, "line_items": [{**line, "quantity": 1}]})["id"])

    def complete(self, order: int) -> None:
        """Complete an order, as the shop does when it has left."""
        self._send("PUT", f"orders/{order}", {"status": "completed"})

    def _send(self, method: str, route: str, body: Mapping[str, object]) -> Any:
        answer = self._session.request(method, f"{self._api}/{route}", json=body, timeout=SECONDS)
        answer.raise_for_status()
        return answer.json()

    def rows(self, route: str, **params: str) -> Iterator[dict[str, Any]]:
        """Read a list to its end."""
        page = 1
        while rows := self.get(route, per_page=str(PAGE), page=str(page), **params):
            yield from rows
            page += 1

    def places(self, skus: Sequence[str]) -> Mapping[str, Place]:
        """Find SKUs, of simple products and of variations."""
        found: dict[str, Place] = {}
        for start in range(0, len(skus), AT_ONCE):
            asked = ",".join(skus[start : start + AT_ONCE])
            for row in self.rows("products", sku=asked, _fields="id,parent_id,sku,stock_quantity"):
                found[row["sku"]] = Place(row["id"], row["parent_id"], row["stock_quantity"])
        return found

    def assortment(self) -> Assortment:
        """Count what a first sync has made of an empty shop."""
        products = list(self.rows("products", _fields="id,type,images"))
        parents = [row["id"] for row in products if row["type"] == "variable"]
        below = [list(self.rows(f"products/{parent}/variations", _fields="id,image")) for parent in parents]
        pictured = [sum(row["image"] is not None for row in rows) for rows in below]
        terms = [len(list(self.rows(f"products/attributes/{row['id']}/terms"))) for row in self.get(ATTRIBUTES)]
        return Assortment(
            simple=len(products) - len(parents),
            variations=[len(rows) for rows in below],
            pictured_products=sum(bool(row["images"]) for row in products),
            pictured_variations=[count for count in pictured if count],
            category_levels=_levels(list(self.rows("products/categories"))),
            brands=len(list(self.rows("products/brands"))),
            terms=terms,
        )


ATTRIBUTES = "products/attributes"
UNCATEGORISED = 15  # the shop has this category from the beginning


def _levels(categories: Sequence[Mapping[str, Any]]) -> list[int]:
    """Count categories per level of the tree, without the one that every shop has."""
    parents = {row["id"]: row["parent"] for row in categories if row["id"] != UNCATEGORISED}
    return [count for _, count in sorted(Counter(_depth(parents, one) for one in parents).items())]


def _depth(parents: Mapping[int, int], category: int) -> int:
    depth = 1
    while category := parents[category]:
        depth += 1
    return depth
