"""How many calls it takes to find or create the names that products need (``products.terms``)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tillbridge.domain.planning import as_text
from tillbridge.domain.product import Product, ProductOption
from tillbridge.systems.woocommerce.products.places import Places
from tillbridge.systems.woocommerce.products.terms import ATTRIBUTE, BRAND, CATEGORY, Terms
from tillbridge.systems.woocommerce.rehearse.motions import Meter

SOME_ID = 1_000_000
"""Stands for an id that the shop has yet to give: as long as a real one, since the length of bodies counts."""


@dataclass(slots=True)
class Names:
    """Counts in ``meter``. A name that is not remembered counts as one to create; it is known from then on."""

    terms: Terms
    meter: Meter
    _made: set[tuple[str, str]] = field(default_factory=set, init=False)

    def prepare(self, products: Sequence[Product]) -> None:
        """Count the calls for everything that these products name."""
        self._categories(product.category_path for product in products if product.category_path)
        if self.terms.brands:
            self._create(BRAND, (product.brand for product in products if product.brand))
        self._options([option for product in products for option in product.options])

    def places(self, product: Product) -> Places:
        """Give ids as long as the real ones."""
        return Places(
            category_id=SOME_ID if product.category_path else None,
            brand_id=SOME_ID if product.brand and self.terms.brands else None,
            attribute_ids=tuple(SOME_ID for _ in product.options),
            brands=self.terms.brands,
        )

    def _categories(self, paths: Iterable[tuple[str, ...]]) -> None:
        wanted = list(dict.fromkeys(paths))
        for depth in range(1, max(map(len, wanted), default=0) + 1):
            self._create(CATEGORY, (as_text(path[:depth]) for path in wanted if len(path) >= depth))

    def _options(self, options: Sequence[ProductOption]) -> None:
        """Missing attributes are looked for in their list before they are created, all of them at once."""
        names = [option.name for option in options]
        if any(self._missing(ATTRIBUTE, names)):
            self.meter.calls += 1
        self._create(ATTRIBUTE, names)
        for name in dict.fromkeys(names):
            known = self.terms.known_id(ATTRIBUTE, name) or name
            self._create(
                f"term:{known}", (value for option in options if option.name == name for value in option.values)
            )

    def _create(self, kind: str, names: Iterable[str]) -> None:
        missing = self._missing(kind, names)
        self.meter.lists(len(missing))
        self._made |= {(kind, name) for name in missing}

    def _missing(self, kind: str, names: Iterable[str]) -> list[str]:
        unknown = (name for name in dict.fromkeys(names) if self.terms.known_id(kind, name) is None)
        return [name for name in unknown if (kind, name) not in self._made]
