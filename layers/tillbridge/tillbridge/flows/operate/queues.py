"""The queues and their dead letters."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from tillbridge.domain.errors import NotFoundError
from tillbridge.flows.operate.answers import QueueAnswer, RedriveAnswer
from tillbridge.flows.ports import Deadline


class Queues(Protocol):
    """The deployment's queues by name, each with its dead letters."""

    @property
    def names(self) -> Sequence[str]:
        """Name the queues."""
        ...

    def look(self) -> Sequence[QueueAnswer]:
        """Count what waits in every queue and among its dead letters."""
        ...

    def redrive(self, name: str, deadline: Deadline) -> RedriveAnswer:
        """Send dead letters back to their queue, oldest first, until none is left or time is up.

        A letter is deleted after it has been sent: a crash in between doubles a wake, which does no harm.
        """
        ...


@dataclass(frozen=True, slots=True)
class QueueDesk:
    """Looks at queues and brings their dead letters back."""

    queues: Queues

    def look(self) -> Sequence[QueueAnswer]:
        """Look at every queue."""
        return self.queues.look()

    def redrive(self, name: str, deadline: Deadline) -> RedriveAnswer:
        """Bring a queue's dead letters back; safe to repeat."""
        if name not in self.queues.names:
            raise NotFoundError(
                "queue", f"There is no queue {name!r}.", remedy=f"Use one of {', '.join(self.queues.names)}."
            )
        return self.queues.redrive(name, deadline)
