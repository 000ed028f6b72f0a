"""Where a shop keeps its stock, and where shoppers look (facts/shopify.md, sections 6 and 7)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tillbridge.domain.errors import MisconfiguredSystemError, Subject
from tillbridge.systems.common.wire import parsed
from tillbridge.systems.shopify.api.client import ShopifyClient
from tillbridge.systems.shopify.api.documents.shop import PREMISES
from tillbridge.systems.shopify.api.wire import LocationRow, Nodes, PublicationRow

ONLINE_STORE = "online store"
"""How the channel's catalogue calls itself, among other words; the channel's own name is deprecated."""


@dataclass(frozen=True, slots=True)
class Premises:
    """``place`` takes figures that name none. ``channel`` is the Online Store, or the shop's first channel."""

    place: str
    channel: str
    places: Mapping[str, str] = field(default_factory=dict)
    other_stocked: tuple[str, ...] = ()
    online_store: bool = True


def read_premises(client: ShopifyClient) -> Premises:
    """Ask the shop; ``MisconfiguredSystemError`` when it has no location or no channel."""
    data = client.ask_all(PREMISES)
    locations = parsed(Nodes[LocationRow], data.get("locations"), client.subject, "The list of locations").nodes
    publications = parsed(Nodes[PublicationRow], data.get("publications"), client.subject, "The list of channels").nodes
    own = [row for row in locations if row.is_active and not row.is_fulfillment_service]
    chosen = min(own, key=lambda row: (not row.fulfills_online_orders, int(row.id)), default=None)
    channel = _online_store(publications)
    if chosen is None:
        raise _nothing("location", "Settings > Locations", client.subject)
    if not publications:
        raise _nothing("sales channel", "Settings > Apps and sales channels", client.subject)
    return Premises(
        place=chosen.id,
        channel=(channel or publications[0]).id,
        places={row.id: row.name for row in own},
        other_stocked=tuple(row.name for row in own if row is not chosen and row.has_active_inventory),
        online_store=channel is not None,
    )


def _online_store(rows: Sequence[PublicationRow]) -> PublicationRow | None:
    return next((row for row in rows if row.catalog and ONLINE_STORE in row.catalog.title.casefold()), None)


def _nothing(what: str, where: str, subject: Subject) -> MisconfiguredSystemError:
    return MisconfiguredSystemError(
        f"The shop has no {what} of its own.",
        remedy=f"Add one in Shopify under {where}.",
        code="NoPremises",
        subject=subject,
    )
