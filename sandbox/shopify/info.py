"""What the API tells about the shop, the app and the API itself."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sandbox.common.json_types import JsonObject
from sandbox.shopify.ids import gid
from sandbox.shopify.settings import API_VERSION
from sandbox.shopify.shop import Shop
from sandbox.shopify.web.context import Context
from sandbox.shopify.web.resolving import query, resolver

SHOP_ID = 1
_ADDRESS: JsonObject = {
    "id": gid("ShopAddress", SHOP_ID), "address1": "1 Main Street", "address2": None, "city": "New York",
    "company": None, "country": "United States", "countryCodeV2": "US", "province": "New York",
    "provinceCode": "NY", "zip": "10001", "phone": None,
}  # fmt: skip
_VERSIONS = ("2025-10", "2026-01", "2026-04", "2026-07", "2026-10")


@query
def shop(_root: object, context: Context) -> object:
    """Describe the shop."""
    settings = context.shop.settings
    return {
        "id": gid("Shop", SHOP_ID),
        "name": settings.name,
        "email": "owner@shop.invalid",
        "contactEmail": "owner@shop.invalid",
        "shopOwnerName": "Owner",
        "myshopifyDomain": settings.domain,
        "primaryDomain": domain(context.shop),
        "url": f"https://{settings.domain}",
        "currencyCode": settings.currency,
        "enabledPresentmentCurrencies": [settings.currency],
        "ianaTimezone": settings.time_zone,
        **_offset(settings.time_zone, context.now),
        "taxesIncluded": settings.taxes_included,
        "taxShipping": False,
        "plan": {
            "displayName": "Shopify Plus" if settings.plus else "Basic",
            "partnerDevelopment": False,
            "publicDisplayName": "Shopify Plus" if settings.plus else "Basic",
            "shopifyPlus": settings.plus,
        },
        "resourceLimits": {
            "locationLimit": settings.location_limit,
            "maxProductOptions": settings.max_options,
            "maxProductVariants": settings.max_variants,
            "redirectLimitReached": False,
        },
        "weightUnit": "POUNDS",
        "unitSystem": "IMPERIAL_SYSTEM",
        "createdAt": context.shop.created,
        "updatedAt": context.shop.created,
        "setupRequired": False,
        "orderNumberFormatPrefix": "#",
        "shopAddress": _ADDRESS,
    }


def domain(shop: Shop) -> JsonObject:
    name = shop.settings.domain
    return {"id": gid("Domain", SHOP_ID), "host": name, "sslEnabled": True, "url": f"https://{name}"}


def _offset(zone: str, now: datetime) -> JsonObject:
    local = now.astimezone(ZoneInfo(zone))
    return {"timezoneOffset": f"{local:%z}", "timezoneAbbreviation": f"{local:%Z}"}


@query
def current_app_installation(_root: object, context: Context) -> object:
    scopes: list[object] = [{"handle": name, "description": name.replace("_", " ")} for name in sorted(context.scopes)]
    app = {"id": gid("App", 1), "title": context.app.name, "handle": "app", "apiKey": context.app.client_id}
    return {"id": gid("AppInstallation", 1), "accessScopes": scopes, "app": app}


@query
def public_api_versions(_root: object, _context: Context) -> list[JsonObject]:
    return [version(handle) for handle in _VERSIONS]


def version(handle: str = API_VERSION) -> JsonObject:
    """Describe a version of the API."""
    newest = handle == _VERSIONS[-1]
    return {"handle": handle, "displayName": f"{handle} (Latest)" if newest else handle, "supported": True}


@query
def job(_root: object, _context: Context, id: str) -> object:
    """Answer that a job is done: they all are, at once."""
    return {"id": id, "done": True}


@resolver("Job")
def done(_job: object, _context: Context) -> bool:
    return True
