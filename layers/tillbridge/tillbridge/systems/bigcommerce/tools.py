"""What the parts of the adapter share."""

from dataclasses import dataclass
from typing import Self

from tillbridge.systems.bigcommerce.api.catalogue import Catalogue
from tillbridge.systems.bigcommerce.api.client import BigClient
from tillbridge.systems.bigcommerce.products.categories import Categories
from tillbridge.systems.bigcommerce.traits import Traits
from tillbridge.systems.common.first_look import FirstLook
from tillbridge.systems.http.clock import Clock
from tillbridge.systems.shop import Vocabulary


@dataclass(frozen=True, slots=True)
class Tools:
    """One store's client and readers, and what is remembered of it."""

    client: BigClient
    catalogue: Catalogue
    categories: Categories
    vocabulary: Vocabulary
    clock: Clock
    traits: Traits

    @classmethod
    def of(cls, client: BigClient, vocabulary: Vocabulary, clock: Clock, traits: Traits) -> Self:
        """Lay them out."""
        return cls(client, Catalogue(client), Categories(client, vocabulary), vocabulary, clock, traits)

    @property
    def first_look(self) -> FirstLook:
        """Whether the shop had any products when it was first met."""
        return FirstLook(self.vocabulary, self.clock, self.catalogue.count)
