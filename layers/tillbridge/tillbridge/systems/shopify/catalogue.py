"""Reads products and variants: by SKU, by id, by our own key."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from tillbridge.domain.agreement import folded
from tillbridge.domain.merchant import Lane
from tillbridge.domain.product import ListingRef
from tillbridge.systems.common.pieces import in_pieces
from tillbridge.systems.common.wire import parsed
from tillbridge.systems.shopify.api.documents import Document
from tillbridge.systems.shopify.api.documents.reading import (
    BY_KEY,
    BY_KEYS,
    KEYS_AT_ONCE,
    MADE,
    MEDIA,
    NEW_MEDIA,
    PRODUCTS,
    SEARCH_SKUS,
    VARIANTS,
    VARIANTS_OF,
)
from tillbridge.systems.shopify.api.ids import PRODUCT, VARIANT, gid
from tillbridge.systems.shopify.api.points import MOST_IDS, at_once, page_points
from tillbridge.systems.shopify.api.refusals import NO_DEFINITION, RefusedError
from tillbridge.systems.shopify.api.wire import Nodes, ProductRow, VariantRow
from tillbridge.systems.shopify.products.payload import identifier
from tillbridge.systems.shopify.tools import Tools

SKUS_AT_ONCE, SEARCH_PAGE = 50, 100
WHOLE_AT_ONCE, SIMPLE_AT_ONCE = 20, 100
"""How many products are read in one call: with their variants, or with their first one."""
VARIANTS_WITH_IT = 50

Entry = TypeVar("Entry")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Reads what one shop lists."""

    tools: Tools

    def by_skus(self, skus: Iterable[str]) -> dict[str, tuple[VariantRow, ...]]:
        """Find the variants that carry SKUs, drafts included. Shopify's search is some seconds behind its writes."""
        found: dict[str, list[VariantRow]] = {}
        wanted = list(dict.fromkeys(skus))
        for piece in in_pieces(filter(None, wanted), SKUS_AT_ONCE):
            query = " OR ".join(f"sku:{quoted(sku)}" for sku in piece)
            for row in self._search(query):
                found.setdefault(folded(row.sku), []).append(row)
        return {sku: tuple(found.get(folded(sku), ())) for sku in wanted}

    def _search(self, query: str) -> Iterator[VariantRow]:
        pages = self.tools.client.pages(
            SEARCH_SKUS, Nodes[VariantRow], "productVariants", size=SEARCH_PAGE, query=query
        )
        for page in pages:
            yield from page.nodes

    def by_key(self, key: str) -> str:
        """Find the product that carries our key, "" when there is none."""
        return self.by_keys([key]).get(key, "")

    def by_keys(self, keys: Sequence[str]) -> dict[str, str]:
        """Find the products that carry our keys; this is never behind.

        Where nobody has made our key known to the shop yet, nothing can carry it.
        """
        found: dict[str, str] = {}
        for piece in in_pieces(dict.fromkeys(keys), KEYS_AT_ONCE):
            try:
                rows = self._alone(piece[0]) if len(piece) == 1 else self._together(piece)
            except RefusedError as refused:
                if refused.code != NO_DEFINITION:
                    raise
                return {}
            found |= {key: row.id for key, row in zip(piece, rows, strict=True) if row is not None}
        return found

    def _alone(self, key: str) -> list[ProductRow | None]:
        return [self.tools.client.find(BY_KEY, ProductRow, "productByIdentifier", identifier=identifier(key))]

    def _together(self, keys: Sequence[str]) -> list[ProductRow | None]:
        """Ask for all at once; places that are left ask for the last one again."""
        padded = [*keys, *[keys[-1]] * (KEYS_AT_ONCE - len(keys))]
        asked = {f"k{place}": identifier(key) for place, key in enumerate(padded)}
        data = self.tools.client.ask_all(BY_KEYS, Lane.CATALOGUE, **asked)
        rows = [data.get(f"p{place}") for place in range(len(keys))]
        return parsed(list[ProductRow | None], rows, self.tools.client.subject, "What carries our keys")

    def whole(self, ids: Iterable[str]) -> dict[str, ProductRow]:
        """Read products with all their variants, by id; one that is gone is absent."""
        found: dict[str, ProductRow] = {}
        for piece in in_pieces(dict.fromkeys(ids), WHOLE_AT_ONCE):
            for row in self._products(piece, VARIANTS_WITH_IT):
                found[row.id] = row.model_copy(update={"variants": Nodes[VariantRow](nodes=tuple(self._all(row)))})
        return found

    def _all(self, row: ProductRow) -> Iterator[VariantRow]:
        yield from row.rows
        after = row.variants.next_cursor if row.variants else ""
        if after:
            yield from self.variants_of(row.id, after)

    def variants_of(self, product_id: str, after: str = "") -> Iterator[VariantRow]:
        """Read the variants of a product; none when it is gone."""
        while True:
            row = self.tools.client.find(
                VARIANTS_OF,
                ProductRow,
                "product",
                id=gid(PRODUCT, product_id),
                channel=self.tools.channel,
                place=self.tools.place,
                after=after or None,
            )
            if row is None or row.variants is None:
                return
            yield from row.rows
            after = row.variants.next_cursor
            if not after:
                return

    def simple(self, ids: Iterable[str]) -> dict[str, ProductRow]:
        """Read products with their first variant, by id; one that is gone is absent."""
        return {
            row.id: row for piece in in_pieces(dict.fromkeys(ids), SIMPLE_AT_ONCE) for row in self._products(piece, 1)
        }

    def _products(self, ids: Sequence[str], variants: int) -> list[ProductRow]:
        data = self.tools.client.ask_all(
            PRODUCTS,
            ids=[gid(PRODUCT, product_id) for product_id in ids],
            channel=self.tools.channel,
            place=self.tools.place,
            variants=variants,
        )
        return _there(
            parsed(list[ProductRow | None], data.get("nodes"), self.tools.client.subject, "A list of products")
        )

    def variants(self, ids: Iterable[str]) -> dict[str, VariantRow]:
        """Read variants by id; one that is gone is absent."""
        found: dict[str, VariantRow] = {}
        for piece in in_pieces(dict.fromkeys(ids), MOST_IDS):
            data = self.tools.client.ask_all(
                VARIANTS, ids=[gid(VARIANT, one) for one in piece], channel=self.tools.channel, place=self.tools.place
            )
            rows = parsed(list[VariantRow | None], data.get("nodes"), self.tools.client.subject, "A list of variants")
            found |= {row.id: row for row in _there(rows)}
        return found

    def made(self, variants: Mapping[str, int]) -> dict[str, ProductRow]:
        """Read products that we made, with so many variants of each, by id."""
        most = max(variants.values(), default=1)
        return self._by_ids(MADE, variants, made_at_once(most), channel=self.tools.channel, variants=most)

    def media(self, ids: Iterable[str]) -> dict[str, ProductRow]:
        """Read the pictures of products, by id."""
        return self._by_ids(MEDIA, ids, WHOLE_AT_ONCE)

    def new_media(self, pictures: Mapping[str, int]) -> dict[str, ProductRow]:
        """Read what became of the first pictures of products, so many of each, by id; not where they are served."""
        most = max(pictures.values(), default=1)
        return self._by_ids(NEW_MEDIA, pictures, media_at_once(most), media=most)

    def _by_ids(self, document: Document, ids: Iterable[str], size: int, **variables: object) -> dict[str, ProductRow]:
        found: dict[str, ProductRow] = {}
        for piece in in_pieces(dict.fromkeys(ids), size):
            data = self.tools.client.ask_all(
                document, Lane.CATALOGUE, ids=[gid(PRODUCT, one) for one in piece], **variables
            )
            rows = parsed(list[ProductRow | None], data.get("nodes"), self.tools.client.subject, document.name)
            found |= {row.id: row for row in _there(rows)}
        return found


def made_at_once(variants: int) -> int:
    """Tell how many products that we made are read in one call, with so many variants of each and their items."""
    return at_once(1 + 2 * page_points(variants))


def media_at_once(pictures: int) -> int:
    """Tell of how many products the first pictures are read in one call, so many of each."""
    return at_once(1 + page_points(pictures))


def ref_of(row: VariantRow) -> ListingRef:
    """Tell where a variant is listed: one that is all there is of a product has no id of its own with us."""
    if row.product is None:
        return ListingRef("", row.id)
    return ListingRef(row.product.id, "" if row.product.has_only_default_variant else row.id)


def refs_of(row: ProductRow) -> Mapping[ListingRef, VariantRow]:
    """Give a product's variants by where they are listed."""
    if row.has_only_default_variant:
        return {ListingRef(row.id): variant for variant in row.rows[:1]}
    return {ListingRef(row.id, variant.id): variant for variant in row.rows}


def quoted(text: str) -> str:
    """Write a value of a search, in which quotes and backslashes are escaped."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _there(rows: Iterable[Entry | None]) -> list[Entry]:
    return [row for row in rows if row is not None]
