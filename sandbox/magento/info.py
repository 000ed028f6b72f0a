"""What the shop tells about itself: websites, views, settings, modules, its version (facts/magento.md, section 2)."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any

from sandbox.magento.settings import StoreView
from sandbox.magento.stock.model import WEBSITE
from sandbox.magento.web.errors import RestError
from sandbox.magento.web.phpquery import listed
from sandbox.magento.web.wire import Request

VERSION = "Magento/2.4 (Community)"
_CORE = ("Store", "Backend", "Catalog", "CatalogInventory", "ConfigurableProduct", "Customer", "Sales", "SalesRule",
         "Integration", "Webapi", "WebapiAsync", "AsynchronousOperations", "Quote", "Msrp", "Tax",
         "Checkout")  # fmt: skip
_INVENTORY = ("Inventory", "InventoryApi", "InventoryCatalog", "InventoryCatalogApi", "InventorySales",
              "InventorySalesApi", "InventoryReservations", "InventoryShipping", "InventorySourceDeductionApi",
              "InventoryExportStockApi", "InventoryConfigurableProduct")  # fmt: skip
_ADMIN_TOKEN_LASTS = timedelta(minutes=60)


def websites(request: Request) -> list[dict[str, Any]]:
    rows = [{"id": 0, "code": "admin", "name": "Admin", "default_group_id": 0}]
    return [*rows, {"id": 1, "code": WEBSITE, "name": request.shop.settings.name, "default_group_id": 1}]


def store_groups(request: Request) -> list[dict[str, Any]]:
    default = {
        "id": 0,
        "website_id": 0,
        "root_category_id": 0,
        "default_store_id": 0,
        "name": "Default",
        "code": "default",
    }
    first = request.shop.settings.views[0].id
    return [default, {"id": 1, "website_id": 1, "root_category_id": 2, "default_store_id": first,
                      "name": "Main Website Store", "code": "main_website_store"}]  # fmt: skip


def store_views(request: Request) -> list[dict[str, Any]]:
    admin = StoreView(0, "admin", "Admin")
    return [
        {"id": view.id, "code": view.code, "name": view.name, "website_id": int(view.id > 0),
         "store_group_id": int(view.id > 0), "is_active": 1}
        for view in (admin, *request.shop.settings.views)
    ]  # fmt: skip


def store_configs(request: Request) -> list[dict[str, Any]]:
    wanted = {str(code) for code in listed(request.query.get("storeCodes"))}
    views = [view for view in request.shop.settings.views if not wanted or view.code in wanted]
    return [_config(request, view) for view in views]


def _config(request: Request, view: StoreView) -> dict[str, Any]:
    settings, base = request.shop.settings, f"{request.shop.base_url}/"
    urls = {
        "base_url": base,
        "base_link_url": base,
        "base_static_url": f"{base}static/",
        "base_media_url": f"{base}media/",
    }
    return {
        "id": view.id,
        "code": view.code,
        "website_id": 1,
        "locale": "en_US",
        "base_currency_code": settings.currency,
        "default_display_currency_code": settings.currency,
        "timezone": str(settings.time_zone),
        "weight_unit": settings.weight_unit,
        **urls,
        **{f"secure_{name}": url for name, url in urls.items()},
    }


def modules(request: Request) -> list[str]:
    """List the modules that are on; without a page size, all of them."""
    on = request.shop.switches.multi_source
    return [f"Magento_{name}" for name in (*_CORE, *(_INVENTORY if on else ()))]


def admin_token(request: Request) -> str:
    """Give an administrator a token, a JWT of an hour."""
    shop = request.shop
    if (request.body["username"], request.body["password"]) != shop.settings.admin:
        text = "The account sign-in was incorrect or your account is disabled temporarily. "
        text += "Please wait and try again later."
        raise RestError(text, status=401)
    now = shop.now()
    expires = now + _ADMIN_TOKEN_LASTS
    claims = {"uid": 1, "utypid": 2, "iat": int(now.timestamp()), "exp": int(expires.timestamp()), "jti": shop.secret()}
    signed = ".".join(_part(json.dumps(part).encode()) for part in ({"kid": "1", "alg": "HS256"}, claims))
    token = f"{signed}.{_part(hmac.new(shop.secret().encode(), signed.encode(), hashlib.sha256).digest())}"
    shop.admin_tokens[token] = expires
    return token


def _part(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")
