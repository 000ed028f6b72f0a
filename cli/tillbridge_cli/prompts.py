"""Secrets come from the environment or from a prompt that shows nothing, never from an argument (invariant 5)."""

import click

from tillbridge_cli.application import Desk
from tillbridge_cli.failures import bad_input

LONGEST = 4096


def secret_pair(desk: Desk, first: tuple[str, str], second: tuple[str, str]) -> tuple[str, str]:
    """Take both from the environment, or ask for both; each is a variable's name and what to ask for."""
    env = desk.application.env
    given = [name for name, _ in (first, second) if env.get(name)]
    if len(given) == 1:
        missing = next(name for name, _ in (first, second) if name not in given)
        raise bad_input(missing, f"{given[0]} is set and {missing} is not.", "Set both of them, or neither.")
    return _take(desk, *first), _take(desk, *second)


def in_environment(desk: Desk, *names: str) -> bool:
    """Tell whether any of these variables is set."""
    return any(desk.application.env.get(name) for name in names)


def _take(desk: Desk, variable: str, question: str) -> str:
    text = desk.application.env.get(variable) or click.prompt(question, hide_input=True, err=True, type=str)
    text = text.strip()
    if not text or len(text) > LONGEST or not text.isascii() or not text.isprintable() or " " in text:
        raise bad_input(
            variable,
            f"The {question.lower()} is empty, or has characters that no such value has.",
            "Copy it again from the vendor's page, without blanks.",
        )
    return text
