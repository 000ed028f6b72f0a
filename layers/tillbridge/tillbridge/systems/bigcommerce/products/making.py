"""What is being made and carries no mark yet, so that it is found should we die in between.

A mark cannot be part of the request that makes a product (facts/bigcommerce.md, "Catalog v3"). What the next products
will be called is therefore remembered before they are made: names are unique in a store, and with the SKU and the time
at which a product came into being nothing of the merchant's passes for one of ours.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from tillbridge.domain.agreement import folded
from tillbridge.systems.bigcommerce.api.wire import ProductRow
from tillbridge.systems.bigcommerce.products.linking import CLOCKS_DIFFER
from tillbridge.systems.bigcommerce.products.progress import Progress
from tillbridge.systems.bigcommerce.tools import Tools

MAKING = ("making", "names and skus")
MOST = 200
"""Products that are remembered at once: some batches, whatever became of the workers that made them."""

Made: TypeAlias = dict[str, tuple[str, str]]
"""Product key -> the name and the first SKU with which it was sent."""


@dataclass(frozen=True, slots=True)
class Making:
    """Remembers it with the vocabulary, in one row."""

    tools: Tools

    def begin(self, names: Mapping[str, str], progresses: Iterable[Progress], marked: Iterable[str]) -> None:
        """Note products before they are made, ``names`` by product key; those with these keys are marked by now."""
        kept = self._read()
        for key in marked:
            kept.pop(key, None)
        for progress in progresses:
            kept.pop(progress.product.key, None)
            kept[progress.product.key] = (names[progress.product.key], progress.product.on_sale[0].sku)
        self.tools.vocabulary.put(MAKING[0], {MAKING[1]: json.dumps(dict(list(kept.items())[-MOST:]))})

    def noted(self, keys: Iterable[str]) -> list[str]:
        """Name those of these products that may have been made without a mark: each takes a call to find."""
        kept = self._read()
        return [key for key in keys if key in kept]

    def find(self, attempts: Mapping[str, datetime]) -> Mapping[str, str]:
        """Find what these attempts (UTC, by product key) made and nobody marked: the shop's ids by product key."""
        kept, found = self._read(), dict[str, str]()
        for key in self.noted(attempts):
            name, sku = kept[key]
            rows = [row for row in self.tools.catalogue.by_name(name) if _is_it(row, sku, attempts[key])]
            if len(rows) == 1:
                found[key] = str(rows[0].id)
        return found

    def _read(self) -> Made:
        return {key: (name, sku) for key, (name, sku) in json.loads(self.tools.vocabulary.get(*MAKING) or "{}").items()}


def _is_it(row: ProductRow, sku: str, tried: datetime) -> bool:
    young = row.date_created is not None and row.date_created > tried - CLOCKS_DIFFER
    return young and folded(sku) in {folded(row.sku), *(folded(variant.sku) for variant in row.variants)}
