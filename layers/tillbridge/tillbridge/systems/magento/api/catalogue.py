"""Read a shop's products: by id, by SKU, by our own mark; and who is whose child."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from tillbridge.domain.agreement import folded
from tillbridge.domain.errors import GarbledAnswerError
from tillbridge.domain.product import ListingRef
from tillbridge.systems.common.pieces import in_pieces
from tillbridge.systems.common.wire import parsed
from tillbridge.systems.magento.api.client import MagentoClient, Page
from tillbridge.systems.magento.api.refusals import RefusedError
from tillbridge.systems.magento.api.search import NAMED_AT_ONCE, Criteria, Where, among, questions
from tillbridge.systems.magento.api.wire import CONFIGURABLE, ProductRow

MARK = "tillbridge_key"
"""The attribute that carries our product key, so that what we made is found again; shoppers never see it."""

ROUTE = "products"
FIELDS = (
    "id,sku,name,attribute_set_id,price,status,visibility,type_id,weight,custom_attributes,"
    "media_gallery_entries[id,media_type,label,position,disabled,types,file],extension_attributes"
)
LINKS = "id,sku,extension_attributes[configurable_product_links]"


class Catalogue:
    """Reads the listings of one shop. ``parents`` is read once per run, when somebody first asks."""

    def __init__(self, client: MagentoClient) -> None:
        self._client = client
        self._parents: dict[str, str] | None = None

    def alive(self) -> None:
        """Ask for next to nothing: whether the shop answers at all."""
        self._client.page(ROUTE, Criteria(size=1, fields="id"))

    def by_ids(self, ids: Iterable[str]) -> dict[str, ProductRow]:
        """Find products by id, as many per call as a page holds."""
        wanted = [one for one in dict.fromkeys(ids) if one]
        rows = [row for piece in in_pieces(wanted, NAMED_AT_ONCE) for row in self._rows((among("entity_id", piece),))]
        return {row.key: row for row in rows}

    def by_skus(self, skus: Iterable[str]) -> dict[str, ProductRow]:
        """Find products by SKU, keyed by the SKU as it was asked; upper and lower case are one."""
        asked = [sku for sku in dict.fromkeys(skus) if sku]
        rows = [row for question in questions("sku", asked) for row in self._rows((question,))]
        found = {folded(row.sku): row for row in rows}
        return {sku: found[folded(sku)] for sku in asked if folded(sku) in found}

    def by_marks(self, keys: Iterable[str]) -> dict[str, ProductRow]:
        """Find what we made for these keys; of a copy that somebody made of it, the older one counts."""
        wanted = list(dict.fromkeys(keys))
        try:
            rows = [row for question in questions(MARK, wanted) for row in self._rows((question,))]
        except RefusedError:  # the shop does not know the attribute: we have made nothing yet
            return {}
        found: dict[str, ProductRow] = {}
        for row in sorted(rows, key=lambda row: row.id):
            found.setdefault(row.text(MARK), row)
        return {key: found[key] for key in wanted if key in found}

    def parents(self) -> Mapping[str, str]:
        """Give the parent's id by child id: a child does not know it, so that all configurables are asked."""
        if self._parents is None:
            self._parents = {child: row.key for page in self.configurables() for row in page for child in row.children}
        return self._parents

    def adopted(self, parent: str, children: Iterable[str]) -> None:
        """Note children that a configurable has got by us."""
        if self._parents is not None:
            self._parents.update(dict.fromkeys(children, parent))

    def configurables(self) -> Iterator[Sequence[ProductRow]]:
        """Read ids and children of all configurable products."""
        where = (Where("type_id", CONFIGURABLE),)
        for page, _ in self.in_order(where, "", LINKS):
            yield page

    def ref_of(self, row: ProductRow) -> ListingRef:
        """Say where a product is: by itself, or below its configurable."""
        parent = self.parents().get(row.key)
        return ListingRef(parent, row.key) if parent else ListingRef(row.key)

    def in_order(
        self, where: tuple[Where, ...], after: str, fields: str = FIELDS
    ) -> Iterator[tuple[Sequence[ProductRow], bool]]:
        """Read products by growing ids, each page from where the last one ended; tells which page is the last.

        What is added or deleted meanwhile moves nothing.
        """
        while True:
            onward = (*where, Where("entity_id", after or "0", "gt"))
            page = self._client.page(ROUTE, Criteria(onward, fields=fields))
            rows = self._read(page)
            ids = [row.id for row in rows]
            if ids != sorted(ids) or (ids and ids[0] <= int(after or 0)):
                raise GarbledAnswerError(
                    "A list of products is not in the order of ids that was asked for.",
                    remedy="If it stays so, look for an extension of the shop that changes its API.",
                    code="WrongOrder",
                    subject=self._client.subject,
                )
            last = page.total <= len(rows)
            yield rows, last
            if last:
                return
            after = str(ids[-1])

    def _rows(self, where: tuple[Where, ...]) -> Iterator[ProductRow]:
        for page in self._client.pages(ROUTE, Criteria(where, size=NAMED_AT_ONCE, fields=FIELDS)):
            yield from self._read(page)

    def _read(self, page: Page) -> Sequence[ProductRow]:
        return parsed(list[ProductRow], page.rows, self._client.subject, "A list of products")


def with_children(row: ProductRow, children: Iterable[str]) -> ProductRow:
    """Give a row as it is once these are attached to it."""
    links = tuple(dict.fromkeys((*row.extension_attributes.configurable_product_links, *map(int, children))))
    return row.model_copy(
        update={
            "extension_attributes": row.extension_attributes.model_copy(update={"configurable_product_links": links})
        }
    )
