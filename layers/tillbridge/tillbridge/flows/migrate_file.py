"""The CSV by which merchants of the old kind are brought in, checked as a whole before anything is done with it. Pure.

One line per merchant, then, if there are any, one line per link: the same ``merchant``, an ``item`` of the till, its
``matrix`` if it is a variant, and the ``listing`` of the shop (``17``, or ``17/18`` for a variant).
"""

import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import StringIO

from tillbridge.domain.catalogue import matrix_key, simple_key
from tillbridge.domain.grant import Secret
from tillbridge.domain.product import ListingRef
from tillbridge.domain.shop_keys import BroughtSecrets, ShopKeys

COLUMNS = (
    *("merchant", "name", "email", "account", "till_key"),
    *("shop_address", "shop_key", "shop_secret", "item", "matrix", "listing"),
)
NEEDED = ("merchant", "till_key")
OF_SHOP = ("shop_address", "shop_key", "shop_secret")
OF_LINK = ("item", "matrix", "listing")
MOST_PROBLEMS = 200
LONGEST_SECRET = 4096


@dataclass(frozen=True, slots=True, order=True)
class LineProblem:
    """What is wrong, where. It never repeats a value: that could be a secret (invariant 5)."""

    line: int
    column: str
    happened: str
    remedy: str


@dataclass(frozen=True, slots=True)
class BroughtLink:
    """An item of the till that has its listing already."""

    line: int
    item_id: str
    matrix_id: str
    ref: ListingRef

    @property
    def product_key(self) -> str:
        """Name the product that the listing shows."""
        return matrix_key(self.matrix_id) if self.matrix_id else simple_key(self.item_id)


@dataclass(slots=True)
class BroughtMerchant:
    """A merchant of the file. ``account`` "" leaves it to the till; without ``address`` there is no shop."""

    line: int
    merchant_id: str
    name: str
    email: str
    account: str
    address: str
    secrets: BroughtSecrets
    links: list[BroughtLink] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ImportFile:
    """What a file says. With any problem nothing of it may be used."""

    merchants: tuple[BroughtMerchant, ...]
    problems: tuple[LineProblem, ...]


