"""What the demo plays on: the local cloud, a till and a shop, a browser, and the command line."""

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from local.browser import Browser
from local.cloud import LocalCloud
from local.demo.web import ask
from local.errors import LocalCloudError
from local.home import PROJECT
from local.stand_ins import HOOKS, begin_shop, parameters

TITLES = {"woocommerce": "WooCommerce", "shopify": "Shopify", "bigcommerce": "BigCommerce", "magento": "Magento"}
OTHERS = ("shopify", "bigcommerce", "magento")
PHASES = {"no_new": -22, "refused": 70, "required": 101}
"""Days from today on which the phases of the vendor's letter begin, as far apart as there; too late for reminders."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything runs on this machine; the keys are made up anew each time."""

    cloud: LocalCloud
    till_url: str
    shop_url: str
    browser: Browser
    app: Mapping[str, str]
    shop_key: tuple[str, str]
    say: Callable[[str], None]
    api_key: str = ""
    """A key of the time before OAuth2, which the till takes too."""
    second_shop: tuple[str, tuple[str, str]] = ("", ("", ""))
    """Where another merchant's shop stands, and its owner's key."""
    others: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """What the stand-ins of the other three vendors have told, by system: where they are, and how to get in."""

    @classmethod
    def build(cls, cloud: LocalCloud, say: Callable[[str], None], items: int = 200, poll_seconds: int = 5) -> "Stage":
        """Start the stand-ins and deploy the stack against them."""
        app = {"id": f"demo-{secrets.token_hex(8)}", "secret": secrets.token_urlsafe(32)}
        api_key = secrets.token_hex(20)
        back = f"{cloud.public_url}/connect/lightspeed/callback"
        cloud.begin_stand_in(
            "lightspeed",
            "sandbox.lightspeed",
            ["--items", str(items), "--redirect-uri", back, "--api-keys-until", "never"],
            {
                "SANDBOX_LIGHTSPEED_CLIENT_ID": app["id"],
                "SANDBOX_LIGHTSPEED_CLIENT_SECRET": app["secret"],
                "SANDBOX_LIGHTSPEED_API_KEY": api_key,
            },
        )
        for name in ("woocommerce", "second-shop"):
            cloud.begin_stand_in(name, "sandbox.woocommerce", HOOKS)
        for name in OTHERS:
            begin_shop(cloud, name)
        till, shop, second = (cloud.await_stand_in(name) for name in ("lightspeed", "woocommerce", "second-shop"))
        others = {name: cloud.await_stand_in(name) for name in OTHERS}
        say(f"A till of {items} items stands at {till['tls_url']}, an empty WooCommerce shop at {shop['tls_url']}")
        today = datetime.now(UTC).date()
        days = (f"lightspeed-api-keys.{phase}={today + timedelta(days=away)}" for phase, away in PHASES.items())
        cloud.deploy(
            {
                "LightspeedAuthUrl": till["tls_url"],
                "LightspeedApiUrl": till["tls_url"],
                **parameters(cloud, OTHERS),
                "PollSeconds": str(poll_seconds),
                "VendorDays": ",".join(days),
            }
        )
        return cls(
            cloud=cloud,
            till_url=till["tls_url"],
            shop_url=shop["tls_url"],
            browser=Browser(cloud.ca_file),
            app=app,
            shop_key=(shop["key"], shop["secret"]),
            say=say,
            api_key=api_key,
            second_shop=(second["tls_url"], (second["key"], second["secret"])),
            others=others,
        )

    def beside(self) -> "Stage":
        """Give the same stage with the other merchant's shop."""
        url, key = self.second_shop
        return replace(self, shop_url=url, shop_key=key)

    def tillbridge(
        self,
        *arguments: str,
        secret: Mapping[str, str] | None = None,
        live: bool = False,
        quietly: bool = False,
    ) -> str:
        """Run the command line as a user would; what it prints is shown when ``live``, else returned."""
        if not quietly:
            self.say(f"\n$ tillbridge {' '.join(arguments)}")
        done = subprocess.run(
            [sys.executable, "-m", "tillbridge_cli.main", *arguments],
            env={**os.environ, **self.cloud.aws_environment, "TILLBRIDGE_ENV": "local", **(secret or {})},
            cwd=PROJECT,
            stdout=None if live else subprocess.PIPE,
            text=True,
            check=False,
        )
        if done.returncode:
            raise LocalCloudError(
                f"tillbridge {arguments[0]} ended with {done.returncode}.", remedy="Its message is above."
            )
        return done.stdout or ""

    def answer(self, *arguments: str, quietly: bool = False) -> Any:  # noqa: ANN401 - JSON
        """Run the command line for its JSON answer; ``quietly`` if it is only to check what was shown."""
        return json.loads(self.tillbridge(*arguments, "--json", quietly=quietly))

    def till(self, action: str, **fields: object) -> Any:  # noqa: ANN401 - JSON
        """Do something at the till."""
        return self._call("POST", f"{self.till_url}/_sandbox/{action}", json=fields)

    def till_items(self) -> list[dict[str, Any]]:
        """List what the till sells, as the till's own screen does."""
        items: list[dict[str, Any]] = self._call("GET", f"{self.till_url}/_sandbox/items", params={"limit": "1000"})
        return items

    def till_sales(self) -> list[dict[str, Any]]:
        """List the latest sales, the oldest first, as the till's own screen does."""
        sales: list[dict[str, Any]] = self._call("GET", f"{self.till_url}/_sandbox/sales", params={"limit": "100"})
        return sales

    def till_calls(self) -> list[dict[str, Any]]:
        """List the latest calls that the till was asked, the newest first."""
        calls: dict[str, Any] = self._call("GET", f"{self.till_url}/_sandbox/calls", params={"last": "1000"})
        found: list[dict[str, Any]] = calls["last"]
        return found

    def token_calls(self) -> int:
        """Count how often the till's token server was asked."""
        by_route = self._call("GET", f"{self.till_url}/_sandbox/calls", params={"last": "1"})["by_route"]
        return sum(count for route, count in by_route.items() if route.endswith("/oauth/token"))

    def token_version(self, connection: str) -> int:
        """Tell which version of a connection's tokens is in force, by the record, which holds no token."""
        table, key = self.cloud.outputs["TableName"], {"pk": {"S": f"C#{connection}"}, "sk": {"S": "GRANT"}}
        row = self.cloud.client("dynamodb").get_item(TableName=table, Key=key, ConsistentRead=True)["Item"]
        return int(row["grant_version"]["N"])

    def sent_mails(self) -> dict[str, list[dict[str, Any]]]:
        """List the mails that would have been sent, by the account that sent them."""
        mails: dict[str, list[dict[str, Any]]] = self._call(
            "GET", f"{self.cloud.endpoint_url}/_ministack/ses/messages"
        )["messages"]
        return mails

    def shop_owner(self, action: str, **fields: object) -> Any:  # noqa: ANN401 - JSON
        """Do something in the shop's back office, as its owner."""
        return self._call("POST", f"{self.shop_url}/_sandbox/{action}", json=fields)

    def shop(self, path: str, **params: str) -> Any:  # noqa: ANN401 - JSON
        """Read the shop's own API, with a key of the shop's owner and not with ours."""
        return self._call("GET", f"{self.shop_url}/wp-json/wc/v3{path}", params=params, auth=self.shop_key)

    def make_in_shop(self, path: str, body: Mapping[str, object]) -> Any:  # noqa: ANN401 - JSON
        """Make something in the shop with its owner's key."""
        return self._call("POST", f"{self.shop_url}/wp-json/wc/v3{path}", json=body, auth=self.shop_key)

    def show_addresses(self) -> None:
        """Say where to look and what to try."""
        others = "\n".join(f"{TITLES[name]:13} {told['tls_url']}" for name, told in self.others.items())
        self.say(
            f"""
The till      {self.till_url}   (sell something there)
WooCommerce   {self.shop_url}   (watch it arrive)
{others}
The API       {self.cloud.public_url}
The AWS APIs  {self.cloud.endpoint_url}

Your browser has to trust {self.cloud.ca_file}.
Try in another terminal: .venv/bin/tillbridge status
Ctrl-C stops everything."""
        )

    def _call(self, method: str, url: str, **options: Any) -> Any:  # noqa: ANN401 - JSON
        return ask(self.cloud.ca_file, method, url, **options)
