"""The four families of trouble, told apart by who has to act.

| family                | what failed            | who acts                                         |
|-----------------------|------------------------|--------------------------------------------------|
| ``InputError``        | what somebody gave us  | that person; nothing was changed                 |
| ``ItemRejectedError`` | one item or listing    | the merchant; the rest of the batch goes on      |
| ``RetryLaterError``   | a remote system, for now | nobody; the same work is asked for again       |
| ``BrokenConnectionError`` | a grant or a setting | a person; work pauses and nothing is lost      |

The code that understands a failure picks the family; everybody above only needs the family.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom and what an error is about. Never holds personal data or secrets."""

    merchant: str = ""
    system: str = ""
    connection: str = ""
    thing: str = ""  # "item 42", "listing 17/9", "order 1001"

    def __str__(self) -> str:
        """Render as ``merchant m1, woocommerce, item 42``."""
        parts = (self.merchant and f"merchant {self.merchant}", self.system, self.connection, self.thing)
        return ", ".join(part for part in parts if part)


class TillbridgeError(Exception):
    """Base of every error of ours: what happened, to what, and what to do about it."""

    def __init__(
        self, happened: str, *, remedy: str = "", code: str = "", subject: Subject | None = None, request_id: str = ""
    ) -> None:
        """Take the sentence that says what happened and, where somebody can act, what to do."""
        super().__init__(happened)
        self.happened = happened
        self.remedy = remedy
        self.code = code or type(self).__name__.removesuffix("Error")
        self.subject = subject or Subject()
        self.request_id = request_id

    def __str__(self) -> str:
        """Render for a log line or a terminal: subject, sentence, remedy."""
        about = str(self.subject)
        told = f"{about}: {self.happened}" if about else self.happened
        return f"{told} What to do: {self.remedy}" if self.remedy else told

    def as_dict(self) -> dict[str, Any]:
        """Render for JSON answers and for the error column of a link."""
        return {
            "code": self.code,
            "happened": self.happened,
            "remedy": self.remedy,
            "subject": str(self.subject),
            "request_id": self.request_id,
        }


class InputError(TillbridgeError):
    """Somebody gave us something that cannot be used; nothing was changed (invariant 7)."""

    def __init__(self, field: str, happened: str, *, remedy: str, code: str = "") -> None:
        """Name the field as its sender would know it, and the remedy."""
        super().__init__(happened, remedy=remedy, code=code)
        self.field = field

    def as_dict(self) -> dict[str, Any]:
        """Add the field to the base's rendering."""
        return {**super().as_dict(), "field": self.field}


class NotFoundError(InputError):
    """Something was named that this merchant does not have."""


class ItemRejectedError(TillbridgeError):
    """One item or listing cannot go through; the others are not touched by it."""


class SomeRejectedError(ItemRejectedError):
    """Some of many things could not be stored, the others were; ``errors`` says which, and why."""

    def __init__(self, errors: Sequence[ItemRejectedError]) -> None:
        """Take the errors, at least one; the first speaks for all."""
        first = errors[0]
        super().__init__(first.happened, remedy=first.remedy, code=first.code, subject=first.subject)
        self.errors = tuple(errors)


class UnbalancedSaleError(ItemRejectedError):
    """A sale was not completed because its payments are not its total; it stays behind in the till, open."""

    def __init__(
        self, sale_id: str, balance: Decimal, *, remedy: str = "", subject: Subject | None = None, request_id: str = ""
    ) -> None:
        """Take the till's id of the sale, and what is still to be paid by the till's arithmetic."""
        super().__init__(
            f"The till does not complete sale {sale_id}, which is out of balance by {balance}.",
            remedy=remedy,
            subject=subject,
            request_id=request_id,
        )
        self.sale_id, self.balance = sale_id, balance


class RetryLaterError(TillbridgeError):
    """A remote system could not do it now; the same work will be asked for again.

    ``after`` is the number of seconds the system asked us to wait, when it said so.
    """

    def __init__(
        self,
        happened: str,
        *,
        after: float | None = None,
        remedy: str = "",
        code: str = "",
        subject: Subject | None = None,
        request_id: str = "",
    ) -> None:
        """Take the sentence and, when known, the seconds to wait."""
        super().__init__(happened, remedy=remedy, code=code, subject=subject, request_id=request_id)
        self.after = after


class ThrottledError(RetryLaterError):
    """The system told us that we call too often."""


class SystemDownError(RetryLaterError):
    """No usable answer: timeout, refused or cut connection, 5xx, maintenance."""


class GarbledAnswerError(RetryLaterError):
    """An answer that is not what the system's contract says; nothing was taken from it (invariant 1)."""


class DoubtfulWriteError(SystemDownError):
    """A write was sent and its answer never came: it may or may not have happened (invariant 8)."""


class BrokenConnectionError(TillbridgeError):
    """The connection needs a person: its work pauses, and resumes by itself once that person has acted."""


class UnauthorisedError(BrokenConnectionError):
    """The system no longer accepts our grant."""


class MissingRightError(BrokenConnectionError):
    """The grant is good but lacks a right that the work needs.

    ``summary`` is the sentence without the rights; ``missing`` names each with what cannot be done without it.
    """

    def __init__(
        self,
        summary: str,
        *,
        missing: Sequence[str] = (),
        remedy: str = "",
        code: str = "",
        subject: Subject | None = None,
        request_id: str = "",
    ) -> None:
        """Take the sentence and, where they are known, the rights."""
        happened = f"{summary} {'; '.join(missing)}." if missing else summary
        super().__init__(happened, remedy=remedy, code=code, subject=subject, request_id=request_id)
        self.summary = summary
        self.missing = missing


class MisconfiguredSystemError(BrokenConnectionError):
    """The remote system is set up in a way that cannot work, e.g. plain permalinks in WordPress."""
