"""Makes Shopify shops."""

from tillbridge.runtime.shops.kit import Built, Fittings, ShopKit
from tillbridge.systems.common.traits import traits_of
from tillbridge.systems.shopify.api.budget import PointsBook
from tillbridge.systems.shopify.api.client import ShopifyClient
from tillbridge.systems.shopify.desk.desk import ShopifyOrderDesk
from tillbridge.systems.shopify.hooks import ShopifyHooks
from tillbridge.systems.shopify.shop import TRANSPORT, ShopifyShop
from tillbridge.systems.shopify.traits import Traits


def build(fittings: Fittings) -> Built:
    """Make the shop at an address."""
    client = ShopifyClient(
        fittings.http,
        fittings.address,
        fittings.tokens(),
        clock=fittings.clock,
        budget=PointsBook(fittings.clock, fittings.load, fittings.save),
    )
    traits = Traits.read(fittings.traits)
    shop = ShopifyShop(client, fittings.vocabulary, clock=fittings.clock, traits=traits)
    return Built(shop, ShopifyOrderDesk(client), ShopifyHooks(client))


KIT = ShopKit(TRANSPORT, build, traits_of)
