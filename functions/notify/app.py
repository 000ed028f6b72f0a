"""Sends mails to merchants."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from tillbridge.runtime.notify import notify
from tillbridge.runtime.observe import logger, metrics, traced


@logger.inject_lambda_context(clear_state=True)
@traced
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Serve the mails of a batch; failed ones are answered by their message ids."""
    return notify().serve(event, context)
