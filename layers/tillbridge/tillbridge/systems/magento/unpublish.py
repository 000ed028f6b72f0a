"""Take products off sale. Only the status changes; nothing is deleted (invariant 6)."""

from collections.abc import Iterator, Sequence

from tillbridge.domain.errors import ItemRejectedError
from tillbridge.systems.magento.api.wire import OFF
from tillbridge.systems.magento.products.save import Saver
from tillbridge.systems.magento.tools import Tools


def unpublish(tools: Tools, product_ids: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Take products off sale; gives the ids that are, one after the other. An id that is not given is still on sale.

    What is gone is off sale already, and so is what the merchant took off.
    """
    wanted = list(dict.fromkeys(product_ids))
    if not wanted:
        return
    rows, saver = tools.catalogue.by_ids(wanted), Saver(tools)
    off = tuple(one for one in wanted if one not in rows or rows[one].status == OFF)
    if off:
        yield off
    for one in wanted:
        if one in off:
            continue
        try:
            changed = saver.change(rows[one], {"status": OFF})
        except ItemRejectedError:
            continue
        if changed.status == OFF:
            yield (one,)
