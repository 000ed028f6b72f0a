"""What the shop shows, read through its own API with its owner's key."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from local.demo.stage import Stage

PAGE = 100
FIELDS = "id,sku,name,type,description,stock_quantity,regular_price"


@dataclass(frozen=True, slots=True)
class ShopWindow:
    """Looks at listings: all of them, or some by their SKUs."""

    stage: Stage

    def by_sku(self) -> dict[str, dict[str, Any]]:
        """Give everything sellable that has an SKU."""
        return {row["sku"]: row for row in self._all() if row["sku"]}

    def listing(self, sku: str) -> dict[str, Any]:
        """Give one listing."""
        found: list[dict[str, Any]] = self.stage.shop("/products", sku=sku, _fields=FIELDS)
        return found[0]

    def quantity(self, sku: str) -> int:
        """Give how many one listing shows."""
        return int(self.listing(sku)["stock_quantity"])

    def quantities(self, skus: Sequence[str]) -> dict[str, int]:
        """Give how many some listings show, a page of them per call."""
        rows = [
            row
            for start in range(0, len(skus), PAGE)
            for row in self.stage.shop(
                "/products", sku=",".join(skus[start : start + PAGE]), per_page=str(PAGE), _fields="sku,stock_quantity"
            )
        ]
        return {row["sku"]: int(row["stock_quantity"]) for row in rows}

    def _all(self) -> Iterator[dict[str, Any]]:
        """Go through everything sellable in the shop."""
        page = 1
        while rows := self.stage.shop("/products", per_page=str(PAGE), page=str(page), _fields=FIELDS):
            for row in rows:
                if row["type"] == "variable":
                    path = f"/products/{row['id']}/variations"
                    yield from self.stage.shop(path, per_page=str(PAGE), _fields="id,sku,stock_quantity,regular_price")
                else:
                    yield row
            page += 1
