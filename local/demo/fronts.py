"""What each of the four shops shows, read through its own API with its owner's key, in the same form for all.

A row is what ``comparison`` takes: ``stock_quantity``, which is None where no stock is kept, and ``regular_price``.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

from local.demo.comparison import Row
from local.demo.shop_window import ShopWindow
from local.demo.stage import Stage
from local.demo.web import ask

PAGE = 250
SHOPIFY_QUERY = """
query ($after: String, $query: String, $first: Int!) {
  productVariants(first: $first, after: $after, query: $query) {
    nodes { sku price inventoryQuantity inventoryItem { tracked } }
    pageInfo { hasNextPage endCursor }
  }
}"""


class Front(Protocol):
    """One shop."""

    system: str

    @property
    def address(self) -> str:
        """What it is connected by."""

    @property
    def keys(self) -> Mapping[str, str]:
        """Give the keys that its owner has made, by the command line's variables; none, if a browser connects it."""

    def by_sku(self) -> Mapping[str, Row]:
        """Give everything sellable that has an SKU."""

    def quantities(self, skus: Sequence[str]) -> Mapping[str, int]:
        """Give how many some listings show, those that are there."""


def fronts(stage: Stage) -> tuple[Front, ...]:
    """Give the merchant's four shops."""
    ca, told = stage.cloud.ca_file, stage.others
    return (
        WooCommerce(stage),
        Shopify(ca, told["shopify"]),
        BigCommerce(ca, told["bigcommerce"]),
        Magento(ca, told["magento"]),
    )


def alike(shops: Sequence[Mapping[str, Row]]) -> Mapping[str, Row]:
    """Give the rows of the first shop of which all others have the same stock."""
    first, *others = shops
    return {
        sku: row
        for sku, row in first.items()
        if all(sku in rows and rows[sku]["stock_quantity"] == row["stock_quantity"] for rows in others)
    }


class WooCommerce:
    """The shop that the demo tells its story with."""

    system = "woocommerce"
    keys: Mapping[str, str] = {}

    def __init__(self, stage: Stage) -> None:
        self._window, self.address = ShopWindow(stage), stage.shop_url

    def by_sku(self) -> Mapping[str, Row]:
        return self._window.by_sku()

    def quantities(self, skus: Sequence[str]) -> Mapping[str, int]:
        return self._window.quantities(skus)


@dataclass
class _Other:
    """A shop whose stand-in has ``told`` where it is and how to get in."""

    ca_file: Path
    told: Mapping[str, str]

    @property
    def url(self) -> str:
        """Where it stands."""
        return self.told["tls_url"]

    def control(self, action: str, **fields: object) -> Any:  # noqa: ANN401 - JSON
        """Do something in the shop, as a shopper or its owner."""
        return ask(self.ca_file, "POST", f"{self.url}/_sandbox/{action}", json=fields)


class Shopify(_Other):
    """Read with the Admin API of GraphQL."""

    system = "shopify"

    @property
    def address(self) -> str:
        return self.told["domain"]

    @property
    def keys(self) -> Mapping[str, str]:
        token, secret = self.told["access_token"], self.told["client_secret"]
        return {"TILLBRIDGE_SHOP_TOKEN": token, "TILLBRIDGE_SHOP_CLIENT_SECRET": secret}

    def by_sku(self) -> Mapping[str, Row]:
        return {row["sku"]: _shopify_row(row) for row in self._variants() if row["sku"]}

    def quantities(self, skus: Sequence[str]) -> Mapping[str, int]:
        wanted = " OR ".join(f'sku:"{sku}"' for sku in skus)
        return {row["sku"]: row["inventoryQuantity"] for row in self._variants(wanted, len(skus)) if row["sku"] in skus}

    def _variants(self, query: str | None = None, first: int = PAGE) -> Iterator[dict[str, Any]]:
        after = None
        while True:
            body = {"query": SHOPIFY_QUERY, "variables": {"after": after, "query": query, "first": first}}
            found = self.ask(body)["data"]["productVariants"]
            yield from found["nodes"]
            if not found["pageInfo"]["hasNextPage"]:
                return
            after = found["pageInfo"]["endCursor"]

    def ask(self, body: Mapping[str, object]) -> Any:  # noqa: ANN401 - JSON
        """Ask the Admin API with a query and its variables."""
        signed = {"X-Shopify-Access-Token": self.told["access_token"]}
        return ask(self.ca_file, "POST", f"{self.url}/admin/api/2026-07/graphql.json", json=body, headers=signed)


