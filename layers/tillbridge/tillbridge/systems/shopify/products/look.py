"""Before anything is created: what of it does the shop have already?"""

from collections.abc import Sequence
from dataclasses import dataclass

from tillbridge.domain.agreement import folded
from tillbridge.domain.planning import product_fields, variant_fields
from tillbridge.domain.product import ListingRef, Visibility
from tillbridge.systems.common.linking import Linkable
from tillbridge.systems.common.looked import Looked
from tillbridge.systems.common.progress import skus_of
from tillbridge.systems.common.subjects import thing
from tillbridge.systems.shopify.api.rejections import sku_twice
from tillbridge.systems.shopify.api.wire import ProductRow, VariantRow
from tillbridge.systems.shopify.catalogue import Catalogue, ref_of, refs_of
from tillbridge.systems.shopify.products.doubt import note_strays, rows_of, withheld
from tillbridge.systems.shopify.products.linking import judge, link_to
from tillbridge.systems.shopify.products.progress import Progress


@dataclass(frozen=True, slots=True)
class LookFirst:
    """Finds what exists."""

    catalogue: Catalogue

    def look(self, new: Sequence[Progress], under_way: Sequence[Progress] = ()) -> Looked[Progress]:
        """Sort products that are to be created. Shopify takes an SKU twice, so that nobody else refuses it.

        Those that are under way are being created: their SKUs are taken, and they are none of those sorted.
        """
        looked = Looked[Progress]()
        rest = self._tried_before(self._unlike(new, under_way, looked), looked)
        found = self.catalogue.by_skus(skus_of(rest))
        subject = self.catalogue.tools.client.subject
        linkable, ours = looked.sort(
            rest, lambda one: judge(one.write, found, thing(subject, f"product {one.product.key}"))
        )
        self._link(linkable, looked)
        self.complete(ours, looked)
        return looked

    def complete(self, found: Sequence[tuple[Progress, str]], looked: Looked[Progress]) -> None:
        """Take listings as ours that an unanswered try created, and see what they lack."""
        rows = self.catalogue.whole(product_id for _, product_id in found)
        for progress, product_id in found:
            if row := rows.get(product_id):
                adopt(progress, row, self.catalogue)
                looked.adopted.append(progress)
            else:
                looked.fresh.append(progress)

    def _unlike(
        self, new: Sequence[Progress], under_way: Sequence[Progress], looked: Looked[Progress]
    ) -> list[Progress]:
        """Refuse what has an SKU of another product in this very push."""
        owners = {folded(sku): progress.product.key for progress in under_way for sku in _skus(progress)}
        passed: list[Progress] = []
        busy = {progress.product.key for progress in under_way}
        for progress in new:
            if progress.product.key in busy:
                continue
            skus = _skus(progress)
            taken = next((sku for sku in skus if folded(sku) in owners), None)
            if taken is None:
                owners |= {folded(sku): progress.product.key for sku in skus}
                passed.append(progress)
            else:
                subject = thing(self.catalogue.tools.client.subject, f"product {progress.product.key}")
                progress.fail(sku_twice(taken, owners[folded(taken)], subject))
                looked.settled.append(progress)
        return passed

    def _tried_before(self, new: Sequence[Progress], looked: Looked[Progress]) -> list[Progress]:
        """Find the listings of earlier tries whose answer never came, by our key, since a search may not see them."""
        tried = {progress for progress in new if progress.write.link.attempted_at}
        missing = set(self.made_before([progress for progress in new if progress in tried], looked))
        return [progress for progress in new if progress not in tried or progress in missing]

    def made_before(self, tried: Sequence[Progress], looked: Looked[Progress]) -> list[Progress]:
        """Find what has been made by our key, since a search may not see it; gives what has not."""
        found = self.catalogue.by_keys([progress.product.key for progress in tried])
        there = [progress for progress in tried if progress.product.key in found]
        self.complete([(progress, found[progress.product.key]) for progress in there], looked)
        return [progress for progress in tried if progress.product.key not in found]

    def _link(self, linkable: Sequence[tuple[Progress, Linkable[VariantRow]]], looked: Looked[Progress]) -> None:
        """Link to listings as they are; one that went meanwhile is made anew."""
        rows = self.catalogue.whole(verdict.product_id for _, verdict in linkable)
        unit = self.catalogue.tools.traits.weight_unit
        for progress, verdict in linkable:
            row = rows.get(verdict.product_id)
            there = refs_of(row) if row else {}
            refs = {item_id: ref_of(found) for item_id, found in verdict.rows.items()}
            if row is None or not set(refs.values()) <= there.keys():
                looked.fresh.append(progress)
                continue
            self.catalogue.tools.whereabouts.met(there)
            variants = {item_id: there[ref] for item_id, ref in refs.items()}
            progress.become(link_to(progress.write, row, variants, unit))
            looked.settled.append(progress)


def _skus(progress: Progress) -> list[str]:
    return [variant.sku for variant in progress.product.on_sale if variant.sku]


def adopt(progress: Progress, row: ProductRow, catalogue: Catalogue) -> None:
    """Acknowledge what the listing shows; what it lacks stays to be done.

    Where the till has moved on since, it is written again as far as the till owns it for good. All else is left as it
    is: the merchant may have seen and changed the listing (invariant 6). Publishing is part of creating: a product that
    is active and was never published is published still.
    """
    there = refs_of(row)
    catalogue.tools.whereabouts.met(there)
    variants = rows_of(progress, row)
    link = link_to(progress.write, row, variants, catalogue.tools.traits.weight_unit)
    images = progress.image_ids
    owned = progress.write.owned
    progress.become(link)
    progress.image_ids, progress.created_by_us = dict(images), True
    wanted = product_fields(progress.product)
    progress.todo = {name for name, text in link.fields.items() if name in owned and text != wanted[name]} | {"images"}
    progress.fields.pop("images", None)
    if progress.product.visibility is Visibility.PUBLISHED and row.status == "ACTIVE" and not row.published:
        progress.todo.add("visibility")
    for variant in progress.product.variants:
        known = progress.variants.get(variant.item_id)
        if known is None:
            if variant.visibility is Visibility.PUBLISHED:
                progress.variants_todo[variant.item_id] = set(variant_fields(variant, progress.product))
            continue
        texts = variant_fields(variant, progress.product)
        lacking = {name for name, text in known.fields.items() if name in owned and text != texts[name]}
        progress.variants_todo[variant.item_id] = (lacking - {"visibility"}) | {"image"}
        if variant.visibility is Visibility.DRAFT and not withheld(row, variants[variant.item_id]):
            progress.variants_todo[variant.item_id] = {"visibility"}
    if progress.product.variable:
        note_strays(progress, row)


def ref_in(progress: Progress, row: VariantRow) -> ListingRef:
    """Tell where a variant of this product is listed."""
    return ListingRef(progress.product_id, row.id if progress.product.variable else "")
