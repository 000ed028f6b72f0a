"""Change listings in batches of ten; category pairs are added and taken away, never replaced (invariant 6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tillbridge.domain.errors import GarbledAnswerError, ItemRejectedError
from tillbridge.domain.planning import as_text
from tillbridge.systems.bigcommerce.api.catalogue import PRODUCTS
from tillbridge.systems.bigcommerce.api.halves import send_in_batches
from tillbridge.systems.bigcommerce.api.refusals import RefusedError, refusal_in
from tillbridge.systems.bigcommerce.api.rejections import partly_saved, rejection
from tillbridge.systems.bigcommerce.api.wire import ProductRow
from tillbridge.systems.bigcommerce.products.adopt import BRAND
from tillbridge.systems.bigcommerce.products.categories import CATEGORY
from tillbridge.systems.bigcommerce.products.names import LONG_NAME, unique_name
from tillbridge.systems.bigcommerce.products.payload import (
    CONTENT_FIELDS_SENT,
    NO_SUCH_FIELD,
    VARIANT_FIELDS_SENT,
    JsonBody,
    content_body,
    tax_class_id,
    variant_body,
)
from tillbridge.systems.bigcommerce.products.progress import Progress
from tillbridge.systems.bigcommerce.tools import Tools
from tillbridge.systems.common.rejections import listing_gone
from tillbridge.systems.common.sending import doubt
from tillbridge.systems.common.subjects import thing
from tillbridge.systems.common.wire import parsed
from tillbridge.systems.shop import Vocabulary

MOST = 10
"""Products in one request (facts/bigcommerce.md, "Catalog v3")."""

ASSIGNMENTS = f"{PRODUCTS}/category-assignments"


@dataclass(frozen=True, slots=True)
class Change:
    """Changes products themselves; variants and pictures are changed elsewhere."""

    tools: Tools

    def change(self, batch: Sequence[Progress]) -> None:
        """Write what differs of these products, at most ten, and note what came of each."""
        for progress in batch:
            if NO_SUCH_FIELD in progress.todo:
                progress.acknowledge_as_wanted([NO_SUCH_FIELD])
            if not progress.product.variable:
                progress.acknowledge_no_options()
        ready = [progress for progress in batch if needs_call(progress)]
        for _ in send_in_batches(ready, MOST, self._send, self._refused):
            pass
        self._move([progress for progress in batch if "category" in progress.todo])

    def _send(self, entries: Sequence[Progress]) -> None:
        client = self.tools.client
        written = client.write("PUT", PRODUCTS, [change_body(entry) for entry in entries], safe_to_repeat=True)
        try:
            rows = {str(row.id): row for row in parsed(list[ProductRow], written.data, client.subject, "The products")}
        except GarbledAnswerError as garbled:
            raise doubt(garbled, client.subject) from garbled
        if written.partly:
            self._partly(
                entries, refusal_in(written.said.get("errors") if isinstance(written.said, dict) else None, 207).told
            )
            return
        for entry in entries:
            if row := rows.get(entry.product_id):
                self._changed(entry, row)
            else:
                self._refused(entry, listing_gone(thing(client.subject, f"listing {entry.product_id}")))

    def _partly(self, entries: Sequence[Progress], told: str) -> None:
        """Read back what was saved: the answer does not say what is missing of which product."""
        rows = self.tools.catalogue.by_ids(entry.product_id for entry in entries)
        for entry in entries:
            subject = thing(self.tools.client.subject, f"listing {entry.product_id}")
            if row := rows.get(entry.product_id):
                before = len(entry.errors)
                self._changed(entry, row)
                if len(entry.errors) > before:
                    entry.errors.append(partly_saved(told, subject))
            else:
                entry.fail(listing_gone(subject))

    def _changed(self, entry: Progress, row: ProductRow) -> None:
        product = entry.product
        if "brand" in entry.todo and product.brand and row.brand_id:
            entry.brand_id = str(row.brand_id)
            self.tools.vocabulary.put(BRAND, {product.brand: entry.brand_id})
        found = entry.acknowledge_content(row, set(entry.todo) & set(CONTENT_FIELDS_SENT))
        if product.variable:
            for item_id in list(entry.variants):
                names = entry.variants_todo.get(item_id, set()) & {"tax_class"}
                if names:
                    found += entry.acknowledge_tax(entry.variant(item_id), row)
        else:
            (variant, *_) = product.variants
            names = entry.variants_todo.get(variant.item_id, set()) - {"image"}
            found += entry.acknowledge_variant(variant, row, None, names)
        entry.report(found, thing(self.tools.client.subject, f"listing {row.id}"))

    def _refused(self, entry: Progress, error: ItemRejectedError) -> None:
        """Say why one product is refused, and that it is gone where it is; a name that is taken is made longer."""
        subject = thing(self.tools.client.subject, f"listing {entry.product_id}")
        if entry.product_id not in self.tools.catalogue.by_ids([entry.product_id]):
            entry.fail(listing_gone(subject))
        elif isinstance(error, RefusedError) and error.refusal.conflict and "name" in entry.todo and not entry.name:
            entry.name = unique_name(entry.product)
            self.tools.vocabulary.put(LONG_NAME, {entry.product_id: "yes"})
            for _ in send_in_batches([entry], 1, self._send, self._refused):
                pass
        else:
            entry.fail(rejection(error, subject))

    def _move(self, entries: Sequence[Progress]) -> None:
        """Put products where they belong, and take them out of where we had put them before."""
        entries = [entry for entry in entries if not entry.failed]
        former = self._by_former_category(entries)  # before an id is found to be stale and all are forgotten
        new = [entry for entry in entries if entry.category_id]
        for _ in send_in_batches(new, MOST, self._assign, self._refused):
            pass
        for old, left in former.items():
            moved = [entry for entry in left if not entry.failed and entry.category_id != old]
            if moved:
                self._take_out(old, moved)
        for entry in entries:
            if not entry.failed:
                entry.acknowledge_as_wanted(["category"])

    def _take_out(self, old: int, moved: Sequence[Progress]) -> None:
        ids = ",".join(entry.product_id for entry in moved)
        params = {"product_id:in": ids, "category_id:in": str(old)}
        try:
            self.tools.client.write("DELETE", ASSIGNMENTS, params=params, safe_to_repeat=True)
        except ItemRejectedError as error:
            for entry in moved:
                entry.fail(rejection(error, thing(self.tools.client.subject, f"listing {entry.product_id}")))

    def _assign(self, entries: Sequence[Progress]) -> None:
        try:
            self._put_pairs(entries)
        except RefusedError:
            if not entries[0].product.category_path or len(entries) > 1:
                raise
            # Its remembered id may be stale: somebody deleted the category. It is made anew, once.
            self.tools.categories.forget()
            self.tools.categories.prepare([entries[0].product.category_path])
            entries[0].category_id = self.tools.categories.id_of(entries[0].product.category_path)
            self._put_pairs(entries)

    def _put_pairs(self, entries: Sequence[Progress]) -> None:
        pairs = [{"product_id": int(entry.product_id), "category_id": entry.category_id} for entry in entries]
        self.tools.client.write("PUT", ASSIGNMENTS, pairs, safe_to_repeat=True)

    def _by_former_category(self, entries: Sequence[Progress]) -> Mapping[int, list[Progress]]:
        """Group by the categories in which we had put them, or may have, where these are others."""
        grouped: dict[int, list[Progress]] = {}
        for entry in entries:
            for old in former_categories(entry, self.tools.vocabulary):
                grouped.setdefault(old, []).append(entry)
        return grouped


def change_body(entry: Progress) -> JsonBody:
    """Give what changes of the product itself, in the shop's words."""
    product = entry.product
    body: JsonBody = {"id": int(entry.product_id), **content_body(product, entry.todo, entry.name)}
    if not product.variable:
        (variant, *_) = product.variants
        body |= variant_body(variant, entry.variants_todo.get(variant.item_id, ()))
    return body | ({"tax_class_id": tax_class_id(product)} if entry.taxed else {})


def former_categories(entry: Progress, vocabulary: Vocabulary) -> list[int]:
    """List the ids of the categories in which we may have put a product, but for the one where it belongs."""
    before = [text for text in entry.write.link.put("category") if text != as_text(entry.product.category_path)]
    return list(dict.fromkeys(int(known) for text in before if (known := vocabulary.get(CATEGORY, text))))


def needs_call(entry: Progress) -> bool:
    """Tell whether the product itself changes, apart from its category, variants and pictures."""
    if entry.failed:
        return False
    own = set(VARIANT_FIELDS_SENT) if not entry.product.variable else set()
    return (
        bool(entry.todo & set(CONTENT_FIELDS_SENT))
        or entry.taxed
        or any(names & own for names in entry.variants_todo.values())
    )
