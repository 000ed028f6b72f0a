"""The body of a control action."""

from sandbox.common.control import ControlError
from sandbox.common.json_types import JsonObject


def text(body: JsonObject, name: str, usual: str = "") -> str:
    """Give a text of the body; raises ControlError for anything else."""
    value = body.get(name, usual)
    if not isinstance(value, str):
        raise ControlError(f"{name}: has to be a text")
    return value


def number(body: JsonObject, name: str, usual: int = 0) -> int:
    """Give a whole number of the body; raises ControlError for anything else."""
    value = body.get(name, usual)
    if isinstance(value, bool) or not isinstance(value, int):
        raise ControlError(f"{name}: has to be a whole number")
    return value


def decision(body: JsonObject, name: str, usual: bool) -> bool:  # noqa: FBT001 - the usual answer
    """Give a yes or no of the body; raises ControlError for anything else."""
    value = body.get(name, usual)
    if not isinstance(value, bool):
        raise ControlError(f"{name}: has to be true or false")
    return value
