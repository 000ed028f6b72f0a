"""Whom and what an error is about."""

from dataclasses import replace

from tillbridge.domain.errors import Subject


def thing(subject: Subject, named: str) -> Subject:
    """Say which thing of a connection an error is about, as in ``listing 17/9``."""
    return replace(subject, thing=named)
