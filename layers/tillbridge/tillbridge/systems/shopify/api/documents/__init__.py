"""Every document that we send, one module per topic; a contract test holds them against the real schema."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Document:
    """A named operation. ``first_cost`` is what it is taken to cost in points until an answer tells."""

    name: str
    text: str
    first_cost: float = 20.0
