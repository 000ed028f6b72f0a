"""Keys under which a write has its effect once, however often it is sent (facts/shopify.md, section 6).

The key of a write is kept before the write is sent, and given up once its answer is there. Whoever sends the very same
after a lost answer, be it another process, finds the key.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from tillbridge.systems.http.clock import Clock
from tillbridge.systems.shop import Vocabulary

_KIND = "idempotency"
_LENGTH = 32


class Keys:
    """Gives keys, one write at a time. Each is made of the one before it, so that none comes twice."""

    def __init__(self, vocabulary: Vocabulary, clock: Clock) -> None:
        self._vocabulary, self._clock = vocabulary, clock
        self._kept = False

    @contextmanager
    def held(self, purpose: str, *parts: str) -> Iterator[str]:
        """Give the key of a write; leaving without an exception says that its answer came."""
        digest = _hash(*parts)
        under_way, _, key = (self._vocabulary.get(_KIND, purpose) or ":").partition(":")
        if under_way != digest:
            key = _hash(digest, key, self._clock.now().isoformat())
            self._vocabulary.put(_KIND, {purpose: f"{digest}:{key}"})
        self._kept = False
        yield key
        if not self._kept:
            self._vocabulary.put(_KIND, {purpose: f":{key}"})

    def keep(self) -> None:
        """Go on with the key that is held: the answer said that the same is still under way."""
        self._kept = True


def _hash(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:_LENGTH]
