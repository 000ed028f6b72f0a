"""A shop that sells already, beside a till: makers of its own listings, and what tests ask about links."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from tests.fakes.systems import Listing
from tests.fakes.world import SHOP, World
from tests.unit.domain.samples import item, matrix, variant
from tillbridge.domain.choice import Action, Choice
from tillbridge.domain.product import Link, Problem

CODE = "4006381333931"


def own(world: World, product_id: str, sku: str = "", **fields: str) -> Listing:
    """Put a simple product of the merchant's own into the shop."""
    about = {"sku": sku, "regular_price": "5", **fields}
    listing = Listing(product_id, "", {"name": f"Own {product_id}", "visibility": "published"}, {"": about}, {"": 99})
    world.shop.products[product_id] = listing
    return listing


def own_shirt(world: World, product_id: str, rows: Mapping[str, str], names: Sequence[str] = ("Color",)) -> Listing:
    """Put a product with a variant per colour into the shop: colour -> SKU."""
    variants = {
        f"{product_id}{place}": {"sku": sku, "regular_price": "5", "options": json.dumps([colour])}
        for place, (colour, sku) in enumerate(rows.items())
    }
    options = json.dumps([[name, list(rows)] for name in names])
    fields = {"name": "Own shirt", "visibility": "published", "options": options}
    listing = Listing(product_id, "", fields, variants, dict.fromkeys(variants, 99))
    world.shop.products[product_id] = listing
    return listing


def selling() -> World:
    """Make a till and a shop that have a cup, a jug and a shirt in common; each has something of its own."""
    world = World()
    world.till.put(item("1", custom_sku="CUP"), item("2", custom_sku="X-2", ean=CODE), item("3", custom_sku="NEW"))
    world.till.put(matrix(), variant("4", "Red", custom_sku="RED"), variant("5", "Blue", custom_sku="BLUE"))
    for item_id in ("1", "2", "3", "4", "5"):
        world.stock(item_id, 5, 5)
    own(world, "11", " cup ")
    own(world, "12", "JUG", gtin=CODE)
    own(world, "13", "ELSE")
    own_shirt(world, "14", {"red": "RED", "blue": "BLUE"})
    return world


def add(world: World, *rows: Any) -> None:
    """Put items into the till, with ten of each."""
    for row in rows:
        world.till.put(row)
        world.stock(row.item_id, 5, 5)


def link(world: World, key: str) -> Link:
    return world.memory.links[SHOP].get(key, Link(product_key=key))


def linked(world: World) -> dict[str, str]:
    """Tell the listing of each item: "17" or "17/18"."""
    return {
        known.item_id: str(known.ref)
        for one in world.memory.links[SHOP].values()
        if one.product_id
        for known in one.variants
    }


def problem(world: World, key: str) -> Problem:
    found = link(world, key).problem
    assert found is not None
    return found


def decide(world: World, key: str, action: Action, product_id: str = "", **variants: str) -> None:
    """Have a person decide, and the shop look at it."""
    world.clock.advance(seconds=1)
    choice = Choice(key=key, action=action, product_id=product_id, variants=variants, decided_at=world.clock.now())
    world.memory.choices.setdefault(SHOP, {})[key] = choice
    world.mark(key)
