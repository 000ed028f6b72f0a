"""What a connection check learnt of a shop, kept with the connection as text."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """The part of a shop's profile that later work needs; without ``place`` and ``channel`` the shop is asked.

    ``place`` is the location where a figure goes that names none, ``channel`` the publication that shoppers look at.
    """

    place: str = ""
    channel: str = ""
    weight_unit: str = "KILOGRAMS"
    most_options: int = 3
    most_variants: int = 2048

    @classmethod
    def read(cls, texts: Mapping[str, str]) -> Self:
        """Read them from a connection's traits; what is missing takes its default."""
        return cls(
            place=texts.get("place", ""),
            channel=texts.get("channel", ""),
            weight_unit=texts.get("weight_unit", "KILOGRAMS"),
            most_options=_count(texts.get("most_options", ""), 3),
            most_variants=_count(texts.get("most_variants", ""), 2048),
        )


def _count(text: str, otherwise: int) -> int:
    return int(text) if text.isdecimal() else otherwise
