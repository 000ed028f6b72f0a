"""Read a store's products and variants: by SKU, by id, by our own marks (facts/bigcommerce.md, "Catalog v3")."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from tillbridge.domain.agreement import folded
from tillbridge.domain.product import ListingRef
from tillbridge.systems.bigcommerce.api.client import PAGE, BigClient
from tillbridge.systems.bigcommerce.api.wire import MetafieldRow, OptionRow, ProductRow, VariantRow
from tillbridge.systems.common.pieces import in_pieces
from tillbridge.systems.common.wire import parsed

PRODUCTS, VARIANTS = "v3/catalog/products", "v3/catalog/variants"
MARKS = "tillbridge"
"""The namespace of our ``app_only`` metafields, which no other app and no shopper sees. The key is the product's."""

MOST_SKUS = 100
LONGEST_LIST = 4000
"""SKUs, and characters of them, in one question: the whole address stays below what web servers take (8 kB)."""

FEW = 2
"""So many SKUs of variants are asked for one by one, without finding out how many variants there are."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A listing that carries an SKU. ``parent`` tells that it is the own SKU of a product with variants."""

    product: ProductRow
    variant: VariantRow | None
    parent: bool = False

    @property
    def ref(self) -> ListingRef:
        """Where it is; a simple product's base variant is no variant of its own."""
        own = self.variant is not None and bool(self.variant.option_values)
        return ListingRef(str(self.product.id), str(self.variant.id) if own and self.variant else "")


class Catalogue:
    """Reads the listings of one store."""

    def __init__(self, client: BigClient) -> None:
        self._client = client

    def count(self) -> int:
        """Count the products in one small call."""
        return self._client.page(PRODUCTS, {"limit": "1", "include_fields": "name"}).total

    def by_ids(self, ids: Iterable[str], include: str = "variants") -> Mapping[str, ProductRow]:
        """Find products by id, 250 per call; one that is gone is absent."""
        found: dict[str, ProductRow] = {}
        for piece in in_pieces(dict.fromkeys(ids), PAGE):
            params = {"id:in": ",".join(piece), "include": include}
            found |= {str(row.id): row for row in self._products(params)}
        return found

    def behind(self, product_id: int) -> tuple[list[ProductRow], int]:
        """Read the next products behind an id, and how many there are."""
        params = {"id:greater": str(product_id), "sort": "id", "direction": "asc", "include": "variants"}
        listing = self._client.page(PRODUCTS, params)
        return parsed(list[ProductRow], listing.rows, self._client.subject, "A list of products"), listing.total

    def by_name(self, name: str) -> tuple[ProductRow, ...]:
        """Find the products of one name, of which a store takes each only once."""
        return tuple(
            row for row in self._products({"name": name, "include": "variants"}) if folded(row.name) == folded(name)
        )

    def by_skus(self, skus: Iterable[str]) -> Mapping[str, tuple[Hit, ...]]:
        """Find products and variants by SKU, keyed by the SKU as it was asked.

        The list of products knows only products' own SKUs, that of variants takes one SKU at a time: where it is
        shorter, it is read whole.
        """
        asked = list(dict.fromkeys(sku for sku in skus if sku))
        hits = [Hit(row, _base(row), row.variable) for row in self._with_own_sku(asked)]
        met = {folded(hit.product.sku) for hit in hits}
        missing = [sku for sku in asked if folded(sku) not in met]
        hits += self._among_variants(missing)
        return {sku: tuple(hit for hit in _unique(hits) if folded(_sku(hit)) == folded(sku)) for sku in asked}

    def options(self, product_id: str) -> list[OptionRow]:
        """List the options of a product with their values."""
        pages = self._client.pages(f"{PRODUCTS}/{product_id}/options", {})
        rows = [row for listing in pages for row in listing.rows]
        return parsed(list[OptionRow], rows, self._client.subject, "The options of a product")

    def marked(self, keys: Collection[str] | None = None) -> Mapping[str, str]:
        """Find the products that we made: product id by our key, of these keys or of all."""
        found: dict[str, str] = {}
        for piece in [None] if keys is None else in_pieces(sorted(keys), MOST_SKUS):
            params = {"namespace": MARKS, **({"key:in": ",".join(piece)} if piece else {})}
            for listing in self._client.pages(f"{PRODUCTS}/metafields", params):
                rows = parsed(list[MetafieldRow], listing.rows, self._client.subject, "A list of metafields")
                found |= {row.key: str(row.resource_id) for row in rows}
        return found

    def _products(self, params: Mapping[str, str]) -> Iterator[ProductRow]:
        for listing in self._client.pages(PRODUCTS, params):
            yield from parsed(list[ProductRow], listing.rows, self._client.subject, "A list of products")

    def _with_own_sku(self, skus: Sequence[str]) -> Iterator[ProductRow]:
        for name, question in _questions(skus):
            yield from self._products({name: question, "include": "variants"})

    def _among_variants(self, skus: Sequence[str]) -> Iterator[Hit]:
        wanted = {folded(sku) for sku in skus}
        rows = [row for row in self._variants(skus) if folded(row.sku) in wanted]
        products = self.by_ids(str(row.product_id) for row in rows)
        for row in rows:
            if product := products.get(str(row.product_id)):
                yield Hit(product, row)

    def _variants(self, skus: Sequence[str]) -> Iterator[VariantRow]:
        if not skus:
            return
        params = {"include_fields": "id,product_id,sku,option_values"}
        first = self._client.page(VARIANTS, params) if len(skus) > FEW else None
        if first is not None and first.pages <= len(skus):
            pages = (self._client.page(VARIANTS, params, number) for number in range(2, first.pages + 1))
            for listing in (first, *pages):
                yield from parsed(list[VariantRow], listing.rows, self._client.subject, "A list of variants")
            return
        for sku in skus:
            for listing in self._client.pages(VARIANTS, {"sku": sku}):
                yield from parsed(list[VariantRow], listing.rows, self._client.subject, "A list of variants")


def _questions(skus: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Put SKUs into as few questions as fit; one that holds a comma is asked alone."""
    waiting: list[str] = []
    length = 0
    for sku in skus:
        if "," in sku:
            yield "sku", sku
            continue
        size = len(quote(sku, safe="")) + len("%2C")
        if waiting and (len(waiting) == MOST_SKUS or length + size > LONGEST_LIST):
            yield "sku:in", ",".join(waiting)
            waiting, length = [], 0
        waiting.append(sku)
        length += size
    if waiting:
        yield "sku:in", ",".join(waiting)


def question_count(skus: Sequence[str]) -> int:
    """Count the questions that these SKUs take."""
    return len(list(_questions(skus)))


def _base(row: ProductRow) -> VariantRow | None:
    return next((variant for variant in row.variants if not variant.option_values), None)


def _sku(hit: Hit) -> str:
    return hit.variant.sku if hit.variant is not None and hit.ref.variant_id else hit.product.sku


def _unique(hits: Iterable[Hit]) -> list[Hit]:
    return list({(hit.ref, hit.parent): hit for hit in hits}.values())
