"""Text that no packing makes smaller."""

import string
from random import Random


def noise(length: int) -> str:
    """Give so many letters and digits in no order, the same ones every time."""
    return "".join(Random(1).choices(string.ascii_letters + string.digits, k=length))
