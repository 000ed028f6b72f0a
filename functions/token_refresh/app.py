"""Renews the tokens that end soon, every minute."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from tillbridge.runtime.clock import LambdaDeadline
from tillbridge.runtime.observe import logger, metrics, traced
from tillbridge.runtime.refresh import token_refresh


@logger.inject_lambda_context(clear_state=True)
@traced
@metrics.log_metrics
def handler(_event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Serve one round."""
    report = token_refresh().run(LambdaDeadline(context))
    return {"renewed": report.renewed, "later": len(report.later), "broken": len(report.broken)}
