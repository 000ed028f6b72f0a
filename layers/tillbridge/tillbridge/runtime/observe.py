"""Logs, metrics and traces of every function, in one shape.

No secret and no personal data may reach a log (invariant 5): errors carry none, events are never logged whole, and
the tracer keeps neither answers nor exceptions' local values.
"""

import os
import traceback
from collections.abc import Callable
from functools import cache, wraps
from pathlib import Path
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit, single_metric

from tillbridge.domain.errors import TillbridgeError
from tillbridge.domain.merchant import Connection, Lane

NAMESPACE = "Tillbridge"

DEEPEST = 12
"""How many frames of a failure's stack are logged, those nearest to it."""

logger = Logger(service="tillbridge", utc=True)
metrics = Metrics(namespace=NAMESPACE)  # its dimension "service" is the stack, from POWERTOOLS_SERVICE_NAME

Handler = Callable[[dict[str, Any], Any], dict[str, Any]]


def traced(handler: Handler) -> Handler:
    """Trace the invocations that X-Ray has chosen. The others, nearly all, do not load its SDK."""

    @wraps(handler)
    def choose(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401 - Lambda's context
        chosen = "Sampled=1" in os.environ.get("_X_AMZN_TRACE_ID", "")
        return _tracing(handler)(event, context) if chosen else handler(event, context)

    return choose


@cache
def _tracing(handler: Handler) -> Handler:
    from aws_lambda_powertools import Tracer  # noqa: PLC0415  see above

    tracer = Tracer(service="tillbridge", auto_patch=False)
    traced: Handler = tracer.capture_lambda_handler(capture_response=False, capture_error=False)(handler)
    return traced


def about(connection: Connection) -> dict[str, str]:
    """Name a connection in a log line."""
    return {
        "merchant": connection.merchant_id,
        "system": connection.system.value,
        "connection": connection.connection_id,
    }


def count(name: str, value: float = 1, unit: MetricUnit = MetricUnit.Count) -> None:
    """Add to a metric."""
    metrics.add_metric(name=name, unit=unit, value=value)


def gauge(name: str, value: float, unit: MetricUnit, connection: Connection, lane: Lane | None = None) -> None:
    """Give a metric that is told apart by system and lane, so that an alarm can name which; never by merchant."""
    with single_metric(name=name, unit=unit, value=value, namespace=NAMESPACE) as metric:
        metric.add_dimension("system", connection.system.value)
        if lane is not None:
            metric.add_dimension("lane", lane.value)


def defect(error: Exception, connection: Connection | None = None) -> None:
    """Log that our own code failed, and where. What the error says stays out: it may quote data (invariant 5)."""
    frames = traceback.extract_tb(error.__traceback__)
    where = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames[-DEEPEST:]]
    extra = {**(about(connection) if connection else {}), "error": type(error).__name__, "where": where}
    logger.error("The work failed in a way that nobody foresaw", extra=extra)
    count("Defects")


def trouble(error: TillbridgeError, connection: Connection | None = None) -> None:
    """Log an error of ours with what it is about; a stack would add nothing."""
    logger.warning(error.happened, extra={**(about(connection) if connection else {}), "error": error.as_dict()})
