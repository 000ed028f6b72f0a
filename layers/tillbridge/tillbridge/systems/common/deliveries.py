"""What is said of a web hook's delivery that cannot be read."""

from tillbridge.domain.errors import InputError


def unreadable() -> InputError:
    """Say that a delivery cannot be understood, and show nothing of it."""
    return InputError(
        "body",
        "The delivery cannot be understood; what it is about may be gone.",
        remedy="Nothing was done with it; the next poll finds what changed.",
        code="BadBody",
    )
