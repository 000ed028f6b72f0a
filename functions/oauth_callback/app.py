"""The pages on which a merchant connects a till or a shop."""

import re
from collections.abc import Callable
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEvent
from aws_lambda_powertools.utilities.typing import LambdaContext

from tillbridge.domain.errors import InputError
from tillbridge.runtime.bigcommerce_pages import BigCommercePages
from tillbridge.runtime.connect_pages import ConnectPages
from tillbridge.runtime.magento_pages import MagentoPages
from tillbridge.runtime.oauth import doors
from tillbridge.runtime.observe import logger, metrics, traced
from tillbridge.runtime.shopify_pages import ShopifyPages

ABOVE = re.compile(r"^/.*?(?=/connect(/|$))")  # the base path of a custom domain
IN_BIGCOMMERCE = "https://*.mybigcommerce.com https://*.bigcommerce.com"  # its control panel shows pages in a frame
app = APIGatewayRestResolver(strip_prefixes=[ABOVE])


def serve(page: Callable[[ConnectPages, APIGatewayProxyEvent], Response[str]], framed: str = "") -> Response[str]:
    pages = ConnectPages(doors(), app.lambda_context.aws_request_id, framed)
    return pages.guarded(lambda event: page(pages, event), app.current_event)


@app.get("/connect/start")
def start() -> Response[str]:
    return serve(ConnectPages.start)


@app.post("/connect/continue")
def go_on() -> Response[str]:
    return serve(ConnectPages.go_on)


@app.get("/connect/lightspeed/callback")
def lightspeed_callback() -> Response[str]:
    return serve(ConnectPages.lightspeed_callback)


@app.post("/connect/woocommerce/keys")
def woocommerce_keys() -> Response[str]:
    return serve(ConnectPages.woocommerce_keys)


@app.get("/connect/woocommerce/return")
def woocommerce_return() -> Response[str]:
    return serve(ConnectPages.woocommerce_return)


@app.get("/connect/shopify")
def shopify_app() -> Response[str]:
    return serve(lambda pages, event: ShopifyPages(pages).app(event))


@app.get("/connect/shopify/callback")
def shopify_callback() -> Response[str]:
    return serve(lambda pages, event: ShopifyPages(pages).callback(event))


@app.post("/connect/shopify/hooks")
def shopify_hooks() -> Response[str]:
    return serve(lambda pages, event: pages.doors.shopify_hooks.take(event))


@app.get("/connect/bigcommerce/auth")
def bigcommerce_auth() -> Response[str]:
    return serve(lambda pages, event: BigCommercePages(pages).auth(event), IN_BIGCOMMERCE)


@app.get("/connect/bigcommerce/load")
def bigcommerce_load() -> Response[str]:
    return serve(lambda pages, event: BigCommercePages(pages).load(event), IN_BIGCOMMERCE)


@app.get("/connect/bigcommerce/uninstall")
def bigcommerce_uninstall() -> Response[str]:
    return serve(lambda pages, event: BigCommercePages(pages).uninstall(event))


@app.get("/connect/bigcommerce/remove_user")
def bigcommerce_remove_user() -> Response[str]:
    return serve(lambda pages, event: BigCommercePages(pages).remove_user(event))


@app.post("/connect/magento/activate")
def magento_activate() -> Response[str]:
    return serve(lambda pages, event: MagentoPages(pages).activated(event))


@app.get("/connect/magento/identity")
def magento_identity() -> Response[str]:
    return serve(lambda pages, event: MagentoPages(pages).identify(event))


@app.not_found
def nothing_here(_error: Exception) -> Response[str]:
    missing = InputError("address", "There is no such page.", remedy="Open the link as you received it.", code="NoPage")
    return ConnectPages(doors(), app.lambda_context.aws_request_id).problem(missing)


@logger.inject_lambda_context(clear_state=True)
@traced
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one request."""
    return app.resolve(event, context)
