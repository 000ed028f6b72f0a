"""Keep a shop's web hooks alive (facts/woocommerce.md, "Web hooks"). What they bring is read in ``deliveries``.

A hook is a hint that something changed. Deliveries come late, twice or never, so that polling goes on beside them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from tillbridge.domain.grant import Secret
from tillbridge.systems.common.hooks import EnsuredHooks, path_of
from tillbridge.systems.common.wire import parsed
from tillbridge.systems.woocommerce.api.client import WooClient
from tillbridge.systems.woocommerce.api.refusals import Refusal, RefusedError, refusal_in
from tillbridge.systems.woocommerce.api.wire import HookRow
from tillbridge.systems.woocommerce.deliveries import TOPICS


@dataclass(frozen=True, slots=True)
class WooCommerceHooks:
    """The web hooks of one shop, as the flows see them (``flows.keep_hooks.ShopHooks``)."""

    client: WooClient

    def ensure(self, delivery_url: str, secret: Secret, *, anew: bool) -> EnsuredHooks:
        """Make sure that one active hook per topic delivers to this address, signed with this secret."""
        return ensure_hooks(self.client, delivery_url, secret.reveal(), anew=anew)

    def remove(self, delivery_url: str) -> int:
        """Delete every hook of ours; returns how many there were."""
        return remove_hooks(self.client, delivery_url)


def ensure_hooks(client: WooClient, delivery_url: str, secret: str, *, anew: bool = False) -> EnsuredHooks:
    """Make sure that one active hook per topic delivers to our address, in one call when all is well and two otherwise.

    The shop switches a hook off at the seventh failure in a row. Its secret can never be read back, so that one that is
    switched on again gets ours again; ``anew`` says that ours is new and every hook has to get it. Hooks of ours that
    deliver to another address, where we were reached before, go. ``RefusedError`` when the shop refuses one.
    """
    rows = _ours(client, delivery_url)
    kept: dict[str, HookRow] = {}
    for row in sorted(rows, key=lambda row: row.status != "active"):
        if row.delivery_url == delivery_url and row.topic in TOPICS:
            kept.setdefault(row.topic, row)
    create = [_hook(topic, delivery_url, secret) for topic in TOPICS if topic not in kept]
    revive = [row for row in kept.values() if anew or row.status != "active"]
    remove = [row for row in rows if kept.get(row.topic) is not row]
    if create or revive or remove:
        update = [{"id": row.id, "status": "active", "secret": secret} for row in revive]
        _change(client, {"create": create, "update": update, "delete": [row.id for row in remove]})
    return EnsuredHooks(
        created=tuple(str(hook["topic"]) for hook in create),
        revived=tuple(row.topic for row in revive),
        removed=tuple(row.topic for row in remove),
    )


def remove_hooks(client: WooClient, delivery_url: str) -> int:
    """Delete every hook of ours for good; returns how many there were. ``RefusedError`` when the shop refuses one."""
    rows = _ours(client, delivery_url)
    if rows:
        _change(client, {"delete": [row.id for row in rows]})
    return len(rows)


def _ours(client: WooClient, delivery_url: str) -> list[HookRow]:
    """Find the hooks of this connection: its own path stands in the address, whatever host it was reached at."""
    return [
        row
        for page in client.pages("webhooks", {"status": "all", "orderby": "id", "order": "asc"})
        for row in parsed(list[HookRow], page.rows, client.subject, "The list of web hooks")
        if path_of(row.delivery_url) == path_of(delivery_url)
    ]


def _change(client: WooClient, body: Mapping[str, object]) -> None:
    """Send one batch. After doubt it is not repeated: hooks that came of it twice are removed at the next look."""
    said = client.write("POST", "webhooks/batch", body)
    parts = said.values() if isinstance(said, dict) else ()
    for result in (result for part in parts if isinstance(part, list) for result in part):
        if isinstance(result, dict) and "error" in result:
            raise RefusedError(refusal_in(result["error"]) or Refusal("unknown_error"), client.subject)


def _hook(topic: str, delivery_url: str, secret: str) -> dict[str, object]:
    return {"name": f"Tillbridge {topic}", "topic": topic, "delivery_url": delivery_url, "secret": secret}
