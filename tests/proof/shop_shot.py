"""A picture of everything a shop shows, free of ids and times, so that two shops can be compared."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.woocommerce.app import build_app
from sandbox.woocommerce.settings import ApiKey
from sandbox.woocommerce.shop import Shop

OWN_KEY = "_tillbridge_key"
FIELDS = (
    "type",
    "status",
    "name",
    "sku",
    "description",
    "short_description",
    "regular_price",
    "sale_price",
    "manage_stock",
    "stock_quantity",
    "weight",
    "global_unique_id",
    "tax_status",
    "tax_class",
)
COPY = re.compile(r"-\d+$")


@dataclass(frozen=True, slots=True)
class ShopShot:
    """``shown`` maps our key of a product or variant to all that is shown of it; ``pictures`` counts the library."""

    shown: Mapping[str, object]
    doubled: Sequence[str]
    pictures: int

    def differing(self, other: "ShopShot") -> list[str]:
        """Name what the two do not show alike."""
        keys = self.shown.keys() | other.shown.keys()
        return sorted(key for key in keys if self.shown.get(key) != other.shown.get(key))


def take_shot(shop: Shop, key: ApiKey) -> ShopShot:
    """Read everything through the shop's API, past our adapter and past the faults."""
    shop.instruments.faults.clear()
    rows = list(_everything(shop, key))
    counts = Counter(_own_key(row) for row in rows) + Counter(row["sku"] for row in rows if row["sku"])
    return ShopShot(
        shown={_own_key(row): _shown(row) for row in rows},
        doubled=[name for name, count in counts.items() if count > 1],
        pictures=len(shop.images),
    )


def _everything(shop: Shop, key: ApiKey) -> Iterator[dict[str, Any]]:
    client = build_app(shop).test_client()

    def rows(path: str) -> list[dict[str, Any]]:
        query = {"per_page": "100", "status": "any"}
        auth = (key.key, key.secret)
        answer = client.get(f"/wp-json/wc/v3{path}", query_string=query, auth=auth, base_url="https://shot.invalid")
        found: list[dict[str, Any]] = answer.json  # type: ignore[assignment]
        return found

    for product in rows("/products"):
        yield product
        if product["type"] == "variable":
            yield from rows(f"/products/{product['id']}/variations")


def _own_key(row: Mapping[str, Any]) -> str:
    marks = [str(meta["value"]) for meta in row["meta_data"] if meta["key"] == OWN_KEY]
    return marks[0] if marks else f"not ours: {row['sku']}"


def _shown(row: Mapping[str, Any]) -> dict[str, object]:
    pictures = row["images"] if "images" in row else [row["image"]] if row["image"] else []
    return {
        **{field: row.get(field) for field in FIELDS},
        "categories": sorted(term["name"] for term in row.get("categories", ())),
        "brands": [term["name"] for term in row.get("brands", ())],
        "attributes": [(one["name"], one.get("options", one.get("option"))) for one in row["attributes"]],
        "pictures": [COPY.sub("", picture["src"].rpartition("/")[2].partition(".")[0]) for picture in pictures],
    }
