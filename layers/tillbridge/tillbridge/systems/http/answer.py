"""What a remote system answered."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from html import unescape
from typing import NoReturn, TypeAlias

from tillbridge.domain.errors import GarbledAnswerError, Subject

Json: TypeAlias = "bool | int | Decimal | str | list[Json] | dict[str, Json] | None"
"""Decoded JSON; numbers with a fraction are ``Decimal``, so that money never passes through floats."""

EXCERPT_LENGTH = 200
LARGEST_POWER = 100
"""Of ten, either way. Nothing in money or goods comes near, and written out, larger numbers would fill the memory."""
_TAG = re.compile(r"(?is)<(script|style)\b.*?</\1>|<[^>]*>?")
_DATA_BEGINS = re.compile(r"[{\[]")
_ADDRESS = re.compile(r"\S+@\S+")


class NoJsonError(GarbledAnswerError):
    """An answer that should be JSON and is not.

    ``excerpt`` holds the first words of an HTML page or plain text, such as a maintenance notice or a PHP warning. It
    stops where data could begin, because what was cut off in the middle of an order holds personal data (invariant 5).
    """

    excerpt: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer. ``headers`` finds names in any case; ``seconds`` is the time from sending to the last byte."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    seconds: float
    subject: Subject = field(default_factory=Subject)
    place: str = ""

    @property
    def ok(self) -> bool:
        """Tell whether the request was done."""
        return 200 <= self.status < 300  # noqa: PLR2004  the class of statuses that HTTP names successful

    @property
    def request_id(self) -> str:
        """Find the id by which the other side's support finds the request."""
        return self.headers.get("Cf-Ray") or self.headers.get("X-Request-Id") or ""

    @property
    def served_at(self) -> datetime | None:
        """Tell the other side's clock, as its Date header gives it; ``None`` when there is none that can be read."""
        return read_http_date(self.headers.get("Date", ""))

    def json(self) -> Json:
        """Decode the body, whatever content type it claims; ``NoJsonError`` when it is no JSON."""
        try:
            decoded: Json = json.loads(self.body, parse_float=_exact, parse_constant=_no_such_number)
        except (ValueError, RecursionError):
            decoded = None
        else:
            return decoded
        raise self._no_json()

    def _no_json(self) -> NoJsonError:
        size = f"{len(self.body)} bytes of {self.headers.get('Content-Type', 'no type')}"
        excerpt = excerpt_of(self.body)
        told = f' beginning with "{excerpt}"' if excerpt else ""
        error = NoJsonError(
            f"The answer to {self.place} (status {self.status}) is not JSON but {size}{told}.",
            code="NoJson",
            subject=self.subject,
            request_id=self.request_id,
        )
        error.excerpt = excerpt
        return error


def excerpt_of(body: bytes) -> str:
    """Take the first words of a page, without tags, e-mail addresses and anything that could be data."""
    text = body[: 20 * EXCERPT_LENGTH].decode("utf-8", errors="replace")
    if "\ufffd" in text or "\0" in text:
        return ""
    words = " ".join(unescape(_TAG.sub(" ", _DATA_BEGINS.split(text, maxsplit=1)[0])).split())
    return _ADDRESS.sub("***", words)[:EXCERPT_LENGTH]


def read_http_date(text: str) -> datetime | None:
    """Read a date such as ``Sat, 13 Feb 2016 00:46:37 GMT``."""
    try:
        read = parsedate_to_datetime(text)
        return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _exact(text: str) -> Decimal:
    number = Decimal(text)
    if abs(number.adjusted()) > LARGEST_POWER:
        raise ValueError("the number is beyond all measure")
    return number


def _no_such_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")
