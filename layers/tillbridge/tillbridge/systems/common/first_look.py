"""Whether a shop had any products when it was first met; one that had none is asked for no SKUs while it is filled."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tillbridge.systems.http.clock import Clock
from tillbridge.systems.shop import Vocabulary

FILLING = timedelta(days=1)
"""How long the first filling of an empty shop may take."""

_EMPTY_AT = ("first look", "empty at")
_NEVER = "never"


@dataclass(frozen=True, slots=True)
class FirstLook:
    """Remembers it with the vocabulary; ``count`` counts the shop's products.

    Products that somebody adds by hand meanwhile are still met: creating their SKU again is refused.
    """

    vocabulary: Vocabulary
    clock: Clock
    count: Callable[[], int]

    def shop_is_ours(self) -> bool:
        """Tell whether there can be no products but ours; counts them the first time ever."""
        if (known := self.remembered()) is not None:
            return known
        self.met(empty=self.count() == 0)
        return bool(self.remembered())

    def remembered(self) -> bool | None:
        """Tell the same from memory alone, ``None`` when nobody has counted yet."""
        kept = self.vocabulary.get(*_EMPTY_AT)
        if kept is None:
            return None
        return kept != _NEVER and self.clock.now() - datetime.fromisoformat(kept) < FILLING

    def met(self, *, empty: bool) -> None:
        """Remember how the shop was when it was first met, unless that is known."""
        if self.vocabulary.get(*_EMPTY_AT) is None:
            kept = self.clock.now().isoformat() if empty else _NEVER
            self.vocabulary.put(_EMPTY_AT[0], {_EMPTY_AT[1]: kept})
