"""How fast an item sells. Pure functions.

Of the units that left a listing, those of a week ago count half, those of two weeks ago a quarter, and so on. Who sells
a unit a day comes to about ten.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

HALF_LIFE = timedelta(days=7)
FAST = 10
"""An item is a fast seller from so many units on."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Units that left, the older the less they count, as of ``at``."""

    units: Decimal = Decimal(0)
    at: datetime | None = None

    def sold(self, units: Decimal | int, now: datetime) -> "Pace":
        """Count units that left now."""
        return Pace(self._by(now) + units, now) if units > 0 else self

    def fast(self, now: datetime) -> bool:
        """Tell whether this is a fast seller."""
        return self._by(now) >= FAST

    def _by(self, now: datetime) -> Decimal:
        if self.at is None or not self.units:
            return Decimal(0)
        halvings = max(0.0, (now - self.at) / HALF_LIFE)
        return (self.units * Decimal(0.5**halvings)).quantize(Decimal("0.01"), ROUND_HALF_UP)
