"""What the handling of vendors' requests needs from the outside; ``store`` implements it."""

from collections.abc import Sequence
from typing import Protocol

from tillbridge.domain.merchant import System
from tillbridge.domain.notice import Notice


class Notices(Protocol):
    """Requests of vendors. Those that are open stay until they are settled, the others are forgotten after a while."""

    def keep(self, notice: Notice) -> Notice:
        """Keep a request and give it as it is kept: one that is open stays, one that was done is asked anew."""
        ...

    def settle(self, notice: Notice) -> Notice:
        """Keep that a request is done and give what is kept: whoever settles it first counts; ``NotFoundError``."""
        ...

    def note(self, notice: Notice) -> Notice:
        """Keep what stands in the way of a request that is open; one that was settled meanwhile stays so."""
        ...

    def open(self) -> Sequence[Notice]:
        """List what waits, of every system, oldest first."""
        ...

    def list(self, system: System) -> Sequence[Notice]:
        """List a system's requests, oldest first: those that are open, and those that were settled lately."""
        ...
