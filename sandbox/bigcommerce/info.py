"""What the store says of itself: information, time, settings, channels, taxes, currencies."""

from dataclasses import asdict, fields

from sandbox.bigcommerce import dates
from sandbox.bigcommerce.shop import Shop
from sandbox.bigcommerce.web.errors import invalid
from sandbox.bigcommerce.web.fields import Fields, check, choice, flag, text
from sandbox.bigcommerce.web.paging import by_text, known_filters, page
from sandbox.bigcommerce.web.wire import Answer, Call, data
from sandbox.common.json_types import JsonObject

_BEGAN = "2025-01-01T00:00:00Z"
ACCOUNT_UUID = "3f8b5a52-1e2d-4c57-9a0e-5d1c6b7a8f90"
_INVENTORY: Fields = {
    "product_out_of_stock_behavior": choice(
        "do_nothing", "hide_product", "hide_product_and_accessible", "hide_product_and_redirect"
    ),
    "option_out_of_stock_behavior": choice("do_nothing", "hide_option", "label_option"),
    "update_stock_behavior": choice("order_placed", "order_completed_or_shipped"),
    "edit_order_stock_adjustment": flag(),
    "refund_order_stock_adjustment": flag(),
    "stock_level_display": choice("dont_show", "show", "show_when_low"),
    "default_out_of_stock_message": text(),
    "hide_in_product_filtering": flag(),
    "show_pre_order_stock_levels": flag(),
    "show_out_of_stock_message": flag(),
}


def store(shop: Shop, _call: Call) -> Answer:
    """Answer ``GET /v2/store``."""
    settings, host = shop.settings, shop.home_url.partition("://")[2]
    offset = shop.now().astimezone(settings.time_zone).utcoffset()
    dst = shop.now().astimezone(settings.time_zone).dst()
    raw = int(offset.total_seconds() if offset else 0) - int(dst.total_seconds() if dst else 0)
    zone: JsonObject = {
        "name": str(settings.time_zone),
        "raw_offset": raw,
        "dst_offset": raw + 3600,
        "dst_correction": bool(dst),
        "date_format": {"display": "jS M Y", "export": "M jS Y", "extended_display": "M jS Y @ g:i A"},
    }
    return Answer(
        {
            "id": settings.store_hash,
            "account_uuid": ACCOUNT_UUID,
            "domain": host,
            "secure_url": f"https://{host}",
            "control_panel_base_url": f"https://{host}/manage",
            "status": "live",
            "name": settings.name,
            "first_name": "Store",
            "last_name": "Owner",
            "address": "1 Main Street",
            "country": "United States",
            "country_code": "US",
            "phone": "",
            "admin_email": "owner@store.invalid",
            "order_email": "orders@store.invalid",
            "favicon_url": "",
            "timezone": zone,
            "language": "en",
            "currency": settings.currency,
            "currency_symbol": "$",
            "decimal_separator": ".",
            "thousands_separator": ",",
            "decimal_places": 2,
            "currency_symbol_location": "left",
            "weight_units": settings.weight_units,
            "dimension_units": "Inches",
            "dimension_decimal_places": 2,
            "dimension_decimal_token": ".",
            "dimension_thousands_token": ",",
            "plan_name": "Standard",
            "plan_level": "Standard",
            "plan_is_trial": False,
            "industry": "",
            "is_price_entered_with_tax": settings.prices_include_tax,
            "store_id": 1001,
            "default_channel_id": 1,
            "default_site_id": 1000,
            "active_comparison_modules": [],
            "features": {
                "stencil_enabled": True,
                "sitewidehttps_enabled": True,
                "checkout_type": "optimized",
                "wishlists_enabled": False,
                "graphql_storefront_api_enabled": True,
                "multi_storefront_enabled": False,
            },
        }
    )


def time(shop: Shop, _call: Call) -> Answer:
    """Answer ``GET /v2/time``."""
    return Answer({"time": int(shop.now().timestamp())})


def currencies(shop: Shop, _call: Call) -> Answer:
    """Answer ``GET /v2/currencies``: the store's one currency."""
    row: JsonObject = {
        "id": 1,
        "is_default": True,
        "last_updated": dates.rfc2822(shop.now()),
        "country_iso2": "US",
        "default_for_country_codes": ["USA"],
        "currency_code": shop.settings.currency,
        "currency_exchange_rate": "1.0000000000",
        "name": shop.settings.currency,
        "token": "$",
        "auto_update": False,
        "token_location": "left",
        "decimal_token": ".",
        "thousands_token": ",",
        "decimal_places": 2,
        "enabled": True,
        "is_transactional": True,
    }
    return Answer([row])


def tax_classes(_shop: Shop, _call: Call) -> Answer:
    """Answer ``GET /v2/tax_classes``."""
    names = ("Default Tax Class", "Non-Taxable Products", "Shipping", "Gift Wrapping")
    return Answer([{"id": number, "name": name} for number, name in enumerate(names)])


def channels(shop: Shop, call: Call) -> Answer:
    """Answer the store's one channel, its storefront."""
    known_filters(call, {"status:in", "type:in", "platform:in"})
    row: JsonObject = {
        "id": 1,
        "external_id": "",
        "is_listable_from_ui": True,
        "is_enabled": True,
        "is_visible": True,
        "status": "active",
        "name": shop.settings.name,
        "type": "storefront",
        "platform": "bigcommerce",
        "date_created": _BEGAN,
        "date_modified": _BEGAN,
        "icon_url": "",
    }
    rows = by_text(call, [row], "status", lambda shown: str(shown["status"]))
    rows = by_text(call, rows, "type", lambda shown: str(shown["type"]))
    rows = by_text(call, rows, "platform", lambda shown: str(shown["platform"]))
    return page(call, rows, lambda shown: shown)


def read_inventory(shop: Shop, _call: Call) -> Answer:
    """Answer what the store does to stock by itself."""
    return data(asdict(shop.inventory_settings))


def put_inventory(shop: Shop, call: Call) -> Answer:
    """Change what the store does to stock by itself."""
    with shop.lock:
        set_inventory(shop, call.record())
        return data(asdict(shop.inventory_settings))


def set_inventory(shop: Shop, changes: JsonObject) -> None:
    """Change some of the settings; unknown ones are refused. The lock must be held."""
    known = {field.name for field in fields(shop.inventory_settings)}
    for name in changes:
        if name not in known:
            raise invalid(name, "no such setting")
    for name, value in check(_INVENTORY, changes).items():
        setattr(shop.inventory_settings, name, value)
    shop.changes += 1


def profile(shop: Shop, _call: Call) -> Answer:
    """Answer the store's profile."""
    return data(
        {
            "store_address": "1 Main Street",
            "store_address_type": "Retail",
            "store_email": "owner@store.invalid",
            "store_name": shop.settings.name,
            "store_phone": "",
        }
    )


def units(shop: Shop, _call: Call) -> Answer:
    """Answer the store's units of measurement."""
    return data(
        {
            "weight_measurement": shop.settings.weight_units,
            "length_measurement": "Inches",
            "decimal_token": ".",
            "thousands_token": ",",
            "decimal_places": 2,
            "factoring_dimension": "depth",
        }
    )


def locale(_shop: Shop, _call: Call) -> Answer:
    """Answer the store's languages and country."""
    return data(
        {
            "default_shopper_language": "en",
            "shopper_language_selection_method": "default_shopper_language",
            "store_country": "United States",
        }
    )
