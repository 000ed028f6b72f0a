"""A till or a shop may repeat in an error whom an order is about: in what goes on from here, nobody is named."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager

from tillbridge.domain.discretion import masked
from tillbridge.domain.errors import TillbridgeError


@contextmanager
def discreet(private: Callable[[], Collection[str]]) -> Iterator[None]:
    """Take texts out of errors, which are stored, logged and mailed (invariant 5); asked for when there is an error."""
    try:
        yield
    except TillbridgeError as error:
        texts = private()
        error.happened, error.remedy = masked(error.happened, texts), masked(error.remedy, texts)
        error.args = (error.happened,)
        raise
