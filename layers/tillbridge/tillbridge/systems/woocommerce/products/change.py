"""Change listings.

Lists that WooCommerce replaces whole are read first and merged, so that nothing of the merchant's is lost (invariant 6;
facts/woocommerce.md, "Products").
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import unescape

from tillbridge.domain.agreement import folded
from tillbridge.domain.errors import SystemDownError
from tillbridge.domain.product import ListingRef, Product
from tillbridge.systems.common.differences import Difference
from tillbridge.systems.common.subjects import thing
from tillbridge.systems.woocommerce.api.batch_call import write_batch
from tillbridge.systems.woocommerce.api.client import WooClient
from tillbridge.systems.woocommerce.api.refusals import Refusal
from tillbridge.systems.woocommerce.api.rejections import listing_gone, rejection, shop_fails_on_it
from tillbridge.systems.woocommerce.api.wire import AttributeRow, ListingRow, TermRow
from tillbridge.systems.woocommerce.products.create import is_place
from tillbridge.systems.woocommerce.products.payload import (
    CONTENT_TEXTS,
    VARIANT_TEXTS,
    JsonBody,
    content_body,
    variant_body,
)
from tillbridge.systems.woocommerce.products.payload import attribute_uses as wanted_uses
from tillbridge.systems.woocommerce.products.places import Places
from tillbridge.systems.woocommerce.products.progress import Progress
from tillbridge.systems.woocommerce.products.terms import BRAND, CATEGORY, Terms

LISTS = frozenset({"category", "brand", "options"})
"""Fields that live in lists which the merchant may have added to."""


@dataclass(slots=True)
class Change:
    """Carries changes of products. ``current`` holds what the shop shows of those whose lists change."""

    client: WooClient
    terms: Terms
    current: Mapping[str, ListingRow]
    misplaced: list[tuple[Progress, Sequence[Difference]]] = field(default_factory=list)

    def body(self, entry: Progress) -> Mapping[str, object]:
        """Give what changes, in the shop's words."""
        product = entry.product
        body: JsonBody = {"id": int(entry.product_id), **content_body(product, entry.todo)}
        if not product.variable:
            variant = product.variants[0]
            body |= variant_body(variant, product, entry.variants_todo.get(variant.item_id, ()))
        elif entry.taxed:
            body |= variant_body(product.variants[0], product, ("tax_class",))
        row = self.current.get(entry.product_id)
        return body | (self._lists(entry, row) if row else {})

    def send(self, entries: Sequence[Progress]) -> None:
        """Change a batch; the same change twice does no harm."""
        bodies = [self.body(entry) for entry in entries]
        answer = write_batch(self.client, "products", ListingRow, update=bodies, repeatable=True)
        for entry, result in zip(entries, answer.updated, strict=True):
            subject = thing(self.client.subject, f"listing {entry.product_id}")
            if isinstance(result, Refusal):
                entry.fail(rejection(result, subject))
            elif result.in_trash:
                entry.fail(listing_gone(subject))
            else:
                self._changed(entry, result)

    def settle(self, entries: Sequence[Progress]) -> Sequence[Progress]:
        """After doubt all of it is sent again."""
        return entries

    def blame(self, entry: Progress, trouble: SystemDownError) -> None:
        """Leave out what the shop cannot carry."""
        entry.fail(shop_fails_on_it(trouble, thing(self.client.subject, f"listing {entry.product_id}")))

    def _changed(self, entry: Progress, row: ListingRow) -> None:
        found = entry.acknowledge_content(row, set(entry.todo) & {*CONTENT_TEXTS, *LISTS})
        if not entry.product.variable:
            variant = entry.product.variants[0]
            sent = entry.variants_todo.get(variant.item_id, set())
            found += entry.acknowledge_variant(variant, row, ListingRef(entry.product_id), sent)
            if "image" in sent:
                entry.acknowledge_picture(variant.item_id, "", "")
        misplaced = [difference for difference in found if is_place(difference)]
        if misplaced:
            entry.todo |= {difference.field for difference in misplaced}
            self.misplaced.append((entry, misplaced))
        others = [difference for difference in found if difference not in misplaced]
        entry.report(others, thing(self.client.subject, f"listing {row.id}"))

    def _lists(self, entry: Progress, row: ListingRow) -> JsonBody:
        link, places, todo = entry.write.link, entry.places, entry.todo
        body: JsonBody = {}
        if "category" in todo:
            ours = self.terms.known_ids(CATEGORY, link.put("category"))
            body["categories"] = merged_terms(row.categories, ours, places.category_id)
        if "brand" in todo and places.brands:
            ours = self.terms.known_ids(BRAND, link.put("brand"))
            body["brands"] = merged_terms(row.brands or (), ours, places.brand_id)
        if "options" in todo and entry.product.variable:
            body["attributes"] = merged_attributes(entry, row)
        return body


