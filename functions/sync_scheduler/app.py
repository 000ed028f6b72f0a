"""Wakes the connections whose turn it is."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from tillbridge.runtime.clock import LambdaDeadline
from tillbridge.runtime.observe import logger, metrics, traced
from tillbridge.runtime.scheduler import scheduler


@logger.inject_lambda_context(clear_state=True)
@traced
@metrics.log_metrics
def handler(_event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Serve one minute."""
    return {"wakes": scheduler().run_minute(LambdaDeadline(context))}
