"""The mutations and fields of bulk operations (facts/shopify.md, section 9)."""

from collections.abc import Mapping
from datetime import timedelta
from json import JSONDecodeError, loads

from graphql import FieldNode, OperationDefinitionNode, SelectionSetNode

from sandbox.shopify import rows
from sandbox.shopify.operations.model import BulkOperation
from sandbox.shopify.operations.results import RESULTS, settle
from sandbox.shopify.web.connections import connect
from sandbox.shopify.web.context import Context
from sandbox.shopify.web.errors import TopLevelError, refuse
from sandbox.shopify.web.operation import DocumentErrors, read_definition
from sandbox.shopify.web.resolving import mutation, query, resolver

_AT_ONCE = 5
_LONGEST = 65_535
_CONNECTIONS = 5
_LARGEST_FILE = 100 * 1024 * 1024
_SHORTEST_NAME, _LONGEST_NAME = 10, 255
_UNDER_WAY = frozenset({"CREATED", "RUNNING", "CANCELING"})


@mutation
def bulk_operation_run_query(
    _root: object, context: Context, query: str, *, group_objects: bool = False
) -> Mapping[str, object]:
    """Begin a bulk query."""
    definition = _definition(query, "query", "INVALID")
    if not 0 < _connections(definition.selection_set) <= _CONNECTIONS:
        message = f"Queries must contain between one and {_CONNECTIONS} connections."
        raise refuse(message, "query", code="INVALID")
    _check_room(context, "QUERY")
    row = _begin(context, "QUERY", query)
    row.group_objects = group_objects
    return {"bulkOperation": row, "userErrors": []}


@mutation
def bulk_operation_run_mutation(
    _root: object,
    context: Context,
    mutation: str,
    staged_upload_path: str,
    client_identifier: str | None = None,
    *,
    group_objects: bool = True,
) -> Mapping[str, object]:
    """Begin a bulk mutation over the lines of an upload."""
    definition = _definition(mutation, "mutation", "INVALID_MUTATION")
    if len(definition.selection_set.selections) != 1:
        raise refuse("Bulk mutations must contain exactly one mutation.", "mutation", code="INVALID_MUTATION")
    if _connections(definition.selection_set) > 1:
        raise refuse("Bulk mutations cannot contain more than 1 connection.", "mutation", code="INVALID_MUTATION")
    if client_identifier is not None and not _SHORTEST_NAME <= len(client_identifier) <= _LONGEST_NAME:
        message = f"Client identifier has to have {_SHORTEST_NAME} to {_LONGEST_NAME} characters."
        raise refuse(message, "clientIdentifier", code="INVALID_MUTATION")
    upload = context.shop.uploads.get(staged_upload_path)
    if upload is None or upload.content is None:
        message = "The JSONL file could not be found. Try uploading the file again, and check that you've entered the "
        raise refuse(message + "URL correctly for the stagedUploadPath mutation argument.", code="NO_SUCH_FILE")
    if len(upload.content) > _LARGEST_FILE or not all(map(_holds_variables, upload.lines)):
        raise refuse("The JSONL file is too large, or no JSONL.", code="INVALID_STAGED_UPLOAD_FILE")
    if refused := context.shop.switches.refuse_bulk:
        raise refuse("The bulk mutation was refused.", code=refused)
    _check_room(context, "MUTATION")
    row = _begin(context, "MUTATION", mutation)
    row.upload_key, row.group_objects = staged_upload_path, group_objects
    return {"bulkOperation": row, "userErrors": []}


def _holds_variables(line: bytes) -> bool:
    try:
        return isinstance(loads(line), Mapping)
    except (JSONDecodeError, UnicodeDecodeError):
        return False


def _definition(text: str, kind: str, code: str) -> OperationDefinitionNode:
    if len(text.encode()) > _LONGEST:
        raise refuse(f"The document is longer than {_LONGEST} bytes.", kind, code=code)
    try:
        definition = read_definition(text)
    except (DocumentErrors, TopLevelError) as error:
        told = error.errors[0]["message"] if isinstance(error, DocumentErrors) else error.message
        raise refuse(f"Invalid bulk {kind}: {told}", kind, code=code) from None
    if definition.operation.value != kind:
        raise refuse(f"Invalid bulk {kind}: the document is no {kind}.", kind, code=code)
    return definition


def _connections(selection: SelectionSetNode | None) -> int:
    """Count the connections of a document, which are known by their ``edges`` or ``nodes``."""
    total = 0
    for node in selection.selections if selection else ():
        inner = getattr(node, "selection_set", None)
        names = {child.name.value for child in (inner.selections if inner else ()) if isinstance(child, FieldNode)}
        total += bool(names & {"edges", "nodes"}) + _connections(inner)
    return total


def _check_room(context: Context, kind: str) -> None:
    settle(context.shop)
    mine = [row for row in context.shop.bulk.values() if row.client_id == context.app.client_id and row.type == kind]
    if sum(1 for row in mine if row.status in _UNDER_WAY) >= _AT_ONCE:
        message = f"A bulk {kind.lower()} operation for this app and shop is already in progress."
        raise refuse(message, code="OPERATION_IN_PROGRESS")


def _begin(context: Context, kind: str, text: str) -> BulkOperation:
    shop = context.shop
    now = shop.instruments.clock.now()
    due = now + timedelta(seconds=shop.settings.lags.operation)
    number = shop.numbers.next("BulkOperation")
    row = BulkOperation(number, kind, text, context.app.client_id, context.scopes, now, due)
    shop.bulk[number] = row
    return row


@mutation
def bulk_operation_cancel(_root: object, context: Context, id: str) -> Mapping[str, object]:
    settle(context.shop)
    row = rows.find(context.shop, id)
    if not isinstance(row, BulkOperation):
        raise refuse("Bulk operation does not exist", "id")
    if row.status not in _UNDER_WAY:
        raise refuse(f"A bulk operation cannot be canceled when it is {row.status.lower()}", "id")
    row.status = "CANCELING"
    row.due = context.shop.instruments.clock.now() + timedelta(seconds=context.shop.settings.lags.operation)
    return {"bulkOperation": row, "userErrors": []}


@query
def bulk_operations(
    _root: object, context: Context, query: str | None = None, sort_key: str | None = None, **page: object
) -> object:
    """List an app's operations, the newest first."""
    del query, sort_key
    settle(context.shop)
    found = [row for row in context.shop.bulk.values() if row.client_id == context.app.client_id]
    return connect(context, found, lambda row: (0, -row.id), page)


@query
def current_bulk_operation(_root: object, context: Context, type: str = "QUERY") -> BulkOperation | None:
    found = [row for row in context.shop.bulk.values() if row.client_id == context.app.client_id and row.type == type]
    return found[-1] if found else None


@resolver("BulkOperation")
def status(row: BulkOperation, context: Context) -> str:
    settle(context.shop)
    return "EXPIRED" if row.expired(context.shop.now()) else row.status


@resolver("BulkOperation")
def url(row: BulkOperation, context: Context) -> str | None:
    return None if status(row, context) != "COMPLETED" else _address(row, context)


@resolver("BulkOperation")
def partial_data_url(row: BulkOperation, context: Context) -> str | None:
    return _address(row, context) if status(row, context) == "FAILED" else None


def _address(row: BulkOperation, context: Context) -> str | None:
    return None if row.result is None else f"{context.shop.home_url}{RESULTS}{row.id}.jsonl"
