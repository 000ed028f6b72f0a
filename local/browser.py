"""A browser just good enough for consent pages: it keeps cookies, follows redirects, presses buttons and links."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests

from local.errors import LocalCloudError

SECONDS = 30


@dataclass(slots=True)
class Form:
    """One form of a page: where it goes, what it holds, and its buttons by their text."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: dict[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Page:
    """What the browser shows."""

    url: str
    status: int
    html: str

    @property
    def text(self) -> str:
        """The words on the page."""
        reader = _Reader()
        reader.feed(self.html)
        return " ".join(" ".join(reader.words).split())

    @property
    def forms(self) -> list[Form]:
        """The forms on the page."""
        reader = _Reader()
        reader.feed(self.html)
        return reader.forms

    @property
    def links(self) -> dict[str, str]:
        """The addresses of the links on the page, by their text."""
        reader = _Reader()
        reader.feed(self.html)
        return reader.links


class Browser:
    """Trusts the local authority and nothing of the environment."""

    def __init__(self, ca_file: Path) -> None:
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.verify = str(ca_file)

    def open(self, url: str) -> Page:
        """Go to an address."""
        return self._ask("GET", url)

    def press(self, page: Page, *names: str, **fields: str) -> Page:
        """Press the first button or link that carries one of these texts; ``fields`` are filled in before."""
        for form in page.forms:
            for name in names:
                if name in form.buttons:
                    key, value = form.buttons[name]
                    data = form.fields | fields | ({key: value} if key else {})
                    return self._submit(page, form, data)
        for name in names:
            if name in page.links:
                return self.open(urljoin(page.url, page.links[name]))
        found = [*page.links, *(name for form in page.forms for name in form.buttons)]
        raise LocalCloudError(
            f"{page.url} (HTTP {page.status}) has no button {' or '.join(names)}, only {found}: {page.text[:300]}",
            remedy="The log files in .local/logs say more.",
        )

    def _submit(self, page: Page, form: Form, data: dict[str, str]) -> Page:
        url = urljoin(page.url, form.action)
        if form.method == "get":
            return self._ask("GET", url, params=data)
        return self._ask("POST", url, data=data, headers={"Referer": page.url})

    def _ask(self, method: str, url: str, **options: Any) -> Page:  # noqa: ANN401 - what requests takes
        try:
            answer = self._session.request(method, url, timeout=SECONDS, **options)
        except requests.RequestException as error:
            # the address may carry a secret link, and the error quotes all of it
            raise LocalCloudError(
                f"The page at {urlsplit(url).netloc} does not open ({type(error).__name__}).",
                remedy="The log files in .local/logs say more.",
            ) from None
        return Page(answer.url, answer.status_code, answer.text)


class _Reader(HTMLParser):
    """Collects words and forms."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.forms: list[Form] = []
        self.links: dict[str, str] = {}
        self._button: tuple[str, str] | None = None
        self._link: str | None = None
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag in {"style", "script"}:
            self._hidden += 1
        elif tag == "form":
            self.forms.append(Form(values.get("action", ""), values.get("method", "get").lower()))
        elif tag == "a":
            self._link = values.get("href", "")
        elif tag == "button":
            self._button = (values.get("name", ""), values.get("value", ""))
        elif tag == "input" and self.forms:
            self._take_input(values)

    def _take_input(self, values: dict[str, str]) -> None:
        kind = values.get("type", "text")
        if kind == "submit":
            self.forms[-1].buttons[values.get("value", "")] = (values.get("name", ""), values.get("value", ""))
        elif kind not in {"radio", "checkbox"} or "checked" in values:
            self.forms[-1].fields[values.get("name", "")] = values.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"style", "script"}:
            self._hidden -= 1
        elif tag == "button":
            self._button = None
        elif tag == "a":
            self._link = None

    def handle_data(self, data: str) -> None:
        if self._hidden:
            return
        self.words.append(data)
        told = " ".join(data.split())
        if told and self._link is not None:
            self.links[told] = self._link
        if told and self._button is not None and self.forms:
            self.forms[-1].buttons[told] = self._button