def needs_call(entry: Progress) -> bool:
    """Tell whether the product itself changes, apart from its variations and pictures."""
    if entry.todo - {"images"}:
        return True
    if entry.product.variable:
        return entry.taxed
    return any(set(VARIANT_TEXTS) & names for names in entry.variants_todo.values())


def needs_reading(entry: Progress) -> bool:
    """Tell whether the listing must be read first: lists change, or a merchant's own attributes are to be chosen."""
    chooses = any("options" in names for names in entry.variants_todo.values())
    return bool(entry.todo & LISTS) or (entry.product.variable and chooses and not entry.created_by_us)


def places_in(row: ListingRow, entry: Progress) -> Places:
    """Take the listing's own attributes where they have the options' names: a merchant may have made them otherwise."""
    own = {folded(use.name): use.id for use in row.attributes if use.variation}
    ids = zip(entry.product.options, entry.places.attribute_ids, strict=True)
    return replace(entry.places, attribute_ids=tuple(own.get(folded(option.name), known) for option, known in ids))


def renamed_options(entry: Progress) -> bool:
    """Tell whether the options have other names than before, so that every variation has to choose anew."""
    return option_names(entry) != [option.name for option in entry.product.options]


def option_names(entry: Progress) -> list[str]:
    """Name the options that the listing was last acknowledged with."""
    try:
        before = json.loads(entry.write.link.fields.get("options", "[]"))
    except ValueError:
        return []
    return [str(option[0]) for option in before if isinstance(option, list) and option]


def merged_terms(current: Sequence[TermRow], ours: Collection[int], wanted: int | None) -> list[JsonBody]:
    """Exchange our own terms for another and keep all others."""
    kept = [term.id for term in current if term.id not in {*ours, wanted}]
    return [{"id": term_id} for term_id in [*kept, *([wanted] if wanted else [])]]


def merged_attributes(entry: Progress, row: ListingRow) -> list[JsonBody]:
    """Exchange our own attributes and keep the merchant's; an option once offered stays, for variations may use it."""
    product, uses = entry.product, wanted_uses(entry.product, entry.places)
    gone = {folded(name) for name in option_names(entry)} - {folded(option.name) for option in product.options}
    merged: list[JsonBody] = []
    for use, option in zip(uses, product.options, strict=True):
        present = next((own for own in row.attributes if _same(own, use, option.name)), None)
        known = [unescape(value) for value in present.options] if present else []
        more = [value for value in option.values if folded(value) not in map(folded, known)]
        merged.append({**use, "options": [*known, *more]})
    others = [own for own in row.attributes if not _one_of(own, uses, product) and folded(own.name) not in gone]
    return merged + [_kept(own) for own in others]


def _one_of(own: AttributeRow, uses: Sequence[JsonBody], product: Product) -> bool:
    return any(_same(own, use, option.name) for use, option in zip(uses, product.options, strict=True))


def _same(own: AttributeRow, use: JsonBody, name: str) -> bool:
    return own.id == use.get("id") or (own.variation and folded(own.name) == folded(name))


def _kept(own: AttributeRow) -> JsonBody:
    """Write an attribute of the merchant's back as it is."""
    named: JsonBody = {"id": own.id} if own.id else {"name": unescape(own.name)}
    return {
        **named,
        "position": own.position,
        "visible": own.visible,
        "variation": own.variation,
        "options": [unescape(value) for value in own.options],
    }
