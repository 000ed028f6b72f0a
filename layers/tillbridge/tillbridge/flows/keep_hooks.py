"""Keep a shop's web hooks alive, and take them away when it is disconnected.

Hooks make a sale in the shop known within seconds; polling finds it anyway. So nothing that goes wrong here stops the
sync: it is told, kept with the connection, and tried again after a while.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Protocol

from tillbridge.domain.errors import TillbridgeError
from tillbridge.domain.grant import HookSecret, Secret
from tillbridge.domain.merchant import Connection, Lane, Place
from tillbridge.domain.work import Cursor
from tillbridge.flows.ports import Clock, Connections, Cursors, Lanes
from tillbridge.flows.take_hook import GENERATION

HOOKS = "hooks"
TRAIT = "web_hooks"
WORKING = "working"
DAILY = timedelta(days=1)
AFTER_TROUBLE = timedelta(hours=1)


class Ensured(Protocol):
    """What had to be done to a shop's hooks."""

    @property
    def missed(self) -> bool:
        """Tell whether deliveries may have been lost."""
        ...


class ShopHooks(Protocol):
    """The web hooks of one shop."""

    def ensure(self, delivery_url: str, secret: Secret, *, anew: bool) -> Ensured:
        """Make sure that active hooks deliver to this address; ``anew``: every one has to get this secret."""
        ...

    def remove(self, delivery_url: str) -> int:
        """Delete every hook of ours; returns how many there were."""
        ...


class HookSecrets(Protocol):
    """What shops sign their hooks with."""

    def current(self, place: Place) -> HookSecret:
        """Give what the hooks of a connection should have from now on."""
        ...

    def forget_own(self, place: Place) -> None:
        """Delete the secret that a connection had for itself, if it had one."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class HookKeeper:
    """One shop's hooks and what is needed to keep them. ``public_url`` is where shops reach us."""

    connection: Connection
    public_url: str
    hooks: Callable[[], ShopHooks]  # made when needed: the keys of a shop may be gone
    secrets: HookSecrets
    connections: Connections
    cursors: Cursors
    lanes: Lanes
    clock: Clock

    @property
    def delivery_url(self) -> str:
        """Where this shop's hooks deliver to."""
        return f"{self.public_url}/hooks/{self.connection.system.value}/{self.connection.connection_id}"


@dataclass(frozen=True, slots=True)
class Upkeep:
    """What came of a look at the hooks: nothing to do yet, all well, mended, or a problem that was noted."""

    looked: bool = False
    mended: bool = False
    problem: TillbridgeError | None = None


def keep_hooks(keeper: HookKeeper, *, at_once: bool = False) -> Upkeep:
    """Look after the hooks when a day has passed, an hour after trouble, or ``at_once``.

    Whatever the shop says becomes part of the answer; only trouble of our own cloud is raised.
    """
    if not (at_once or _due(keeper)):
        return Upkeep()
    try:
        given, mended = _ensure(keeper)
    except TillbridgeError as problem:
        _note(keeper, {TRAIT: f"{problem.happened} Orders are found by polling meanwhile."}, AFTER_TROUBLE)
        return Upkeep(looked=True, problem=problem)
    _note(keeper, {TRAIT: WORKING, GENERATION: given}, DAILY)
    return Upkeep(looked=True, mended=mended)


def drop_hooks(keeper: HookKeeper) -> TillbridgeError | None:
    """Delete the hooks at the shop, as far as it lets us, and a secret of its own in any case; returns what went wrong.

    To be called while the shop's keys are still there. A hook that stays is refused at our door, and the shop switches
    it off after a few failures.
    """
    try:
        keeper.hooks().remove(keeper.delivery_url)
    except TillbridgeError as problem:
        return problem
    finally:
        keeper.secrets.forget_own(keeper.connection.place)
    return None


def _due(keeper: HookKeeper) -> bool:
    cursor = keeper.cursors.get(keeper.connection.connection_id, HOOKS)
    return cursor is None or cursor.since <= keeper.clock.now()


def _ensure(keeper: HookKeeper) -> tuple[str, bool]:
    """Ensure the hooks with the newest secret, and catch up when deliveries may have been lost.

    Every hook gets it when the last that they were surely given is of another generation, or was the shop's own. Tells
    the generation, to be noted afterwards: our door takes what is newer than the note, and nothing that is older.
    """
    connection = keeper.connection
    current = keeper.secrets.current(connection.place)
    given = connection.traits.get(GENERATION)
    missed = keeper.hooks().ensure(keeper.delivery_url, current.secret, anew=given != current.generation).missed
    if given is None:
        keeper.secrets.forget_own(connection.place)
    if missed:
        keeper.lanes.wake(connection, Lane.STOCK, "orders")
    return current.generation, missed


def _note(keeper: HookKeeper, traits: Mapping[str, str], pause: timedelta) -> None:
    """Note when to look again, and with the connection, as it is by now, how its hooks are."""
    shop = keeper.connection
    keeper.cursors.put(shop.connection_id, HOOKS, Cursor(keeper.clock.now() + pause))
    for newest in keeper.connections.of_merchant(shop.merchant_id):
        if newest.connection_id == shop.connection_id and not traits.items() <= newest.traits.items():
            keeper.connections.save(replace(newest, traits={**newest.traits, **traits}))
