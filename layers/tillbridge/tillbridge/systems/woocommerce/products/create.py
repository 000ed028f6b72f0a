"""Create products: simple ones whole, variable ones as parents whose variations follow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tillbridge.domain.errors import SystemDownError
from tillbridge.domain.product import CONTENT_FIELDS, VARIANT_FIELDS, ListingRef
from tillbridge.systems.common.differences import Difference
from tillbridge.systems.common.subjects import thing
from tillbridge.systems.http.clock import Clock
from tillbridge.systems.woocommerce.api.batch_call import write_batch
from tillbridge.systems.woocommerce.api.catalogue import Catalogue
from tillbridge.systems.woocommerce.api.client import WooClient
from tillbridge.systems.woocommerce.api.refusals import Refusal
from tillbridge.systems.woocommerce.api.rejections import rejection, shop_fails_on_it
from tillbridge.systems.woocommerce.api.wire import ListingRow
from tillbridge.systems.woocommerce.products.payload import new_parent, new_simple
from tillbridge.systems.woocommerce.products.progress import Progress

CLOCKS_DIFFER = timedelta(hours=1)
"""How far a shop's clock may be off ours; looking back a little too far costs a call, not enough a second listing."""

JUST_BEFORE = timedelta(minutes=5)


@dataclass(slots=True)
class Creation:
    """Carries new products to the shop.

    In doubt, listings with our mark are looked for back to the moment of sending, before anything is created again
    (invariant 8). ``clashes`` are products whose SKU the shop has; ``rediscovered`` are listings that an unanswered
    call had made after all; ``misplaced`` did not go where they should.
    """

    client: WooClient
    catalogue: Catalogue
    clock: Clock
    clashes: list[tuple[Progress, Refusal]] = field(default_factory=list)
    rediscovered: dict[str, ListingRow] = field(default_factory=dict)
    misplaced: list[tuple[Progress, Sequence[Difference]]] = field(default_factory=list)
    _since: datetime | None = field(default=None, init=False)

    def body(self, entry: Progress) -> Mapping[str, object]:
        """Give the product as the shop takes it."""
        make = new_parent if entry.product.variable else new_simple
        return make(entry.product, entry.places)

    def send(self, entries: Sequence[Progress]) -> None:
        """Create a batch."""
        self._since = (self.client.served_at or self.clock.now() - CLOCKS_DIFFER) - JUST_BEFORE
        answer = write_batch(self.client, "products", ListingRow, create=[self.body(entry) for entry in entries])
        for entry, result in zip(entries, answer.created, strict=True):
            if isinstance(result, ListingRow):
                self._created(entry, result)
            else:
                self._refused(entry, result)

    def settle(self, entries: Sequence[Progress]) -> Sequence[Progress]:
        """Look for what was created although no answer came."""
        found = self.catalogue.made_since(self._since, [entry.product.key for entry in entries])
        self.rediscovered |= found
        return [entry for entry in entries if entry.product.key not in found]

    def blame(self, entry: Progress, trouble: SystemDownError) -> None:
        """Leave out what the shop cannot carry."""
        entry.fail(shop_fails_on_it(trouble, thing(self.client.subject, f"product {entry.product.key}")))

    def _created(self, entry: Progress, row: ListingRow) -> None:
        subject = thing(self.client.subject, f"listing {row.id}")
        entry.created_by_us = entry.fresh = True
        found = entry.acknowledge_content(row, CONTENT_FIELDS)
        if not entry.product.images:
            entry.acknowledge_pictures()
        if not entry.product.variable:
            found += self._simple_variant(entry, row)
        misplaced = [difference for difference in found if is_place(difference)]
        if misplaced:
            entry.todo |= {difference.field for difference in misplaced}
            self.misplaced.append((entry, misplaced))
        entry.report([difference for difference in found if difference not in misplaced], subject)

    def _simple_variant(self, entry: Progress, row: ListingRow) -> list[Difference]:
        variant = entry.product.variants[0]
        found = entry.acknowledge_variant(variant, row, ListingRef(str(row.id)), VARIANT_FIELDS)
        entry.acknowledge_picture(variant.item_id, "", "")
        entry.acknowledge_stock(variant, row, thing(self.client.subject, f"listing {row.id}"))
        return found

    def _refused(self, entry: Progress, refusal: Refusal) -> None:
        if refusal.sku_taken or refusal.sku_blocked:
            self.clashes.append((entry, refusal))
        else:
            entry.fail(rejection(refusal, thing(self.client.subject, f"product {entry.product.key}")))


def is_place(difference: Difference) -> bool:
    """Tell whether a difference may come from an id that the shop no longer knows."""
    return difference.field in {"category", "brand", "options"}
