"""The scheduler's minute for 10,000 merchants, each with a till and a shop: how long it takes, and how even it is.

The scheduler, the table, the lanes and the AWS client are the real ones; only the network and the services are not.
Requests take as long as they do in one region. What the processor has to do is timed here and scaled to the share of
one that Lambda gives to a function of its size.
"""

import json
import statistics
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.bench.instead_of_aws import InsteadOfAws
from tests.bench.no_hurry import NoHurry
from tests.bench.sizes import memory_of, share_of
from tests.fakes.people import connection
from tests.figures import Figure
from tillbridge.domain.merchant import Connection, System
from tillbridge.flows.schedule import wakes
from tillbridge.runtime import observe
from tillbridge.runtime.clock import SystemClock
from tillbridge.runtime.scheduler import Scheduler
from tillbridge.runtime.settings import QUEUES
from tillbridge.store.connections import FLEET_SHARDS, StoredConnections, _row
from tillbridge.store.lanes import SENDERS, SqsLanes
from tillbridge.store.outbox import OPEN, QUEUE, StoredOutbox
from tillbridge.store.table import Table
from tillbridge.store.wire import row_to_wire

MERCHANTS = 10_000
CALL_SECONDS = 0.010
PAGE_BYTES = 1_000_000  # a query's page
MINUTE = timedelta(minutes=1)
AIM_SECONDS = 60
AIM_SPREAD = 1.2


def scheduler_for_ten_thousand() -> Iterator[Figure]:
    """Run one minute, then look at the wakes of a whole day."""
    fleet = everybody(MERCHANTS)
    aws = InsteadOfAws(Answers(fleet), CALL_SECONDS)
    queues = {name: f"https://sqs.eu-central-1.amazonaws.com/1/{name}.fifo" for name in QUEUES}
    clock = SystemClock()
    table, sqs = Table(aws.client("dynamodb"), "bench", clock), aws.client("sqs")
    outbox = StoredOutbox(table, lambda: sqs, queues[QUEUE], clock)
    scheduler = Scheduler(StoredConnections(table), SqsLanes(sqs, queues, clock), outbox, clock, poll_seconds=60)
    began = time.process_time()
    sent = scheduler.run_minute(NoHurry())
    busy = time.process_time() - began
    observe.metrics.clear_metrics()
    waited = CALL_SECONDS * (aws.calls["Query"] + aws.calls["SendMessageBatch"] / SENDERS)
    share = share_of("SyncScheduler")
    note = (
        f"{sent:,} wakes, {aws.calls.total():,} calls; {waited:.1f} s of waiting and {busy:.1f} s of a whole processor,"
        f" of which {memory_of('SyncScheduler')} MB have {share:.0%}"
    )
    yield Figure("scheduler run for 10,000 merchants", waited + busy / share, "s", AIM_SECONDS, note)
    minutes = wakes_per_minute(fleet)
    spread = max(minutes) / statistics.mean(minutes)
    yield Figure(
        "wakes of the busiest minute over the mean, 10,000 merchants",
        spread,
        "ratio",
        AIM_SPREAD,
        f"{max(minutes):,} against {statistics.mean(minutes):,.0f} in an hour",
    )


def everybody(merchants: int) -> list[Connection]:
    """Make a fleet whose connections say as much as real ones do."""
    traits = {"version": "9.8.1", "currency": "EUR", "price_decimals": "2", "web_hooks": "working", "brands": "yes"}
    made: list[Connection] = []
    for number in range(merchants):
        shop = connection(f"shop-{number:05}-Jx8", f"merchant-{number:05}", traits=traits, account_name="Northfell")
        till = replace(shop, connection_id=f"till-{number:05}-Qw2", system=System.LIGHTSPEED, account_id=str(number))
        made += [till, replace(shop, address=shop.account_id)]
    return made


class Answers:
    """What table and queues say."""

    def __init__(self, fleet: Sequence[Connection]) -> None:
        shards: dict[str, list[Mapping[str, Any]]] = {f"FLEET#{shard}": [] for shard in range(FLEET_SHARDS)}
        for one in fleet:
            row = _row(one)
            shards[str(row["gsi2pk"])].append(row_to_wire(row))
        self.pages = {shard: list(_pages(rows)) for shard, rows in shards.items()} | {OPEN: [[]]}

    def __call__(self, operation: str, request: Mapping[str, Any]) -> Mapping[str, Any]:
        if operation == "SendMessageBatch":
            taken = [
                {"Id": entry["Id"], "MessageId": "m", "MD5OfMessageBody": "", "SequenceNumber": "1"}
                for entry in request["Entries"]
            ]
            return {"Successful": taken, "Failed": []}
        pages = self.pages[request["ExpressionAttributeValues"][":pk"]["S"]]
        number = int(request.get("ExclusiveStartKey", {"sk": {"S": "0"}})["sk"]["S"])
        wanted = {"pk", "sk", "content"}
        items = [{name: value for name, value in row.items() if name in wanted} for row in pages[number]]
        more = {"LastEvaluatedKey": {"pk": {"S": "-"}, "sk": {"S": str(number + 1)}}} if number + 1 < len(pages) else {}
        return {"Items": items, "Count": len(items), "ScannedCount": len(items), **more}


def _pages(rows: Sequence[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    page: list[Mapping[str, Any]] = []
    size = 0
    for row in rows:
        page.append(row)
        size += len(json.dumps(row))
        if size > PAGE_BYTES:
            yield page
            page, size = [], 0
    yield page


def wakes_per_minute(fleet: Sequence[Connection], minutes: int = 60) -> list[int]:
    """Count the wakes of an hour, minute by minute: the nightly full reads are as even as the sweeps."""
    began = datetime(2026, 3, 2, tzinfo=UTC)
    counts: Counter[int] = Counter()
    for minute in range(minutes):
        counts[minute] = sum(1 for _ in wakes(fleet, began + minute * MINUTE, MINUTE))
    return list(counts.values())
