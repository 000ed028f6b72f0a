"""What every command has: ``--env``, ``--json``, and a desk to work at."""

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any, TypeVar

import click

from tillbridge.runtime.settings import ENVIRONMENTS
from tillbridge_cli.application import Application
from tillbridge_cli.failures import Failure, bad_input

F = TypeVar("F", bound=Callable[..., None])


def at_desk(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command its desk, and ``--env`` and ``--json``."""

    @click.option("--env", "environment", metavar="NAME", help=f"{', '.join(ENVIRONMENTS)} [TILLBRIDGE_ENV].")
    @click.option("--json", "as_json", is_flag=True, help="Answer in JSON; errors too, on stderr.")
    @wraps(command)
    def run(*, environment: str | None, as_json: bool, **arguments: Any) -> None:  # noqa: ANN401 - a command's own
        application = click.get_current_context().ensure_object(Application)
        try:
            command(application.desk(environment, as_json=as_json), **arguments)
        except Failure as failure:
            failure.as_json = as_json
            raise

    return run


def merchant_option(command: F) -> F:
    """Let a command name its merchant."""
    return click.option(
        "--merchant", "-m", metavar="ID", envvar="TILLBRIDGE_MERCHANT", help="Whose; the only one, if there is one."
    )(command)


def pairs(changes: Sequence[str]) -> Mapping[str, str]:
    """Read NAME=VALUE; a value may hold further equals signs, or be empty."""
    found: dict[str, str] = {}
    for change in changes:
        name, equals, value = change.partition("=")
        if not equals or not name:
            raise bad_input("NAME=VALUE", "A change has no name or no value.", "Write it as safety_stock=2.")
        if name in found:
            raise bad_input(name, "It is given twice.", "Give each setting once.")
        found[name] = value
    return found
