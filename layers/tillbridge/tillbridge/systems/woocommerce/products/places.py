"""Where a product belongs in a shop, by the shop's own ids."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Places:
    """The ids a product needs: ``None`` where the till names nothing, or the shop has no such thing.

    ``attribute_ids`` has one id per option of the product, in the same order; 0 where the listing has an attribute of
    its own, which is named instead.
    """

    category_id: int | None = None
    brand_id: int | None = None
    attribute_ids: tuple[int, ...] = ()
    brands: bool = True  # false: the shop has no brands, so that none can differ


NOWHERE = Places()
