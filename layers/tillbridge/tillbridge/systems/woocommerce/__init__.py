"""WooCommerce: the adapter behind the Shop protocol, its connection check, and its web hooks."""

from tillbridge.systems.woocommerce.address import shop_address
from tillbridge.systems.woocommerce.api.keys import ApiKeys
from tillbridge.systems.woocommerce.hooks import Delivery, EnsuredHooks, Ping, ensure_hooks, is_echo, read_delivery
from tillbridge.systems.woocommerce.shop import SYSTEM, TRANSPORT, WooCommerceShop
from tillbridge.systems.woocommerce.traits import Traits, traits_of

__all__ = [
    "SYSTEM",
    "TRANSPORT",
    "ApiKeys",
    "Delivery",
    "EnsuredHooks",
    "Ping",
    "Traits",
    "WooCommerceShop",
    "ensure_hooks",
    "is_echo",
    "read_delivery",
    "shop_address",
    "traits_of",
]
