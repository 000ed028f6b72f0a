"""Before anything is created: what of it does the shop have already?"""

from collections.abc import Sequence
from dataclasses import dataclass

from tillbridge.systems.common.linking import Linkable, Verdict
from tillbridge.systems.common.looked import Looked
from tillbridge.systems.common.progress import skus_of
from tillbridge.systems.common.subjects import thing
from tillbridge.systems.woocommerce.api.refusals import Refusal
from tillbridge.systems.woocommerce.api.rejections import in_trash, listing_gone, rejection
from tillbridge.systems.woocommerce.api.wire import ListingRow
from tillbridge.systems.woocommerce.products.adopt import adopt
from tillbridge.systems.woocommerce.products.create import CLOCKS_DIFFER
from tillbridge.systems.woocommerce.products.linking import Found, judge, link_to
from tillbridge.systems.woocommerce.products.progress import Progress
from tillbridge.systems.woocommerce.tools import Tools


@dataclass(slots=True)
class LookFirst:
    """Finds what exists."""

    tools: Tools

    def look(self, new: Sequence[Progress]) -> Looked[Progress]:
        """Sort products that are to be created."""
        ours = self.tools.first_look.shop_is_ours()
        looked = Looked[Progress]()
        rest = self._tried_before(new, looked)
        if ours:
            looked.fresh = rest
        else:
            self._by_sku(rest, looked)
        return looked

    def clash(self, clashes: Sequence[tuple[Progress, Refusal]]) -> Looked[Progress]:
        """Sort products that the shop refused to create because of their SKU."""
        looked = Looked[Progress]()
        self._by_sku([progress for progress, _ in clashes], looked, tried=True)
        refusals = {id(progress): refusal for progress, refusal in clashes}
        for progress in looked.fresh:
            self._not_found(progress, refusals[id(progress)])
        looked.settled += looked.fresh
        looked.fresh = []
        return looked

    def complete(self, progress: Progress, product_id: str) -> None:
        """Take a listing as ours and see what it lacks."""
        progress.places = self.tools.terms.known_places(progress.product)
        row = self.tools.catalogue.by_ids([product_id]).get(product_id)
        if row is None:
            progress.fail(listing_gone(thing(self.tools.client.subject, f"listing {product_id}")))
            return
        variations = self.tools.catalogue.variations_of(product_id) if progress.product.variable else []
        adopt(progress, row, variations)

    def _tried_before(self, new: Sequence[Progress], looked: Looked[Progress]) -> list[Progress]:
        """Find the listings of earlier tries whose answer never came; returns the products without one."""
        tried = {p.product.key: p.write.link.attempted_at for p in new if p.write.link.attempted_at}
        if not tried:
            return list(new)
        found = self.tools.catalogue.made_since(min(tried.values()) - CLOCKS_DIFFER, tried)
        for progress in new:
            if row := found.get(progress.product.key):
                self.complete(progress, str(row.id))
                looked.adopted.append(progress)
        return [progress for progress in new if progress.product.key not in found]

    def _by_sku(self, progresses: Sequence[Progress], looked: Looked[Progress], *, tried: bool = False) -> None:
        found = self.tools.catalogue.by_skus(skus_of(progresses))

        def judged(progress: Progress) -> Verdict[ListingRow]:
            subject = thing(self.tools.client.subject, f"product {progress.product.key}")
            again = tried or progress.write.link.attempted_at is not None
            return judge(progress.write, found, subject, tried=again)

        linkable, ours = looked.sort(progresses, judged)
        self._link(linkable, found)
        looked.settled += [progress for progress, _ in linkable]
        for progress, product_id in ours:
            self.complete(progress, product_id)
            looked.adopted.append(progress)

    def _link(self, linkable: Sequence[tuple[Progress, Linkable[ListingRow]]], found: Found) -> None:
        """Link to listings as they are. Parents are read; simple products came with the answer."""
        simple = {str(row.id): row for rows in found.values() for row in rows if row.type == "simple"}
        parents = [verdict.product_id for progress, verdict in linkable if progress.product.variable]
        rows = {**simple, **self.tools.catalogue.by_ids(parents)}
        for progress, verdict in linkable:
            places = self.tools.terms.known_places(progress.product)
            progress.become(link_to(progress.write, rows[verdict.product_id], verdict.rows, places))

    def _not_found(self, progress: Progress, refusal: Refusal) -> None:
        """Explain a SKU that is refused although no listing shows it: the trash holds it."""
        subject = thing(self.tools.client.subject, f"product {progress.product.key}")
        thrown = self.tools.catalogue.in_trash(skus_of([progress]))
        rows = [row for group in thrown.values() for row in group]
        progress.fail(in_trash(rows, subject) if rows else rejection(refusal, subject))
