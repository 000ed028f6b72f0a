"""How a command fails: what happened, what to do, and the exit code (docs/command-line.md)."""

import json
from collections.abc import Mapping
from enum import IntEnum
from typing import IO, Any

import click

from tillbridge_cli.output import safe


class ExitCode(IntEnum):
    """The exit codes."""

    OK = 0
    FAILED = 1  # something failed remotely
    INPUT = 2  # bad input or usage
    NOT_FOUND = 3
    UNREACHABLE = 4  # Tillbridge could not be reached
    GAVE_UP = 5  # waiting took too long


class Failure(click.ClickException):
    """Something failed remotely. It is told on stderr, as one JSON object when the command was given ``--json``."""

    exit_code = ExitCode.FAILED

    def __init__(self, happened: str, *, remedy: str, field: str = "", code: str = "") -> None:
        super().__init__(happened)
        self.happened = happened
        self.remedy = remedy
        self.field = field
        self.code = code or type(self).__name__
        self.as_json = False

    def show(self, file: IO[Any] | None = None) -> None:
        if self.as_json:
            click.echo(json.dumps({"error": self.as_dict()}), file=file, err=file is None)
            return
        about = f" ({safe(self.field)})" if self.field else ""
        click.echo(f"error: {safe(self.happened)}{about}", file=file, err=file is None)
        if self.remedy:
            click.echo(f"What to do: {safe(self.remedy)}", file=file, err=file is None)

    def as_dict(self) -> dict[str, object]:
        return {
            "code": self.code,
            "happened": self.happened,
            "remedy": self.remedy,
            "field": self.field,
            "exit_code": int(self.exit_code),
        }


class BadInput(Failure):
    """Somebody gave what cannot be used."""

    exit_code = ExitCode.INPUT


class NotFound(Failure):
    """Something was named that is not there."""

    exit_code = ExitCode.NOT_FOUND


class Unreachable(Failure):
    """Tillbridge could not be asked."""

    exit_code = ExitCode.UNREACHABLE


class GaveUp(Failure):
    """Waiting took too long."""

    exit_code = ExitCode.GAVE_UP


OF_FAMILY: Mapping[str, type[Failure]] = {"input": BadInput, "not_found": NotFound}


REMEDIES = {"retry_later": "Nothing was changed. Check the address if you gave one, and try again in a while."}


def of_answer(error: Mapping[str, Any]) -> Failure:
    """Turn the function's error into a failure."""
    subject, family = str(error.get("subject", "")), str(error.get("family", ""))
    happened = str(error.get("happened", "It did not say what happened."))
    return OF_FAMILY.get(family, Failure)(
        f"{subject}: {happened}" if subject else happened,
        remedy=str(error.get("remedy", "")) or REMEDIES.get(family, ""),
        field=str(error.get("field", "")),
        code=str(error.get("code", "")),
    )


def bad_input(field: str, happened: str, remedy: str) -> BadInput:
    """Refuse what somebody typed."""
    return BadInput(happened, remedy=remedy, field=field)
