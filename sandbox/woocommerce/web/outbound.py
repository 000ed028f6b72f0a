"""How the shop's own server calls others: to fetch pictures, hand over keys and deliver web hooks."""

from sandbox.common.outbound import Caller
from sandbox.woocommerce.settings import WOOCOMMERCE_VERSION, WORDPRESS_VERSION

call = Caller(f"WooCommerce/{WOOCOMMERCE_VERSION} Hookshot (WordPress/{WORDPRESS_VERSION})")
