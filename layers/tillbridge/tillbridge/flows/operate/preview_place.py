"""How far a preview has come in one shop, as text, so that it can go on in another call.

``I42~u3r5`` is behind the round that ends with product I42, when three listings would have gone off sale and five would
have got other prices: the guard counts them. ``I42>I77~u3r5`` is within the round that follows, behind product I77;
what its guard counts is that of its beginning, because a round is judged as a whole. ``S42`` is behind item 42 in the
stock's part. ``!1000.2500`` at the end is behind the first thousand of 2,500 marks that waited when the part began.
"""

import re
from dataclasses import dataclass, field, replace

from tillbridge.domain.ahead import Ahead
from tillbridge.domain.errors import InputError

STOCK = "S"
"""Begins the places in the stock's part; products have their keys: ``M7`` or ``I42``."""

FORM = re.compile(
    r"(?P<after>[^>~!]*)(?:>(?P<shown>[^>~!]+))?(?:~(?P<ahead>[^>~!]+))?"
    r"(?:!(?P<passed>[0-9]{1,6})\.(?P<waited>[0-9]{1,6}))?"
)


@dataclass(frozen=True, slots=True)
class Place:
    """Behind which key the round begins, behind which key within it, and what would have happened before it.

    Of the ``waited`` marks that were there when the lane's part began, ``passed`` lie behind.
    """

    after: str = ""
    shown: str = ""
    ahead: Ahead = field(default_factory=Ahead)
    passed: int = 0
    waited: int = 0

    @classmethod
    def of(cls, text: str) -> "Place":
        """Read a place; ``InputError`` when it is none (invariant 7)."""
        found = FORM.fullmatch(text)
        ahead = Ahead.of_text(found["ahead"] or "") if found else None
        if found is None or ahead is None:
            raise InputError(
                "after", f"A preview has no place {text!r}.", remedy="Give what the answer before named as following."
            )
        passed, waited = int(found["passed"] or 0), int(found["waited"] or 0)
        return cls(found["after"], found["shown"] or "", ahead, min(passed, waited), waited)

    def __str__(self) -> str:
        """Write it so that ``of`` can read it."""
        ahead = self.ahead.as_text()
        waited = f"!{self.passed}.{self.waited}" if self.waited else ""
        return self.after + (f">{self.shown}" if self.shown else "") + (f"~{ahead}" if ahead else "") + waited

    @property
    def first(self) -> bool:
        """Tell whether this is the beginning of a lane's part."""
        return self.after in {"", STOCK} and not self.waited

    @property
    def stock(self) -> bool:
        """Tell whether the products are done."""
        return self.after.startswith(STOCK)

    @property
    def item(self) -> str:
        """Name the item behind which the stock goes on, "" at its beginning."""
        return self.after.removeprefix(STOCK)

    def of_key(self, key: str) -> str:
        """Name the place behind a product or, in the stock's part, an item."""
        return f"{STOCK}{key}" if self.stock else key

    def at_stock(self) -> "Place":
        """Go to the beginning of the stock."""
        return Place(STOCK, ahead=self.ahead.for_stock())

    def within(self, shown: str) -> "Place":
        """Go behind a key within the round that begins here."""
        return replace(self, shown=shown)
