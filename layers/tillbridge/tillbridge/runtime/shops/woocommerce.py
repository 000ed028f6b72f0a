"""Makes WooCommerce shops."""

from tillbridge.runtime.shops.kit import Built, Fittings, ShopKit
from tillbridge.systems.woocommerce.api.keys import ApiKeys
from tillbridge.systems.woocommerce.desk.desk import WooCommerceOrderDesk
from tillbridge.systems.woocommerce.hooks import WooCommerceHooks
from tillbridge.systems.woocommerce.shop import TRANSPORT, WooCommerceShop
from tillbridge.systems.woocommerce.traits import Traits, traits_of


def build(fittings: Fittings) -> Built:
    """Make the shop at an address."""
    keys = fittings.keys()
    shop = WooCommerceShop(
        fittings.http,
        fittings.address,
        ApiKeys(keys.reveal("consumer_key"), keys.reveal("consumer_secret")),
        fittings.vocabulary,
        clock=fittings.clock,
        traits=Traits.read(fittings.traits),
    )
    return Built(shop, WooCommerceOrderDesk(shop.client, fittings.clock), WooCommerceHooks(shop.client))


KIT = ShopKit(TRANSPORT, build, traits_of)
