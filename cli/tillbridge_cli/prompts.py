"""Secrets come from the environment or from a prompt that shows nothing, never from an argument (invariant 5)."""

import click

from tillbridge_cli.application import Desk
from tillbridge_cli.failures import bad_input

LONGEST = 4096


def ask_secrets(desk: Desk, *wanted: tuple[str, str]) -> list[str]:
    """Take all from the environment, or ask for all; each is a variable's name and what to ask for."""
    names = [name for name, _ in wanted]
    given = [name for name in names if in_environment(desk, name)]
    missing = [name for name in names if name not in given]
    if given and missing:
        raise bad_input(missing[0], f"{given[0]} is set and {missing[0]} is not.", "Set all of them, or none.")
    return [_take(desk, *one) for one in wanted]


def in_environment(desk: Desk, *names: str) -> bool:
    """Tell whether any of these variables is set."""
    return any(desk.application.env.get(name) for name in names)


def _take(desk: Desk, variable: str, question: str) -> str:
    text = desk.application.env.get(variable) or click.prompt(question, hide_input=True, err=True, type=str)
    text = text.strip()
    if not text or len(text) > LONGEST or not text.isascii() or not text.isprintable() or " " in text:
        raise bad_input(
            variable,
            f"{question}: it is empty, or has characters that no such value has.",
            "Copy it again from the vendor's page, without blanks.",
        )
    return text
