"""The shop's ids of what a product needs: categories, attributes and their choices, the brand, the tax class.

The shop's own lists are read once per run: a call or two beside a second for each save, and no id of something that the
merchant deleted is ever written.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from tillbridge.domain.agreement import folded
from tillbridge.domain.planning import as_text
from tillbridge.domain.product import Product, Variant
from tillbridge.systems.common.wire import parsed
from tillbridge.systems.magento.api.catalogue import MARK
from tillbridge.systems.magento.api.client import MagentoClient
from tillbridge.systems.magento.api.search import Criteria, Where
from tillbridge.systems.magento.api.wire import CategoryRow, ProductRow, TaxClassRow
from tillbridge.systems.magento.products.attributes import BRAND_CODE, Attributes
from tillbridge.systems.magento.products.places import Axis, Places
from tillbridge.systems.shop import Vocabulary

CATEGORY, TAX = "category", "tax class"
ROOT_LEVEL = 1
"""Above it is only the one that holds the roots of all stores."""


@dataclass(slots=True)
class Terms:
    """Finds and creates the names of one shop; what it finds is remembered in the vocabulary."""

    client: MagentoClient
    vocabulary: Vocabulary
    attributes: Attributes = field(init=False)
    _tree: CategoryRow | None = field(default=None, init=False)
    _made: dict[str, int] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        """Set up the attributes."""
        self.attributes = Attributes(self.client, self.vocabulary)

    def places(
        self, product: Product, row: ProductRow | None, variants: Sequence[Variant], names: Collection[str]
    ) -> Places:
        """Find or create what these fields need; ``variants`` are those whose choices are needed.

        A listing that is there may have an attribute set of the merchant's: then what is written gets a place in it.
        """
        brands = "brand" not in names or not product.brand or self.attributes.brands()
        branded = "brand" in names and product.brand and brands
        brand = self.attributes.choices(BRAND_CODE, [product.brand]) if branded else {}
        gtin_code = self.attributes.ensure_own() if "gtin" in names else ""
        axes = self.axes(product, row, variants) if variants else ()
        needed = [BRAND_CODE] if branded else []
        needed += [gtin_code] if gtin_code else []
        needed += [MARK, *(axis.code for axis in axes)] if variants and row else []
        for code in needed:
            self.attributes.into_set(code, row.attribute_set_id if row else 0)
        return Places(
            category_id=self.category(product.category_path) if "category" in names and product.category_path else "",
            brand_id=brand.get(folded(product.brand), ""),
            brands=brands,
            tax_class_id=self.tax_class(product) if "tax_class" in names else "",
            gtin_code=gtin_code,
            msrp="msrp" in names and self.attributes.recommends(row.attribute_set_id if row else 0),
            axes=axes,
        )

    def axes(self, product: Product, row: ProductRow | None, variants: Sequence[Variant]) -> tuple[Axis, ...]:
        """Find or create the attributes of the options, and the choices of these variants.

        A listing that is there keeps its own attributes: those with the options' names.
        """
        found: list[Axis] = []
        for place, option in enumerate(product.options):
            attribute_id, code = self._own(option.name, row) or self.attributes.for_option(option.name)
            wanted = [variant.options[place] for variant in variants]
            found.append(Axis(attribute_id, code, self.attributes.choices(code, wanted)))
        return tuple(found)

    def _own(self, name: str, row: ProductRow | None) -> tuple[str, str] | None:
        for use in row.axes if row else ():
            attribute = self.attributes.by_id(use.attribute_id)
            labels = {folded(use.label or ""), folded(attribute.default_frontend_label or "")} if attribute else set()
            if attribute and folded(name) in labels:
                return use.attribute_id, attribute.attribute_code
        return None

    # --- categories ---

    def category(self, path: Sequence[str]) -> str:
        """Find or create a category by its names from the top, below the root of the shop's first store."""
        root = self._root()
        here, below = root.id, root.children_data
        for depth, name in enumerate(path):
            node = next((child for child in below if folded(child.name or "") == folded(name)), None)
            here = node.id if node else self._made_below(here, path[: depth + 1])
            below = node.children_data if node else ()
            if self.vocabulary.get(CATEGORY, as_text(path[: depth + 1])) != str(here):
                self.vocabulary.put(CATEGORY, {as_text(path[: depth + 1]): str(here)})
        return str(here)

    def _made_below(self, parent_id: int, path: Sequence[str]) -> int:
        """Give the category that this run made there, or create it."""
        key = as_text([folded(name) for name in path])
        if key not in self._made:
            self._made[key] = self._create(parent_id, path[-1])
        return self._made[key]

    def known_category(self, path_text: str) -> str:
        """Give the id that a category had when we last put a product there, "" when that never was."""
        return self.vocabulary.get(CATEGORY, path_text) or ""

    def category_names(self, ids: Sequence[str]) -> list[str]:
        """Name categories by their ids; what is not in the tree is left out."""
        if not ids:
            return []
        names = {str(node.id): node.name or "" for node in self._root().walk()}
        return [names[one] for one in ids if one in names]

    def _root(self) -> CategoryRow:
        if self._tree is None:
            said = self.client.read("categories")
            top = parsed(CategoryRow, said, self.client.subject, "The tree of categories")
            roots = [node for node in top.walk() if node.level == ROOT_LEVEL]
            self._tree = roots[0] if roots else top
        return self._tree

    def _create(self, parent_id: int, name: str) -> int:
        """Create a category. Sent twice it would be there twice, so that after doubt the tree is read again."""
        body = {"name": name, "parent_id": parent_id, "is_active": True, "include_in_menu": True}
        tree, self._tree = self._tree, None
        said = self.client.write("POST", "categories", {"category": body}, safe_to_repeat=False)
        self._tree = tree
        return parsed(CategoryRow, said, self.client.subject, "A category").id

    # --- tax classes ---

    def tax_classes(self) -> Mapping[str, str]:
        """Give the ids of the shop's classes of products, by name."""
        where = (Where("class_type", "PRODUCT"),)
        pages = self.client.pages("taxClasses/search", Criteria(where, order=("class_id",)))
        rows = [
            row
            for page in pages
            for row in parsed(list[TaxClassRow], page.rows, self.client.subject, "The list of tax classes")
        ]
        return {row.class_name: str(row.class_id) for row in rows}

    def tax_class(self, product: Product) -> str:
        """Give the id of a product's tax class; "" leaves it to the shop, "0" is none."""
        if not product.taxable:
            return "0"
        if not product.tax_class:
            return ""
        if known := self.vocabulary.get(TAX, product.tax_class):
            return known
        ids = self.tax_classes()
        self.vocabulary.put(TAX, ids)
        return ids.get(product.tax_class, "")

    def forget(self) -> None:
        """Drop every name: the shop no longer knows one of them."""
        self.attributes.forget()
        self.vocabulary.forget(TAX)
        self._tree = None
        self._made.clear()
