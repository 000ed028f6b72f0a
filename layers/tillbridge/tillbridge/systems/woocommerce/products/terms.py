"""The shop's ids of categories, brands, attributes and options: found, or created in batches, and remembered.

The ids live in the ``Vocabulary``, so that a known name costs no call. Names are created without looking first: a name
that exists is refused with ``term_exists`` and its id (facts/woocommerce.md, "Errors").
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tillbridge.domain.errors import ItemRejectedError, MisconfiguredSystemError
from tillbridge.domain.planning import as_text
from tillbridge.domain.product import Product, ProductOption
from tillbridge.systems.common.pieces import in_pieces
from tillbridge.systems.shop import Vocabulary
from tillbridge.systems.woocommerce.api.batch_call import write_batch
from tillbridge.systems.woocommerce.api.client import PAGE, WooClient
from tillbridge.systems.woocommerce.api.refusals import Refusal, RefusedError
from tillbridge.systems.woocommerce.api.wire import TermRow
from tillbridge.systems.woocommerce.products.attributes import Attributes
from tillbridge.systems.woocommerce.products.places import Places

CATEGORY, BRAND, ATTRIBUTE = "category", "brand", "attribute"
_PARENT_GONE = frozenset({"missing_parent", "woocommerce_rest_term_invalid"})


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A name to create: the key it is remembered by, and its body."""

    key: str
    body: Mapping[str, object]


class StaleIdError(Exception):
    """An id that was remembered no longer exists in the shop."""


