"""Bring the merchants of a CSV in: the whole file is checked, here and with tills and shops, before anything is done.

Secrets go straight into the vault under random names, and are taken back when the command ends, however it ends.
"""

import json
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path
from typing import IO, Any, TypeVar

import click

from tillbridge.flows.migrate_file import BroughtLink, BroughtMerchant, LineProblem, read_file
from tillbridge.flows.operate.migration_answers import CheckedAnswer, ImportedAnswer
from tillbridge.runtime.migration_commands import CHECK, IMPORT, LINKS, MOST_LINKS
from tillbridge_cli.application import Desk, Reply
from tillbridge_cli.failures import BadInput, Failure
from tillbridge_cli.output import safe

AT_ONCE = 8
LARGEST = 100 * 1024 * 1024
SHOWN = 50

One = TypeVar("One")
Done = TypeVar("Done")


class BadFile(BadInput):
    """Lines of a file cannot be used; nothing was changed."""

    def __init__(self, name: str, problems: Sequence[LineProblem]) -> None:
        super().__init__(
            f"{name} cannot be imported: {len(problems)} problem(s). Nothing was changed.",
            remedy="Mend the lines, and run the command again.",
            field=problems[0].column,
            code="BadFile",
        )
        self.problems = problems

    def show(self, file: IO[Any] | None = None) -> None:
        if not self.as_json:
            for one in self.problems[:SHOWN]:
                told = f"line {one.line}, {safe(one.column)}: {safe(one.happened)} {safe(one.remedy)}"
                click.echo(told, file=file, err=file is None)
        super().show(file)

    def as_dict(self) -> dict[str, object]:
        return {**super().as_dict(), "problems": [asdict(problem) for problem in self.problems]}


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of an import: who is served now, and who could not be brought in just now, with why."""

    imported: Sequence[Reply[ImportedAnswer]]
    failed: Mapping[str, Failure]


@dataclass(frozen=True, slots=True)
class BringingIn:
    """One import at work."""

    desk: Desk
    event: str
    name: str

    def run(self, merchants: Sequence[BroughtMerchant], *, only_check: bool) -> Brought:
        """Check everybody, then bring everybody in; ``BadFile`` when anybody cannot be."""
        with self._waiting(merchants) as nonces:
            checked = _with_many(lambda one: self._check(one, nonces[one.merchant_id]), merchants)
            self._refuse(merchants, checked)
            if only_check:
                return Brought((), {})
            outcomes = _with_many(lambda one: self._bring(one, nonces[one.merchant_id]), merchants)
        named = list(zip(merchants, outcomes, strict=True))
        return Brought(
            [outcome for _, outcome in named if not isinstance(outcome, Failure)],
            {one.merchant_id: outcome for one, outcome in named if isinstance(outcome, Failure)},
        )

    @contextmanager
    def _waiting(self, merchants: Sequence[BroughtMerchant]) -> Iterator[Mapping[str, str]]:
        """Have the secrets wait in the vault for as long as the import lasts."""
        writer = self.desk.application.secrets(self.desk.deployment)
        nonces = {one.merchant_id: secrets.token_urlsafe(24) for one in merchants}
        try:
            _with_many(lambda one: writer.put_brought(nonces[one.merchant_id], one.secrets), merchants)
            yield nonces
        finally:
            _with_many(writer.drop_pending, list(nonces.values()))

    def _check(self, one: BroughtMerchant, nonce: str) -> CheckedAnswer:
        return self.desk.ask(CHECK, **self._arguments(one, nonce)).value

    def _refuse(self, merchants: Sequence[BroughtMerchant], checked: Sequence[CheckedAnswer]) -> None:
        problems: list[LineProblem] = []
        accounts: dict[str, int] = {}
        for one, answer in zip(merchants, checked, strict=True):
            problems += [LineProblem(one.line, told.column, told.happened, told.remedy) for told in answer.problems]
            first = accounts.setdefault(answer.account, one.line) if answer.account else one.line
            if first != one.line:
                told = f"It is the key of the same account as in line {first}."
                problems.append(LineProblem(one.line, "till_key", told, "Give each merchant the key of its own till."))
        if problems:
            raise BadFile(self.name, sorted(problems))

    def _bring(self, one: BroughtMerchant, nonce: str) -> Reply[ImportedAnswer] | Failure:
        """Bring one merchant in; what fails now is told at the end, and the others go on."""
        arguments = self._arguments(one, nonce)
        try:
            for links in _portions(one.links):
                self.desk.ask(LINKS, **arguments, links=[_link(link) for link in links])
            return self.desk.ask(IMPORT, **arguments)
        except Failure as failure:
            return failure

    def _arguments(self, one: BroughtMerchant, nonce: str) -> dict[str, Any]:
        return {
            "event": self.event,
            "merchant": one.merchant_id,
            "name": one.name,
            "email": one.email or None,
            "account": one.account or None,
            "address": one.address or None,
            "pending": nonce,
        }


def read_merchants(path: Path) -> tuple[BroughtMerchant, ...]:
    """Read and check a file; ``BadFile`` tells everything that is wrong, by line and column."""
    content = path.read_bytes() if path.is_file() and path.stat().st_size <= LARGEST else b""
    if not content:
        told = f"There is no such file, or it is empty or larger than {LARGEST // 1024 // 1024} MB."
        raise BadFile(path.name, [LineProblem(0, "file", told, "Name the file; several imports do no harm.")])
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        problem = LineProblem(0, "file", "It is not in UTF-8.", "Save it as CSV in UTF-8.")
        raise BadFile(path.name, [problem]) from None
    read = read_file(text)
    if read.problems:
        raise BadFile(path.name, read.problems)
    return read.merchants


def json_of(brought: Brought) -> dict[str, Any]:
    """Give the JSON of an import."""
    failed = [{"merchant": name, **failure.as_dict()} for name, failure in brought.failed.items()]
    return json.loads(json.dumps({"imported": [one.json for one in brought.imported], "failed": failed}))  # type: ignore[no-any-return]


def _with_many(work: Callable[[One], Done], many: Sequence[One]) -> list[Done]:
    """Do the same with many, some at once; in their order. The first failure is raised when all have ended."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(work, many))


def _portions(links: Sequence[BroughtLink]) -> Iterator[Sequence[BroughtLink]]:
    """Cut links into portions in which all variants of a product are together."""
    portion: list[BroughtLink] = []
    for _, group in groupby(sorted(links, key=lambda link: link.product_key), lambda link: link.product_key):
        product = list(group)
        if portion and len(portion) + len(product) > MOST_LINKS:
            yield portion
            portion = []
        portion += product
    if portion:
        yield portion


def _link(link: BroughtLink) -> dict[str, str]:
    matrix = {"matrix": link.matrix_id} if link.matrix_id else {}
    return {"item": link.item_id, "listing": str(link.ref), **matrix}
