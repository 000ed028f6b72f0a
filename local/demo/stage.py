"""What the demo plays on: the local cloud, a till and a shop, a browser, and the command line."""

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import requests

from local.browser import Browser
from local.cloud import LocalCloud
from local.errors import LocalCloudError
from local.home import PROJECT

SECONDS = 30


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

    @classmethod
    def build(cls, cloud: LocalCloud, say: Callable[[str], None], items: int = 500) -> "Stage":
        """Start the stand-ins and deploy the stack against them."""
        app = {"id": f"demo-{secrets.token_hex(8)}", "secret": secrets.token_urlsafe(32)}
        till = cloud.start_stand_in(
            "lightspeed",
            "sandbox.lightspeed",
            ["--items", str(items), "--redirect-uri", f"{cloud.public_url}/connect/lightspeed/callback"],
            {"SANDBOX_LIGHTSPEED_CLIENT_ID": app["id"], "SANDBOX_LIGHTSPEED_CLIENT_SECRET": app["secret"]},
        )
        shop = cloud.start_stand_in("woocommerce", "sandbox.woocommerce", ["--cron-seconds", "2"])
        say(f"A till of {items} items stands at {till['tls_url']}, an empty shop at {shop['tls_url']}")
        cloud.deploy({"LightspeedAuthUrl": till["tls_url"], "LightspeedApiUrl": till["tls_url"], "PollSeconds": "10"})
        return cls(
            cloud, till["tls_url"], shop["tls_url"], Browser(cloud.ca_file), app, (shop["key"], shop["secret"]), say
        )

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

    def till_calls(self) -> list[dict[str, Any]]:
        """List the latest calls that the till was asked, the newest first."""
        calls: dict[str, Any] = self._call("GET", f"{self.till_url}/_sandbox/calls", params={"last": "1000"})
        found: list[dict[str, Any]] = calls["last"]
        return found

    def shop_owner(self, action: str, **fields: object) -> Any:  # noqa: ANN401 - JSON
        """Do something in the shop's back office, as its owner."""
        return self._call("POST", f"{self.shop_url}/_sandbox/{action}", json=fields)

    def shop(self, path: str, **params: str) -> Any:  # noqa: ANN401 - JSON
        """Read the shop's own API, with a key of the shop's owner and not with ours."""
        return self._call("GET", f"{self.shop_url}/wp-json/wc/v3{path}", params=params, auth=self.shop_key)

    def show_addresses(self) -> None:
        """Say where to look and what to try."""
        self.say(
            f"""
The till      {self.till_url}   (sell something there)
The shop      {self.shop_url}   (watch it arrive)
The API       {self.cloud.public_url}
The AWS APIs  {self.cloud.endpoint_url}

Your browser has to trust {self.cloud.ca_file}.
Try in another terminal: .venv/bin/tillbridge status
Ctrl-C stops everything."""
        )

    def _call(self, method: str, url: str, **options: Any) -> Any:  # noqa: ANN401 - JSON
        with requests.Session() as session:
            session.trust_env = False
            session.verify = str(self.cloud.ca_file)
            try:
                answer = session.request(method, url, timeout=SECONDS, **options)
            except requests.RequestException as error:
                raise LocalCloudError(
                    f"{url} does not answer ({type(error).__name__}).", remedy="See .local/logs."
                ) from None
        if answer.status_code >= requests.codes.bad_request:
            raise LocalCloudError(
                f"{url} answered {answer.status_code}: {answer.text[:300]}", remedy="See .local/logs."
            )
        return answer.json()
