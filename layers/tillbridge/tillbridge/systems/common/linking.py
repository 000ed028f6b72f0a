"""What may come of comparing a new product with the listings that carry its SKUs."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

from tillbridge.domain.errors import ItemRejectedError, Subject
from tillbridge.domain.product import ListingRef, ProductWrite

MOST_NAMED = 3

Row = TypeVar("Row")
"""What a shop lists under an SKU."""


@dataclass(frozen=True, slots=True)
class New:
    """The shop does not know it."""


@dataclass(frozen=True, slots=True)
class Ours:
    """We created it before and never heard so; ``product_id`` is the listing."""

    product_id: str


@dataclass(frozen=True, slots=True)
class Linkable(Generic[Row]):
    """Each SKU exists once, all in one listing; ``rows`` by item id."""

    product_id: str
    rows: Mapping[str, Row]


@dataclass(frozen=True, slots=True)
class Taken:
    """The SKUs are there in a way that cannot be linked."""

    error: ItemRejectedError


Verdict: TypeAlias = New | Ours | Linkable[Row] | Taken


@dataclass(frozen=True, slots=True)
class Carriers(Generic[Row]):
    """What carries the SKUs of a product's items, by item id."""

    rows: Mapping[str, Sequence[Row]]

    @classmethod
    def of(cls, write: ProductWrite, found: Mapping[str, Sequence[Row]]) -> "Carriers[Row]":
        """Take what was ``found`` by SKU."""
        return cls({variant.item_id: found.get(variant.sku, ()) for variant in write.product.on_sale})

    @property
    def none(self) -> bool:
        """Tell whether the shop knows none of the SKUs."""
        return not any(self.rows.values())

    @property
    def single(self) -> dict[str, Row]:
        """The rows of those items whose SKU exists just once."""
        return {item_id: group[0] for item_id, group in self.rows.items() if len(group) == 1}

    @property
    def complete(self) -> bool:
        """Tell whether each SKU exists just once."""
        return all(len(group) == 1 for group in self.rows.values())

    @property
    def ambiguous(self) -> bool:
        """Tell whether an SKU exists more than once."""
        return any(len(group) > 1 for group in self.rows.values())

    def taken(self, tell: Callable[[Row], str], kind: str, subject: Subject) -> Taken:
        """Say which SKUs were found where, and what to do.

        ``tell`` names what was found, as in ``A-1 in the product "Mug" (listing 17)``; ``kind`` is what the listing
        should be, as in "one simple product".
        """
        told = [tell(row) for group in self.rows.values() for row in group]
        more = f" and {len(told) - MOST_NAMED} more" if len(told) > MOST_NAMED else ""
        missing = sum(not group for group in self.rows.values())
        lacking = f"; {missing} of its {len(self.rows)} SKUs are not in the shop" if missing else ""
        return Taken(
            ItemRejectedError(
                f"The shop has its SKUs already, but not as {kind}: {', '.join(told[:MOST_NAMED])}{more}{lacking}.",
                remedy=f"In the shop make it {kind} with the same SKUs,"
                " or give it other SKUs in the till or in the shop.",
                code="sku_taken",
                subject=subject,
            )
        )


def one_listing(refs: Collection[ListingRef]) -> str:
    """Find the one listing that all of these are different parts of, "" when there is none."""
    products = {ref.product_id for ref in refs}
    return products.pop() if len(products) == 1 and len(set(refs)) == len(refs) else ""
