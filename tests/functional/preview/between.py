"""Both stand-ins with a preview over them, and what the shop shows in the words of a preview."""

import json
from collections.abc import Mapping
from dataclasses import replace
from html import unescape
from typing import Any, cast

from sandbox.woocommerce.shop import Shop
from tests.bench.no_hurry import NoHurry
from tests.fakes.repositories import in_memory
from tests.proof.shop_shot import OWN_KEY, ShopShot, take_shot
from tests.proof.wires import KEY, Wires
from tests.unit.flows.operate.foresight import UNWRITTEN
from tillbridge.domain.planning import as_text, decimal_text
from tillbridge.flows.operate.preview import PreviewDesk, Question
from tillbridge.flows.operate.preview_answers import PreviewRound
from tillbridge.flows.operate.register import Register
from tillbridge.flows.resync import mark_everything
from tillbridge.store import settings_codec
from tillbridge.systems.common.texts import amount_text

Shown = dict[tuple[str, str], str]
"""Our key in the shop (of a product or a variation) and field -> text."""

EMPTY = {"", "[]", "0 pictures"}


def preview(run: Wires, **changes: str) -> list[PreviewRound]:
    """Ask; the shop's ledger and our memory must stay as they are."""
    rounds = preview_asking(run, **changes)
    assert run.shop.instruments.ledger.total == 0
    return rounds


def preview_asking(run: Wires, **changes: str) -> list[PreviewRound]:
    """Ask; our memory must stay as it is, and so must the shop, of which only questions are asked."""
    stores = in_memory(run.memory)
    desk = PreviewDesk(
        Register(stores.merchants, stores.connections), settings_codec, lambda connection, deadline: run.keeper()
    )
    run.shop.instruments.ledger.reset()
    before = repr(run.memory)
    portion = desk.show(Question(merchant="m1", changes=changes), NoHurry())
    assert portion.following is None
    assert {call.method for call in run.shop.instruments.ledger.calls()} <= {"GET"}
    assert repr(run.memory) == before
    return list(portion.rows)


def sync(run: Wires, **changes: str) -> int:
    """Change settings, have the shop look at everything, push; returns how many calls the shop has counted."""
    merchant = run.memory.merchants["m1"]
    settings = settings_codec.change_settings(merchant.settings, changes)
    run.memory.merchants["m1"] = replace(merchant, settings=settings)
    mark_everything(run.keeper())
    run.shop.instruments.ledger.reset()
    run.push()
    return run.shop.instruments.ledger.total


def foretold(rounds: list[PreviewRound]) -> Shown:
    """What a preview says will be written, by our key in the shop."""
    found: Shown = {}
    for change in (change for one in rounds for change in one.changes if change.kind not in UNWRITTEN):
        for field in change.fields:
            place = f"I{field.item}" if field.item else change.key
            found[place, field.field] = _comparable(field.field, field.new)
    return found


def shown(run: Wires) -> Shown:
    """What the shop shows, through its own API."""
    shot: ShopShot = take_shot(run.shop, KEY)
    rows = cast("Mapping[str, Mapping[str, Any]]", shot.shown)
    fields = {(key, name): text for key, row in rows.items() for name, text in _fields(row).items()}
    return fields | _own_pictures(run.shop)


def _own_pictures(shop: Shop) -> Shown:
    """Look behind the API, which shows the parent's picture for a variation that has none."""
    found: Shown = {}
    for product in shop.products:
        for mark in (str(meta.value) for meta in product.meta if product.is_variation and meta.key == OWN_KEY):
            found[mark, "image"] = f"{len(product.image_ids)} pictures"
    return found


def written(before: Shown, after: Shown) -> Shown:
    """What differs; what is new and empty shows nothing."""
    return {key: text for key, text in after.items() if before.get(key, text if text in EMPTY else None) != text}


def _comparable(name: str, text: str) -> str:
    """Of a category the shop shows the last part only, options in an order of its own; pictures are counted."""
    match name:
        case "category":
            return as_text(_listed(text)[-1:])
        case "image":
            return f"{bool(text):d} pictures"
        case "images":
            return f"{len(_listed(text))} pictures"
        case "options" if text.startswith("[["):
            return as_text([[name, sorted(values)] for name, values in _listed(text)])
        case "description" | "short_description":
            return _plain(text)
        case _:
            return text


def _plain(text: str) -> str:
    """Undo what WordPress does to the spelling of HTML, and the paragraphs that themes put around texts."""
    return unescape(text).replace("'", '"').replace("<p>", "").replace("</p>", "").strip()


def _listed(text: str) -> list[Any]:
    return list(json.loads(text))


def _fields(row: Mapping[str, Any]) -> dict[str, str]:
    variation = row["type"] == "variation"
    fields = {"visibility": "published" if row["status"] == "publish" else "draft"}
    if row["type"] != "variable":
        fields |= _sold(row)
    if not variation:
        fields |= {
            "name": unescape(row["name"]),
            "description": _plain(row["description"]),
            "short_description": _plain(row["short_description"]),
            "category": as_text([unescape(name) for name in row["categories"] if name != "Uncategorized"]),
            "brand": unescape("".join(row["brands"])),
            "images": f"{len(row['pictures'])} pictures",
        }
    options = [[unescape(name), value if variation else sorted(value)] for name, value in row["attributes"]]
    return {**fields, "options": as_text([value for _, value in options] if variation else options)}


def _sold(row: Mapping[str, Any]) -> dict[str, str]:
    return {
        "sku": row["sku"],
        "gtin": row["global_unique_id"],
        "regular_price": amount_text(row["regular_price"]),
        "sale_price": amount_text(row["sale_price"]),
        "weight": amount_text(row["weight"]),
        "tax_class": "none" if row["tax_status"] == "none" else row["tax_class"].replace("parent", ""),
        "stock": decimal_text(row["stock_quantity"]) if row["manage_stock"] is True else "",
    }
