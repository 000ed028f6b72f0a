"""Have a shop look at everything again: when it is connected, when settings change, and when somebody asks."""

from collections.abc import Iterable, Iterator
from itertools import islice

from tillbridge.domain.catalogue import simple_key
from tillbridge.domain.merchant import Lane
from tillbridge.domain.work import Mark
from tillbridge.flows.shopkeeper import ShopKeeper

CHUNK = 500


def mark_everything(keeper: ShopKeeper) -> int:
    """Mark every product and every tracked item of the till for this shop; returns how many products.

    Marks are cheap and looking at something that is in step writes nothing, so a crash half way is mended by a repeat.
    """
    products = _mark(keeper, Lane.CATALOGUE, _matrix_keys(keeper)) + _mark(keeper, Lane.CATALOGUE, _simple_keys(keeper))
    _mark(keeper, Lane.STOCK, (item.item_id for item in keeper.mirror.every_item(keeper.till_id)))
    return products


def product_keys(keeper: ShopKeeper, after: str = "") -> Iterator[str]:
    """Go through every product of the till in constant memory; ``after`` is the key to go on behind.

    It is the order in which ``mark_everything`` has them looked at: matrices first, each kind in the order of texts.
    """
    if not after.startswith("I"):
        yield from _matrix_keys(keeper, after)
        after = ""
    yield from _simple_keys(keeper, after)


def _matrix_keys(keeper: ShopKeeper, after: str = "") -> Iterator[str]:
    return (matrix.product_key for matrix in keeper.mirror.every_matrix(keeper.till_id, after[1:]))


def _simple_keys(keeper: ShopKeeper, after: str = "") -> Iterator[str]:
    """Go through the other products.

    An item that became a variant is met under its former key too, as long as a listing of its own is known.
    """
    items = keeper.mirror.every_item(keeper.till_id, after[1:])
    while chunk := list(islice(items, CHUNK)):
        former = keeper.links.get(keeper.shop_id, [simple_key(item.item_id) for item in chunk if item.matrix_id])
        keys = [simple_key(item.item_id) for item in chunk if not item.matrix_id or simple_key(item.item_id) in former]
        yield from keys


def _mark(keeper: ShopKeeper, lane: Lane, keys: Iterable[str]) -> int:
    """Mark keys. They have to come in the order of texts, in which those of one moment are looked at."""
    count = 0
    remaining = iter(keys)
    while chunk := list(islice(remaining, CHUNK)):
        now = keeper.clock.now()
        keeper.marks.add(keeper.shop_id, lane, [Mark(key, since=now, due_at=now) for key in chunk])
        count += len(chunk)
    return count
