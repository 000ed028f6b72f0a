"""Brings web orders into the till."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from tillbridge.runtime.observe import logger, metrics, traced
from tillbridge.runtime.orders import worker


@logger.inject_lambda_context(clear_state=True)
@traced
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Serve the wakes of a batch; failed ones are answered by their message ids."""
    return worker().serve(event, context)
