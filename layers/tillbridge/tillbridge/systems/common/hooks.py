"""What the upkeep of web hooks shares."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EnsuredHooks:
    """What had to be done to the hooks, as the shop's names of what they tell; all empty when they were in order."""

    created: tuple[str, ...] = ()
    revived: tuple[str, ...] = ()  # the shop had switched them off, or they lacked our secret
    removed: tuple[str, ...] = ()  # a second one for the same, or one that delivered elsewhere

    @property
    def missed(self) -> bool:
        """Tell whether deliveries may have been lost, so that a poll has to catch up."""
        return bool(self.created or self.revived)


def path_of(delivery_url: str) -> str:
    """Give what stands for a connection in an address, whatever host it was reached at."""
    _, found, path = delivery_url.rpartition("/hooks/")
    return path if found else delivery_url
