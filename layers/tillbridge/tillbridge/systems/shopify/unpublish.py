"""Take products off sale. Only the status changes; nothing is deleted (invariant 6)."""

from collections.abc import Iterator, Sequence

from tillbridge.systems.shopify.api.documents.writing import UPDATE
from tillbridge.systems.shopify.api.ids import PRODUCT, gid
from tillbridge.systems.shopify.api.refusals import RefusedError
from tillbridge.systems.shopify.api.rejections import tells_gone
from tillbridge.systems.shopify.tools import Tools


def unpublish(tools: Tools, product_ids: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Make drafts of products; gives the ids that are off sale, and those that are gone are. Others are on sale still.

    Products that are archived in the shop are off sale already, and become drafts as well: so they can come back.
    """
    for product_id in dict.fromkeys(product_ids):
        body = {"id": gid(PRODUCT, product_id), "status": "DRAFT"}
        try:
            said = tools.client.change(UPDATE, "productUpdate", safe_to_repeat=True, product=body)
        except RefusedError:
            continue
        if not said.errors or all(map(tells_gone, said.errors)):
            yield (product_id,)
