"""The wake-up message of the queues: whose turn, on which lane, for what. It never carries a figure or a name."""

from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from tillbridge.domain.errors import InputError
from tillbridge.domain.merchant import Lane

Task = Literal[
    "work", "poll", "full", "push", "orders", "resync", "reconcile", "survey", "night", "note", "recheck", "news"
]


class WakeMessage(BaseModel):
    """``{"merchant", "connection", "lane", "task", "at"}``, ``at`` when it was sent; anything else in it is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    merchant: str = Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")
    connection: str = Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")
    lane: Lane
    task: Task = "work"
    at: AwareDatetime | None = None


def read_wake(body: str) -> WakeMessage:
    """Verify a message; ``InputError`` names the first field that is wrong."""
    try:
        return WakeMessage.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        field = ".".join(map(str, first["loc"])) or "message"
        raise InputError(field, first["msg"], remedy="Only Tillbridge writes to this queue.") from None
