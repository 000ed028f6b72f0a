"""What the parts that write products share."""

from dataclasses import dataclass
from typing import Self

from tillbridge.systems.common.first_look import FirstLook
from tillbridge.systems.http.clock import Clock
from tillbridge.systems.woocommerce.api.batches import BatchSize, Carrier, Sizes
from tillbridge.systems.woocommerce.api.catalogue import Catalogue
from tillbridge.systems.woocommerce.api.client import WooClient
from tillbridge.systems.woocommerce.products.terms import Terms

FIRST_PICTURES = 10
"""Listings whose pictures go into one call at first: the shop downloads and scales each picture meanwhile."""


@dataclass(frozen=True, slots=True)
class Tools:
    """One shop's client and readers, and the sizes of its batches."""

    client: WooClient
    catalogue: Catalogue
    terms: Terms
    carrier: Carrier
    clock: Clock
    products: BatchSize
    variations: BatchSize
    pictures: BatchSize
    stock: BatchSize

    @classmethod
    def of(cls, client: WooClient, terms: Terms, sizes: Sizes, clock: Clock) -> Self:
        """Lay them out."""
        catalogue = Catalogue(client)
        return cls(
            client=client,
            catalogue=catalogue,
            terms=terms,
            carrier=Carrier(clock, catalogue.count),
            clock=clock,
            products=BatchSize(sizes, "products"),
            variations=BatchSize(sizes, "variations"),
            pictures=BatchSize(sizes, "pictures", first=FIRST_PICTURES),
            stock=BatchSize(sizes, "stock"),
        )

    @property
    def first_look(self) -> FirstLook:
        """Whether the shop had any products when it was first met."""
        return FirstLook(self.terms.vocabulary, self.clock, self.catalogue.count)
