"""Bulk operations: taken at once, done by a consumer that may not run (facts/magento.md, section 6)."""

import hashlib
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sandbox.magento.dates import written
from sandbox.magento.web.criteria import search
from sandbox.magento.web.errors import RestError, no_entity, no_route
from sandbox.magento.web.schema import prepare
from sandbox.magento.web.wire import Request

if TYPE_CHECKING:
    from sandbox.magento.shop import Shop
    from sandbox.magento.web.api import Async, Endpoint, Routes
    from sandbox.magento.web.auth import Caller

DONE, FAILED_FOR_NOW, FAILED, OPEN = 1, 2, 3, 4
DEADLOCK = "SQLSTATE[40001]: Serialization failure: 1213 Deadlock found when trying to get lock"


@dataclass(slots=True)
class Operation:
    """One row of a bulk."""

    run: Callable[[], Any]
    data: str
    status: int = OPEN
    message: str | None = None
    code: int | None = None
    result: str | None = None
    due: datetime | None = None
    """When the consumer has come to it."""


@dataclass(slots=True)
class Bulk:
    id: str
    started: datetime
    topic: str
    operations: list[Operation] = field(default_factory=list)


def bulks(routes: "Routes") -> "Async":
    """Build what takes bulks for these routes."""

    def take(shop: "Shop", method: str, parts: list[str], rows: Any, caller: "Caller", store_id: int) -> Any:  # noqa: ANN401 - any JSON value; a call as it came
        if not shop.switches.bulk:
            raise no_route()
        if method == "GET":
            raise RestError("Specified request cannot be processed.")
        endpoint, _ = routes.find(shop, method, parts, in_bulk=True)
        caller.check(endpoint.resource)
        items = rows if isinstance(rows, list) else [rows] if rows else []
        prepared = [_prepared(endpoint, row) for row in items]
        bulk = Bulk(str(uuid.UUID(int=shop.random.getrandbits(128))), shop.now(), f"async.{method}.{endpoint.rule}")
        for row, (body, path) in zip(items, prepared, strict=True):
            request = Request(shop, store_id, path, {}, body)
            bulk.operations.append(Operation(_runner(endpoint, request), json.dumps(row)))
        _line_up(shop, bulk)
        shop.bulks[bulk.id] = bulk
        catch_up(shop)
        return _accepted(bulk)

    return take


def _prepared(endpoint: "Endpoint", row: Any) -> tuple[dict[str, Any], dict[str, str]]:  # noqa: ANN401 - any JSON value
    """Check the types of a row; one that is wrong refuses the whole bulk."""
    given = row if isinstance(row, dict) else {}
    body = prepare(endpoint.args, given)
    path = {part[1:-1]: str(given.get(part[1:-1], "")) for part in endpoint.parts if part.startswith("{")}
    return body, path


def _runner(endpoint: "Endpoint", request: Request) -> Callable[[], Any]:
    return lambda: endpoint.handler(request)


def _accepted(bulk: Bulk) -> dict[str, Any]:
    rows = [
        {"id": place, "data_hash": hashlib.sha256(operation.data.encode()).hexdigest(), "status": "accepted"}
        for place, operation in enumerate(bulk.operations)
    ]
    return {"bulk_uuid": bulk.id, "request_items": rows, "errors": False}


def _line_up(shop: "Shop", bulk: Bulk) -> None:
    """Say when the consumer will have come to each, one after the other and behind all that waits."""
    waiting = [row.due for other in shop.bulks.values() for row in other.operations if row.due and row.status == OPEN]
    due = max([shop.instruments.clock.now(), *waiting])
    for operation in bulk.operations:
        due += timedelta(seconds=shop.switches.consumer_seconds)
        operation.due = due


def catch_up(shop: "Shop") -> None:
    """Do what the consumer, if one runs, has come to by now."""
    now = shop.instruments.clock.now()
    if shop.switches.consumer and any(row.due and row.due <= now for row in _waiting(shop)):
        _do(shop, [row for row in _waiting(shop) if row.due and row.due <= now])


def work_off(shop: "Shop") -> int:
    """Do all that is open, as a consumer does once it is started; gives how many operations that were."""
    with shop.lock:
        waiting = _waiting(shop)
        _do(shop, waiting)
        return len(waiting)


def _waiting(shop: "Shop") -> list[Operation]:
    return [row for bulk in shop.bulks.values() for row in bulk.operations if row.status == OPEN]


def _do(shop: "Shop", operations: list[Operation]) -> None:
    for operation in operations:
        if shop.switches.deadlocks > 0:
            shop.switches.deadlocks -= 1
            operation.status, operation.message, operation.code = FAILED_FOR_NOW, DEADLOCK, 1213
        else:
            _run(operation)
        operation.result = None if shop.switches.silent_operations else operation.result
    _clean(shop)


def _clean(shop: "Shop") -> None:
    """Take the rows of deleted products out of the sources, which is a consumer's work too."""
    gone = {sku.casefold() for sku in shop.orphans if shop.products.find(sku) is None}
    shop.inventory.items = {key: row for key, row in shop.inventory.items.items() if key[0] not in gone}
    shop.orphans.clear()


def _run(operation: Operation) -> None:
    try:
        operation.result = json.dumps(operation.run())
    except RestError as error:
        operation.status, operation.message, operation.code = FAILED, error.message, error.status
    else:
        operation.status, operation.message = DONE, "Service execution success"


def _bulk(request: Request) -> Bulk:
    found = request.shop.bulks.get(request.path["bulkUuid"])
    if found is None:
        raise no_entity("bulkUuid", request.path["bulkUuid"])
    return found


def _summary(bulk: Bulk, operations: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "operations_list": operations,
        "user_type": 1,
        "bulk_id": bulk.id,
        "description": f"Topic {bulk.topic}",
        "start_time": written(bulk.started),
        "user_id": 1,
        "operation_count": len(bulk.operations),
    }


def _operation(place: int, operation: Operation) -> dict[str, Any]:
    return {"id": place, "status": operation.status, "result_message": operation.message, "error_code": operation.code}


def status(request: Request) -> dict[str, Any]:
    bulk = _bulk(request)
    return _summary(bulk, [_operation(place, row) for place, row in enumerate(bulk.operations)])


def detailed_status(request: Request) -> dict[str, Any]:
    bulk = _bulk(request)
    return _summary(bulk, [_detailed(bulk, place, row) for place, row in enumerate(bulk.operations)])


def _detailed(bulk: Bulk, place: int, operation: Operation) -> dict[str, Any]:
    return {
        **_operation(place, operation),
        "bulk_uuid": bulk.id,
        "topic_name": bulk.topic,
        "serialized_data": operation.data,
        "result_serialized_data": operation.result,
    }


def list_all(request: Request) -> dict[str, Any]:
    """List the operations of all bulks."""
    rows = [
        _detailed(bulk, place, row) for bulk in request.shop.bulks.values() for place, row in enumerate(bulk.operations)
    ]
    return search(request, rows, lambda row, field: row.get(field), lambda row: row)


def count(request: Request) -> int:
    return sum(operation.status == request.whole("status") for operation in _bulk(request).operations)
