"""Makes the keeper of a shop's web hooks out of the container's parts."""

from functools import partial
from typing import TYPE_CHECKING

from tillbridge.domain.errors import TillbridgeError
from tillbridge.domain.merchant import Connection
from tillbridge.flows.keep_hooks import HookKeeper, ShopHooks, Upkeep
from tillbridge.grants.hook_secrets import HookSecrets
from tillbridge.runtime import observe

if TYPE_CHECKING:
    from tillbridge.runtime.container import Container


def hook_keeper(parts: "Container", connection: Connection) -> HookKeeper:
    """Make the keeper of one shop's hooks; its keys are read when the hooks are looked at."""
    secrets = HookSecrets.of(parts.credentials.secrets, parts.clock, parts.settings.secret_prefix)
    return HookKeeper(
        connection=connection,
        public_url=parts.settings.public_url,
        hooks=partial(shop_hooks, parts, connection),
        secrets=secrets,
        connections=parts.connections,
        cursors=parts.cursors,
        lanes=parts.lanes,
        clock=parts.clock,
    )


def shop_hooks(parts: "Container", connection: Connection) -> ShopHooks:
    """Give the hooks of a shop."""
    from tillbridge.systems.woocommerce.hooks import WooCommerceHooks  # noqa: PLC0415  only shops' functions pay for it
    from tillbridge.systems.woocommerce.shop import WooCommerceShop  # noqa: PLC0415

    shop = parts.systems.shop(connection)
    if isinstance(shop, WooCommerceShop):
        return WooCommerceHooks(shop.client)
    raise TillbridgeError(f"{connection.system.value} has no web hooks.", remedy="This is a defect; report it.")


def counted(upkeep: Upkeep, connection: Connection) -> None:
    """Count and log what came of a look at the hooks."""
    if upkeep.mended:
        observe.count("HooksMended")
    if upkeep.problem:
        observe.count("HooksFailing")
        observe.trouble(upkeep.problem, connection)
