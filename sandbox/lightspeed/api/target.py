"""What an address under /API/V3/ points at."""

from dataclasses import dataclass

from sandbox.lightspeed.api.errors import no_such_resource

_NOT_BELOW_ACCOUNT = ("Account", "Session", "CustomField")
_OWNERS = {"Item": "itemID", "ItemMatrix": "itemMatrixID"}
_ACTS = {"Sale": "refund", "Customer": "Anonymize"}
"""What can be done to a record by adding a word to its address."""


@dataclass(frozen=True, slots=True)
class Target:
    """A resource of an account, perhaps one record of it, perhaps only the records of one owner."""

    resource: str
    row_id: str | None = None
    account_id: str = ""
    owner: tuple[str, str] | None = None
    """Column and id, for pictures of one item or matrix."""
    act: str = ""
    """What is done to the record, such as a refund."""


def parse_target(path: str) -> Target:
    """Read ``Session``, ``Account[/id]`` or ``Account/id/Resource[/id][/Image[/id]]``, each with or without .json.

    Raises ApiError when there is nothing of that kind.
    """
    match path.removesuffix(".json").removesuffix(".xml").strip("/").split("/"):
        case ["Session"]:
            return Target("Session")
        case ["Account"]:
            return Target("Account")
        case ["Account", account_id]:
            return Target("Account", account_id)
        case ["Account", account_id, *rest]:
            return _in_account(path, account_id, rest)
    raise no_such_resource(path)


def _in_account(path: str, account_id: str, parts: list[str]) -> Target:
    match parts:
        case ["Item", "CustomField", *rest] if len(rest) <= 1:
            return Target("CustomField", rest[0] if rest else None, account_id)
        case [("Item" | "ItemMatrix") as owner, owner_id, "Image", *rest] if len(rest) <= 1:
            row_id = rest[0] if rest else None
            return Target("Image", row_id, account_id, (_OWNERS[owner], owner_id))
        case [resource, row_id, act] if _ACTS.get(resource) == act:
            return Target(resource, row_id, account_id, act=act)
        case [resource] if resource not in _NOT_BELOW_ACCOUNT:
            return Target(resource, None, account_id)
        case [resource, row_id] if resource not in _NOT_BELOW_ACCOUNT:
            return Target(resource, row_id, account_id)
    raise no_such_resource(path)
