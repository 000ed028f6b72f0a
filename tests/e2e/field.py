"""The deployed stack between one till and two merchants' shops, shared by all end-to-end tests."""

import json
import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import requests

from local.aws import STACK
from local.browser import Browser
from local.cloud import LocalCloud
from local.demo.opening import press_on
from local.demo.stage import Stage
from tillbridge.flows.schedule import SWEEP, is_turn

ITEMS = 50
POLL_SECONDS = 5
APP = {"id": "e2e", "secret": "made-up-for-these-tests"}
PATIENCE = 30.0
LOOK = 0.1


def until(true: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Wait until something holds; fails when it does not in time."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"it did not happen within {seconds:.0f} s"
        time.sleep(LOOK)


def quietly(_: str) -> None:
    """Say nothing."""


@dataclass(frozen=True, slots=True)
class Shop:
    """One merchant's shop: its stage (whose till is everybody's) and the ids of both connections."""

    field: "Field"
    merchant: str
    stage: Stage
    connections: Mapping[str, str]

    @property
    def connection(self) -> str:
        return self.connections["woocommerce"]

    def shows(self, sku: str) -> int | None:
        """Read a SKU's stock as the shop's owner."""
        rows = self.stage.shop("/products", sku=sku, _fields="stock_quantity")
        return rows[0]["stock_quantity"] if rows else None

    def state(self) -> str:
        """Tell how Tillbridge finds this shop."""
        rows = self.field.operator("connections", merchant=self.merchant)
        return next(str(row["state"]) for row in rows if row["connection"] == self.connection)

    def calls(self, route: str) -> int:
        """Count the calls to a route so far."""
        by_route = self.control("GET", "calls")["by_route"]
        return sum(count for name, count in by_route.items() if name.endswith(route))

    def control(self, verb: str, action: str, **body: object) -> Any:
        """Use the stand-in's own actions."""
        return self.stage._call(verb, f"{self.stage.shop_url}/_sandbox/{action}", json=body or None)

    @contextmanager
    def down(self) -> Iterator[None]:
        """Be out of order inside the block, for writes and orders; what it shows can still be read."""
        self.control("POST", "faults", kind="status", status=503, path="/(orders|batch)$", times=None)
        try:
            yield
        finally:
            self.control("DELETE", "faults")

    def wait_for_no_sweep(self, seconds: int = 10) -> None:
        """Wait for a time in which the schedule will not wake this shop by itself."""
        tick = timedelta(seconds=POLL_SECONDS)

        def clear() -> bool:
            moments = (datetime.now(UTC) + timedelta(seconds=ahead) for ahead in range(-POLL_SECONDS, seconds))
            return not any(is_turn(self.connection, moment, SWEEP, tick) for moment in moments)

        until(clear)


@dataclass(slots=True)
class Field:
    """The cloud and what stands beside it."""

    cloud: LocalCloud
    till_url: str = ""
    shops: dict[str, Shop] = field(default_factory=dict)

    @classmethod
    def build(cls, cloud: LocalCloud) -> "Field":
        """Start a till and two shops, deploy against them, connect everybody, and bring both shops into step."""
        made = cls(cloud, _start_till(cloud))
        made.deploy()
        for merchant in ("one", "two"):
            made.shops[merchant] = made._merchant(merchant)
        for shop in made.shops.values():
            shop.stage.tillbridge("sync", "--merchant", shop.merchant, "--wait")
        return made

    def deploy(self) -> None:
        """Deploy what has changed."""
        url = self.till_url
        self.cloud.deploy({"LightspeedAuthUrl": url, "LightspeedApiUrl": url, "PollSeconds": str(POLL_SECONDS)})

    def _merchant(self, merchant: str) -> Shop:
        """Add a merchant and connect till and shop as a browser would."""
        told = self.cloud.start_stand_in(f"shop-{merchant}", "sandbox.woocommerce")
        keys = (told["key"], told["secret"])
        stage = Stage(self.cloud, self.till_url, told["tls_url"], Browser(self.cloud.ca_file), APP, keys, quietly)
        secret = {"TILLBRIDGE_APP_ID": APP["id"], "TILLBRIDGE_APP_SECRET": APP["secret"]}
        for system in ("lightspeed", "shopify", "bigcommerce"):
            stage.tillbridge("app", "set", system, secret=secret)
        stage.tillbridge("merchant", "add", merchant, f"Merchant {merchant}")
        stage.tillbridge("merchant", "settings", merchant, "new_products=published")
        for system, address in (("lightspeed", ()), ("woocommerce", ("--address", stage.shop_url))):
            link = stage.answer("connect", system, "--merchant", merchant, *address)["link"]
            press_on(stage.browser, stage.browser.open(link), "Approve")
        rows = stage.answer("connections", "--merchant", merchant)
        return Shop(self, merchant, stage, {row["system"]: row["connection"] for row in rows})

    # --- the till ---

    def sell_one(self) -> tuple[str, int]:
        """Sell one of something that every shop shows; gives its SKU, and the stock to be shown from now on."""
        stage = self.shops["one"].stage
        for item in stage.till_items():
            sku, stock = item["customSku"].strip(), {place: max(0, int(n)) for place, n in item["stock"].items()}
            total = sum(stock.values())
            if total > 1 and sku and {shop.shows(sku) for shop in self.shops.values()} == {total}:
                place = max(stock, key=lambda place: stock[place])
                stage.till("sell", item=int(item["itemID"]), shop=int(place), quantity=1)
                return sku, total - 1
        raise AssertionError("nothing is left to sell")

    # --- the cloud ---

    def send(self, queue: str, body: object, group: str) -> None:
        """Put a message into a queue, as text or as JSON."""
        text = body if isinstance(body, str) else json.dumps(body)
        number = str(time.monotonic_ns())
        url = self.queue_url(queue)
        self.cloud.client("sqs").send_message(
            QueueUrl=url, MessageBody=text, MessageGroupId=group, MessageDeduplicationId=number
        )

    def queue_url(self, queue: str) -> str:
        """Find a queue, or its dead letters by ``NAME-dlq``."""
        url: str = self.cloud.client("sqs").get_queue_url(QueueName=f"{STACK}-{queue}.fifo")["QueueUrl"]
        return url

    def waiting(self, queue: str) -> int:
        """Count the messages of a queue, those in work included."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        told = self.cloud.client("sqs").get_queue_attributes(QueueUrl=self.queue_url(queue), AttributeNames=names)
        return sum(int(count) for count in told["Attributes"].values())

    @contextmanager
    def queue_with(self, queue: str, **attributes: str) -> Iterator[None]:
        """Change a queue's attributes inside the block."""
        sqs, url = self.cloud.client("sqs"), self.queue_url(queue)
        before = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(attributes))["Attributes"]
        sqs.set_queue_attributes(QueueUrl=url, Attributes=attributes)
        try:
            yield
        finally:
            sqs.set_queue_attributes(QueueUrl=url, Attributes=before)

    @contextmanager
    def queue_tries(self, queue: str, times: int) -> Iterator[None]:
        """Give a queue's messages up after so many tries, inside the block."""
        sqs, url = self.cloud.client("sqs"), self.queue_url(queue)
        told = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["RedrivePolicy"])["Attributes"]
        policy = {**json.loads(told["RedrivePolicy"]), "maxReceiveCount": times}
        with self.queue_with(queue, RedrivePolicy=json.dumps(policy)):
            yield

    def operator(self, command: str, **arguments: object) -> Any:
        """Ask what the command line asks."""
        answer = self.invoke("operator", {"command": command, "arguments": arguments})
        assert answer["ok"], answer
        return answer["result"]

    def invoke(self, function: str, event: object) -> Any:
        """Invoke a function and give its answer; fails when the function itself failed."""
        answer = self.cloud.client("lambda").invoke(FunctionName=f"{STACK}-{function}", Payload=json.dumps(event))
        payload = json.loads(answer["Payload"].read())
        assert "FunctionError" not in answer, payload
        return payload

    def logged(self, function: str, words: str) -> bool:
        """Tell whether a function has logged these words."""
        group = f"/aws/lambda/{STACK}-{function}"
        found = self.cloud.client("logs").filter_log_events(logGroupName=group)["events"]
        return any(words in event["message"] for event in found)

    def kill(self, function: str) -> int:
        """Kill the running processes of a function, which are children of the local cloud; gives how many."""
        cloud = Path("/proc", str(self.cloud.services.state.services["cloud"].process.pid), "task")
        children = [int(pid) for task in cloud.iterdir() for pid in (task / "children").read_text().split()]
        mine = [pid for pid in children if f"-{STACK}-{function}-" in Path(f"/proc/{pid}/cmdline").read_text()]
        for pid in mine:
            os.kill(pid, signal.SIGKILL)
        return len(mine)

    def get(self, path: str, method: str = "GET") -> requests.Response:
        """Ask the deployed API."""
        return requests.request(method, f"{self.cloud.public_url}/{path}", verify=str(self.cloud.ca_file), timeout=20)


def _start_till(cloud: LocalCloud) -> str:
    told = cloud.start_stand_in(
        "lightspeed",
        "sandbox.lightspeed",
        ["--items", str(ITEMS), "--redirect-uri", f"{cloud.public_url}/connect/lightspeed/callback"],
        {"SANDBOX_LIGHTSPEED_CLIENT_ID": APP["id"], "SANDBOX_LIGHTSPEED_CLIENT_SECRET": APP["secret"]},
    )
    return told["tls_url"]
