"""The search syntax of ``query:`` arguments: terms, comparisons, AND, OR, NOT, brackets (facts/shopify.md, section 7).

A key that the list does not know is ignored, with a warning in ``extensions.search``.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

Value = str | datetime | int
Document = Mapping[str, Sequence[Value]]
"""What a row is found by: its values per search key; ``""`` holds what free text is looked for in."""
Test = Callable[[Document], bool]

_TOKEN = re.compile(
    r"""\s*(?:(?P<bracket>[()])|(?P<minus>-)?(?P<key>[\w.$-]+:)?(?P<compare>[<>]=?|=)?
    (?P<value>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|(?:[^\s()\\]|\\.)+))""",
    re.VERBOSE,
)
_ORDERS: Mapping[str, Callable[[int], bool]] = {
    "": lambda order: order == 0,
    "=": lambda order: order == 0,
    "<": lambda order: order < 0,
    "<=": lambda order: order <= 0,
    ">": lambda order: order > 0,
    ">=": lambda order: order >= 0,
}


@dataclass(frozen=True, slots=True)
class Parsed:
    """A search text, ready to be asked about rows."""

    test: Test
    unknown: tuple[str, ...]
    """Keys that the list does not know."""


def parse(text: str, known: frozenset[str], now: datetime) -> Parsed:
    """Read a search text for a list that is searched by `known` keys."""
    reader = _Reader([match for match in _TOKEN.finditer(text) if match.group().strip()], known, now)
    return Parsed(reader.alternatives(), tuple(dict.fromkeys(reader.unknown)))


class _Reader:
    """A small recursive descent over the words of the text."""

    def __init__(self, words: list[re.Match[str]], known: frozenset[str], now: datetime) -> None:
        self._words, self._known, self._now = words, known, now
        self._place = 0
        self.unknown: list[str] = []

    def _peek(self) -> re.Match[str] | None:
        return self._words[self._place] if self._place < len(self._words) else None

    def _at(self, *texts: str) -> bool:
        word = self._peek()
        return word is not None and word.group().strip() in texts

    def alternatives(self) -> Test:
        tests = [self._conjunction()]
        while self._at("OR"):
            self._place += 1
            tests.append(self._conjunction())
        return tests[0] if len(tests) == 1 else lambda document: any(test(document) for test in tests)

    def _conjunction(self) -> Test:
        tests: list[Test] = []
        while self._peek() is not None and not self._at("OR", ")"):
            if self._at("AND"):
                self._place += 1
                continue
            tests.append(self._term())
        return lambda document: all(test(document) for test in tests)

    def _term(self) -> Test:
        word = self._words[self._place]
        self._place += 1
        if word.group().strip() == "NOT":
            inner = self._term()
            return lambda document: not inner(document)
        if word["bracket"]:
            inner = self.alternatives()
            self._place += 1  # the closing bracket
            return inner
        test = self._word(word)
        return (lambda document: not test(document)) if word["minus"] else test

    def _word(self, word: re.Match[str]) -> Test:
        value = re.sub(r"\\(.)", r"\1", word["value"].strip("\"'"))
        key = (word["key"] or "").rstrip(":")
        if not key:
            return lambda document: any(value.casefold() in str(entry).casefold() for entry in document.get("", ()))
        if key not in self._known:
            self.unknown.append(key)
            return lambda _document: True
        return self._comparison(key, word["compare"] or "", value)

    def _comparison(self, key: str, compare: str, value: str) -> Test:
        if value == "*":
            return lambda document: bool(document.get(key))
        if value.endswith("*") and not compare:
            start = value[:-1].casefold()
            return lambda document: any(str(entry).casefold().startswith(start) for entry in document.get(key, ()))
        holds = _ORDERS[compare]
        return lambda document: any(_holds(entry, value, holds, self._now) for entry in document.get(key, ()))


def _holds(entry: Value, value: str, holds: Callable[[int], bool], now: datetime) -> bool:
    if isinstance(entry, datetime):
        moment = _moment(value, now)
        return moment is not None and holds((entry > moment) - (entry < moment))
    if isinstance(entry, int):
        return value.lstrip("-").isdecimal() and holds((entry > int(value)) - (entry < int(value)))
    left, right = entry.casefold(), value.casefold()
    return holds((left > right) - (left < right))


def _moment(value: str, now: datetime) -> datetime | None:
    if value == "now":
        return now
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
