"""Shoppers in the four shops: what they buy, what their orders show, and what they give back."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from local.demo import fronts
from local.demo.stage import Stage

NOTED = "Tillbridge: sold at the till as "
SHOPIFY_QUERY = """
query ($id: ID!) { order(id: $id) { sale: metafield(namespace: "tillbridge", key: "sale") { value } } }"""


@dataclass(frozen=True, slots=True)
class Bought:
    """An order as its shop shows it."""

    order_id: str
    number: str
    total: Decimal


class Checkout(Protocol):
    """Where a shopper pays in one shop."""

    @property
    def system(self) -> str:
        """Which shop."""

    def buy(self, sku: str) -> Bought:
        """Buy one."""

    def noted(self, order: Bought) -> str:
        """Give the number of the sale that the order shows, "" while there is none."""


def checkouts(stage: Stage) -> "tuple[WooCommerce, Shopify, BigCommerce, Magento]":
    """Give those of the merchant's four shops, in the order of ``fronts``."""
    ca, told = stage.cloud.ca_file, stage.others
    return (
        WooCommerce(stage),
        Shopify(fronts.Shopify(ca, told["shopify"])),
        BigCommerce(fronts.BigCommerce(ca, told["bigcommerce"])),
        Magento(fronts.Magento(ca, told["magento"])),
    )


@dataclass(frozen=True, slots=True)
class WooCommerce:
    """The sale's number is a value of the order's, beside a note for people."""

    stage: Stage
    system: str = "woocommerce"

    def buy(self, sku: str) -> Bought:
        made = self.stage.shop_owner("order", items=_one(sku))
        return Bought(str(made["id"]), made["number"], Decimal(made["total"]))

    def noted(self, order: Bought) -> str:
        rows = self.stage.shop(f"/orders/{order.order_id}")["meta_data"]
        return next((str(row["value"]) for row in rows if row["key"] == "_tillbridge_sale"), "")


@dataclass(frozen=True, slots=True)
class Shopify:
    """The sale's number is a metafield."""

    front: fronts.Shopify
    system: str = "shopify"

    def buy(self, sku: str) -> Bought:
        made = self.front.control("order", items=_one(sku))
        return Bought(made["id"], made["name"], Decimal(made["order"]["total_price"]))

    def noted(self, order: Bought) -> str:
        found = self.front.ask({"query": SHOPIFY_QUERY, "variables": {"id": order.order_id}})["data"]["order"]["sale"]
        return str(found["value"]) if found else ""

    def give_back(self, order: Bought, sku: str) -> None:
        """Refund one, which goes back on the shelf."""
        self.front.control("refund", order=order.order_id, items=_one(sku), restock="RETURN")


@dataclass(frozen=True, slots=True)
class BigCommerce:
    """The sale's number is the order's number in another system."""

    front: fronts.BigCommerce
    system: str = "bigcommerce"

    def buy(self, sku: str) -> Bought:
        made = self.front.control("order", items=_one(sku))
        return Bought(str(made["id"]), str(made["id"]), Decimal(made["total_inc_tax"]))

    def noted(self, order: Bought) -> str:
        return str(self.front.read(f"/v2/orders/{order.order_id}")["external_order_id"] or "")


@dataclass(frozen=True, slots=True)
class Magento:
    """The sale's number is a comment of the order."""

    front: fronts.Magento
    system: str = "magento"

    def buy(self, sku: str) -> Bought:
        made = self.front.control("order", items=_one(sku), paid=True)
        return Bought(str(made["entity_id"]), made["increment_id"], Decimal(str(made["grand_total"])))

    def noted(self, order: Bought) -> str:
        comments = [row["comment"] or "" for row in self.front.read(f"/orders/{order.order_id}")["status_histories"]]
        return next((text.removeprefix(NOTED) for text in comments if text.startswith(NOTED)), "")


def _one(sku: str) -> Sequence[dict[str, Any]]:
    return [{"sku": sku, "quantity": 1}]
