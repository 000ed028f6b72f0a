"""What the operator's commands are made of: the forms of their arguments, and the command itself."""

import re
from dataclasses import dataclass, field
from typing import Annotated, Generic, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

A = TypeVar("A", bound="Arguments")
R = TypeVar("R")


UNSHOWABLE = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]")
"""What a terminal must never be given: control characters, changes of the writing direction, halves of characters."""


def _readable(text: str) -> str:
    """Refuse text that cannot be shown as it is, and drop blanks around it."""
    if UNSHOWABLE.search(text):
        raise ValueError("It has characters that cannot be shown.")
    if not text.strip():
        raise ValueError("It is blank.")
    return text.strip()


Readable = AfterValidator(_readable)
MerchantId = Annotated[
    str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$", description="Use 1 to 64 of a-z, 0-9, - and _.")
]
Place = Annotated[
    str,
    Field(
        pattern=r"^[a-z0-9][a-z0-9_-]{0,63}(:[^\x00-\x1f\x7f]{0,1000})?$",
        description="Give what the answer before named as following.",
    ),
]
Name = Annotated[str, Field(max_length=200, description="Use 1 to 200 characters that can be shown."), Readable]
Email = Annotated[
    str,
    Field(
        max_length=254,
        pattern=r"^([A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@([A-Za-z0-9-]{1,63}\.)+[A-Za-z0-9-]{2,63})?$",
        description="Write it as owner@example.com; international domains in their form with xn--.",
    ),
]
Sku = Annotated[str, Field(max_length=255, description="Use 1 to 255 characters that can be shown."), Readable]
Key = Annotated[str, Field(pattern=r"^[IM]?[0-9]{1,19}$", description="Keys look like I42, M7 or 42.")]
ConnectionId = Annotated[
    str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$", description="`tillbridge connections` shows the ids.")
]
Nonce = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{16,64}$", description="The command line makes it up.")]
Address = Annotated[str, Field(max_length=2000, description="Use an address of at most 2000 characters."), Readable]
OrderName = Annotated[
    str, Field(max_length=300, description="`tillbridge orders` shows what to give: SHOP/ID, or a number."), Readable
]
HoldId = Annotated[str, Field(pattern=r"^[0-9a-f]{8}$", description="`tillbridge holds` shows the ids.")]
RequestId = Annotated[
    str, Field(pattern=r"^[0-9a-f]{4,64}$", description="`tillbridge compliance list` shows the ids.")
]
Person = Annotated[str, Field(max_length=100, description="Use 1 to 100 characters that can be shown."), Readable]
Deed = Annotated[str, Field(max_length=500, description="Use 1 to 500 characters that can be shown."), Readable]
QueueName = Annotated[str, Field(pattern=r"^[a-z-]{1,64}$", description="`tillbridge queues` shows the names.")]
SettingName = Annotated[
    str, Field(pattern=r"^[a-z_.]{1,64}$", description="`tillbridge merchant settings` shows them.")
]
SettingText = Annotated[str, Field(max_length=10_000, description="Use at most 10000 characters.")]
SettingChanges = Annotated[
    dict[SettingName, SettingText],
    Field(
        max_length=50, description="Write at most 50 of name=value; `tillbridge merchant settings ID` shows the names."
    ),
]


class Arguments(BaseModel):
    """What a command takes; anything else is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Nothing(Arguments):
    """A command that takes nothing."""


@dataclass(frozen=True, slots=True)
class Command(Generic[A, R]):
    """A command's name, and the shapes of what it takes and answers."""

    name: str
    arguments: type[A]
    answer: type[R] = field(repr=False)
