"""What the shop tells of itself: versions, settings, currency, taxes (facts/woocommerce.md, "Reaching the API")."""

from collections.abc import Mapping

from sandbox.common.json_types import JsonObject, JsonValue
from sandbox.woocommerce import currencies
from sandbox.woocommerce.sales.totals import TAX_RATE_ID
from sandbox.woocommerce.settings import WOOCOMMERCE_VERSION, WORDPRESS_VERSION
from sandbox.woocommerce.shop import Shop
from sandbox.woocommerce.web.errors import RestError
from sandbox.woocommerce.web.paging import page
from sandbox.woocommerce.web.wire import Answer, Params

_NAMESPACES = ["oembed/1.0", "wc/v1", "wc/v2", "wc/v3", "wc/store/v1", "wp/v2"]
_TAX_CLASSES = [("standard", "Standard rate"), ("reduced-rate", "Reduced rate"), ("zero-rate", "Zero rate")]
_SECONDS_PER_HOUR = 3600


def index(shop: Shop) -> JsonObject:
    """Write the public index at /wp-json/."""
    offset = shop.now().astimezone(shop.settings.time_zone).utcoffset()
    return {
        "name": shop.settings.name,
        "description": "",
        "url": shop.home_url,
        "home": shop.home_url,
        "gmt_offset": (offset.total_seconds() if offset else 0) / _SECONDS_PER_HOUR,
        "timezone_string": str(shop.settings.time_zone),
        "namespaces": _NAMESPACES,
        "authentication": {},
        "routes": {},
        "_links": {},
    }


def system_status(shop: Shop, params: Params) -> Answer:
    """Answer versions and the main settings."""
    del params
    settings = shop.settings
    return Answer(
        {
            "environment": {
                "home_url": shop.home_url,
                "site_url": shop.home_url,
                "version": WOOCOMMERCE_VERSION,
                "wp_version": WORDPRESS_VERSION,
                "wp_multisite": False,
                "server_info": "sandbox",
                "php_version": "8.2.36",
                "default_timezone": "UTC",
                "secure_connection": shop.home_url.startswith("https:"),
            },
            "database": {"wc_database_version": WOOCOMMERCE_VERSION, "database_prefix": "wp_"},
            "active_plugins": [],
            "theme": {"name": "Sandbox"},
            "settings": {
                "api_enabled": False,
                "force_ssl": False,
                "currency": settings.currency,
                "currency_symbol": currencies.describe(settings.currency)["symbol"],
                "currency_position": "left",
                "thousand_separator": ",",
                "decimal_separator": ".",
                "number_of_decimals": 2,
                "taxonomies": {},
                "HPOS_enabled": True,
                "order_datastore": "Automattic\\WooCommerce\\Internal\\DataStores\\Orders\\OrdersTableDataStore",
            },
            "pages": [],
            "post_type_counts": [{"type": "product", "count": str(len(shop.products))}],
        }
    )


def _options(shop: Shop) -> Mapping[str, Mapping[str, tuple[str, str]]]:
    """Give the settings by group and id, each with its kind and value."""
    settings = shop.settings
    return {
        "general": {
            "woocommerce_default_country": ("select", settings.country),
            "woocommerce_currency": ("select", settings.currency),
            "woocommerce_calc_taxes": ("checkbox", _yes_no(yes=settings.tax_percent is not None)),
            "woocommerce_price_num_decimals": ("number", "2"),
            "woocommerce_enable_coupons": ("checkbox", "yes"),
        },
        "tax": {
            "woocommerce_prices_include_tax": ("radio", _yes_no(yes=settings.prices_include_tax)),
            "woocommerce_tax_based_on": ("select", "base"),
            "woocommerce_tax_round_at_subtotal": ("checkbox", "no"),
            "woocommerce_tax_total_display": ("select", "itemized"),
        },
        "products": {
            "woocommerce_weight_unit": ("select", "lbs"),
            "woocommerce_dimension_unit": ("select", "in"),
            "woocommerce_manage_stock": ("checkbox", "yes"),
            "woocommerce_hold_stock_minutes": ("number", "60"),
        },
    }


def _yes_no(*, yes: bool) -> str:
    return "yes" if yes else "no"


def settings_groups(shop: Shop, params: Params) -> Answer:
    """Answer the groups of settings."""
    del params
    groups: list[JsonValue] = [
        {"id": group, "label": group.title(), "description": "", "parent_id": "", "sub_groups": []}
        for group in _options(shop)
    ]
    return Answer(groups)


def settings_group(shop: Shop, params: Params) -> Answer:
    """Answer one group's settings."""
    group = params.text("group_id")
    options = _options(shop).get(group)
    if options is None:
        raise RestError("rest_setting_setting_group_invalid", "There is no such group of settings.", 404)
    return Answer([_option(group, name, kind, value) for name, (kind, value) in options.items()])


def setting(shop: Shop, params: Params) -> Answer:
    """Answer one setting."""
    group, name = params.text("group_id"), params.text("id")
    option = _options(shop).get(group, {}).get(name)
    if option is None:
        raise RestError("rest_setting_setting_invalid", "There is no such setting.", 404)
    return Answer(_option(group, name, *option))


def _option(group: str, name: str, kind: str, value: str) -> JsonObject:
    label = name.removeprefix("woocommerce_").replace("_", " ").capitalize()
    return {
        "id": name,
        "label": label,
        "description": "",
        "type": kind,
        "default": "",
        "tip": "",
        "value": value,
        "group_id": group,
    }


def currency_list(shop: Shop, params: Params) -> Answer:
    """Answer all currencies."""
    del shop, params
    return Answer([currencies.describe(code) for code in currencies.CODES])


def currency_in_use(shop: Shop, params: Params) -> Answer:
    """Answer the shop's own currency."""
    del params
    return Answer(currencies.describe(shop.settings.currency))


def currency(shop: Shop, params: Params) -> Answer:
    """Answer one currency."""
    del shop
    code = params.text("currency").upper()
    if code not in currencies.CODES:
        raise RestError("woocommerce_rest_data_invalid_currency", "There is no such currency.", 404)
    return Answer(currencies.describe(code))


def tax_classes(shop: Shop, params: Params) -> Answer:
    """Answer the tax classes."""
    del shop, params
    return Answer([{"slug": slug, "name": name} for slug, name in _TAX_CLASSES])


def tax_rates(shop: Shop, params: Params) -> Answer:
    """Answer a page of tax rates: the shop has one or none."""
    return page(shop, params, _rates(shop), lambda rate: rate)


def tax_rate(shop: Shop, params: Params) -> Answer:
    """Answer one tax rate."""
    rate = next((rate for rate in _rates(shop) if rate["id"] == params.whole("id")), None)
    if rate is None:
        raise RestError("woocommerce_rest_invalid_id", "There is no tax rate with this ID.", 404)
    return Answer(rate)


def _rates(shop: Shop) -> list[JsonObject]:
    percent = shop.settings.tax_percent
    if percent is None:
        return []
    country, _, state = shop.settings.country.partition(":")
    return [
        {
            "id": TAX_RATE_ID,
            "country": country,
            "state": state,
            "postcode": "",
            "city": "",
            "postcodes": [],
            "cities": [],
            "rate": f"{percent:.4f}",
            "name": "Tax",
            "priority": 1,
            "compound": False,
            "shipping": True,
            "order": 0,
            "class": "standard",
        }
    ]
