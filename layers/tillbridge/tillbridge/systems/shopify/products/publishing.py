"""Put products and variants on sale and take them off it; nothing is deleted (invariant 6).

A product is on sale when it is active and published to the channel that shoppers look at; a variant may be unpublished
by itself (contracts/shopify, ``publishableUnpublish``).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from tillbridge.domain.errors import MissingRightError
from tillbridge.domain.product import Visibility
from tillbridge.systems.common.pieces import in_pieces
from tillbridge.systems.common.subjects import thing
from tillbridge.systems.shopify.api.documents.writing import PUBLISH, PUBLISH_MANY, UNPUBLISH
from tillbridge.systems.shopify.api.ids import PRODUCT, VARIANT, gid
from tillbridge.systems.shopify.api.refusals import RefusedError
from tillbridge.systems.shopify.api.rejections import rejection
from tillbridge.systems.shopify.api.wire import UserErrorRow
from tillbridge.systems.shopify.products.progress import Progress
from tillbridge.systems.shopify.tools import Tools

TOGETHER = 50
"""So many products are published in one call (contracts/shopify, ``PublicationUpdateInput``)."""
PASSING = frozenset({"PRODUCT_LOCK_ERROR", "PUBLICATION_LOCKED"})


@dataclass(slots=True)
class Publishing:
    """Publishes to the channel that shoppers look at. The same again does no harm.

    Many at once is a change of a publication, which takes a permission to edit catalogues as well. Where that is
    refused, ``_singly`` ends it for this run.
    """

    tools: Tools
    _singly: bool = field(default=False, init=False)

    def together(self, entries: Sequence[Progress]) -> list[Progress]:
        """Publish many products at once; gives those that should be on sale now.

        Nothing is acknowledged: whether they are is to be read. What this leaves out is to be published one by one.
        """
        asked: list[Progress] = []
        for piece in in_pieces(filter(to_publish, entries), TOGETHER):
            if len(piece) > 1 and not self._singly and self._send_many(piece):
                asked += piece
        return asked

    def _send_many(self, entries: Sequence[Progress]) -> bool:
        ids = [gid(PRODUCT, entry.product_id) for entry in entries]
        added = {"publishablesToAdd": ids}
        try:
            said = self.tools.client.change(
                PUBLISH_MANY, "publicationUpdate", safe_to_repeat=True, id=self.tools.channel, input=added
            )
        except (RefusedError, MissingRightError):
            self._singly = True
            return False
        self._singly = any(
            error.place_in("publishablesToAdd") is None and error.code not in PASSING for error in said.errors
        )
        return not said.errors

    def publish(self, entry: Progress) -> None:
        """Publish a product that is active by now, if its visibility is still to be written."""
        if entry.failed or "visibility" not in entry.todo:
            return
        if entry.product.visibility is Visibility.PUBLISHED and not self._send(entry, PRODUCT, entry.product_id):
            return
        entry.acknowledge(visibility=str(entry.product.visibility))

    def shown(self, entry: Progress) -> None:
        """Keep that a product is on sale."""
        if to_publish(entry):
            entry.acknowledge(visibility=str(entry.product.visibility))

    def variables(self, entry: Progress) -> dict[str, object]:
        """Make all that is sent to publish a product."""
        return {"id": gid(PRODUCT, entry.product_id), "input": [{"publicationId": self.tools.channel}]}

    def take_in(self, entry: Progress, errors: Sequence[UserErrorRow]) -> None:
        """Keep what was answered when a product was published with others."""
        for error in errors[:1]:
            subject = thing(self.tools.client.subject, f"listing {entry.product_id}")
            entry.errors.append(rejection(error, subject))
        if not errors:
            entry.acknowledge(visibility=str(entry.product.visibility))

    def variants(self, entry: Progress) -> None:
        """Take archived variants off sale, and bring back those that are archived no longer."""
        for item_id, names in list(entry.variants_todo.items()):
            known = entry.variants.get(item_id)
            if known is None or "visibility" not in names:
                continue
            visibility = entry.variant(item_id).visibility
            on_sale = visibility is Visibility.PUBLISHED
            alone = not entry.product.variable
            if alone or self._send(entry, VARIANT, known.ref.variant_id, on_sale=on_sale):
                entry.keep_fields(item_id, {"visibility": str(visibility)})

    def strays(self, entry: Progress) -> None:
        """Take variants off sale that we made for items the product does not have any more."""
        for number in sorted(entry.strays):
            if self._send(entry, VARIANT, number, on_sale=False):
                entry.strays.discard(number)

    def _send(self, entry: Progress, kind: str, number: str, *, on_sale: bool = True) -> bool:
        document, field = (PUBLISH, "publishablePublish") if on_sale else (UNPUBLISH, "publishableUnpublish")
        said = self.tools.client.change(
            document, field, safe_to_repeat=True, id=gid(kind, number), input=[{"publicationId": self.tools.channel}]
        )
        if said.errors:
            name = f"listing {entry.product_id}" + (f"/{number}" if kind == VARIANT else "")
            entry.errors.append(rejection(said.errors[0], thing(self.tools.client.subject, name)))
        return not said.errors


def to_publish(entry: Progress) -> bool:
    """Tell whether a product is to go on sale."""
    return not entry.failed and "visibility" in entry.todo and entry.product.visibility is Visibility.PUBLISHED
