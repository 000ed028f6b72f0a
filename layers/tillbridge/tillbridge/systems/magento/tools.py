"""What the parts that speak with one shop share."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from tillbridge.systems.common.sending import Sender
from tillbridge.systems.http.clock import Clock
from tillbridge.systems.magento.api.bulk import Bulks
from tillbridge.systems.magento.api.catalogue import Catalogue
from tillbridge.systems.magento.api.client import MagentoClient
from tillbridge.systems.magento.api.limits import RowLimit
from tillbridge.systems.magento.products.seen import Reader
from tillbridge.systems.magento.products.terms import Terms
from tillbridge.systems.magento.traits import Traits
from tillbridge.systems.shop import Vocabulary


@dataclass(frozen=True, slots=True)
class Tools:
    """One shop's client and readers, and how many rows its calls take. ``gallery`` fetches the till's pictures."""

    client: MagentoClient
    gallery: Sender
    catalogue: Catalogue
    terms: Terms
    reader: Reader
    vocabulary: Vocabulary
    clock: Clock
    traits: Traits
    stock: RowLimit
    prices: RowLimit
    bulks: Bulks

    @classmethod
    def of(
        cls,
        client: MagentoClient,
        gallery: Sender,
        vocabulary: Vocabulary,
        clock: Clock,
        traits: Traits,
        told: Callable[[str], None],
    ) -> Self:
        """Lay them out; ``told`` hears of what the operator has to know."""
        terms = Terms(client, vocabulary)
        return cls(
            client=client,
            gallery=gallery,
            catalogue=Catalogue(client),
            terms=terms,
            reader=Reader(terms),
            vocabulary=vocabulary,
            clock=clock,
            traits=traits,
            stock=RowLimit(vocabulary, "stock"),
            prices=RowLimit(vocabulary, "prices"),
            bulks=Bulks(client, vocabulary, clock, wanted=traits.bulk, told=told),
        )
