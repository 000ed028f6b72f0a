"""One batch call: entries in, one row or one refusal per entry out, in the same order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

from tillbridge.domain.errors import DoubtfulWriteError, GarbledAnswerError
from tillbridge.systems.common.wire import parsed
from tillbridge.systems.http import Json
from tillbridge.systems.woocommerce.api.client import WooClient
from tillbridge.systems.woocommerce.api.refusals import Refusal, refusal_in
from tillbridge.systems.woocommerce.api.wire import ListingRow, TermRow

RowType = TypeVar("RowType", ListingRow, TermRow)
Body: TypeAlias = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class BatchAnswer(Generic[RowType]):
    """What came of each entry: its row, or why it was refused."""

    created: tuple[RowType | Refusal, ...]
    updated: tuple[RowType | Refusal, ...]


def write_batch(
    client: WooClient,
    route: str,
    shape: type[RowType],
    *,
    create: Sequence[Body] = (),
    update: Sequence[Body] = (),
    repeatable: bool = False,
) -> BatchAnswer[RowType]:
    """Send one batch. ``repeatable`` says that a second sending does no harm: no creation and no picture is in it.

    An answer that does not have exactly one result per entry leaves in doubt what was done.
    """
    body = {**({"create": list(create)} if create else {}), **({"update": list(update)} if update else {})}
    said = client.write("POST", f"{route}/batch", body, safe_to_repeat=repeatable)
    try:
        answer = BatchAnswer(
            created=_results(client, said, "create", shape, len(create)),
            updated=_results(client, said, "update", shape, len(update)),
        )
        _check_ids(client, answer, update)
    except GarbledAnswerError as garbled:
        raise DoubtfulWriteError(garbled.happened, code=garbled.code, subject=client.subject) from garbled
    return answer


def _results(
    client: WooClient, said: Json, part: str, shape: type[RowType], expected: int
) -> tuple[RowType | Refusal, ...]:
    entries = said.get(part) if isinstance(said, dict) else None
    found = entries if isinstance(entries, list) else []
    if len(found) != expected:
        raise GarbledAnswerError(
            f"A batch of {expected} entries was answered with {len(found)} results.",
            code="IncompleteBatch",
            subject=client.subject,
        )
    return tuple(_result(client, entry, shape) for entry in found)


def _result(client: WooClient, entry: Json, shape: type[RowType]) -> RowType | Refusal:
    if isinstance(entry, dict) and "error" in entry:
        return refusal_in(entry["error"]) or Refusal("unknown_error")
    return parsed(shape, entry, client.subject, "A result of a batch")


def _check_ids(client: WooClient, answer: BatchAnswer[RowType], update: Sequence[Body]) -> None:
    for sent, result in zip(update, answer.updated, strict=True):
        if not isinstance(result, Refusal) and result.id != sent["id"]:
            raise GarbledAnswerError(
                f"The result for listing {sent['id']} speaks of {result.id}.", code="MixedUp", subject=client.subject
            )
