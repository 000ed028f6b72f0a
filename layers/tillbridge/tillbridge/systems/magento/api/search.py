"""Write the search criteria of a list (facts/magento.md, section 2)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

PAGE = 100
"""Rows of a list that is read page by page."""

NAMED_AT_ONCE = 300
"""Rows asked for by name; with input limits switched on a shop refuses larger pages (facts/magento.md, section 2)."""

LONGEST_LIST = 4000
"""Characters of a list of values in one request: the whole stays below what web servers take (8 kB)."""

MOST_FILTERS = 10
"""Magento sorts the names of filters naturally before it checks the signature: an index of two digits breaks it."""


@dataclass(frozen=True, slots=True)
class Where:
    """One condition; all conditions of a list have to hold."""

    field: str
    value: str
    condition: str = "eq"


def among(field: str, values: Iterable[str]) -> Where:
    """Ask for any of these values, none of which holds a comma."""
    return Where(field, ",".join(values), "in")


@dataclass(frozen=True, slots=True)
class Criteria:
    """What a list is asked for, always in a stated order: the shop's own is not stable."""

    where: tuple[Where, ...] = ()
    order: tuple[str, ...] = ("entity_id",)
    size: int = PAGE
    page: int = 1
    fields: str = ""

    def query(self) -> str:
        """Write the query. Blanks become %20: a plus would break the signature."""
        if len(self.where) > MOST_FILTERS:
            raise ValueError("more conditions than a signature can carry")
        pairs: list[tuple[str, str]] = []
        for place, one in enumerate(self.where):
            name = f"searchCriteria[filterGroups][{place}][filters][0]"
            pairs += [(f"{name}[field]", one.field), (f"{name}[value]", one.value)]
            pairs += [(f"{name}[conditionType]", one.condition)]
        for place, field in enumerate(self.order):
            name = f"searchCriteria[sortOrders][{place}]"
            pairs += [(f"{name}[field]", field), (f"{name}[direction]", "ASC")]
        pairs += [("searchCriteria[pageSize]", str(self.size)), ("searchCriteria[currentPage]", str(self.page))]
        pairs += [("fields", f"items[{self.fields}],total_count")] if self.fields else []
        return urlencode(pairs, quote_via=quote, safe="")


def questions(field: str, values: Sequence[str]) -> Iterator[Where]:
    """Put values into as few questions as fit; one that holds a comma is asked alone."""
    waiting: list[str] = []
    length = 0
    for value in dict.fromkeys(values):
        if "," in value:
            yield Where(field, value)
            continue
        size = len(quote(value, safe="")) + len("%2C")
        if waiting and (len(waiting) == NAMED_AT_ONCE or length + size > LONGEST_LIST):
            yield among(field, waiting)
            waiting, length = [], 0
        waiting.append(value)
        length += size
    if waiting:
        yield among(field, waiting)


def in_path(text: str) -> str:
    """Encode a SKU, or another name, as one part of a path."""
    return quote(text, safe="")
