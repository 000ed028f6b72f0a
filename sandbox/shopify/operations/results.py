"""Runs bulk operations whose time has come and writes their results (facts/shopify.md, section 9)."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.shopify.dates import written
from sandbox.shopify.hooks.emitting import emit
from sandbox.shopify.ids import gid
from sandbox.shopify.operations.model import BulkOperation
from sandbox.shopify.shop import Shop
from sandbox.shopify.web.context import Context
from sandbox.shopify.web.operation import DocumentErrors, keys_of, prepare, run

RESULTS = "/_bulk/"
_RUNNING = ("CREATED", "RUNNING")


def settle(shop: Shop) -> None:
    """Run what is due; the shop's lock is held."""
    now = shop.instruments.clock.now()
    for row in shop.bulk.values():
        if row.status in _RUNNING and now >= row.due:
            _finish(shop, row)
        elif row.status == "CREATED" and now > row.created_at:
            row.status = "RUNNING"


def _finish(shop: Shop, row: BulkOperation) -> None:
    context = Context(shop, shop.apps[row.client_id], row.scopes, bulk=True)
    lines = list(_query(context, row) if row.type == "QUERY" else _mutation(context, row))
    if shop.switches.fail_bulk:
        lines = lines[: len(lines) // 2]
        row.error_code = "INTERNAL_SERVER_ERROR"
    row.result = "".join(f"{json.dumps(line)}\n" for line in lines).encode() if lines else None
    row.object_count = len(lines)
    row.root_object_count = sum(1 for line in lines if "__parentId" not in line)
    row.status, row.completed_at = "FAILED" if row.error_code else "COMPLETED", shop.now()
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


def _mutation(context: Context, row: BulkOperation) -> Iterator[dict[str, Any]]:
    upload = context.shop.uploads.get(row.upload_key or "")
    lines = (upload.content if upload and upload.content else b"").splitlines()
    for number, line in enumerate(line for line in lines if line.strip()):
        try:
            operation = prepare(row.query, json.loads(line))
            context.keys = keys_of(operation)
            answer: dict[str, Any] = dict(run(operation, context))
        except DocumentErrors as error:
            answer = {"errors": error.errors}
        yield {**answer, "__lineNumber": number}
