"""Counts the calls to remote systems for the metrics: how many, how slow, how dear, how often without success."""

from aws_lambda_powertools.metrics import MetricUnit

from tillbridge.domain.merchant import System
from tillbridge.runtime import observe

FAILED = 400


def tell_operator(system: System, connection: str, what: str) -> None:
    """Log what the operator has to know of a shop's way of working, and count it."""
    observe.count(f"{system.value.capitalize()}Notes")
    observe.logger.warning("A shop is not used as it could be", extra={"connection": connection, "why": what})


def count_call(system: System, *, method: str, route: str, status: int, seconds: float, cost: float) -> None:
    """Count one exchange; ``status`` is 0 when no answer came."""
    name = system.value.capitalize()
    observe.count(f"{name}Calls")
    observe.count(f"{name}Cost", cost)
    observe.count(f"{name}Seconds", seconds, MetricUnit.Seconds)
    if status == 0 or status >= FAILED:
        observe.count(f"{name}Failures")
        observe.logger.info("A call failed", extra={"method": method, "route": route, "status": status})
