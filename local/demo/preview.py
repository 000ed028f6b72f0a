"""What a change of settings would do is shown before it is made."""

from collections.abc import Iterator, Mapping
from typing import Any

from local.demo.shop_window import ShopWindow
from local.demo.story import MERCHANT, Story

KEPT_BACK = 1
ASKED = ("preview", "--merchant", MERCHANT, "--setting", f"safety_stock={KEPT_BACK}")


def preview(story: Story) -> None:
    """Ask what would happen if one unit of everything were kept off the web; nothing happens."""
    stage, window = story.stage, ShopWindow(story.stage)
    before = window.by_sku()
    stage.tillbridge(*ASKED, live=True)
    foreseen = dict(_figures(stage.answer(*ASKED, quietly=True)["changes"]))
    expected = {sku: _one_less(row["stock_quantity"]) for sku, row in before.items() if row["stock_quantity"]}
    differing = sorted(sku for sku in expected.keys() | foreseen if expected.get(sku) != foreseen.get(sku))
    told = [f"{sku}: {foreseen.get(sku)}, not {expected.get(sku)}" for sku in differing[:5]]
    story.hold(not differing, f"it foresees one less of all {len(expected)} that are in stock", "; ".join(told))
    after = window.by_sku()
    changed = sorted(sku for sku in before.keys() | after if before.get(sku) != after.get(sku))
    story.hold(not changed, "nothing was written to the shop", f"{', '.join(changed[:5])} changed")


def _figures(changes: list[Mapping[str, Any]]) -> Iterator[tuple[str, tuple[str | None, str]]]:
    """Give what a preview says of stock in listings that exist, old and new, by SKU."""
    listed = [change for change in changes if change["listing"]]
    for one in (one for change in listed for one in change["fields"]):
        if one["field"] == "stock":
            yield one["sku"], (one["old"], one["new"])


def _one_less(quantity: int) -> tuple[str, str]:
    return str(quantity), str(quantity - KEPT_BACK)
