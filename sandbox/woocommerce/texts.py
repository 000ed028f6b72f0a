"""What WordPress does to texts on their way in and out: strips, escapes, slugs, paragraphs, prices."""

import re
import unicodedata
from html import escape
from html.parser import HTMLParser
from urllib.parse import quote

_KEPT_TAGS = frozenset(
    [
        "a",
        "abbr",
        "b",
        "blockquote",
        "br",
        "caption",
        "code",
        "col",
        "colgroup",
        "dd",
        "del",
        "div",
        "dl",
        "dt",
        "em",
        "figcaption",
        "figure",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "img",
        "ins",
        "li",
        "mark",
        "ol",
        "p",
        "pre",
        "q",
        "s",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "u",
        "ul",
    ]
)
_WITHOUT_ACCENT = str.maketrans(
    {"\u00df": "s", "\u00e6": "ae", "\u0153": "oe", "\u00f8": "o", "\u0111": "d", "\u0142": "l", "\u00fe": "th"}
)
_BLOCKS = re.compile(r"<(?:p|div|ul|ol|li|table|h[1-6]|blockquote|pre|figure|hr|dl)[\s>/]", re.IGNORECASE)
_BARE_AMPERSAND = re.compile(r"&(?!(?:#\d+|#[xX][0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]*);)")
_TAG, _OCTET, _BLANKS = re.compile(r"<[^>]*>"), re.compile(r"%[0-9a-fA-F]{2}"), re.compile(r"[\r\n\t ]+")
_NOT_PRICE = re.compile(r"\.(?![^.]+$)|[^0-9.-]")


class _Sieve(HTMLParser):
    """Writes down again what it reads, without the tags and attributes that could run code."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.kept: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _KEPT_TAGS:
            self.kept.append(f"<{tag}{self._attributes(attrs)}>")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _KEPT_TAGS:
            self.kept.append(f"<{tag}{self._attributes(attrs)} />")

    @staticmethod
    def _attributes(attrs: list[tuple[str, str | None]]) -> str:
        harmless = [
            (name, value or "")
            for name, value in attrs
            if not name.startswith("on") and not (value or "").strip().lower().startswith("javascript:")
        ]
        return "".join(f' {name}="{escape(value)}"' for name, value in harmless)

    def handle_endtag(self, tag: str) -> None:
        if tag in _KEPT_TAGS:
            self.kept.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.kept.append(_BARE_AMPERSAND.sub("&amp;", data).replace("<", "&lt;").replace(">", "&gt;"))

    def handle_entityref(self, name: str) -> None:
        self.kept.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.kept.append(f"&#{name};")


def simple_html(text: str) -> str:
    """Keep simple HTML; scripts and the like lose their tags and a bare ``&`` becomes ``&amp;``."""
    if not any(mark in text for mark in "<>&"):
        return text
    sieve = _Sieve()
    sieve.feed(_BARE_AMPERSAND.sub("&amp;", text))
    sieve.close()
    return "".join(sieve.kept)


def clean(text: str) -> str:
    """Reduce to one line of plain text; also drops what looks like a percent-encoded byte, in SKUs too."""
    without = _TAG.sub("", text) if "<" in text else text
    return _BLANKS.sub(" ", _OCTET.sub("", _BLANKS.sub(" ", without))).strip()


def term_name(text: str) -> str:
    """Bring a term's name into the form in which it is stored and compared."""
    return simple_html(clean(text))


def paragraphs(text: str) -> str:
    """Wrap a description into paragraphs, as reading (not writing) answers show it."""
    parts = [part.strip() for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n")) if part.strip()]
    return "".join(
        f"{part}\n" if _BLOCKS.match(part) else f"<p>{part.replace(chr(10), '<br />' + chr(10))}</p>\n"
        for part in parts
    )


def slug(text: str) -> str:
    """Make the part of an address that stands for a name: ASCII, lower case, dashes; other scripts percent-encoded."""
    plain = _without_accents(text).lower().translate(_WITHOUT_ACCENT)
    plain = re.sub(r"&[^;\s]+;", "", _TAG.sub("", plain))
    plain = re.sub(r"[\s./\u2013\u2014]+", "-", plain.strip())
    kept = "".join(mark for mark in plain if mark in "-_" or mark.isalnum() or unicodedata.category(mark) == "So")
    return quote(re.sub(r"-+", "-", kept).strip("-"), safe="-_").lower()


def collated(text: str) -> str:
    """Give the key by which the shop's database compares texts: without case, accents and trailing blanks."""
    return _without_accents(text).casefold().rstrip()


def _without_accents(text: str) -> str:
    if text.isascii():
        return text
    return "".join(mark for mark in unicodedata.normalize("NFKD", text) if not unicodedata.combining(mark))


def price(text: str) -> str:
    """Keep what can belong to a number; a text without any digit leaves an empty price, silently."""
    kept = _NOT_PRICE.sub("", clean(text))
    return kept if any(mark.isdigit() for mark in kept) else ""
