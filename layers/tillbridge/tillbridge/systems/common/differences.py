"""What a shop shows otherwise than it was told, by the texts by which fields are compared (``domain.planning``)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from tillbridge.domain.agreement import plain


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that the shop shows otherwise than it was told."""

    field: str
    sent: str
    got: str

    def __str__(self) -> str:
        """Render as ``name: sent "A", got "B"``, shortened."""
        return f'{self.field}: sent "{_short(self.sent)}", got "{_short(self.got)}"'


def differences(wanted: Mapping[str, str], seen: Mapping[str, str], sent: Collection[str]) -> list[Difference]:
    """List what the shop shows otherwise, among the fields that were sent."""
    return [
        Difference(name, wanted[name], text) for name, text in seen.items() if name in sent and text != wanted[name]
    ]


def as_wanted(wanted: str, seen: str) -> str:
    """Give the till's own text where the shop says the same."""
    return wanted if plain(wanted) == plain(seen) else seen


def _short(text: str, length: int = 60) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"
