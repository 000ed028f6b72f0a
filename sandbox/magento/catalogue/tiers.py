"""Prices from a quantity on: among a product's fields, and in the price endpoints."""

from collections.abc import Mapping
from typing import Any

from sandbox.magento.catalogue.model import Product, TierPrice
from sandbox.magento.catalogue.product_json import number

GROUPS = {32000: "ALL GROUPS", 0: "NOT LOGGED IN", 1: "General", 2: "Wholesale", 3: "Retailer"}
_IDS = {name.casefold(): number for number, name in GROUPS.items()}


def group_id(name: str) -> int | None:
    """Find a customer group by its name, whatever its case."""
    return _IDS.get(name.casefold())


def of_product(row: Mapping[str, Any]) -> TierPrice:
    """Read a row of a product's ``tier_prices``."""
    more = row.get("extension_attributes") or {}
    percent = more.get("percentage_value")
    value = percent if percent is not None else row.get("value") or 0
    website = int(more.get("website_id") or 0)
    return TierPrice(
        int(row.get("customer_group_id") or 0), float(row.get("qty") or 1), float(value), percent is not None, website
    )


def of_endpoint(row: Mapping[str, Any]) -> TierPrice | None:
    """Read a row of ``/products/tier-prices``; None when its group is unknown."""
    group = group_id(str(row.get("customer_group") or ""))
    if group is None:
        return None
    percent = row.get("price_type") == "discount"
    return TierPrice(
        group, float(row.get("quantity") or 1), float(row.get("price") or 0), percent, int(row.get("website_id") or 0)
    )


def as_json(product: Product, price: TierPrice) -> dict[str, Any]:
    return {
        "price": number(price.value),
        "price_type": "discount" if price.percent else "fixed",
        "website_id": price.website_id,
        "sku": product.sku,
        "customer_group": GROUPS[price.group_id],
        "quantity": number(price.quantity),
    }


def put(product: Product, price: TierPrice) -> None:
    """Write a price over the one of the same group, quantity and website."""
    product.tier_prices = [*(other for other in product.tier_prices if not same(other, price)), price]


def same(one: TierPrice, other: TierPrice) -> bool:
    key = (one.group_id, one.quantity, one.website_id)
    return key == (other.group_id, other.quantity, other.website_id)
