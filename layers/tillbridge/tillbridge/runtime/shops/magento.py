"""Makes Magento shops, which have no web hooks."""

from datetime import datetime

from tillbridge.runtime.shops.kit import Built, Fittings, ShopKit
from tillbridge.systems.magento.api.bulk import why_off
from tillbridge.systems.magento.api.signing import IntegrationSecrets
from tillbridge.systems.magento.desk.desk import MagentoOrderDesk
from tillbridge.systems.magento.diagnosis import without_bulks
from tillbridge.systems.magento.shop import TRANSPORT, MagentoShop
from tillbridge.systems.magento.traits import Traits
from tillbridge.systems.shop import ShopProfile, Vocabulary


def build(fittings: Fittings) -> Built:
    """Make the shop at an address."""
    keys = fittings.keys()
    secrets = IntegrationSecrets(
        keys.reveal("consumer_key"),
        keys.reveal("consumer_secret"),
        keys.reveal("access_token"),
        keys.reveal("access_secret"),
    )
    shop = MagentoShop(
        fittings.http,
        fittings.gallery,
        fittings.address,
        secrets,
        fittings.vocabulary,
        clock=fittings.clock,
        traits=Traits.read(fittings.traits),
        told=fittings.told,
    )
    return Built(shop, MagentoOrderDesk(shop.client, fittings.clock))


def traits_of(profile: ShopProfile) -> dict[str, str]:
    """Write a profile as a connection's traits."""
    return {
        "name": profile.name,
        "version": profile.version,
        "currency": profile.currency,
        "prices_include_tax": "yes" if profile.prices_include_tax else "no",
        "price_decimals": str(profile.price_decimals),
        "time_zone": profile.time_zone,
        "tax_classes": "\n".join(profile.tax_classes),
        **profile.details,
    }


def note(vocabulary: Vocabulary, now: datetime) -> str:
    """Say why bulks are not used although the merchant wants them."""
    return " ".join(without_bulks(why_off(vocabulary, now)))


KIT = ShopKit(TRANSPORT, build, traits_of, note)