@dataclass(slots=True)
class Terms:
    """Keeps the vocabulary of one shop complete. ``brands`` says whether the shop has them."""

    client: WooClient
    vocabulary: Vocabulary
    brands: bool = True
    _refused: dict[tuple[str, str], Refusal] = field(default_factory=dict, init=False)

    def prepare(self, products: Sequence[Product]) -> None:
        """Make sure that every name these products need has an id, in the fewest calls."""
        self._refused.clear()
        self._categories([product.category_path for product in products])
        if self.brands:
            self._brands(product.brand for product in products)
        options = [option for product in products for option in product.options]
        try:
            self._options(options)
        except StaleIdError:
            self.forget(ATTRIBUTE)
            self._options(options)

    def places(self, product: Product) -> Places:
        """Give the ids of one product; ``ItemRejectedError`` when the shop refuses one of its names."""
        path = product.category_path
        return Places(
            category_id=self._id(CATEGORY, as_text(path)) if path else None,
            brand_id=self._id(BRAND, product.brand) if product.brand and self.brands else None,
            attribute_ids=tuple(self._id(ATTRIBUTE, option.name) for option in product.options),
            brands=self.brands,
        )

    def known_places(self, product: Product) -> Places:
        """Give the ids that are known already; nothing is asked or created."""
        category = self.vocabulary.get(CATEGORY, as_text(product.category_path))
        brand = self.vocabulary.get(BRAND, product.brand)
        found = [self.vocabulary.get(ATTRIBUTE, option.name) for option in product.options]
        return Places(
            category_id=int(category) if category else None,
            brand_id=int(brand) if brand else None,
            attribute_ids=tuple(int(known) if known else 0 for known in found),
            brands=self.brands,
        )

    def known_id(self, kind: str, name: str) -> int | None:
        """Find a remembered id."""
        text = self.vocabulary.get(kind, name)
        return int(text) if text else None

    def known_ids(self, kind: str, names: Iterable[str]) -> list[int]:
        """Find the ids that are remembered of these names."""
        return [known for name in names if (known := self.known_id(kind, name))]

    def forget(self, kind: str) -> None:
        """Drop the ids of a kind, because one of them no longer exists."""
        self.vocabulary.forget(kind)

    def _id(self, kind: str, name: str) -> int:
        if known := self.known_id(kind, name):
            return known
        refusal = self._refused.get((kind, name), Refusal("not_created"))
        raise ItemRejectedError(
            f"The shop does not take the {kind} {name}: {refusal.code} {refusal.message}".strip() + ".",
            remedy=f"Create this {kind} in the shop by hand under the same name, or rename it in the till.",
            code=f"{kind}_refused",
            subject=self.client.subject,
        )

    def _categories(self, paths: Iterable[tuple[str, ...]]) -> None:
        """Create the missing part of the tree, one level after the other; names are unique below one parent only."""
        wanted = list(dict.fromkeys(path for path in paths if path))
        try:
            self._levels(wanted)
        except StaleIdError:
            self.forget(CATEGORY)
            self._levels(wanted)

    def _levels(self, paths: Sequence[tuple[str, ...]]) -> None:
        for depth in range(1, max(map(len, paths), default=0) + 1):
            level = dict.fromkeys(path[:depth] for path in paths if len(path) >= depth)
            missing = [path for path in level if self.known_id(CATEGORY, as_text(path)) is None]
            self._create(CATEGORY, "products/categories", [self._category(path) for path in missing])

    def _category(self, path: tuple[str, ...]) -> _Wanted:
        parent = self.known_id(CATEGORY, as_text(path[:-1])) if len(path) > 1 else None
        return _Wanted(as_text(path), {"name": path[-1], **({"parent": parent} if parent else {})})

    def _brands(self, names: Iterable[str]) -> None:
        missing = [name for name in dict.fromkeys(names) if name and self.known_id(BRAND, name) is None]
        try:
            self._create(BRAND, "products/brands", [_Wanted(name, {"name": name}) for name in missing])
        except MisconfiguredSystemError as error:
            if error.code != "NoWooCommerce":
                raise
            self.brands = False  # that route alone is missing: brands are switched off (facts, "Products")

    def _options(self, options: Sequence[ProductOption]) -> None:
        """Make sure that the attributes exist, and each option as one of their terms, in the till's order."""
        attributes = Attributes(self.client, self.vocabulary)
        self._refused |= {
            (ATTRIBUTE, name): refusal for name, refusal in attributes.ensure(option.name for option in options).items()
        }
        places: dict[int, dict[str, int]] = {}
        for option in options:
            if attribute_id := self.known_id(ATTRIBUTE, option.name):
                order = places.setdefault(attribute_id, {})
                for place, value in enumerate(option.values):
                    order.setdefault(value, place)
        for attribute_id, order in places.items():
            self._values(attribute_id, order)

    def _values(self, attribute_id: int, order: Mapping[str, int]) -> None:
        kind = f"term:{attribute_id}"
        missing = [value for value in order if self.known_id(kind, value) is None]
        wanted = [_Wanted(value, {"name": value, "menu_order": order[value]}) for value in missing]
        try:
            self._create(kind, f"products/attributes/{attribute_id}/terms", wanted)
        except RefusedError as error:
            if not error.refusal.attribute_gone:
                raise
            self.forget(kind)
            raise StaleIdError from error

    def _create(self, kind: str, route: str, wanted: Sequence[_Wanted]) -> None:
        for piece in in_pieces(wanted, PAGE):
            # Sent twice, a name is refused with the id it already has: so this may be repeated.
            answer = write_batch(self.client, route, TermRow, create=[entry.body for entry in piece], repeatable=True)
            self._learn(kind, piece, answer.created)

    def _learn(self, kind: str, wanted: Sequence[_Wanted], results: Sequence[TermRow | Refusal]) -> None:
        found: dict[str, str] = {}
        for entry, result in zip(wanted, results, strict=True):
            if isinstance(result, TermRow):
                found[entry.key] = str(result.id)
            elif result.term_exists:
                found[entry.key] = result.resource_id
            elif result.code in _PARENT_GONE:
                raise StaleIdError
            else:
                self._refused[(kind, entry.key)] = result
        if found:
            self.vocabulary.put(kind, found)
