"""Take products off sale. Only their visibility changes; nothing is deleted (invariant 6)."""

from collections.abc import Iterator, Sequence

from tillbridge.domain.errors import GarbledAnswerError, ItemRejectedError
from tillbridge.systems.bigcommerce.api.catalogue import PRODUCTS
from tillbridge.systems.bigcommerce.api.halves import send_in_batches
from tillbridge.systems.bigcommerce.api.wire import ProductRow
from tillbridge.systems.bigcommerce.products.change import MOST
from tillbridge.systems.bigcommerce.tools import Tools
from tillbridge.systems.common.sending import doubt
from tillbridge.systems.common.wire import parsed


def unpublish(tools: Tools, product_ids: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Take products off sale; gives the ids that are, batch by batch. An id that is not given is still on sale."""
    client = tools.client
    failed: set[str] = set()

    def send(entries: Sequence[str]) -> None:
        body = [{"id": int(entry), "is_visible": False} for entry in entries]
        written = client.write("PUT", PRODUCTS, body, safe_to_repeat=True)
        try:
            rows = parsed(list[ProductRow], written.data, client.subject, "The products")
        except GarbledAnswerError as garbled:
            raise doubt(garbled, client.subject) from garbled
        hidden = {str(row.id) for row in rows if not row.is_visible}
        failed.update(set(entries) - hidden)

    def refuse(entry: str, error: ItemRejectedError) -> None:
        """What is gone is off sale already."""
        del error
        row = tools.catalogue.by_ids([entry]).get(entry)
        if row is not None and row.is_visible:
            failed.add(entry)

    for settled in send_in_batches(list(dict.fromkeys(product_ids)), MOST, send, refuse):
        if done := tuple(entry for entry in settled if entry not in failed):
            yield done
