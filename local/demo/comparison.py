"""Whether a shop shows what a till has: every item, with its stock and its price, or named with a reason. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

Row = Mapping[str, Any]
CENT = Decimal("0.01")
CODES = ("customSku", "upc", "ean", "systemSku")
WITHOUT_STOCK = "non_inventory"


@dataclass(frozen=True, slots=True)
class Comparison:
    """How many live items there are and are shown, and what is amiss with those that nobody named."""

    live: int
    shown: int
    stock: tuple[str, ...]
    prices: tuple[str, ...]
    missing: tuple[str, ...]


def compare(items: Iterable[Row], listings: Mapping[str, Row], named: set[str]) -> Comparison:
    """Hold the till's items against the shop's listings by SKU; `named` are the things that have a problem."""
    live = [item for item in items if not item["archived"]]
    unnamed = [item for item in live if not _excused(item, named)]
    pairs = [(item, listings[sku_in_shop(item)]) for item in unnamed if sku_in_shop(item) in listings]
    return Comparison(
        live=len(live),
        shown=len(listings),
        stock=tuple(
            f"{sku_in_shop(item)}: shop {listing['stock_quantity']}, till {stock_in_shop(item)}"
            for item, listing in pairs
            if listing["stock_quantity"] != stock_in_shop(item)
        ),
        prices=tuple(
            f"{sku_in_shop(item)}: shop {listing['regular_price']}, till {item['prices']['Default']}"
            for item, listing in pairs
            if Decimal(listing["regular_price"] or "-1") != _price(item)
        ),
        missing=tuple(str(item["itemID"]) for item in unnamed if sku_in_shop(item) not in listings),
    )


def sku_in_shop(item: Row) -> str:
    """Give the SKU that an item has in the shop unless the merchant chose otherwise."""
    return next((item[code].strip() for code in CODES if item[code].strip()), "")


def stock_in_shop(item: Row) -> int | None:
    """Give what the shop should show; None where no stock is kept."""
    if item["itemType"] == WITHOUT_STOCK:
        return None
    return sum(max(0, int(quantity)) for quantity in item["stock"].values())


def _price(item: Row) -> Decimal:
    return Decimal(item["prices"]["Default"]).quantize(CENT, ROUND_HALF_UP)


def _excused(item: Row, named: set[str]) -> bool:
    """Tell whether an item, or the product it belongs to, is named among the problems."""
    return bool({f"I{item['itemID']}", f"M{item['itemMatrixID']}", f"item {item['itemID']}"} & named)