def read_file(text: str) -> ImportFile:
    """Read a whole file; every problem is found, not only the first."""
    reading = _Reading()
    rows = _rows(text)
    try:
        header = next(rows, (1, []))[1]
        if reading.header(header):
            for line, values in rows:
                reading.line(line, values)
    except csv.Error:
        reading.wrong(
            0,
            "file",
            "It is no CSV file: a quotation mark is not closed, or a line is too long.",
            "Save it again as CSV.",
        )
    reading.end()
    return ImportFile(tuple(reading.merchants.values()), tuple(sorted(reading.problems)[:MOST_PROBLEMS]))


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Go through the rows that are not blank, each with the number of its first line."""
    text = text.removeprefix("\ufeff")
    first = text.partition("\n")[0]
    reader = csv.reader(
        StringIO(text, newline=""), delimiter=";" if ";" in first and "," not in first else ",", strict=True
    )
    begins = 1
    for row in reader:
        if any(value.strip() for value in row):
            yield begins, [value.strip() for value in row]
        begins = reader.line_num + 1


@dataclass(slots=True)
class _Reading:
    """What has been read so far."""

    merchants: dict[str, BroughtMerchant] = field(default_factory=dict)
    problems: list[LineProblem] = field(default_factory=list)
    names: list[str] = field(default_factory=list)

    def wrong(self, line: int, column: str, happened: str, remedy: str) -> None:
        self.problems.append(LineProblem(line, column, happened, remedy))

    def header(self, names: Sequence[str]) -> bool:
        """Take the first line; tells whether the others can be understood."""
        self.names = [name.lower() for name in names]
        known = ", ".join(COLUMNS)
        for name in self.names:
            if name not in COLUMNS or self.names.count(name) > 1:
                self.wrong(1, name or "(blank)", "There is no such column, or it is there twice.", f"Use {known}.")
        for name in NEEDED:
            if name not in self.names:
                self.wrong(1, name, "The column is missing.", f"The first line names the columns: {known}.")
        return not self.problems

    def line(self, line: int, values: Sequence[str]) -> None:
        if len(values) != len(self.names):
            told = f"The line has {len(values)} values, and there are {len(self.names)} columns."
            self.wrong(line, "line", told, "Put values that hold a comma into quotation marks.")
            return
        row = dict.fromkeys(COLUMNS, "") | dict(zip(self.names, values, strict=True))
        before = len(self.problems)
        for column, (fits, takes) in _FORMS.items():
            if row[column] and not fits(row[column]):
                self.wrong(line, column, "It does not have the right form.", takes)
        if not row["merchant"]:
            self.wrong(line, "merchant", "It is missing.", _FORMS["merchant"][1])
        if len(self.problems) == before:
            self._take(line, row)

    def _take(self, line: int, row: Mapping[str, str]) -> None:
        if row["till_key"]:
            self._merchant(line, row)
        elif row["merchant"] not in self.merchants:
            self.wrong(line, "till_key", "It is missing.", "A merchant's first line has the till's API key.")
        else:
            self._link(line, row)

    def _merchant(self, line: int, row: Mapping[str, str]) -> None:
        if row["merchant"] in self.merchants:
            told = f"The merchant has a line already, {self.merchants[row['merchant']].line}."
            self.wrong(
                line, "merchant", told, "Give each merchant one line with a till_key; leave it out in lines of links."
            )
            return
        shop = [name for name in OF_SHOP if row[name]]
        for name in OF_SHOP if shop else ():
            if not row[name]:
                self.wrong(line, name, "It is missing.", f"A shop has all of {', '.join(OF_SHOP)}, or none.")
        keys = (
            ShopKeys.woocommerce(Secret(row["shop_key"]), Secret(row["shop_secret"]))
            if len(shop) == len(OF_SHOP)
            else None
        )
        self.merchants[row["merchant"]] = BroughtMerchant(
            line=line,
            merchant_id=row["merchant"],
            name=row["name"] or row["merchant"],
            email=row["email"],
            account=row["account"],
            address=row["shop_address"],
            secrets=BroughtSecrets(Secret(row["till_key"]), keys),
        )
        if any(row[name] for name in OF_LINK):
            self._link(line, row)

    def _link(self, line: int, row: Mapping[str, str]) -> None:
        merchant = self.merchants[row["merchant"]]
        before = len(self.problems)
        for name in ("item", "listing"):
            if not row[name]:
                self.wrong(
                    line, name, "It is missing.", "A line without a till_key is a link: an item and its listing."
                )
        if not merchant.address:
            self.wrong(
                line, "listing", "The merchant has no shop in this file.", "Give the shop in the merchant's line."
            )
        if bool(row["matrix"]) != ("/" in row["listing"]) and row["listing"]:
            self.wrong(
                line,
                "listing",
                "A variant has to be linked to a variant, and an item without matrix to a simple product.",
                "Write 17/18 for an item of a matrix, and 17 for any other.",
            )
        if len(self.problems) == before:
            product, _, variant = row["listing"].partition("/")
            merchant.links.append(BroughtLink(line, row["item"], row["matrix"], ListingRef(product, variant)))

    def end(self) -> None:
        """Check what only the whole file can tell."""
        if not self.merchants and not self.problems:
            self.wrong(1, "file", "It holds no merchant.", "Write a line for each.")
        for merchant in self.merchants.values():
            self._once(merchant.links, "item", "The item has a listing already", lambda link: link.item_id)
            self._once(merchant.links, "listing", "The listing has an item already", lambda link: str(link.ref))
            products: dict[str, str] = {}
            for link in merchant.links:
                if products.setdefault(link.product_key, link.ref.product_id) != link.ref.product_id:
                    told = "Other variants of its matrix are in another product of the shop."
                    self.wrong(link.line, "listing", told, "All variants of a matrix are variants of one product.")

    def _once(self, links: Sequence[BroughtLink], column: str, told: str, key: Callable[[BroughtLink], str]) -> None:
        seen: dict[str, int] = {}
        for link in links:
            first = seen.setdefault(key(link), link.line)
            if first != link.line:
                self.wrong(link.line, column, f"{told}, in line {first}.", "Name each item and each listing once.")


def _matches(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda text: compiled.fullmatch(text) is not None


def _secret(text: str) -> bool:
    return len(text) <= LONGEST_SECRET and text.isascii() and text.isprintable() and " " not in text


def _shown(text: str) -> bool:
    return len(text) <= 200 and text.isprintable()  # noqa: PLR2004  as the name of a merchant


_COPY = "Copy it again, without blanks."
_NUMBER = "Give the till's own number."
_FORMS: Mapping[str, tuple[Callable[[str], bool], str]] = {
    "merchant": (_matches(r"[a-z0-9][a-z0-9_-]{0,63}"), "Use 1 to 64 of a-z, 0-9, - and _."),
    "name": (_shown, "Use at most 200 characters that can be shown."),
    "email": (_matches(r"[^@\s]{1,64}@[^@\s]{1,180}\.[^@\s.]{2,63}"), "Give one address, like owner@example.com."),
    "account": (_matches(r"[0-9]{1,19}"), _NUMBER),
    "till_key": (_secret, _COPY),
    "shop_address": (_shown, "Give it as a browser shows it, like https://shop.example.com."),
    "shop_key": (_secret, _COPY),
    "shop_secret": (_secret, _COPY),
    "item": (_matches(r"[0-9]{1,19}"), _NUMBER),
    "matrix": (_matches(r"[0-9]{1,19}"), _NUMBER),
    "listing": (_matches(r"[0-9]{1,19}(/[0-9]{1,19})?"), "Write 17, or 17/18 for a variant."),
}
