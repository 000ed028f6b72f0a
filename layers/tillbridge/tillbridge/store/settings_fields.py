"""Forms of single settings as they may come in: ids, names, amounts, and what stands between commas and colons."""

from decimal import Decimal
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from tillbridge.domain.settings import DEFAULT_OWNERS, Owner

Element = TypeVar("Element")


def each_once(values: tuple[Element, ...]) -> tuple[Element, ...]:
    """Refuse a list that names something twice."""
    if len(set(values)) != len(values):
        raise ValueError("something is named twice")
    return values


def no_truth(value: object) -> object:
    """Refuse a truth value where a number is asked for, as which Python would take it."""
    if isinstance(value, bool):
        raise ValueError("a truth value is no number")  # noqa: TRY004  pydantic asks for it
    return value


def off(value: object) -> object:
    """Take "off" for no bound."""
    return 0 if isinstance(value, str) and value.strip().lower() == "off" else value


def joined(value: object) -> object:
    """Take ids joined by "+", as a map's text holds them."""
    return value.split("+") if isinstance(value, str) else value


def _known_fields(owners: dict[str, Owner]) -> dict[str, Owner]:
    if not owners.keys() <= DEFAULT_OWNERS.keys():
        raise ValueError("a field is named that no product has")
    return owners


Id = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,19}$")]
Name = Annotated[str, StringConstraints(max_length=100, pattern=r"^[^,:\x00-\x1f\x7f]*$")]
Tag = Annotated[str, StringConstraints(max_length=255, pattern=r"^[^\x00-\x1f\x7f]*$")]
Word = Annotated[str, StringConstraints(min_length=1, max_length=255, pattern=r"^[^,:\x00-\x1f\x7f]*$")]
Shop = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
ShopPlace = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}/[0-9]{1,19}$")]
ShopWord = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}/[^,:\x00-\x1f\x7f]{1,100}$")]
Locations = Annotated[tuple[Id, ...], BeforeValidator(joined), Field(min_length=1), AfterValidator(each_once)]
Owners = Annotated[dict[str, Owner], AfterValidator(_known_fields)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Amount = Annotated[Decimal, BeforeValidator(no_truth), Field(ge=0, le=1_000_000, decimal_places=6, allow_inf_nan=False)]
Rate = Annotated[Decimal, BeforeValidator(no_truth), Field(gt=0, le=1_000_000, decimal_places=9, allow_inf_nan=False)]
Cents = Annotated[Decimal, BeforeValidator(no_truth), Field(ge=0, le=100, decimal_places=2, allow_inf_nan=False)]
Share = Annotated[
    Decimal,
    BeforeValidator(no_truth),
    BeforeValidator(off),
    Field(ge=0, le=100, decimal_places=6, allow_inf_nan=False),
]
Leap = Annotated[
    Decimal,
    BeforeValidator(no_truth),
    BeforeValidator(off),
    Field(ge=0, le=100_000, decimal_places=6, allow_inf_nan=False),
]
Count = Annotated[int, BeforeValidator(no_truth), BeforeValidator(off), Field(ge=0, le=1_000_000)]
