"""Makes the keeper of a shop's web hooks out of the container's parts."""

from functools import partial
from typing import TYPE_CHECKING

from tillbridge.domain.errors import TillbridgeError
from tillbridge.domain.merchant import Connection
from tillbridge.flows.keep_hooks import HookKeeper, ShopHooks, Upkeep, drop_hooks, keep_hooks
from tillbridge.flows.keep_hooks import HookSecrets as KeptSecrets
from tillbridge.grants.hook_secrets import HookSecrets
from tillbridge.runtime import observe
from tillbridge.runtime.app_signed import SIGNED_BY_APP, AppSigned
from tillbridge.runtime.hook_readers import READERS

if TYPE_CHECKING:
    from tillbridge.runtime.container import Container


def look_after_hooks(parts: "Container", connection: Connection, *, at_once: bool) -> None:
    """Keep a shop's hooks alive, if its system has any."""
    if connection.system in READERS:
        counted(keep_hooks(hook_keeper(parts, connection), at_once=at_once), connection)


def take_hooks_away(parts: "Container", connection: Connection) -> None:
    """Delete a shop's hooks, if its system has any; to be called while its keys are still there."""
    if connection.system in READERS and (problem := drop_hooks(hook_keeper(parts, connection))):
        observe.trouble(problem, connection)


def hook_keeper(parts: "Container", connection: Connection) -> HookKeeper:
    """Make the keeper of one shop's hooks; its keys are read when the hooks are looked at."""
    return HookKeeper(
        connection=connection,
        public_url=parts.settings.public_url,
        hooks=partial(shop_hooks, parts, connection),
        secrets=_secrets(parts, connection),
        connections=parts.connections,
        cursors=parts.cursors,
        lanes=parts.lanes,
        clock=parts.clock,
    )


def shop_hooks(parts: "Container", connection: Connection) -> ShopHooks:
    """Give the hooks of a shop."""
    if hooks := parts.systems.built(connection).hooks:
        return hooks
    raise TillbridgeError(f"{connection.system.value} has no web hooks.", remedy="This is a defect; report it.")


def _secrets(parts: "Container", connection: Connection) -> KeptSecrets:
    if connection.system in SIGNED_BY_APP:
        return AppSigned()
    return HookSecrets.of(parts.credentials.secrets, parts.clock, parts.settings.secret_prefix)


def counted(upkeep: Upkeep, connection: Connection) -> None:
    """Count and log what came of a look at the hooks."""
    if upkeep.mended:
        observe.count("HooksMended")
    if upkeep.problem:
        observe.count("HooksFailing")
        observe.trouble(upkeep.problem, connection)
