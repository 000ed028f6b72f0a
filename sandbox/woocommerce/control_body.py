"""The body of a control action."""

from collections.abc import Mapping

from sandbox.common.control import ControlError, json_body
from sandbox.common.json_types import JsonObject


def control_object(*known: str) -> JsonObject:
    """Read the body, an object; where fields are `known`, no others may be in it. Raises ControlError."""
    body = json_body()
    if not isinstance(body, Mapping):
        raise ControlError("body: has to be an object")
    unknown = [name for name in body if known and name not in known]
    if unknown:
        raise ControlError(f"{unknown[0]}: no such field; there are {', '.join(known)}")
    return dict(body)
