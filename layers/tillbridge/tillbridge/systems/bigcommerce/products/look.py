"""Before anything is created: what of it does the store have already?"""

from collections.abc import Sequence
from dataclasses import dataclass

from tillbridge.systems.bigcommerce.api.catalogue import Hit
from tillbridge.systems.bigcommerce.products.adopt import adopt
from tillbridge.systems.bigcommerce.products.linking import judge
from tillbridge.systems.bigcommerce.products.making import Making
from tillbridge.systems.bigcommerce.products.progress import Progress
from tillbridge.systems.bigcommerce.products.take_over import SEEN_WITH, link_to
from tillbridge.systems.bigcommerce.tools import Tools
from tillbridge.systems.common.linking import Linkable
from tillbridge.systems.common.looked import Looked
from tillbridge.systems.common.progress import skus_of
from tillbridge.systems.common.rejections import listing_gone
from tillbridge.systems.common.subjects import thing


@dataclass(frozen=True, slots=True)
class LookFirst:
    """Finds what exists."""

    tools: Tools

    def look(self, new: Sequence[Progress]) -> Looked[Progress]:
        """Sort products that are to be created.

        In a store that had none, only those of earlier tries can be there.
        """
        ours = self.tools.first_look.shop_is_ours()
        looked = Looked[Progress]()
        rest = self._marked(new, looked)
        asked = [progress for progress in rest if progress.doubtful or not ours]
        looked.fresh = [progress for progress in rest if progress not in asked]
        self.by_sku(asked, looked)
        return looked

    def read(self, unread: Sequence[Progress]) -> None:
        """See what listings lack that were found by our key; one that is not there any more fails."""
        completed = self._complete([(progress, progress.product_id) for progress in unread], Looked[Progress]())
        for progress in unread:
            if progress not in completed:
                progress.fail(listing_gone(thing(self.tools.client.subject, f"listing {progress.product_id}")))

    def by_sku(self, progresses: Sequence[Progress], looked: Looked[Progress]) -> None:
        """Sort products by what carries their SKUs."""
        found = self.tools.catalogue.by_skus(skus_of(progresses)) if progresses else {}
        subject = self.tools.client.subject
        linkable, ours = looked.sort(
            progresses, lambda one: judge(one.write, found, thing(subject, f"product {one.product.key}"))
        )
        self._link(linkable)
        looked.settled += [progress for progress, _ in linkable]
        self._complete(ours, looked)

    def _marked(self, new: Sequence[Progress], looked: Looked[Progress]) -> list[Progress]:
        """Find as ours the listings of earlier tries whose answer never came; returns the products without one."""
        tried = [progress for progress in new if progress.doubtful]
        if not tried:
            return list(new)
        marks = self.tools.catalogue.marked([progress.product.key for progress in tried])
        unmarked = {
            progress.product.key: tried_at
            for progress in tried
            if progress.product.key not in marks and (tried_at := progress.write.link.attempted_at)
        }
        made = {**marks, **Making(self.tools).find(unmarked)}
        there = [(progress, made[progress.product.key]) for progress in tried if progress.product.key in made]
        completed = self._complete(there, looked)
        return [progress for progress in new if progress not in completed]

    def _complete(self, found: Sequence[tuple[Progress, str]], looked: Looked[Progress]) -> list[Progress]:
        """Take listings as ours and see what they lack."""
        rows = self.tools.catalogue.by_ids((product_id for _, product_id in found), SEEN_WITH) if found else {}
        completed: list[Progress] = []
        for progress, product_id in found:
            if row := rows.get(product_id):
                adopt(self.tools, progress, row)
                completed.append(progress)
        looked.adopted += completed
        return completed

    def _link(self, linkable: Sequence[tuple[Progress, Linkable[Hit]]]) -> None:
        """Link to listings as they are; whether we made one is told by its mark."""
        if not linkable:
            return
        marks = self.tools.catalogue.marked([progress.product.key for progress, _ in linkable])
        rows = self.tools.catalogue.by_ids((verdict.product_id for _, verdict in linkable), SEEN_WITH)
        for progress, verdict in linkable:
            row = rows.get(verdict.product_id) or next(iter(verdict.rows.values())).product
            variants = {item_id: hit.variant if hit.ref.variant_id else None for item_id, hit in verdict.rows.items()}
            below = {own.id: own for own in row.choices}
            whole = {item_id: below.get(own.id, own) if own else None for item_id, own in variants.items()}
            ours = marks.get(progress.product.key) == str(row.id)
            progress.become(link_to(self.tools, progress.write, row, whole, ours=ours))
