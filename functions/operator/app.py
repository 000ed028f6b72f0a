"""Answers the command line."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from tillbridge.runtime.clock import LambdaDeadline
from tillbridge.runtime.observe import count, logger, metrics, traced
from tillbridge.runtime.operator import serve
from tillbridge.runtime.operator_parts import desks


@logger.inject_lambda_context(clear_state=True)
@traced
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Serve one command."""
    count("OperatorCommands")
    return dict(serve(desks(), event, LambdaDeadline(context)))
