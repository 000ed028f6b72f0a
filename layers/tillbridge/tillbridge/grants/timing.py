"""How long the steps of a refresh may take, and what follows from that. All of it in one place.

    acquire  re-read   POST to the token server          store the pair   note it      slack
    |--------|---------|---------------------------------|----------------|-------|..............|
    |<---------------- NEEDED: none begins with less time left ------------------>|
    |<---------------- LEASE: outlives the work that it protects ------------------------------->|

The token server may take ``CONNECT`` for each address it has, as much for TLS, ``READ`` until it begins to answer and
``WHOLE`` until it has answered: ``HTTP`` bounds that.
"""

from datetime import timedelta
from typing import Protocol

CONNECT, READ, WHOLE = 3.0, 8.0, 10.0
HTTP = timedelta(seconds=20)
WRITES = timedelta(seconds=10)
NEEDED = HTTP + WRITES
LEASE = NEEDED + timedelta(seconds=15)

ATTEMPTS, ATTEMPTS_WITHIN = 4, timedelta(minutes=1)
"""The vendor allows 5 a minute for one connection; one is left for clocks that differ and for a person at work."""

IN_TRANSIT = timedelta(seconds=5)
"""A token with less life left may end before the request that carries it arrives."""
TOO_SHORT = timedelta(seconds=60)
"""A worker renews a token with less life left."""
EARLY_SHARE = 3
"""``token_refresh`` renews when less than one part of so many of the token's life is left."""

KEEP_ALIVE = timedelta(days=20)
IDLE_DEATH = timedelta(days=30)
"""Since 2024-07-31 a refresh token unused for 30 days is dead for good (facts/lightspeed.md, "Refresh tokens")."""

LOOK = timedelta(milliseconds=500)
PATIENCE = timedelta(seconds=10)
"""A waiter looks so often, and hands its work back after so long."""

LONGEST_PAUSE = timedelta(minutes=5)
OPERATOR_PAUSE = timedelta(minutes=15)
"""After a refusal that only the operator can mend: many wrong client credentials get the client limited."""


class Deadline(Protocol):
    """The time an invocation has left."""

    def left(self) -> timedelta:
        """Tell how long work may still go on."""
        ...
