"""Every sample event, given to the function it is for, as deployed."""

import json
from pathlib import Path
from typing import Any

import pytest

from local.home import PROJECT
from tests.e2e.field import Field
from tillbridge.domain.merchant import System

EVENTS = sorted((PROJECT / "events").glob("*.json"))
FUNCTIONS = sorted(folder.name for folder in (PROJECT / "functions").iterdir() if (folder / "app.py").is_file())


def function_of(event: Path) -> str:
    """An event is named by its function and what it is about."""
    return next(name for name in FUNCTIONS if event.stem == name or event.stem.startswith(f"{name}_"))


def test_every_function_has_a_sample() -> None:
    assert {function_of(event) for event in EVENTS} == set(FUNCTIONS)


@pytest.fixture(scope="module")
def field_of_m1(field: Field) -> Field:
    """The samples speak of a merchant m1, who has nothing connected."""
    field.operator("merchant-add", merchant="m1", name="Northfell Outdoor")
    return field


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.stem)
def test_a_deployed_function_understands_its_sample(field_of_m1: Field, event: Path) -> None:
    function = function_of(event)
    answer = field_of_m1.invoke(function.replace("_", "-"), json.loads(event.read_text()))
    UNDERSTOOD[function](answer)


def http(answer: Any) -> None:
    """Names in the samples are made up, so that most of them are refused; but never with a failure of ours."""
    assert answer["statusCode"] < 500
    assert answer.get("body") != "Internal server error"


def command(answer: Any) -> None:
    assert answer["ok"] or answer["error"]["family"] in {"input", "not_found"}, answer


def batch(answer: Any) -> None:
    assert answer == {"batchItemFailures": []}


def schedule(answer: Any) -> None:
    assert isinstance(answer, dict)


UNDERSTOOD = {
    "import_orders": batch,
    "notify": batch,
    "oauth_callback": http,
    "operator": command,
    "pull_lightspeed": batch,
    "sync_scheduler": schedule,
    **{f"sync_{system.value}": batch for system in System if not system.is_till},
    "token_refresh": schedule,
    "webhook_intake": http,
}
