"""Keep what tells who somebody is out of what is said about them (invariant 5). Pure."""

import re
from collections.abc import Iterable

MASK = "***"
SHORTEST = 3
"""Of the texts that are masked; shorter ones, such as a country's code, are in every sentence."""


def masked(told: str, private: Iterable[str]) -> str:
    """Give a text without the private ones, whatever their case."""
    for text in sorted(set(private), key=len, reverse=True):
        if len(text) >= SHORTEST:
            told = re.sub(re.escape(text), MASK, told, flags=re.IGNORECASE)
    return told
