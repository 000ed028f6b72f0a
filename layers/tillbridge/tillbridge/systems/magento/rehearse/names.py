"""What the names of products cost: the shop's lists are read once, and what it is not known to have is created."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from tillbridge.domain.planning import as_text
from tillbridge.domain.product import Product, Variant
from tillbridge.systems.magento.products.attributes import ALL, ATTRIBUTE, BRAND_CODE, GTIN, IN_SET, SET, choice_kind
from tillbridge.systems.magento.products.names import attribute_code
from tillbridge.systems.magento.products.terms import CATEGORY, TAX
from tillbridge.systems.shop import Vocabulary

OUR_ATTRIBUTES = 2
ONE_INTO_SET = 2
"""Create an attribute, and put it into the set."""


@dataclass(slots=True)
class Names:
    """Counts what names cost, and remembers what this rehearsal has read and made already."""

    vocabulary: Vocabulary
    calls: int = 0
    _known: set[tuple[str, str]] = field(default_factory=set)

    def products(self, product: Product, variants: Sequence[Variant], names: Collection[str], *, fresh: bool) -> None:
        """Count for one product; ``variants`` are those that choose, ``fresh`` says that no listing has its options."""
        if "brand" in names and product.brand:
            self.lists()
            self._choice(BRAND_CODE, product.brand)
        if "category" in names and product.category_path:
            self.tree()
            for depth in range(len(product.category_path)):
                self._made(CATEGORY, as_text(product.category_path[: depth + 1]))
        if "tax_class" in names and product.taxable and product.tax_class:
            self._made(TAX, product.tax_class)
        if "gtin" in names:
            self.ours()
        if "msrp" in names:
            self.set()
        if variants:
            self._options(product, variants, fresh=fresh)

    def _options(self, product: Product, variants: Sequence[Variant], *, fresh: bool) -> None:
        self.lists()
        for place, option in enumerate(product.options):
            if fresh and self._new(ATTRIBUTE, option.name):
                self.calls += ONE_INTO_SET + 1  # the set is read anew
            code = self.vocabulary.get(ATTRIBUTE, option.name) or attribute_code(option.name)
            for value in dict.fromkeys(variant.options[place] for variant in variants):
                self._choice(code, value)

    def lists(self) -> None:
        """Count the list of attributes, which is read once."""
        self.calls += self._new("read", "attributes")

    def tree(self) -> None:
        """Count the tree of categories, which is read once."""
        self.calls += self._new("read", "categories")

    def ours(self) -> None:
        """Count what makes the attributes of our own, the first time ever."""
        if self._new(GTIN, "code"):
            number = self.vocabulary.get(SET, "id")
            self.calls += number is None
            self.set()
            self.calls += number is None or self.vocabulary.get(SET, f"group of {number}") is None
            self.calls += OUR_ATTRIBUTES * ONE_INTO_SET

    def set(self) -> None:
        """Count the list of what the default set holds, which is read once."""
        number = self.vocabulary.get(SET, "id")
        if number is None or self.vocabulary.get(f"{IN_SET} {number}", ALL) is None:
            self.calls += self._new("read", "set")

    def _choice(self, code: str, name: str) -> None:
        self._made(choice_kind(code), name)

    def _made(self, kind: str, name: str) -> None:
        self.calls += self._new(kind, name)

    def _new(self, kind: str, name: str) -> bool:
        """Tell whether a name is met for the first time, here and ever."""
        if (kind, name) in self._known or self.vocabulary.get(kind, name) is not None:
            return False
        self._known.add((kind, name))
        return True
