"""What every command works with: the deployment it asks, the terminal it writes to, and where both come from."""

import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

import click
from rich.console import Console, RenderableType
from rich.text import Text

from tillbridge.domain.errors import InputError
from tillbridge.runtime.operator_commands import read_answer, read_arguments
from tillbridge.runtime.operator_types import Arguments, Command
from tillbridge_cli import local_cloud
from tillbridge_cli.aws import Invoker, LambdaInvoker, SecretWriter, VaultWriter
from tillbridge_cli.environment import Deployment, choose
from tillbridge_cli.failures import Failure, bad_input, of_answer

A = TypeVar("A", bound=Arguments)
R = TypeVar("R")
Row = TypeVar("Row")

NARROWEST = 100
"""Columns when the output goes to a file or a pipe, where nobody knows a width."""


@dataclass(frozen=True, slots=True)
class Reply(Generic[R]):
    """An answer, verified, and the JSON it came as."""

    value: R
    json: Any


@dataclass(frozen=True, slots=True)
class Application:
    """Where things come from; tests put their own in."""

    invoker: Callable[[Deployment], Invoker] = LambdaInvoker
    secrets: Callable[[Deployment], SecretWriter] = VaultWriter
    local: local_cloud.Cloud = field(default_factory=local_cloud.Cloud)
    env: Mapping[str, str] = field(default_factory=lambda: os.environ)
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    sleep: Callable[[float], None] = time.sleep

    def desk(self, environment: str | None, *, as_json: bool) -> "Desk":
        """Open a desk for one command."""
        return Desk(self, environment, as_json=as_json)


class Desk:
    """One command at work."""

    def __init__(self, application: Application, environment: str | None, *, as_json: bool) -> None:
        self.application = application
        self.as_json = as_json
        self._environment = environment

    @property
    def deployment(self) -> Deployment:
        """The deployment that is meant; ``Failure`` when that cannot be told."""
        return choose(self._environment, self.application.env, self.application.local.aws)

    @property
    def now(self) -> datetime:
        return self.application.now()

    @property
    def interactive(self) -> bool:
        """Tell whether a person can be asked."""
        return not self.as_json and sys.stdin.isatty()

    def ask(self, command: Command[A, R], **arguments: object) -> Reply[R]:
        """Ask the operator function; arguments that are ``None`` are left out."""
        result, _ = self._ask(command, arguments)
        return Reply(_read(command, result), result)

    def ask_all(self, command: Command[A, tuple[Row, ...]], **arguments: object) -> Reply[tuple[Row, ...]]:
        """Ask for a list that may come in portions, as a whole."""
        portions = list(self.portions(command, **arguments))
        rows = [row for portion in portions for row in portion.json]
        return Reply(tuple(row for portion in portions for row in portion.value), rows)

    def portions(self, command: Command[A, tuple[Row, ...]], **arguments: object) -> Iterator[Reply[tuple[Row, ...]]]:
        """Ask for a list portion by portion, each when it is wanted: a long one is never held as a whole."""
        following: str | None = None
        while True:
            rows, following = self._ask(command, {**arguments, "after": following})
            yield Reply(_read(command, rows), rows)
            if not following:
                return

    def answer(self, json_value: object, *drawn: RenderableType) -> None:
        """Give the answer: JSON for programs, or something drawn for people."""
        if self.as_json:
            # ASCII only, so that no terminal and no name can spoil it
            click.echo(json.dumps(json_value, indent=2))
            return
        console = self.console()
        for part in drawn:
            console.print(part, soft_wrap=isinstance(part, Text) and bool(part.no_wrap))

    def answer_long(self, head: Mapping[str, object], name: str, rows: Iterable[str]) -> None:
        """Give an answer whose list ``name`` is too long to hold: its rows, each JSON already, one per line."""
        beginning = json.dumps(head, indent=2).removesuffix("\n}")
        click.echo(f"{beginning},\n  {json.dumps(name)}: [", nl=False)
        for number, row in enumerate(rows):
            click.echo(f"{',' if number else ''}\n    {row}", nl=False)
        click.echo("\n  ]\n}")

    def stream(self, rows: Iterator[Any]) -> None:
        """Give a long JSON list row by row, so that it is never held as a whole."""
        before = "["
        for row in rows:
            click.echo(before + "\n" + json.dumps(row), nl=False)
            before = ","
        click.echo("\n]" if before == "," else "[]")

    def note(self, text: str) -> None:
        """Say something beside the answer."""
        click.echo(text, err=True)

    def console(self) -> Console:
        """The terminal; wide enough for a table where nobody looks."""
        return Console(width=None if sys.stdout.isatty() else NARROWEST, highlight=False)

    def _ask(self, command: Command[A, R], arguments: Mapping[str, object]) -> tuple[Any, str | None]:
        given = {name: value for name, value in arguments.items() if value is not None}
        try:
            checked = read_arguments(command, given)
        except InputError as error:
            raise bad_input(error.field, error.happened, error.remedy) from None
        event = {"command": command.name, "arguments": checked.model_dump(mode="json", exclude_none=True)}
        answer = self.application.invoker(self.deployment).invoke(event)
        if not isinstance(answer, dict) or "ok" not in answer:
            raise _other_version()
        if not answer["ok"]:
            raise of_answer(answer.get("error") or {})
        return answer.get("result"), answer.get("following")


def _read(command: Command[A, R], result: object) -> R:
    try:
        return read_answer(command, result)
    except ValueError:
        raise _other_version() from None


def _other_version() -> Failure:
    return Failure(
        "The operator function answered in a way that this command line does not understand.",
        remedy="Deploy the version of this command line, or install that of the deployment.",
        code="OtherVersion",
    )
