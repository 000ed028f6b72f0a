"""Keep a shop's web hooks alive (facts/shopify.md, section 4). What they bring is read in ``deliveries``.

A hook is a hint that something changed. Deliveries come late, twice or never, so that polling goes on beside them. They
are signed with the app's own secret; after eight failures in a row Shopify deletes a subscription.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from tillbridge.domain.grant import Secret
from tillbridge.systems.common.hooks import EnsuredHooks, path_of
from tillbridge.systems.common.subjects import thing
from tillbridge.systems.shopify.api.client import ShopifyClient
from tillbridge.systems.shopify.api.documents.shop import ADD_HOOK, HOOKS, REMOVE_HOOK
from tillbridge.systems.shopify.api.rejections import rejection, tells_gone
from tillbridge.systems.shopify.api.wire import HookRow, Nodes
from tillbridge.systems.shopify.deliveries import TOPICS

PAGE = 250


@dataclass(frozen=True, slots=True)
class ShopifyHooks:
    """The web hooks of one shop, as the flows see them (``flows.keep_hooks.ShopHooks``)."""

    client: ShopifyClient

    def ensure(self, delivery_url: str, secret: Secret, *, anew: bool) -> EnsuredHooks:
        """Make sure that one hook per topic delivers to this address; what signs them is the app's secret, not ours."""
        del secret, anew
        rows = list(self._ours(delivery_url))
        kept = {row.topic: row for row in reversed(rows) if row.uri == delivery_url and row.topic in TOPICS.values()}
        missing = [topic for topic in TOPICS.values() if topic not in kept]
        for topic in missing:
            self._add(topic, delivery_url)
        extra = [row for row in rows if kept.get(row.topic) is not row]
        for row in extra:
            self._remove(row)
        return EnsuredHooks(created=tuple(missing), removed=tuple(row.topic for row in extra))

    def remove(self, delivery_url: str) -> int:
        """Delete every hook of ours; returns how many there were."""
        rows = list(self._ours(delivery_url))
        for row in rows:
            self._remove(row)
        return len(rows)

    def _ours(self, delivery_url: str) -> Iterator[HookRow]:
        """Find the hooks of this connection: its own path stands in the address, whatever host it was reached at."""
        for page in self.client.pages(HOOKS, Nodes[HookRow], "webhookSubscriptions", size=PAGE):
            yield from (row for row in page.nodes if path_of(row.uri) == path_of(delivery_url))

    def _add(self, topic: str, delivery_url: str) -> None:
        """Add one. After doubt it is not repeated: the next look finds whether it came to be."""
        hook = {"uri": delivery_url, "format": "JSON"}
        said = self.client.change(ADD_HOOK, "webhookSubscriptionCreate", topic=topic, hook=hook)
        for error in said.errors:
            raise rejection(error, thing(self.client.subject, f"web hook {topic}"))

    def _remove(self, row: HookRow) -> None:
        said = self.client.change(REMOVE_HOOK, "webhookSubscriptionDelete", safe_to_repeat=True, id=row.id)
        for error in said.errors:
            if not tells_gone(error):
                raise rejection(error, thing(self.client.subject, f"web hook {row.topic}"))
