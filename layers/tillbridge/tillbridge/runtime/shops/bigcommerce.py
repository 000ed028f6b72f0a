"""Makes BigCommerce stores."""

from tillbridge.runtime.shops.kit import Built, Fittings, ShopKit
from tillbridge.systems.bigcommerce.api.budget import BudgetBook
from tillbridge.systems.bigcommerce.desk.desk import BigCommerceOrderDesk
from tillbridge.systems.bigcommerce.hooks import BigCommerceHooks
from tillbridge.systems.bigcommerce.shop import TRANSPORT, BigCommerceShop
from tillbridge.systems.bigcommerce.traits import Traits
from tillbridge.systems.common.traits import traits_of


def build(fittings: Fittings) -> Built:
    """Make the store at an address."""
    traits = Traits.read(fittings.traits)
    shop = BigCommerceShop(
        fittings.http,
        fittings.address,
        fittings.keys().reveal("access_token"),
        fittings.vocabulary,
        clock=fittings.clock,
        traits=traits,
        budget=BudgetBook(fittings.clock, fittings.load, fittings.save),
    )
    return Built(shop, BigCommerceOrderDesk(shop.client, fittings.clock, traits), BigCommerceHooks(shop.client))


KIT = ShopKit(TRANSPORT, build, traits_of)
