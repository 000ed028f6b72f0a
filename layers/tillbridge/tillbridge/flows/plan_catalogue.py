"""Say what the products of one shop need: desired against acknowledged. It only reads, so that a preview is no copy."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from tillbridge.domain.catalogue import Item
from tillbridge.domain.desire import Desired, Wishes, desire_simple, desire_variable
from tillbridge.domain.planning import Plan, Withheld, plan_product
from tillbridge.domain.product import Link
from tillbridge.flows.shopkeeper import ShopKeeper

P = TypeVar("P", bound=Plan)


@dataclass(frozen=True, slots=True)
class PlannedProducts:
    """What is to be done about each of some products, by key, and what it follows from. A new product has no link."""

    links: Mapping[str, Link]
    desired: Mapping[str, Desired]
    plans: Mapping[str, Plan]

    def of(self, kind: type[P]) -> list[P]:
        """List the plans of one kind."""
        return [plan for plan in self.plans.values() if isinstance(plan, kind)]

    def without(self, keys: Collection[str]) -> "PlannedProducts":
        """Leave out the plans of some products."""
        return replace(self, plans={key: plan for key, plan in self.plans.items() if key not in keys})


def plan_products(keeper: ShopKeeper, keys: Sequence[str]) -> PlannedProducts:
    """Plan products by key."""
    links = keeper.links.get(keeper.shop_id, keys)
    desired = desire_products(keeper, keys)
    plans = {key: plan_product(desired[key], links.get(key, Link(product_key=key)), keeper.settings) for key in keys}
    return PlannedProducts(links, desired, plans)


def desire_products(keeper: ShopKeeper, keys: Sequence[str]) -> dict[str, Desired]:
    """Say what the shop should show of each product key, from the mirror alone."""
    matrix_ids = [key[1:] for key in keys if key.startswith("M")]
    simple = keeper.mirror.items(keeper.till_id, [key[1:] for key in keys if key.startswith("I")])
    matrices = keeper.mirror.matrices(keeper.till_id, matrix_ids)
    variants = keeper.mirror.variants(keeper.till_id, matrix_ids)
    items: list[Item] = [*simple.values(), *(item for group in variants.values() for item in group)]
    reference = keeper.mirror.reference(keeper.till_id)
    if reference is None:
        return {key: Withheld(key, "the till has not been read yet") for key in keys}
    figures = keeper.figures([item.item_id for item in items], {item.item_id: item for item in items})
    wishes = Wishes(keeper.settings, reference, figures, keeper.price_decimals)
    desired: dict[str, Desired] = {}
    for key in keys:
        if key.startswith("M"):
            desired[key] = desire_variable(key[1:], matrices.get(key[1:]), variants.get(key[1:], ()), wishes)
        else:
            desired[key] = _desire_item(key, simple.get(key[1:]), wishes)
    return desired


def _desire_item(key: str, item: Item | None, wishes: Wishes) -> Desired:
    if item is None:
        return Withheld(key, "it is not in the till")
    if item.matrix_id:
        return Withheld(key, f"it became a variant of matrix {item.matrix_id}")
    return desire_simple(item, wishes)
