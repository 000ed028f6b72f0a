"""What can go wrong between us and the table."""

from collections.abc import Sequence

from tillbridge.domain.errors import ItemRejectedError, RetryLaterError, Subject, TillbridgeError

ROW_LIMIT = 400 * 1024
"""Bytes of one row, names included (DynamoDB's limit)."""


class UnreadableRowError(TillbridgeError):
    """A stored row is not what this version writes: written by another version, or by hand."""

    def __init__(self, pk: str, sk: str, field: str, problem: str) -> None:
        """Name the row and the field, never the value."""
        super().__init__(
            f"The row {pk} | {sk} cannot be read: {field} {problem}.",
            remedy="Deploy the version that wrote it, or mend or delete the row; the next full read writes it anew.",
        )
        self.pk, self.sk, self.field = pk, sk, field


class RowTooLargeError(ItemRejectedError):
    """One thing is larger than a row may be."""

    def __init__(self, pk: str, sk: str, size: int) -> None:
        """Name the row and its size in bytes."""
        super().__init__(
            f"The row {pk} | {sk} would take {size // 1024} KB, and the table takes {ROW_LIMIT // 1024} KB.",
            remedy="Shorten its texts or remove pictures or variants where it is kept, then it is read again.",
            subject=_about(pk, sk),
        )


class TooManyDigitsError(ItemRejectedError):
    """A number has more digits than the table keeps."""

    def __init__(self, pk: str, sk: str, field: str) -> None:
        """Name the row and the field."""
        super().__init__(
            f"{field} of the row {pk} | {sk} has more digits than the table keeps (38).",
            remedy="Round the number where it is kept.",
            subject=_about(pk, sk),
        )


class ServiceBusyError(RetryLaterError):
    """The table or a queue did not take a request, after several tries with growing pauses."""


class ConditionFailedError(TillbridgeError):
    """A conditional write found something else than it asked for; nothing was written.

    ``failed`` names the places, within a transaction, of the conditions that did not hold.
    """

    def __init__(self, failed: Sequence[int] = (0,)) -> None:
        """Take the places of the conditions that failed."""
        super().__init__("A row was changed by somebody else meanwhile; nothing was written.")
        self.failed = tuple(failed)


def _about(pk: str, sk: str) -> Subject:
    """Name what a row is about as people do: ``item 42`` for ``T#c1#ITEM | 42``."""
    return Subject(thing=f"{pk.rsplit('#', maxsplit=1)[-1].lower()} {sk}")
