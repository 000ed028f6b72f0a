"""Take products off sale. Only the status changes; nothing is deleted (invariant 6)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tillbridge.domain.errors import SystemDownError
from tillbridge.systems.woocommerce.api.batch_call import write_batch
from tillbridge.systems.woocommerce.api.client import WooClient
from tillbridge.systems.woocommerce.api.refusals import Refusal
from tillbridge.systems.woocommerce.api.wire import ListingRow
from tillbridge.systems.woocommerce.tools import Tools


@dataclass(slots=True)
class Withdrawal:
    """Carries products that are to become drafts. ``failed`` are those that are still on sale."""

    client: WooClient
    failed: set[str] = field(default_factory=set)

    def body(self, entry: str) -> Mapping[str, object]:
        """Give the status alone."""
        return {"id": int(entry), "status": "draft"}

    def send(self, entries: Sequence[str]) -> None:
        """Make drafts of them; what is gone is off sale already, and what is in the trash stays there."""
        bodies = [self.body(entry) for entry in entries]
        answer = write_batch(self.client, "products", ListingRow, update=bodies, repeatable=True)
        for entry, result in zip(entries, answer.updated, strict=True):
            gone = isinstance(result, Refusal) and result.listing_gone
            drafted = isinstance(result, ListingRow) and result.status != "publish"
            if not (gone or drafted):
                self.failed.add(entry)

    def settle(self, entries: Sequence[str]) -> Sequence[str]:
        """After doubt all of it is sent again."""
        return entries

    def blame(self, entry: str, trouble: SystemDownError) -> None:
        """Leave out what the shop cannot carry; it stays waiting."""
        del trouble
        self.failed.add(entry)


def unpublish(tools: Tools, product_ids: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Take products off sale; gives the ids that are, batch by batch. An id that is not given is still on sale."""
    load = Withdrawal(tools.client)
    for settled in tools.carrier.carry(load, list(dict.fromkeys(product_ids)), tools.products):
        yield tuple(entry for entry in settled if entry not in load.failed)
