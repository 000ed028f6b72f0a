"""Prove that a connection works and can write, and learn what the shop is like; every failure comes with its remedy.

One question after the other, each of which rules out one cause (facts/woocommerce.md, "Reaching the API").
"""

from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlsplit

from tillbridge.domain.errors import MisconfiguredSystemError, UnauthorisedError
from tillbridge.systems.common.wire import parsed
from tillbridge.systems.http import Answer, Json, NoJsonError, Request
from tillbridge.systems.shop import ShopProfile
from tillbridge.systems.woocommerce import diagnosis
from tillbridge.systems.woocommerce.api.client import KeySender, WooClient
from tillbridge.systems.woocommerce.api.json_text import read_json
from tillbridge.systems.woocommerce.api.keys import ApiKeys, signed_as_http
from tillbridge.systems.woocommerce.api.refusals import NOT_FOUND, RefusedError
from tillbridge.systems.woocommerce.api.wire import IndexRow, SettingRow, SlugRow, StatusPageRow

NAMESPACE = "wc/v3"
MOST_DECIMALS = 8
"""No currency has more; WooCommerce lets a merchant enter any number."""

Shape = TypeVar("Shape")


@dataclass(frozen=True, slots=True)
class ConnectionCheck:
    """Checks one shop with its keys."""

    http: KeySender
    address: str
    keys: ApiKeys
    client: WooClient

    def run(self) -> ShopProfile:
        """Ask everything; raises ``MisconfiguredSystemError``, ``UnauthorisedError`` or ``MissingRightError``."""
        index = self._wordpress()
        self._key_reads()
        self._key_writes()
        status = self._read(StatusPageRow, "system_status", {"_fields": "environment,settings"})
        return ShopProfile(
            name=index.name,
            address=self.address,
            version=status.environment.version,
            currency=status.settings.currency,
            price_decimals=min(max(0, status.settings.number_of_decimals), MOST_DECIMALS),
            prices_include_tax=self._setting("settings/tax/woocommerce_prices_include_tax") == "yes",
            time_zone=index.timezone_string or f"UTC{index.gmt_offset}",
            brands=self._has_brands(),
            query_keys=self.client.query_keys,
            tax_classes=tuple(row.slug for row in self._read(list[SlugRow], "taxes/classes", {})),
            order_statuses=self._order_statuses(),
            warnings=tuple(self._warnings(index)),
        )

    def _wordpress(self) -> IndexRow:
        """Read the public page of the API: is it WordPress, is it here, has it WooCommerce?"""
        answer = self.http.exchange(self._request("/wp-json/"))
        if failure := diagnosis.of_the_way(answer, self.address):
            raise failure
        index = self._index(answer)
        if index is None:
            raise diagnosis.no_api(answer, self.address, plain_permalinks=self._answers_plain_route())
        if NAMESPACE not in index.namespaces:
            raise diagnosis.no_woocommerce(answer)
        return index

    def _index(self, answer: Answer) -> IndexRow | None:
        try:
            said = read_json(answer) if answer.ok else None
        except NoJsonError:
            return None
        return parsed(IndexRow, said, answer.subject, "The API's front page") if isinstance(said, dict) else None

    def _answers_plain_route(self) -> bool:
        """Tell whether the API answers at the address it has with plain permalinks; keys never count there."""
        answer = self.http.exchange(self._request("/", {"rest_route": "/"}))
        return self._index(answer) is not None

    def _key_reads(self) -> None:
        """Read something with the key, in the query where the header does not arrive."""
        try:
            self.client.page("products", {"per_page": "1", "_fields": "id"})
        except UnauthorisedError as refused:
            raise diagnosis.key_refused(refused, signed=self._signed()) from refused

    def _signed(self) -> Answer | None:
        """Ask once more, signed as if over http: a WordPress that takes https for http accepts that."""
        if self.address.startswith("http://"):
            return None
        request = self._request("/wp-json/wc/v3/products", {"per_page": "1", "_fields": "id"})
        return self.http.exchange(signed_as_http(request, self.keys))

    def _key_writes(self) -> None:
        """Send a batch of nothing: it needs the right to write and changes nothing."""
        try:
            self.client.write("POST", "products/batch", {"create": []}, safe_to_repeat=True)
        except UnauthorisedError as refused:
            raise diagnosis.read_only(refused) from refused

    def _has_brands(self) -> bool:
        return self._optional("products/brands", {"per_page": "1", "_fields": "id"}) is not None

    def _setting(self, route: str) -> str:
        said = self._optional(route, {})
        return parsed(SettingRow, said, self.client.subject, route).value if said is not None else ""

    def _order_statuses(self) -> tuple[str, ...]:
        said = self._optional("orders/statuses", {})
        if said is None:
            return ()
        rows = parsed(list[SlugRow], said, self.client.subject, "The order statuses")
        return tuple(row.slug.removeprefix("wc-") for row in rows)

    def _warnings(self, index: IndexRow) -> list[str]:
        found: list[str] = []
        if self.client.query_keys:
            found.append(diagnosis.KEYS_IN_QUERY)
        if self.address.startswith("http://"):
            found.append(diagnosis.NO_TLS)
        if index.url and _host(index.url) != _host(self.address):
            found.append(diagnosis.other_address(index.url))
        if self._setting("settings/products/woocommerce_manage_stock") == "no":
            found.append(diagnosis.NO_STOCK)
        return found

    def _optional(self, route: str, params: dict[str, str]) -> Json:
        """Read what older or differently set shops do not have; ``None`` there."""
        try:
            return self.client.read(route, params)
        except MisconfiguredSystemError as missing:
            if missing.code != "NoWooCommerce":
                raise
        except RefusedError as refused:
            if refused.refusal.status != NOT_FOUND:
                raise
        return None

    def _read(self, shape: type[Shape], route: str, params: dict[str, str]) -> Shape:
        return parsed(shape, self.client.read(route, params), self.client.subject, route)

    def _request(self, path: str, params: dict[str, str] | None = None) -> Request:
        return Request(method="GET", url=f"{self.address}{path}", params=params or {})


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").lower()
