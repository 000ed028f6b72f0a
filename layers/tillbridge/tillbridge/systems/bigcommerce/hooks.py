"""Keep a store's web hooks alive (facts/bigcommerce.md, "Web hooks v3"). What they bring is read in ``deliveries``.

A hook is a hint that something changed. Deliveries come late, twice or never, so that polling goes on beside them. Only
the API account that made a hook sees it.
"""

from dataclasses import dataclass

from tillbridge.domain.grant import Secret
from tillbridge.systems.bigcommerce.api.client import BigClient
from tillbridge.systems.bigcommerce.api.refusals import RefusedError
from tillbridge.systems.bigcommerce.api.wire import HookRow
from tillbridge.systems.bigcommerce.deliveries import SCOPES, SECRET_HEADER
from tillbridge.systems.common.hooks import EnsuredHooks, path_of
from tillbridge.systems.common.wire import parsed

ROUTE = "v3/hooks"


@dataclass(frozen=True, slots=True)
class BigCommerceHooks:
    """The web hooks of one store, as the flows see them (``flows.keep_hooks.ShopHooks``)."""

    client: BigClient

    def ensure(self, delivery_url: str, secret: Secret, *, anew: bool) -> EnsuredHooks:
        """Make sure that one active hook per scope delivers to this address with our secret in its header."""
        return ensure_hooks(self.client, delivery_url, secret.reveal(), anew=anew)

    def remove(self, delivery_url: str) -> int:
        """Delete every hook of ours; returns how many there were."""
        return remove_hooks(self.client, delivery_url)


def ensure_hooks(client: BigClient, delivery_url: str, secret: str, *, anew: bool = False) -> EnsuredHooks:
    """Make sure that one active hook per scope delivers to our address; one call when all is well.

    ``anew`` says that the secret is new and every hook has to get it. Hooks of ours that deliver to another address,
    where we were reached before, go. ``RefusedError`` when the store refuses one.
    """
    rows = _ours(client, delivery_url)
    kept: dict[str, HookRow] = {}
    for row in sorted(rows, key=lambda row: not row.is_active):
        if row.destination == delivery_url and row.scope in SCOPES:
            kept.setdefault(row.scope, row)
    create = [scope for scope in SCOPES if scope not in kept]
    revive = [row for row in kept.values() if anew or not row.is_active or _other_secret(row, secret)]
    remove = [row for row in rows if kept.get(row.scope) is not row]
    hook = {"destination": delivery_url, "is_active": True, "headers": {SECRET_HEADER: secret}}
    for row in remove:
        _delete(client, row)
    for row in revive:
        client.write("PUT", f"{ROUTE}/{row.id}", {"scope": row.scope, **hook}, safe_to_repeat=True)
    for scope in create:
        # After doubt it is not repeated: a second one is refused, or removed at the next look.
        client.write("POST", ROUTE, {"scope": scope, **hook})
    return EnsuredHooks(tuple(create), tuple(row.scope for row in revive), tuple(row.scope for row in remove))


def remove_hooks(client: BigClient, delivery_url: str) -> int:
    """Delete every hook of ours for good; returns how many there were."""
    rows = _ours(client, delivery_url)
    for row in rows:
        _delete(client, row)
    return len(rows)


def _delete(client: BigClient, row: HookRow) -> None:
    try:
        client.write("DELETE", f"{ROUTE}/{row.id}", safe_to_repeat=True)
    except RefusedError as error:
        if not error.refusal.gone:
            raise


def _other_secret(row: HookRow, secret: str) -> bool:
    """Tell whether a hook sends another secret, where the store shows what it sends."""
    headers = {name.lower(): value for name, value in (row.headers or {}).items()}
    shown = headers.get(SECRET_HEADER.lower())
    return shown is not None and shown != secret


def _ours(client: BigClient, delivery_url: str) -> list[HookRow]:
    """Find the hooks of this connection: its own path stands in the address, whatever host it was reached at."""
    return [
        row
        for page in client.pages(ROUTE, {})
        for row in parsed(list[HookRow], page.rows, client.subject, "The list of web hooks")
        if path_of(row.destination) == path_of(delivery_url)
    ]
