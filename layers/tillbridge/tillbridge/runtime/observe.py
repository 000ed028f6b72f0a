"""Logs, metrics and traces of every function, in one shape.

No secret and no personal data may reach a log (invariant 5): errors carry none, events are never logged whole, and
the tracer keeps neither answers nor exceptions' local values.
"""

from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.metrics import MetricUnit

from tillbridge.domain.errors import TillbridgeError
from tillbridge.domain.merchant import Connection

logger = Logger(service="tillbridge", utc=True)
metrics = Metrics(namespace="Tillbridge", service="tillbridge")
tracer = Tracer(service="tillbridge", auto_patch=False)


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


def trouble(error: TillbridgeError, connection: Connection | None = None) -> None:
    """Log an error of ours with what it is about; a stack would add nothing."""
    logger.warning(error.happened, extra={**(about(connection) if connection else {}), "error": error.as_dict()})
