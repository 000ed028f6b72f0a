"""The stand-ins of one bench: a till and a shop in processes of their own, their ledgers, and what people do there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import requests

from local.cloud import LocalCloud
from tests.bench.replay import Remote
from tests.bench.shop_view import ShopView

SECONDS = 60
ALL = "1000000"
PICTURES = "/image/upload/"


@dataclass(frozen=True, slots=True)
class Till:
    """The till's stand-in."""

    url: str
    account_id: str
    access_token: str
    refresh_token: str


@dataclass(frozen=True, slots=True)
class Remotes:
    """One till and one shop."""

    till: Till
    shop_url: str
    key: str
    secret: str
    ca_file: str

    @classmethod
    def start(cls, cloud: LocalCloud, name: str, items: int, shop_options: Sequence[str] = ()) -> "Remotes":
        """Start both; ``name`` tells them from other ones of the same cloud."""
        till = cloud.start_stand_in(f"till-{name}", "tests.bench.till_server", ["--items", str(items)])
        shop = cloud.start_stand_in(f"shop-{name}", "sandbox.woocommerce", ["--seed", "1", *shop_options])
        return cls(
            Till(till["tls_url"], till["account_id"], till["access_token"], till["refresh_token"]),
            shop["tls_url"],
            shop["key"],
            shop["secret"],
            str(cloud.ca_file),
        )

    def view(self) -> ShopView:
        """Look at the shop as its owner."""
        return ShopView(self.shop_url, self.key, self.secret, self.ca_file)

    def signed_in(self) -> dict[str, Remote]:
        """Say how a bare script reaches both systems, by their addresses."""
        bearer = {"Authorization": f"Bearer {self.till.access_token}"}
        return {
            self.till.url: Remote(self.till.url, bearer),
            self.shop_url: Remote(self.shop_url, {}, (self.key, self.secret)),
        }

    def items(self) -> list[dict[str, Any]]:
        """List what the till sells."""
        items: list[dict[str, Any]] = self._do("GET", f"{self.till.url}/_sandbox/items?limit={ALL}")
        return items

    def sell(self, item: int, shop: int) -> None:
        """Sell one over the counter."""
        self._do("POST", f"{self.till.url}/_sandbox/sell", {"item": item, "shop": shop, "quantity": 1})

    def empty_bucket(self) -> None:
        """Let run out what earlier parts of a bench have poured into the till's leaky bucket."""
        self._do("POST", f"{self.till.url}/_sandbox/bucket", {"level": 0})

    def forget_calls(self) -> None:
        """Begin new ledgers."""
        for url in (self.till.url, self.shop_url):
            self._do("POST", f"{url}/_sandbox/calls/reset")

    def till_calls(self) -> list[dict[str, Any]]:
        """List the calls to the till's API; the pictures are fetched by the shop."""
        return [call for call in self._calls(self.till.url) if not call["path"].startswith(PICTURES)]

    def shop_calls(self) -> list[dict[str, Any]]:
        """List the calls to the shop's API."""
        return self._calls(self.shop_url)

    def _calls(self, url: str) -> list[dict[str, Any]]:
        calls: list[dict[str, Any]] = self._do("GET", f"{url}/_sandbox/calls?last={ALL}")["last"]
        return calls

    def _do(self, method: str, url: str, body: Mapping[str, object] | None = None) -> Any:
        with requests.Session() as session:
            session.trust_env = False
            session.verify = self.ca_file
            answer = session.request(method, url, json=body, timeout=SECONDS)
        answer.raise_for_status()
        return answer.json()
