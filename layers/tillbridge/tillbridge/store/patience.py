"""Asking a busy AWS service again, and telling its refusals apart."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as NoConnectionError

from tillbridge.domain.errors import ItemRejectedError, TillbridgeError
from tillbridge.store.clock import Clock
from tillbridge.store.errors import ConditionFailedError, ServiceBusyError

Answer = TypeVar("Answer")

PAUSES = (0.1, 0.2, 0.4, 0.8, 1.6)
"""Seconds between our own tries. The client has tried several times by itself before each of them."""
ONCE_MORE = (0.1,)
"""The same for whoever has somebody waiting, and whose client tries once."""

BUSY = frozenset(
    {
        "InternalError",
        "InternalServerError",
        "KmsThrottled",
        "LimitExceededException",
        "ProvisionedThroughputExceededException",
        "ReplicatedWriteConflictException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "ServiceUnavailable",
        "Throttling",
        "ThrottlingException",
        "TransactionConflictException",
        "TransactionInProgressException",
    }
)
PASSING_REASONS = frozenset({"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"})


class Patience:
    """Asks again with growing pauses, and gives up with ``ServiceBusyError`` after the last one."""

    def __init__(self, name: str, clock: Clock, pauses: Sequence[float] = PAUSES) -> None:
        """Take the name of what is asked, for the error, the clock that waits, and the seconds between tries."""
        self._name, self._clock, self._pauses = name, clock, pauses

    def call(self, ask: Callable[[], Answer]) -> Answer:
        """Ask until there is an answer; a refusal that is no matter of time is raised as an error of ours."""
        pauses = iter(self._pauses)
        while True:
            try:
                return ask()
            except (ClientError, NoConnectionError, HTTPClientError) as error:
                if isinstance(error, ClientError) and not passes(error):
                    raise explained(error) from error
                self._wait(pauses, type(error).__name__ if not isinstance(error, ClientError) else code_of(error))

    def drain(self, work: Sequence[Any], ask: Callable[[Sequence[Any]], Sequence[Any]]) -> None:
        """Ask until nothing of ``work`` is left over; as long as something gets done, patience begins anew."""
        pauses = iter(self._pauses)
        while work:
            left = self.call(lambda work=work: ask(work))  # type: ignore[misc]
            if len(left) < len(work):
                pauses = iter(self._pauses)
            if left:
                self._wait(pauses, "unprocessed")
            work = left

    def _wait(self, pauses: Iterator[float], reason: str) -> None:
        pause = next(pauses, None)
        if pause is None:
            raise ServiceBusyError(f"{self._name} did not take the request ({reason}).", code="ServiceBusy")
        self._clock.sleep(pause)


def code_of(error: ClientError) -> str:
    """Give AWS's name of a failure."""
    return str(error.response.get("Error", {}).get("Code", ""))


def explained(error: ClientError) -> Exception:
    """Turn a refusal into an error of ours, or leave it as it is when only its maker can act on it."""
    code, told = code_of(error), str(error.response.get("Error", {}).get("Message", ""))
    if code == "ConditionalCheckFailedException":
        return ConditionFailedError()
    if code == "TransactionCanceledException":
        reasons = _reasons(error.response)
        failed = [place for place, reason in enumerate(reasons) if reason == "ConditionalCheckFailed"]
        if failed:
            return ConditionFailedError(failed)
    if code == "ValidationException" and "size has exceeded" in told:
        return ItemRejectedError(
            "A row is larger than the table takes (400 KB).",
            remedy="Shorten the texts of the item that was being stored.",
            code="RowTooLarge",
        )
    if code == "ResourceNotFoundException":
        return TillbridgeError("The table or index does not exist.", remedy="Deploy the stack of this environment.")
    return error


def passes(error: BaseException | None) -> bool:
    """Tell whether the same request to AWS may succeed a little later."""
    if not isinstance(error, ClientError):
        return isinstance(error, NoConnectionError | HTTPClientError)
    if code_of(error) == "TransactionCanceledException":
        reasons = set(_reasons(error.response)) - {"None"}
        return bool(reasons) and reasons <= PASSING_REASONS
    return code_of(error) in BUSY


def _reasons(response: Mapping[str, Any]) -> list[str]:
    return [str(reason.get("Code", "None")) for reason in response.get("CancellationReasons", ())]
