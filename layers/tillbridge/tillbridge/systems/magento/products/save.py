"""Save one product, and find the children of a configurable their places.

Every product is saved by ``POST /products`` with its id and its SKU in the body: an upsert, so that the same again does
no harm, a path never holds a SKU, and a SKU can change (facts/magento.md, section 3).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from tillbridge.domain.errors import ItemRejectedError
from tillbridge.domain.product import CONTENT_FIELDS, VARIANT_FIELDS, ListingRef, Variant, Visibility
from tillbridge.systems.common.subjects import thing
from tillbridge.systems.common.wire import parsed
from tillbridge.systems.magento.api.catalogue import ROUTE, with_children
from tillbridge.systems.magento.api.refusals import RefusedError
from tillbridge.systems.magento.api.rejections import rejection
from tillbridge.systems.magento.api.search import in_path
from tillbridge.systems.magento.api.wire import OFF, ProductRow
from tillbridge.systems.magento.products.names import url_keys
from tillbridge.systems.magento.products.payload import (
    CONTENT_TEXTS,
    STATUS,
    JsonBody,
    category_body,
    choices_body,
    content_body,
    custom,
    merged,
    new_child,
    new_parent,
    new_simple,
    variant_body,
)
from tillbridge.systems.magento.products.progress import PICTURES, Progress
from tillbridge.systems.magento.tools import Tools
from tillbridge.systems.magento.traits import DEFAULT_SOURCE


@dataclass(frozen=True, slots=True)
class Saver:
    """Saves the products of one shop."""

    tools: Tools

    def simple(self, progress: Progress) -> None:
        """Create or change a simple product."""
        product, variant = progress.product, progress.product.variants[0]
        row = progress.row
        if row is None:
            row = self._create(self._new_simple(progress), url_keys(product))
            progress.created_by_us = True
            found = progress.acknowledge_content(row, CONTENT_FIELDS, self.tools.reader)
            self._no_pictures(progress)
            ref = ListingRef(row.key)
            found += progress.acknowledge_variant(variant, row, ref, VARIANT_FIELDS, self.tools.reader)
            progress.acknowledge_stock(variant, row, at_sources=self.tools.traits.multi_source)
        else:
            names = progress.todo - PICTURES
            own = progress.variants_todo.get(variant.item_id, set()) - PICTURES
            if body := self._changed_simple(progress, row):
                row = self._change(row, body)
            found = progress.acknowledge_content(row, names, self.tools.reader)
            found += progress.acknowledge_variant(variant, row, ListingRef(row.key), own, self.tools.reader)
        if variant.item_id in progress.variants:
            progress.acknowledge_picture(variant.item_id, "", "")
        progress.report(found, progress.subject(self.tools.client.subject))

    def child(self, progress: Progress, variant: Variant) -> None:
        """Create or change one child; a new one is acknowledged once it is attached."""
        row = progress.child(variant.item_id)
        known = progress.variants.get(variant.item_id)
        names = progress.variants_todo.get(variant.item_id, set()) - PICTURES
        if row is None:
            body = self._new_child(progress, variant)
            progress.made[variant.item_id] = self._create(body, url_keys(progress.product, variant))
            return
        if known is None:
            return
        if body := self._changed_child(progress, variant):
            row = self._change(row, body)
        found = progress.acknowledge_variant(variant, row, known.ref, names, self.tools.reader)
        progress.report(found, progress.subject(self.tools.client.subject, variant.item_id))

    def parent(self, progress: Progress) -> None:
        """Create a configurable product with its children, or change it."""
        row = progress.row
        if row is None:
            children = [one.id for one in progress.made.values()]
            body = new_parent(progress.product, progress.places, self._set(), children)
            row = self._create(body, url_keys(progress.product))
            progress.created_by_us = True
            found = progress.acknowledge_content(row, CONTENT_FIELDS, self.tools.reader)
            self._no_pictures(progress)
        else:
            names = progress.todo - PICTURES
            body = self._content(progress, row)
            if self._taxed(progress):
                body = merged(body, custom("tax_class_id", progress.places.tax_class_id))
            if body:
                row = self._change(row, body)
            found = progress.acknowledge_content(row, names, self.tools.reader)
        progress.report(found, progress.subject(self.tools.client.subject))

    def attach(self, progress: Progress) -> None:
        """Put the new children below their parent, and acknowledge them."""
        row = progress.row
        if row is None:
            return
        for item_id, child in list(progress.made.items()):
            variant = progress.variant(item_id)
            try:
                row = self._attach(row, child)
            except RefusedError as error:
                progress.give_up(
                    item_id, rejection(error.refusal, progress.subject(self.tools.client.subject, item_id))
                )
                progress.made.pop(item_id)
                continue
            progress.rows[row.key] = row
            ref = ListingRef(row.key, child.key)
            found = progress.acknowledge_variant(variant, child, ref, VARIANT_FIELDS, self.tools.reader)
            progress.acknowledge_stock(variant, child, at_sources=self.tools.traits.multi_source)
            progress.report(found, progress.subject(self.tools.client.subject, item_id))
            progress.made.pop(item_id)
        self.tools.catalogue.adopted(row.key, row.children)

    def take_off_sale(self, progress: Progress) -> None:
        """Take children off sale that are no part of the product any more."""
        for child in sorted(progress.strays):
            self._change(progress.rows[child], {"status": OFF})
            progress.strays.discard(child)

    def first_saves(self, progress: Progress) -> list[JsonBody]:
        """Give the bodies with which a simple product, or the children of another, will be saved first."""
        product, row = progress.product, progress.row
        if not product.variable and row is None:
            return [merged(self._new_simple(progress), custom("url_key", next(iter(url_keys(product)))))]
        if not product.variable and row is not None:
            body = self._changed_simple(progress, row)
            return [_of(row, body)] if body else []
        return [body for item_id in progress.variants_todo if (body := self._first_of_child(progress, item_id))]

    def _first_of_child(self, progress: Progress, item_id: str) -> JsonBody:
        variant, row = progress.variant(item_id), progress.child(item_id)
        if not progress.variants_todo[item_id] - PICTURES:
            return {}
        if row is not None:
            body = self._changed_child(progress, variant)
            return _of(row, body) if body and item_id in progress.variants else {}
        if item_id in progress.variants or variant.visibility is Visibility.DRAFT:
            return {}
        url_key = custom("url_key", next(iter(url_keys(progress.product, variant))))
        return merged(self._new_child(progress, variant), url_key)

    def change(self, row: ProductRow, body: JsonBody) -> ProductRow:
        """Change a product that is there."""
        return self._change(row, body)

    # --- calls ---

    def _attach(self, row: ProductRow, child: ProductRow) -> ProductRow:
        """Attach one child; one that is attached already is what was wanted."""
        if child.key in row.children:
            return row
        try:
            self.tools.client.write("POST", f"configurable-products/{in_path(row.sku)}/child", {"childSku": child.sku})
        except RefusedError as error:
            if error.refusal.encoded_slash:
                links = {"configurable_product_links": [*map(int, row.children), child.id]}
                return self._change(row, {"extension_attributes": links})
            if not error.refusal.there_already:
                raise
        return with_children(row, [child.key])

    def _create(self, body: JsonBody, keys: Iterable[str]) -> ProductRow:
        """Create a product at the first address that no other product has."""
        waiting = list(keys)
        while True:
            try:
                return self._save(merged(body, custom("url_key", waiting.pop(0))))
            except RefusedError as error:
                if not waiting or not error.refusal.url_key_taken:
                    raise

    def _change(self, row: ProductRow, body: JsonBody) -> ProductRow:
        """Change a product and see that no other one came of it."""
        changed = self._save(_of(row, body))
        if changed.id != row.id:
            raise ItemRejectedError(
                f"The shop made product {changed.id} instead of changing {row.id}.",
                remedy=f"In the shop delete product {changed.id}, and change the SKU of product {row.id} by hand.",
                code="not_renamed",
                subject=thing(self.tools.client.subject, f"listing {row.id}"),
            )
        return changed

    def _save(self, body: JsonBody) -> ProductRow:
        """Save one product, unless a bulk has done so already."""
        if row := self.tools.bulks.saved(body):
            return row
        said = self.tools.client.write("POST", ROUTE, {"product": body})
        return parsed(ProductRow, said, self.tools.client.subject, "A saved product")

    # --- parts ---

    def _new_simple(self, progress: Progress) -> JsonBody:
        return new_simple(progress.product, progress.places, self._set(), stock=self._stock_at_creation)

    def _changed_simple(self, progress: Progress, row: ProductRow) -> JsonBody:
        variant = progress.product.variants[0]
        own = progress.variants_todo.get(variant.item_id, set()) - PICTURES
        return merged(self._content(progress, row), variant_body(variant, own, progress.places))

    def _new_child(self, progress: Progress, variant: Variant) -> JsonBody:
        number = progress.row.attribute_set_id if progress.row else self._set()
        return new_child(variant, progress.product, progress.places, number, stock=self._stock_at_creation)

    @staticmethod
    def _changed_child(progress: Progress, variant: Variant) -> JsonBody:
        names = progress.variants_todo.get(variant.item_id, set()) - PICTURES
        body = variant_body(variant, names, progress.places)
        if "options" in names:
            body = merged(body, choices_body(variant, progress.product, progress.places))
        return body | ({"status": STATUS[variant.visibility]} if "visibility" in names else {})

    def _content(self, progress: Progress, row: ProductRow) -> JsonBody:
        names = progress.todo - PICTURES
        body = content_body(progress.product, names & set(CONTENT_TEXTS), progress.places)
        if "category" in names:
            ours = {self.tools.terms.known_category(path) for path in progress.write.link.put("category")}
            wanted = progress.places.category_id
            links = [one for one in row.category_ids if one not in ours or one == wanted]
            links += [wanted] if wanted and wanted not in links else []
            if links and tuple(links) != row.category_ids:  # never an empty list: it would unassign all
                body = merged(body, category_body(links))
        return body

    def _taxed(self, progress: Progress) -> bool:
        changed = any("tax_class" in names for names in progress.variants_todo.values())
        return bool(progress.places.tax_class_id) and changed and progress.created_by_us

    def _no_pictures(self, progress: Progress) -> None:
        if not progress.product.images:
            progress.acknowledge_pictures()

    @property
    def _stock_at_creation(self) -> bool:
        """A new product's figure goes to the source "default", or to the one figure there is."""
        traits = self.tools.traits
        return not traits.multi_source or traits.source == DEFAULT_SOURCE

    def _set(self) -> int:
        return self.tools.terms.attributes.default_set()


def _of(row: ProductRow, body: JsonBody) -> JsonBody:
    """Say of which product a change is, under its SKU as the store has it: another case would rename it."""
    return {"id": row.id, "sku": row.sku, **body}