class BigCommerce(_Other):
    """Read with the catalogue and the inventory of the V3 API."""

    system = "bigcommerce"
    keys: Mapping[str, str] = {}

    @property
    def address(self) -> str:
        return self.told["store_hash"]

    def by_sku(self) -> Mapping[str, Row]:
        shown = {row["identity"]["sku"]: _sellable(row) for row in self._rows("/inventory/items")}
        variants = (row for row in self._rows("/catalog/variants") if row["sku"])
        return {
            row["sku"]: {"stock_quantity": shown.get(row["sku"]), "regular_price": str(row["calculated_price"])}
            for row in variants
        }

    def quantities(self, skus: Sequence[str]) -> Mapping[str, int]:
        found = self._rows("/inventory/items", **{"sku:in": ",".join(skus)})
        return {row["identity"]["sku"]: _sellable(row) for row in found}

    def read(self, path: str, **params: str) -> Any:  # noqa: ANN401 - JSON
        """Read a path of the store's API, which begins with the version."""
        signed = {"X-Auth-Token": self.told["token"]}
        return ask(self.ca_file, "GET", f"{self.url}/stores/{self.address}{path}", params=params, headers=signed)

    def _rows(self, path: str, **params: str) -> Iterator[dict[str, Any]]:
        page, last = 1, 1
        while page <= last:
            answer = self.read(f"/v3{path}", **params, limit=str(PAGE), page=str(page))
            yield from answer["data"]
            page, last = page + 1, answer["meta"]["pagination"]["total_pages"]


class Magento(_Other):
    """Read as its administrator: prices of the products, quantities of the sources."""

    system = "magento"

    @property
    def address(self) -> str:
        return self.url

    @property
    def keys(self) -> Mapping[str, str]:
        return {
            "TILLBRIDGE_SHOP_KEY": self.told["consumer_key"],
            "TILLBRIDGE_SHOP_SECRET": self.told["consumer_secret"],
            "TILLBRIDGE_SHOP_TOKEN": self.told["access_token"],
            "TILLBRIDGE_SHOP_TOKEN_SECRET": self.told["access_secret"],
        }

    def by_sku(self) -> Mapping[str, Row]:
        shown = {row["sku"]: int(row["quantity"]) for row in self._rows("/inventory/source-items")}
        shown = {sku: quantity for sku, quantity in shown.items() if quantity or self._counted(sku)}
        return {
            row["sku"]: {"stock_quantity": shown.get(row["sku"]), "regular_price": str(row["price"])}
            for row in self._rows("/products")
            if row["type_id"] != "configurable"
        }

    def quantities(self, skus: Sequence[str]) -> Mapping[str, int]:
        wanted = {"field": "sku", "value": ",".join(skus), "condition_type": "in"}
        asked = {f"searchCriteria[filterGroups][0][filters][0][{name}]": text for name, text in wanted.items()}
        return {row["sku"]: int(row["quantity"]) for row in self._rows("/inventory/source-items", **asked)}

    def _rows(self, path: str, **params: str) -> Iterator[dict[str, Any]]:
        page, seen = 1, 0
        while True:
            asked = {**params, "searchCriteria[pageSize]": str(PAGE), "searchCriteria[currentPage]": str(page)}
            answer = self.read(path, **asked)
            yield from answer["items"]
            page, seen = page + 1, seen + len(answer["items"])
            if seen >= answer["total_count"]:
                return

    def _counted(self, sku: str) -> bool:
        """Tell whether stock is kept of a product: if not, it has a zero all the same."""
        return bool(self.read(f"/stockItems/{quote(sku, safe='')}")["manage_stock"])

    @cached_property
    def _token(self) -> str:
        body = {"username": "admin", "password": "admin123"}  # the stand-in's usual ones
        return str(ask(self.ca_file, "POST", f"{self.url}/rest/V1/integration/admin/token", json=body))

    def read(self, path: str, **params: str) -> Any:  # noqa: ANN401 - JSON
        """Read a path of the REST API."""
        signed = {"Authorization": f"Bearer {self._token}"}
        return ask(self.ca_file, "GET", f"{self.url}/rest/V1{path}", headers=signed, params=params)


def _shopify_row(row: Mapping[str, Any]) -> Row:
    counted = row["inventoryItem"]["tracked"]
    return {"stock_quantity": row["inventoryQuantity"] if counted else None, "regular_price": row["price"]}


def _sellable(row: Mapping[str, Any]) -> int:
    return sum(int(place["available_to_sell"]) for place in row["locations"])
