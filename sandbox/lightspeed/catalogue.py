"""Items and matrices, and what changes them."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, partial

from sandbox.lightspeed.data.images import ROOM, image_ids, make_image, owner_of
from sandbox.lightspeed.data.items import TAX_CLASS_ITEM, changed_at, cost_of, make_item, system_sku
from sandbox.lightspeed.data.layout import matrix_count, variants_of
from sandbox.lightspeed.data.matrices import changed_at as matrix_changed_at
from sandbox.lightspeed.data.matrices import description_of, make_matrix
from sandbox.lightspeed.data.numbers import flag, iso
from sandbox.lightspeed.data.places import PRICE_LEVELS
from sandbox.lightspeed.data.rows import Attributes, Item, Matrix, Product, Row
from sandbox.lightspeed.table import Table

_MADE_ROWS_KEPT = 1_024
NO_PRICES = ("0",) * len(PRICE_LEVELS)


class Catalogue:
    """What the till sells."""

    def __init__(self, seed: int, items: int, now: Callable[[], int]) -> None:
        """Begin with the generated items and their matrices."""
        self._seed, self._first_items, self._now = seed, items, now
        self._added_variants: dict[int, list[int]] = defaultdict(list)
        self.items: Table[Item] = Table(
            _columns_of,
            size=items,
            make=lru_cache(_MADE_ROWS_KEPT)(partial(make_item, seed)),
            quick_keys={"timeStamp": lambda item_id: changed_at(seed, item_id), "itemID": lambda item_id: item_id},
        )
        self.matrices: Table[Matrix] = Table(
            _columns_of,
            size=matrix_count(items),
            make=lru_cache(_MADE_ROWS_KEPT)(partial(make_matrix, seed)),
            quick_keys={"timeStamp": lambda matrix_id: matrix_changed_at(seed, matrix_id)},
        )
        self.images: Table[Row] = Table(_columns_of, size=items * ROOM, make=self._image)

    def item(self, item_id: int) -> Item:
        """Give an item. Raises LookupError."""
        item = self.items.get(item_id)
        if item is None:
            raise LookupError(f"there is no item {item_id}")
        return item

    def matrix(self, matrix_id: int) -> Matrix:
        """Give a matrix. Raises LookupError."""
        matrix = self.matrices.get(matrix_id)
        if matrix is None:
            raise LookupError(f"there is no matrix {matrix_id}")
        return matrix

    @property
    def columns(self) -> Mapping[str, str]:
        """The columns that an item has, with those of the first one made."""
        return make_item(self._seed, 1).columns

    def cost(self, item_id: int) -> float:
        """Give an item's default cost without making the whole item."""
        changed = self.items.changed(item_id)
        return float(cost_of(self._seed, item_id) if changed is None else changed.columns["defaultCost"])

    def variants(self, matrix_id: int) -> list[Item]:
        """List a matrix's variants."""
        ids = (*variants_of(matrix_id, self._first_items), *self._added_variants.get(matrix_id, ()))
        return [item for item_id in ids if (item := self.items.get(item_id)) is not None]

    def attribute_values(self, matrix_id: int) -> tuple[list[str], list[str], list[str]]:
        """Collect the values that the variants use, per attribute, in the order of their first use."""
        used: tuple[dict[str, None], ...] = ({}, {}, {})
        for variant in self.variants(matrix_id):
            if variant.attributes is not None:
                for found, value in zip(used, variant.attributes.values, strict=True):
                    if value:
                        found[value] = None
        first, second, third = used
        return list(first), list(second), list(third)

    def images_of(self, product: Product) -> list[Row]:
        """List a product's pictures."""
        item_id, matrix_id = (product.id, 0) if isinstance(product, Item) else (0, product.id)
        return [make_image(self._seed, image_id) for image_id in image_ids(item_id, matrix_id, product.image_count)]

    def change_item(self, item: Item, columns: Mapping[str, str], *, silent: bool = False) -> Item:
        """Keep an item with some columns changed; its timeStamp moves unless `silent`."""
        changed = replace(item, columns={**item.columns, **columns, **self._stamp(silent=silent)})
        self.items.put(item.id, changed)
        return changed

    def change_matrix(self, matrix: Matrix, columns: Mapping[str, str], *, silent: bool = False) -> Matrix:
        """Keep a matrix with some columns changed; its timeStamp moves unless `silent`."""
        changed = replace(matrix, columns={**matrix.columns, **columns, **self._stamp(silent=silent)})
        self.matrices.put(matrix.id, changed)
        return changed

    def add_item(self, columns: Mapping[str, str], prices: Sequence[str], attributes: Attributes | None = None) -> Item:
        """Put a new item at the end; `columns` override the defaults of a new item."""
        item_id = self.items.size + 1
        matrix_id = int(columns.get("itemMatrixID", "0"))
        if matrix_id and "description" not in columns and attributes is not None:
            name = description_of(self.matrix(matrix_id).columns["description"], attributes.values)
            columns = {**columns, "description": name}
        item = Item(item_id, self._new_columns(item_id, columns), tuple(prices), attributes=attributes)
        self.items.put(item_id, item)
        if matrix_id:
            self._added_variants[matrix_id].append(item_id)
        return item

    def _new_columns(self, item_id: int, given: Mapping[str, str]) -> dict[str, str]:
        blank = dict.fromkeys(self.columns, "")
        defaults = {
            "defaultCost": "0",
            "avgCost": "0",
            "discountable": "true",
            "tax": "true",
            "archived": flag(False),
            "itemType": "default",
            "serialized": "false",
            "modelYear": "0",
            "publishToEcom": "false",
            "taxClassID": TAX_CLASS_ITEM,
        }
        keys = {name: "0" for name in blank if name.endswith("ID")}
        stamp = iso(self._now())
        own = {"itemID": str(item_id), "systemSku": system_sku(item_id), "createTime": stamp, "timeStamp": stamp}
        return {**blank, **keys, **defaults, **given, **own}

    def _stamp(self, *, silent: bool) -> dict[str, str]:
        return {} if silent else {"timeStamp": iso(self._now())}

    def _image(self, image_id: int) -> Row | None:
        item_id, matrix_id, place = owner_of(image_id)
        owner: Product | None = self.items.get(item_id) if item_id else self.matrices.get(matrix_id)
        return make_image(self._seed, image_id) if owner is not None and place < owner.image_count else None


def _columns_of(row: Row) -> Mapping[str, str]:
    return row.columns
