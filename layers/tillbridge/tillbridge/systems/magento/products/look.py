"""Before anything is created: what of it does the shop have already?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tillbridge.domain.catalogue import simple_key
from tillbridge.domain.planning import product_fields, variant_fields
from tillbridge.domain.product import CONTENT_FIELDS, VARIANT_FIELDS, KnownVariant, ListingRef, Visibility
from tillbridge.systems.common.linking import Linkable, Taken
from tillbridge.systems.common.progress import skus_of
from tillbridge.systems.common.texts import same_name
from tillbridge.systems.magento.api.catalogue import MARK
from tillbridge.systems.magento.api.rejections import listing_gone, same_sku
from tillbridge.systems.magento.api.wire import ON, ProductRow
from tillbridge.systems.magento.products.linking import judge, link_to
from tillbridge.systems.magento.products.pictures import recognised
from tillbridge.systems.magento.products.progress import PICTURES, Progress
from tillbridge.systems.magento.tools import Tools


@dataclass(slots=True)
class LookFirst:
    """Finds what exists."""

    tools: Tools

    def look(self, new: Sequence[Progress]) -> None:
        """Link, or take as ours, what the shop has of products that are to be created."""
        tried = [progress for progress in new if progress.write.link.attempted_at]
        made = self.tools.catalogue.by_marks([progress.product.key for progress in tried]) if tried else {}
        self._complete_all(
            [(progress, made[progress.product.key]) for progress in tried if progress.product.key in made]
        )
        self._by_sku([progress for progress in new if not progress.product_id])

    def read(self, known: Sequence[Progress]) -> None:
        """Read the listings that are to be changed; one that is not there any more fails."""
        unread = [progress for progress in known if progress.write.link.unread]
        ids = [ref for progress in known for ref in _ids(progress)]
        rows = self.tools.catalogue.by_ids(ids)
        for progress in known:
            if progress.product_id not in rows:
                progress.fail(listing_gone(progress.subject(self.tools.client.subject)))
                continue
            progress.rows = {one: rows[one] for one in _ids(progress) if one in rows}
        self._complete_all([(progress, rows[progress.product_id]) for progress in unread if not progress.settled])
        for progress in known:
            if not progress.settled and progress not in unread:
                self._children_gone(progress)
                if progress.in_doubt:
                    self._take_in_doubtful(progress)

    def again(self, progress: Progress) -> None:
        """After a call without an answer: see what the shop has of this product by now."""
        if not progress.product_id:
            self.look([progress])
        elif progress.row is not None:
            ids = [*_ids(progress), *(row.key for row in progress.made.values())]
            progress.rows |= self.tools.catalogue.by_ids(ids)

    # --- listings of ours whose answers never came ---

    def _complete_all(self, found: Sequence[tuple[Progress, ProductRow]]) -> None:
        below = self.tools.catalogue.by_ids(child for _, row in found for child in row.children)
        for progress, row in found:
            self._adopt(progress, row, [below[child] for child in row.children if child in below])

    def _adopt(self, progress: Progress, row: ProductRow, children: Sequence[ProductRow]) -> None:
        """Take a listing as ours and acknowledge what it shows; what it lacks stays to be done.

        Where the till has moved on since, it is written again as far as the till owns it for good. All else is left as
        it is: the merchant may have seen and changed the listing (invariant 6).
        """
        progress.created_by_us = True
        progress.rows = {one.key: one for one in (row, *children)}
        link = link_to(progress.write, row, self._own_children(progress, children), self.tools.reader, self._gtin())
        progress.product_id, owned = row.key, progress.write.owned
        wanted = product_fields(progress.product)
        progress.fields = {name: text for name, text in link.fields.items() if name not in PICTURES}
        progress.todo = {name for name in CONTENT_FIELDS if progress.fields.get(name) != wanted[name] and name in owned}
        self._pictures(progress, row)
        for known in link.variants:
            self._take_child(progress, known)
        self._note_strays(progress, children)

    def _pictures(self, progress: Progress, row: ProductRow) -> None:
        images = progress.product.images
        progress.image_ids = recognised(images, row)
        if all(image.source_id in progress.image_ids for image in images):
            progress.acknowledge_pictures()
        else:
            progress.todo.add("images")

    def _take_child(self, progress: Progress, known: KnownVariant) -> None:
        """Acknowledge a child as it is; one that was archived meanwhile goes off sale."""
        variant = progress.variant(known.item_id)
        wanted = variant_fields(variant, progress.product)
        fields = {name: text for name, text in known.fields.items() if name not in PICTURES}
        row = progress.rows[known.ref.variant_id or known.ref.product_id]
        progress.variants[known.item_id] = KnownVariant(item_id=known.item_id, ref=known.ref, fields=fields)
        differing = {name for name in VARIANT_FIELDS if name not in PICTURES and fields.get(name) != wanted[name]}
        todo = differing & progress.write.owned
        if variant.visibility is Visibility.DRAFT and row.status == ON and progress.product.variable:
            todo = todo | {"visibility"}
        progress.variants_todo[known.item_id] = todo
        if variant.image is None or not known.ref.variant_id:
            progress.acknowledge_picture(known.item_id, "", "")
        elif image_id := recognised([variant.image], row).get(variant.image.source_id):
            progress.acknowledge_picture(known.item_id, variant.image.source_id, image_id)
        else:
            progress.variants_todo[known.item_id] = {*todo, "image"}

    def _own_children(self, progress: Progress, children: Sequence[ProductRow]) -> dict[str, ProductRow]:
        """Find the child of each item: by our mark, or by its SKU where it is on sale."""
        found: dict[str, ProductRow] = {}
        for variant in progress.product.variants:
            marked = (row for row in children if row.text(MARK) == simple_key(variant.item_id))
            on_sale = variant.visibility is Visibility.PUBLISHED
            alike = (row for row in children if on_sale and same_name(row.sku, variant.sku))
            if row := next(marked, None) or next(alike, None):
                found[variant.item_id] = row
        return found

    def _take_in_doubtful(self, progress: Progress) -> None:
        """Find what an unanswered write made below a listing: for items to come, for archived ones, for gone ones."""
        row = progress.rows[progress.product_id]
        known = {entry.ref.variant_id for entry in progress.variants.values()}
        rows = self.tools.catalogue.by_ids(child for child in row.children if child not in known)
        progress.rows |= rows
        found = self._own_children(progress, list(rows.values()))
        for item_id, child in found.items():
            if item_id not in progress.variants:
                ref = ListingRef(progress.product_id, child.key)
                progress.variants[item_id] = KnownVariant(item_id=item_id, ref=ref)
        for item_id in [item_id for item_id in progress.variants_todo if item_id not in progress.variants]:
            if progress.variant(item_id).visibility is Visibility.DRAFT:
                progress.variants_todo.pop(item_id)  # it was never made
        self._note_strays(progress, list(rows.values()))

    def _note_strays(self, progress: Progress, children: Iterable[ProductRow]) -> None:
        """Note children that we made for items which the product does not have any more."""
        items = {simple_key(variant.item_id) for variant in progress.product.variants}
        known = {entry.ref.variant_id for entry in progress.variants.values()}
        for row in children:
            mark = row.text(MARK)
            if mark and mark not in items and row.key not in known and row.status == ON:
                progress.strays.add(row.key)

    def _children_gone(self, progress: Progress) -> None:
        """Note the children that are to be changed and are not there, or not below this product any more."""
        row = progress.rows[progress.product_id]
        for item_id in list(progress.variants_todo):
            known = progress.variants.get(item_id)
            place = known.ref.variant_id if known else ""
            if place and (place not in progress.rows or place not in row.children):
                progress.give_up(item_id, listing_gone(progress.subject(self.tools.client.subject, item_id)))

    # --- listings of the merchant's ---

    def _by_sku(self, progresses: Sequence[Progress]) -> None:
        if not progresses:
            return
        found = self.tools.catalogue.by_skus(skus_of(progresses))
        parents = self.tools.catalogue.parents() if found else {}
        linkable: list[tuple[Progress, Linkable[ProductRow]]] = []
        asked: set[str] = set()
        for progress in progresses:
            match judge(progress.write, found, parents, progress.subject(self.tools.client.subject)):
                case Linkable() as verdict:
                    linkable.append((progress, verdict))
                case Taken(error):
                    progress.fail(error)
                case _:
                    self._refuse_doubles(progress, asked)
        self._link(linkable)

    def _refuse_doubles(self, progress: Progress, asked: set[str]) -> None:
        """Refuse the second of two products with one SKU: writing it would change the first (an upsert)."""
        mine = {variant.sku.casefold() for variant in progress.product.on_sale}
        if mine & asked:
            progress.fail(same_sku(min(mine & asked), progress.subject(self.tools.client.subject)))
        asked |= mine

    def _link(self, linkable: Sequence[tuple[Progress, Linkable[ProductRow]]]) -> None:
        parents = [verdict.product_id for progress, verdict in linkable if progress.product.variable]
        rows = self.tools.catalogue.by_ids(parents)
        for progress, verdict in linkable:
            row = rows.get(verdict.product_id) or next(iter(verdict.rows.values()))
            progress.become(link_to(progress.write, row, verdict.rows, self.tools.reader, self._gtin()))

    def _gtin(self) -> str:
        return self.tools.terms.attributes.ensure_own()


def _ids(progress: Progress) -> list[str]:
    """List the ids of a listing and of its children that are to be changed."""
    known = [
        progress.variants[item_id].ref.variant_id for item_id in progress.variants_todo if item_id in progress.variants
    ]
    return [progress.product_id, *(one for one in known if one)]
