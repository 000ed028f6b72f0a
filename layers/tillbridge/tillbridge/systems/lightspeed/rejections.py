"""What the till means by refusing something that was written (facts/lightspeed.md, A3)."""

from collections.abc import Iterable

from tillbridge.domain.discretion import masked
from tillbridge.domain.errors import ItemRejectedError, Subject, UnbalancedSaleError
from tillbridge.systems.http.answer import Answer, Json, NoJsonError
from tillbridge.systems.lightspeed.parse import UnreadableError, read
from tillbridge.systems.lightspeed.refusals import message_of
from tillbridge.systems.lightspeed.wire_sales import WireUnbalanced

UNBALANCED = "OutOfBalanceError"


def rejection(answer: Answer, subject: Subject, private: Iterable[str] = ()) -> ItemRejectedError:
    """Tell a refusal in the till's own words, without the ``private`` texts that were sent (invariant 5)."""
    if found := _unbalanced(answer):
        return UnbalancedSaleError(
            found.sale_id,
            found.balance,
            remedy="Archive the sale that stays behind open, and write it anew.",
            subject=subject,
            request_id=answer.request_id,
        )
    return ItemRejectedError(
        f"Lightspeed does not accept {subject.thing}{masked(message_of(answer), private)}.",
        remedy="Correct what it names in Lightspeed or in the settings of orders, and try again.",
        code=f"Http{answer.status}",
        subject=subject,
        request_id=answer.request_id,
    )


def _unbalanced(answer: Answer) -> WireUnbalanced | None:
    """Read which sale stays behind; when that cannot be read the refusal is one like any other."""
    body = _body(answer)
    if not isinstance(body, dict) or body.get("errorClass") != UNBALANCED:
        return None
    try:
        return read(WireUnbalanced, body)
    except UnreadableError:
        return None


def _body(answer: Answer) -> Json:
    try:
        return answer.json()
    except NoJsonError:
        return None
