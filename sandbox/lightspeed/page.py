"""The page at /: stock per location with buttons to sell, buckets, grants and the last calls."""

from dataclasses import dataclass
from itertools import islice
from typing import Any

from flask import Flask

from sandbox.common.instrument import Instruments
from sandbox.common.page import page_blueprint
from sandbox.lightspeed.control_connection import bucket_list, grant_summary
from sandbox.lightspeed.control_shop import item_summary
from sandbox.lightspeed.data.levels import owner_of
from sandbox.lightspeed.data.places import SHOP_IDS
from sandbox.lightspeed.data.rows import Item
from sandbox.lightspeed.pictures import BASE_PATH
from sandbox.lightspeed.state import Lightspeed

_LATEST, _FIRST = 10, 60


@dataclass(frozen=True, slots=True)
class ShownItem:
    """An item as the page shows it."""

    id: int
    name: str
    sku: str
    price: str
    stock: dict[str, int]
    picture: str | None
    archived: bool


def add_page(app: Flask, state: Lightspeed, instruments: Instruments) -> None:
    """Serve the page."""

    def context() -> dict[str, Any]:
        with state.lock:
            return _context(state)

    app.register_blueprint(page_blueprint("lightspeed/page.html", instruments, context))


def _context(state: Lightspeed) -> dict[str, Any]:
    retailer = state.retailer
    return {
        "title": f"{retailer.name} (Lightspeed stand-in)",
        "account": state.settings.account_id,
        "now": state.clock.now().isoformat(sep=" ", timespec="seconds"),
        "year": state.settings.rules.year,
        "item_count": retailer.catalogue.items.count,
        "matrix_count": retailer.catalogue.matrices.count,
        "shops": [(row.id, row.columns["name"]) for row in retailer.shops.all()],
        "latest": [_shown(state, retailer.catalogue.item(item_id)) for item_id in _latest(state)],
        "items": [_shown(state, item) for item in islice(retailer.catalogue.items.all(), _FIRST)],
        "buckets": bucket_list(state),
        "grants": [grant_summary(state, grant) for grant in state.grants.all.values()],
    }


def _latest(state: Lightspeed) -> list[int]:
    """List the items whose stock changed last, the newest first."""
    owners = (owner_of(row_id)[0] for row_id in reversed(state.retailer.stock.table.changed_ids()))
    return list(dict.fromkeys(owners))[:_LATEST]


def _shown(state: Lightspeed, item: Item) -> ShownItem:
    retailer = state.retailer
    summary = item_summary(retailer, item)
    return ShownItem(
        id=item.id,
        name=item.columns["description"],
        sku=item.columns["customSku"] or item.columns["systemSku"],
        price=item.prices[0],
        stock={str(shop_id): summary["stock"][str(shop_id)] for shop_id in SHOP_IDS},
        picture=_picture(state, item),
        archived=summary["archived"],
    )


def _picture(state: Lightspeed, item: Item) -> str | None:
    images = state.retailer.catalogue.images_of(item)
    return f"{BASE_PATH}w_80,h_80/{images[0].columns['publicID']}.png" if images else None
