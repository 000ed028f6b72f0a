import json
from collections.abc import Callable
from typing import Any

import aws_lambda_powertools
import pytest
from aws_lambda_powertools.metrics import MetricUnit

from tests.fakes.people import connection
from tillbridge.domain.merchant import Lane
from tillbridge.runtime import observe
from tillbridge.runtime.observe import Handler

ROOT = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8"


class Tracer:
    """Stands for the real one, which would call the X-Ray daemon."""

    made: list[dict[str, Any]]

    def __init__(self, **options: Any) -> None:
        self.made.append(options)

    def capture_lambda_handler(self, **options: Any) -> Callable[[Handler], Handler]:
        self.made.append(options)
        return lambda handler: lambda event, context: {"traced": handler(event, context)}


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Give what tracers were made with."""
    Tracer.made = []
    monkeypatch.setattr(aws_lambda_powertools, "Tracer", Tracer)
    return Tracer.made


@pytest.mark.parametrize(
    ("trace", "answer"),
    [(f"{ROOT};Sampled=1", {"traced": {"event": 1}}), (f"{ROOT};Sampled=0", {"event": 1}), ("", {"event": 1})],
)
def test_the_chosen_invocations_are_traced(
    monkeypatch: pytest.MonkeyPatch, made: list[dict[str, Any]], trace: str, answer: dict[str, Any]
) -> None:
    monkeypatch.setenv("_X_AMZN_TRACE_ID", trace)
    assert observe.traced(lambda event, _: {"event": event["n"]})({"n": 1}, None) == answer


def test_a_trace_holds_neither_answers_nor_errors(  # invariant 5
    monkeypatch: pytest.MonkeyPatch, made: list[dict[str, Any]]
) -> None:
    monkeypatch.setenv("_X_AMZN_TRACE_ID", f"{ROOT};Sampled=1")
    observe.traced(lambda event, _: event)({}, None)
    assert made == [
        {"service": "tillbridge", "auto_patch": False},
        {"capture_response": False, "capture_error": False},
    ]


def test_a_gauge_names_the_stack_as_its_alarm_does(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "tillbridge-prod")
    observe.gauge("DriftFound", 3, MetricUnit.Count, connection(), Lane.STOCK)
    blob = json.loads(capsys.readouterr().out)
    assert {name: blob[name] for name in ("service", "system", "lane")} == {
        "service": "tillbridge-prod",
        "system": "woocommerce",
        "lane": "stock",
    }
