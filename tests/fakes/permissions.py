"""Holds whatever a function's own handler asks of AWS against what its role in the template allows.

Neither moto nor the local cloud refuses anything, so that a missing permission would show in AWS only.
"""

import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any
from unittest.mock import patch

from botocore.client import BaseClient

from tests.fakes.dynamodb import unrolled

HANDLER = re.compile(r"/functions/(\w+)/app\.py$")
STEPS = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem"}
ONE_BY_ONE = {"SendMessageBatch": "SendMessage", "DeleteMessageBatch": "DeleteMessage"}

IAM = {"sesv2": "ses"}
"""Services that policies know by another name."""

Asked = set[tuple[str, str]]
"""Pairs of a function and an action."""


@cache
def allowed(function: str) -> frozenset[str]:
    """Give the actions of a function's own policy, but for those that Secrets Manager carries out on its behalf."""
    name = "".join(word.capitalize() for word in function.split("_"))
    policies = [unrolled().get(f"{name}{purpose}Policy") for purpose in ("", "Hooks", "Sending", "Tokens")]
    assert policies[0], f"{name}Policy is not in the template"
    documents = [policy["Properties"]["PolicyDocument"] for policy in policies if policy]
    found = [statement["Action"] for document in documents for statement in document["Statement"]]
    actions = (action for one in found for action in ([one] if isinstance(one, str) else one))
    return frozenset(action for action in actions if not action.startswith("kms:"))


@contextmanager
def noting_actions() -> Iterator[Asked]:
    """Note what handlers ask inside the block."""
    asked: Asked = set()
    call: Any = BaseClient._make_api_call  # type: ignore[attr-defined]

    def noting(client: BaseClient, operation: str, request: Mapping[str, Any]) -> Any:
        if function := _function():
            service = IAM.get(client.meta.service_model.service_name, client.meta.service_model.service_name)
            asked.update((function, f"{service}:{action}") for action in _actions(operation, request))
        return call(client, operation, request)

    with patch.object(BaseClient, "_make_api_call", noting):
        yield asked


def _function() -> str:
    """Name the function whose handler is at work in this thread; "" when a test itself asks."""
    frame: Any = sys._getframe()
    while frame := frame.f_back:
        if found := HANDLER.search(frame.f_code.co_filename):
            return found[1]
    return ""


def _actions(operation: str, request: Mapping[str, Any]) -> set[str]:
    """Tell what a request needs; a transaction needs what its steps would need."""
    if operation == "TransactWriteItems":
        return {STEPS[kind] for step in request["TransactItems"] for kind in step}
    tagged = {"TagResource"} if operation == "CreateSecret" and "Tags" in request else set()
    return {ONE_BY_ONE.get(operation, operation), *tagged}
