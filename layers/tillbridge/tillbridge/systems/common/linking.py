"""What may come of comparing a new product with the listings that carry its SKUs."""

from collections.abc import Sequence
from dataclasses import dataclass

from tillbridge.domain.errors import ItemRejectedError, Subject

MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class New:
    """The shop does not know it."""


@dataclass(frozen=True, slots=True)
class Ours:
    """We created it before and never heard so; ``product_id`` is the listing."""

    product_id: str


@dataclass(frozen=True, slots=True)
class Taken:
    """The SKUs are there in a way that cannot be linked."""

    error: ItemRejectedError


def taken(told: Sequence[str], missing: int, wanted: int, kind: str, subject: Subject) -> Taken:
    """Say which SKUs were found where, and what to do.

    ``told`` names what was found, as in ``A-1 in the product "Mug" (listing 17)``; ``missing`` of the ``wanted`` SKUs
    were not found; ``kind`` is what the listing should be, as in "one simple product".
    """
    more = f" and {len(told) - MOST_NAMED} more" if len(told) > MOST_NAMED else ""
    lacking = f"; {missing} of its {wanted} SKUs are not in the shop" if missing else ""
    return Taken(
        ItemRejectedError(
            f"The shop has its SKUs already, but not as {kind}: {', '.join(told[:MOST_NAMED])}{more}{lacking}.",
            remedy=f"In the shop make it {kind} with the same SKUs, or give it other SKUs in the till or in the shop.",
            code="sku_taken",
            subject=subject,
        )
    )
