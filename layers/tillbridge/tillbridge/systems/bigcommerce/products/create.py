"""Create products, one a request with all their variants, and mark them (facts/bigcommerce.md, "Catalog v3")."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from tillbridge.domain.agreement import folded
from tillbridge.domain.errors import GarbledAnswerError, ItemRejectedError
from tillbridge.domain.planning import image_text
from tillbridge.domain.product import CONTENT_FIELDS, VARIANT_FIELDS
from tillbridge.systems.bigcommerce.api.catalogue import MARKS, PRODUCTS
from tillbridge.systems.bigcommerce.api.halves import send_in_batches
from tillbridge.systems.bigcommerce.api.refusals import RefusedError, refusal_in
from tillbridge.systems.bigcommerce.api.rejections import partly_saved, rejection
from tillbridge.systems.bigcommerce.api.wire import ProductRow
from tillbridge.systems.bigcommerce.products.adopt import BRAND, find_variant
from tillbridge.systems.bigcommerce.products.making import Making
from tillbridge.systems.bigcommerce.products.names import LONG_NAME, unique_name
from tillbridge.systems.bigcommerce.products.payload import new_product
from tillbridge.systems.bigcommerce.products.progress import Progress
from tillbridge.systems.bigcommerce.tools import Tools
from tillbridge.systems.common.sending import doubt
from tillbridge.systems.common.subjects import thing
from tillbridge.systems.common.wire import parsed

MOST_MARKS = 25
"""Products that are made before they are marked together. The vendor names no limit; a shorter one is found out."""


@dataclass(slots=True)
class Creation:
    """Creates products. ``conflicts`` are those that the store refused because something of them is taken."""

    tools: Tools
    conflicts: list[tuple[Progress, RefusedError]] = field(default_factory=list)
    _names: dict[str, str] = field(default_factory=dict, init=False)  # who has a name in this run
    _marked: list[str] = field(default_factory=list, init=False)  # what was marked since the last batch

    def begin(self, progresses: Sequence[Progress]) -> None:
        """Note what the next products will be called, before any of them is made."""
        names = {progress.product.key: progress.name or self._free_name(progress) for progress in progresses}
        if progresses:
            Making(self.tools).begin(names, progresses, self._marked)
            self._marked.clear()

    def create(self, progress: Progress) -> None:
        """Create one product and note what came of it; trouble of the store is raised."""
        name = progress.name or self._free_name(progress)
        subject = thing(self.tools.client.subject, f"product {progress.product.key}")
        try:
            written = self.tools.client.write(
                "POST", PRODUCTS, new_product(progress.product, name, progress.category_id)
            )
        except RefusedError as error:
            if error.refusal.conflict:
                self.conflicts.append((progress, error))
            else:
                progress.fail(rejection(error, subject))
            return
        except ItemRejectedError as error:
            progress.fail(rejection(error, subject))
            return
        try:
            row = self._row(written.data)
        except GarbledAnswerError as garbled:
            raise doubt(garbled, self.tools.client.subject) from garbled
        if name != progress.product.name:
            self.tools.vocabulary.put(LONG_NAME, {str(row.id): "yes"})
        self._created(progress, row)
        if written.partly:
            told = refusal_in(written.said.get("errors") if isinstance(written.said, dict) else None, 207).told
            progress.errors.append(partly_saved(told, thing(self.tools.client.subject, f"listing {row.id}")))

    def mark(self, progresses: Sequence[Progress]) -> None:
        """Leave our mark at products that we made."""
        for settled in send_in_batches(progresses, MOST_MARKS, self._put_marks, self._unmarked):
            for progress in settled:
                progress.unmarked = False
                self._marked.append(progress.product.key)

    def _put_marks(self, progresses: Sequence[Progress]) -> None:
        body = [
            {
                "resource_id": int(progress.product_id),
                "permission_set": "app_only",
                "namespace": MARKS,
                "key": progress.product.key,
                "value": progress.product.key,
            }
            for progress in progresses
        ]
        self.tools.client.write("POST", f"{PRODUCTS}/metafields", body, safe_to_repeat=True)

    def _unmarked(self, progress: Progress, error: ItemRejectedError) -> None:
        """See whether it is marked after all: a mark that is there is refused a second time."""
        if self.tools.catalogue.marked([progress.product.key]).get(progress.product.key) != progress.product_id:
            progress.errors.append(rejection(error, thing(self.tools.client.subject, f"listing {progress.product_id}")))

    def _free_name(self, progress: Progress) -> str:
        """Give the till's name, or a longer one when this very run has used it for another product."""
        key, name = progress.product.key, progress.product.name
        if self._names.setdefault(folded(name), key) != key:
            name = unique_name(progress.product)
            self._names[folded(name)] = key
        return name

    def _row(self, said: object) -> ProductRow:
        """Read the created product; a partial failure is answered with a list of one."""
        entry = said[0] if isinstance(said, list) and said else said
        return parsed(ProductRow, entry, self.tools.client.subject, "The created product")

    def _created(self, progress: Progress, row: ProductRow) -> None:
        product = progress.product
        progress.product_id = str(row.id)
        progress.created_by_us = progress.fresh = progress.unmarked = True
        if product.variable and not row.choices:
            row = self.tools.catalogue.by_ids([str(row.id)]).get(str(row.id), row)
        if product.brand and row.brand_id:
            progress.brand_id = str(row.brand_id)
            self.tools.vocabulary.put(BRAND, {product.brand: progress.brand_id})
        found = progress.acknowledge_content(row, CONTENT_FIELDS)
        if not product.images:
            progress.acknowledge_pictures()
        for item_id in list(progress.variants_todo):
            variant = progress.variant(item_id)
            own = find_variant(variant, progress, row) if product.variable else None
            if own is None and product.variable:
                continue
            found += progress.acknowledge_variant(variant, row, own, VARIANT_FIELDS)
            progress.acknowledge_stock(variant, (own or row).inventory_level)
            if own is None or variant.image is None:
                progress.acknowledge_picture(variant.item_id, image_text(variant.image), "")
        progress.report(found, thing(self.tools.client.subject, f"listing {row.id}"))
