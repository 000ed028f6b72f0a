"""Runs bulk operations whose time has come and writes their results (facts/shopify.md, section 9)."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sandbox.shopify.dates import written
from sandbox.shopify.hooks.emitting import emit
from sandbox.shopify.ids import gid
from sandbox.shopify.operations.model import BulkOperation
from sandbox.shopify.shop import Shop
from sandbox.shopify.web.context import Context
from sandbox.shopify.web.errors import TopLevelError
from sandbox.shopify.web.operation import DocumentErrors, formatted, keys_of, prepare, run

RESULTS = "/_bulk/"
_RUNNING = ("CREATED", "RUNNING")


def settle(shop: Shop) -> None:
    """Run what is due; the shop's lock is held."""
    now = shop.instruments.clock.now()
    for row in shop.bulk.values():
        if row.status == "CANCELING" and now >= row.due:
            _end(shop, row, "CANCELED")
        elif row.status in _RUNNING and now >= row.due:
            row.status = "RUNNING"
            _go_on(shop, row, now)
        elif row.status == "CREATED" and now > row.created_at:
            row.status = "RUNNING"


def _go_on(shop: Shop, row: BulkOperation, now: datetime) -> None:
    """Do as many lines as there was time for."""
    context = Context(shop, shop.apps[row.client_id], row.scopes, bulk=True)
    if row.type == "QUERY":
        row.told = list(_query(context, row))
        if shop.switches.fail_bulk:
            row.told = row.told[: len(row.told) // 2]
        _finish(shop, row)
        return
    lines, each = shop.uploads[row.upload_key or ""].lines, shop.settings.lags.line
    last = len(lines) // 2 if shop.switches.fail_bulk else len(lines)
    reached = int((now - row.due).total_seconds() / each) if each else last
    for number in range(len(row.told), min(reached, last)):
        row.told.append(_line(context, row, number, lines[number]))
    _count(row)
    if reached >= last:
        row.told = row.told[: len(row.told) - shop.switches.untold_lines]
        _finish(shop, row)


def _count(row: BulkOperation) -> None:
    row.object_count = len(row.told)
    row.root_object_count = sum(1 for line in row.told if "__parentId" not in line)


def _finish(shop: Shop, row: BulkOperation) -> None:
    if shop.switches.fail_bulk:
        row.error_code = "INTERNAL_SERVER_ERROR"
    row.result = "".join(f"{json.dumps(line)}\n" for line in row.told).encode() if row.told else None
    _count(row)
    _end(shop, row, "FAILED" if row.error_code else "COMPLETED")


def _end(shop: Shop, row: BulkOperation, status: str) -> None:
    row.status, row.completed_at = status, shop.now()
    emit(shop, "BULK_OPERATIONS_FINISH", lambda: _payload(row), row.client_id)


def _payload(row: BulkOperation) -> dict[str, Any]:
    return {
        "admin_graphql_api_id": gid("BulkOperation", row.id),
        "status": row.status.lower(),
        "type": row.type.lower(),
        "error_code": row.error_code,
        "created_at": written(row.created_at),
        "completed_at": written(row.completed_at) if row.completed_at else None,
    }


def _query(context: Context, row: BulkOperation) -> Iterator[dict[str, Any]]:
    answer = run(prepare(row.query, {}), context)
    data = answer.get("data")
    for value in (data if isinstance(data, Mapping) else {}).values():
        yield from _rows(value, None)


def _rows(connection: object, parent: str | None) -> Iterator[dict[str, Any]]:
    """Write each row of a connection on a line, its own connections' rows after it with its id."""
    nodes = _nodes(connection)
    if nodes is None:
        if isinstance(connection, Mapping):
            plain, inner = _split(connection)
            yield plain
            for one in inner:
                yield from _rows(one, str(connection.get("id")))
        return
    for node in nodes:
        plain, inner = _split(node)
        yield {**plain, **({"__parentId": parent} if parent else {})}
        for one in inner:
            yield from _rows(one, str(node.get("id")))


def _nodes(value: object) -> list[Mapping[str, Any]] | None:
    if isinstance(value, Mapping) and isinstance(value.get("edges"), list):
        return [edge["node"] for edge in value["edges"]]
    if isinstance(value, Mapping) and isinstance(value.get("nodes"), list):
        return list(value["nodes"])
    return None


def _split(node: Mapping[str, Any]) -> tuple[dict[str, Any], list[object]]:
    plain = {name: value for name, value in node.items() if _nodes(value) is None}
    return plain, [value for value in node.values() if _nodes(value) is not None]


def _line(context: Context, row: BulkOperation, number: int, line: bytes) -> dict[str, Any]:
    try:
        operation = prepare(row.query, json.loads(line))
        context.keys = keys_of(operation)
        answer: dict[str, Any] = dict(run(operation, context))
    except DocumentErrors as error:
        answer = {"errors": error.errors}
    except TopLevelError as error:
        answer = {"errors": [formatted(error)]}
    return {**answer, "__lineNumber": number}
