"""What the parts that speak with one shop share."""

from dataclasses import dataclass, field

from tillbridge.systems.http.clock import Clock
from tillbridge.systems.shop import Vocabulary
from tillbridge.systems.shopify.api.client import ShopifyClient
from tillbridge.systems.shopify.api.ids import LOCATION, gid
from tillbridge.systems.shopify.bulk.lines import BULK_FROM
from tillbridge.systems.shopify.premises import Premises, read_premises
from tillbridge.systems.shopify.traits import Traits
from tillbridge.systems.shopify.whereabouts import Whereabouts


@dataclass(slots=True)
class Tools:
    """One shop's client, what is remembered of it, and its premises once they are asked for.

    So many new products as ``bulk_from`` go by a bulk operation.
    """

    client: ShopifyClient
    vocabulary: Vocabulary
    clock: Clock
    traits: Traits
    bulk_from: int = BULK_FROM
    whereabouts: Whereabouts = field(init=False)
    _premises: Premises | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        """Set up what is remembered."""
        self.whereabouts = Whereabouts(self.vocabulary)
        if self.traits.place and self.traits.channel:
            self._premises = Premises(self.traits.place, self.traits.channel)

    @property
    def premises(self) -> Premises:
        """Where stock goes and shoppers look; asked for when no check told it."""
        if self._premises is None:
            self._premises = read_premises(self.client)
        return self._premises

    @property
    def place(self) -> str:
        """The global id of the place where figures go that name none."""
        return gid(LOCATION, self.premises.place)

    @property
    def channel(self) -> str:
        """The global id of the publication that shoppers look at."""
        return gid("Publication", self.premises.channel)
