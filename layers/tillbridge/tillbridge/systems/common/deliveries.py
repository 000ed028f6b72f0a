"""What the verifying of web hooks' deliveries shares. Imports little, as every ``deliveries`` does."""

from tillbridge.domain.errors import InputError


def check_size(body: bytes, most: int) -> None:
    """Refuse a body of more than so many bytes, ``InputError``."""
    if len(body) > most:
        raise InputError("body", f"The delivery is larger than {most} bytes.", remedy="Nothing was done with it.")


def id_text(value: object) -> str:
    """Read an id, "" when there is none."""
    return str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""


def unreadable() -> InputError:
    """Say that a delivery cannot be understood, and show nothing of it."""
    return InputError(
        "body",
        "The delivery cannot be understood; what it is about may be gone.",
        remedy="Nothing was done with it; the next poll finds what changed.",
        code="BadBody",
    )
