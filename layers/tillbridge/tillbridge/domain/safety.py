"""Which safety stock an item has: its own, its nearest category's, the shop's, or the merchant's. Pure functions."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from tillbridge.domain.catalogue import Category, Item, simple_key
from tillbridge.domain.stock import SAFETY, StockRule

_ITEM_KEY = re.compile(r"I[0-9]+")


@dataclass(frozen=True, slots=True)
class SafetyRules:
    """What a merchant keeps back of some items. The most specific entry counts, also when it is 0.

    ``by_item`` is keyed by the key of an item (I42) or matrix (M7), or by any SKU of an item.
    """

    by_item: Mapping[str, Decimal] = field(default_factory=dict)
    by_category: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def needs_items(self) -> bool:
        """Tell whether the till's items have to be looked at."""
        return bool(self.by_category) or not all(map(_ITEM_KEY.fullmatch, self.by_item))


@dataclass(frozen=True, slots=True)
class Safety:
    """The rules with what they look at; both may be empty unless the rules need items."""

    rules: SafetyRules
    items: Mapping[str, Item] = field(default_factory=dict)
    categories: Mapping[str, Category] = field(default_factory=dict)

    def applied(self, rule: StockRule, item_id: str) -> StockRule:
        """Give a shop's rule the safety stock of an item."""
        item = self.items.get(item_id)
        for name in _names(item_id, item):
            if name in self.rules.by_item:
                return _keeping(rule, self.rules.by_item[name], f"item {name}")
        for category in self._branch(item):
            if category in self.rules.by_category:
                return _keeping(rule, self.rules.by_category[category], f"category {category}")
        return rule

    def _branch(self, item: Item | None) -> Iterator[str]:
        """Go up the tree from an item's category; a loop in it ends the way instead of the program."""
        seen: set[str] = set()
        category_id = item.category_id if item else None
        while category_id and category_id not in seen:
            yield category_id
            seen.add(category_id)
            category = self.categories.get(category_id)
            category_id = category.parent_id if category else None


def _names(item_id: str, item: Item | None) -> Iterator[str]:
    """Name an item, the most specific first."""
    yield simple_key(item_id)
    if item is not None:
        skus = (item.custom_sku, item.system_sku, item.manufacturer_sku, item.upc, item.ean)
        yield from (sku.strip() for sku in skus)
        yield item.product_key


def _keeping(rule: StockRule, amount: Decimal, whose: str) -> StockRule:
    return replace(rule, safety_stock=amount, safety_name=f"{SAFETY} of {whose}")
