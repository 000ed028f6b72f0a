"""The body of a control action."""

from collections.abc import Mapping
from typing import Any

from sandbox.common.control import ControlError, json_body


def control_object(*known: str) -> dict[str, Any]:
    """Read the body, an object; where fields are `known`, no others may be in it. Raises ControlError."""
    body = json_body()
    if not isinstance(body, Mapping):
        raise ControlError("body: has to be an object")
    unknown = [name for name in body if known and name not in known]
    if unknown:
        raise ControlError(f"{unknown[0]}: no such field; there are {', '.join(known)}")
    return dict(body)
