"""How many rows go into one call: as many as is quick, fewer where a shop's input limits say so.

These limits are off by default, and the shop tells them only by refusing (facts/magento.md, section 2).
"""

from tillbridge.systems.shop import Vocabulary

MOST_ROWS = 200
"""Two thousand stock rows take a shop up to a minute; so many are well within one request's time (section 4)."""


class RowLimit:
    """The number of rows of one kind of call, remembered with the shop's vocabulary once it had to be lowered."""

    KIND = "rows per call"

    def __init__(self, vocabulary: Vocabulary, kind: str) -> None:
        self._vocabulary, self._kind = vocabulary, kind

    @property
    def now(self) -> int:
        """The number of rows for the next call."""
        text = self._vocabulary.get(self.KIND, self._kind) or ""
        return int(text) if text.isdecimal() and int(text) else MOST_ROWS

    def lower(self, told: int) -> None:
        """Lower it after a refusal: to what the shop said, or by half when that would be no less."""
        half = self.now // 2
        self._vocabulary.put(self.KIND, {self._kind: str(max(1, told if 0 < told < self.now else half))})
