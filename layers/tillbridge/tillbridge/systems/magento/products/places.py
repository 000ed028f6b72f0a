"""Where a product belongs in a shop, by the shop's own ids."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Axis:
    """An attribute in which variants differ, with the ids of the values that are needed, by their names folded."""

    attribute_id: str
    code: str
    choices: dict[str, str]


@dataclass(frozen=True, slots=True)
class Places:
    """The ids a product needs; "" where the till names nothing.

    ``brands`` and ``msrp`` are false where the shop keeps none.
    """

    category_id: str = ""
    brand_id: str = ""
    brands: bool = True
    tax_class_id: str = ""
    gtin_code: str = ""
    msrp: bool = True
    axes: tuple[Axis, ...] = ()


NOWHERE = Places()
