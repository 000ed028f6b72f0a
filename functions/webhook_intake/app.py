"""Takes the web hooks of shops."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from tillbridge.runtime.observe import logger, metrics, traced
from tillbridge.runtime.webhooks import intake


@logger.inject_lambda_context(clear_state=True)
@traced
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one delivery."""
    return intake().take(event, context)
