"""Check what a shop sends before anything is believed."""

from decimal import Decimal
from functools import cache
from typing import Annotated, Any, TypeVar, cast

from pydantic import Field, TypeAdapter, ValidationError

from tillbridge.domain.errors import GarbledAnswerError, Subject

Anything = TypeVar("Anything")

MOST_UNITS = 10**12
"""Goods do not come in larger numbers; beyond, a figure is a mistake."""

Units = Annotated[Decimal, Field(ge=-MOST_UNITS, le=MOST_UNITS)]

OWN_WORDS = "value_error"
"""What pydantic calls the error of a reader of ours, whose text may quote the value."""


def parsed(shape: type[Anything], said: object, subject: Subject, what: str) -> Anything:
    """Check decoded JSON against its shape; ``GarbledAnswerError`` names the first field that does not fit.

    It shows nothing of what the field holds (invariant 5).
    """
    try:
        return cast("Anything", _adapter(cast("Any", shape)).validate_python(said))
    except ValidationError as error:
        trouble = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(str(part) for part in trouble["loc"])
        wrong = "a value of another form" if trouble["type"] == OWN_WORDS else trouble["msg"]
    raise GarbledAnswerError(
        f"{what} cannot be understood: {place or 'the whole'}: {wrong}.",
        remedy="If it stays so, this looks like a change of the shop's interface; the operator has to look at it.",
        code="UnknownShape",
        subject=subject,
    )


@cache
def _adapter(shape: Any) -> TypeAdapter[Any]:  # noqa: ANN401  any shape that pydantic knows
    return TypeAdapter(shape)
