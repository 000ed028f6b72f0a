"""WooCommerce: the adapter behind the Shop protocol, its connection check, and its web hooks."""

from tillbridge.systems.woocommerce.address import shop_address
from tillbridge.systems.woocommerce.api.keys import ApiKeys
from tillbridge.systems.woocommerce.deliveries import Delivery, Ping, is_echo, read_delivery
from tillbridge.systems.woocommerce.hooks import EnsuredHooks, WooCommerceHooks, ensure_hooks, remove_hooks
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
    "WooCommerceHooks",
    "WooCommerceShop",
    "ensure_hooks",
    "is_echo",
    "read_delivery",
    "remove_hooks",
    "shop_address",
    "traits_of",
]
