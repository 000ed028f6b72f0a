"""When hooks are looked at, and what becomes of trouble."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from tests.fakes.stores import FakeConnections, FakeCursors
from tests.fakes.world import SHOP, World
from tillbridge.domain.errors import (
    GarbledAnswerError,
    InputError,
    ItemRejectedError,
    MissingRightError,
    SystemDownError,
    TillbridgeError,
    UnauthorisedError,
)
from tillbridge.domain.grant import HookSecret, Secret
from tillbridge.domain.merchant import ConnectionState, Lane, Place
from tillbridge.flows.keep_hooks import TRAIT, Ensured, HookKeeper, Upkeep, drop_hooks, keep_hooks
from tillbridge.flows.take_hook import GENERATION

pytestmark = pytest.mark.unit
URL = "https://tillbridge.example/hooks/woocommerce/shop"


@dataclass(frozen=True)
class Done:
    missed: bool = False


@dataclass
class FakeHooks:
    """A shop's hooks, as far as the flow sees them."""

    missed: bool = False
    fail: Exception | None = None
    calls: list[tuple[str, str, bool]] = field(default_factory=list)

    def ensure(self, delivery_url: str, secret: Secret, *, anew: bool) -> Ensured:
        self.calls.append((delivery_url, secret.reveal(), anew))
        if self.fail:
            raise self.fail
        return Done(self.missed)

    def remove(self, delivery_url: str) -> int:
        self.calls.append((delivery_url, "", False))
        if self.fail:
            raise self.fail
        return 4


@dataclass
class FakeSecrets:
    generation: str = "g1"
    forgotten: list[Place] = field(default_factory=list)

    def current(self, of: Place) -> HookSecret:
        return HookSecret(self.generation, Secret(f"{self.generation} of {of.connection_id}"))

    def forget_own(self, of: Place) -> None:
        self.forgotten.append(of)


@dataclass
class Scene:
    world: World = field(default_factory=World)
    hooks: FakeHooks = field(default_factory=FakeHooks)
    secrets: FakeSecrets = field(default_factory=FakeSecrets)

    def keeper(self) -> HookKeeper:
        return HookKeeper(
            connection=self.world.memory.connections[SHOP],
            public_url="https://tillbridge.example",
            hooks=lambda: self.hooks,
            secrets=self.secrets,
            connections=FakeConnections(self.world.memory, self.world.crash),
            cursors=FakeCursors(self.world.memory),
            lanes=self.world.lanes,
            clock=self.world.clock,
        )

    def trait(self) -> str:
        return self.world.memory.connections[SHOP].traits[TRAIT]


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_the_first_look_gives_every_hook_the_secret_and_notes_its_generation(scene: Scene) -> None:
    assert keep_hooks(scene.keeper()) == Upkeep(looked=True)
    assert scene.hooks.calls == [(URL, f"g1 of {SHOP}", True)]
    assert scene.world.memory.connections[SHOP].traits[GENERATION] == "g1"


def test_a_later_look_gives_the_secret_to_new_hooks_only(scene: Scene) -> None:
    for _ in range(2):
        keep_hooks(scene.keeper(), at_once=True)
    assert [anew for _, _, anew in scene.hooks.calls] == [True, False]


def test_a_new_root_is_carried_to_every_hook_once(scene: Scene) -> None:
    keep_hooks(scene.keeper())
    scene.secrets.generation = "g2"
    for _ in range(2):
        keep_hooks(scene.keeper(), at_once=True)
    assert [(secret[:2], anew) for _, secret, anew in scene.hooks.calls] == [("g1", True), ("g2", True), ("g2", False)]
    assert scene.world.memory.connections[SHOP].traits[GENERATION] == "g2"


def test_a_secret_of_its_own_goes_when_the_hooks_have_moved_and_not_before(scene: Scene) -> None:
    scene.hooks.fail = SystemDownError("Down.")
    keep_hooks(scene.keeper(), at_once=True)
    assert scene.secrets.forgotten == []
    assert GENERATION not in scene.world.memory.connections[SHOP].traits
    scene.hooks.fail = None
    for _ in range(2):
        keep_hooks(scene.keeper(), at_once=True)
    assert scene.secrets.forgotten == [scene.keeper().connection.place]
    assert [anew for _, _, anew in scene.hooks.calls] == [True, True, False]


@pytest.mark.parametrize(("fail", "pause"), [(None, timedelta(days=1)), (SystemDownError("Down."), timedelta(hours=1))])
def test_looks_are_a_day_apart_and_an_hour_after_trouble(
    scene: Scene, fail: Exception | None, pause: timedelta
) -> None:
    scene.hooks.fail = fail
    assert keep_hooks(scene.keeper()).looked
    scene.world.clock.time += pause - timedelta(seconds=1)
    assert not keep_hooks(scene.keeper()).looked
    scene.world.clock.time += timedelta(seconds=1)
    assert keep_hooks(scene.keeper()).looked


def test_whoever_may_have_missed_orders_looks_for_them(scene: Scene) -> None:  # invariant 4
    keep_hooks(scene.keeper())
    assert scene.world.lanes.woken == []
    scene.hooks.missed = True
    assert keep_hooks(scene.keeper(), at_once=True).mended
    assert scene.world.lanes.woken == [(SHOP, Lane.STOCK, "orders")]


@pytest.mark.parametrize(
    "problem",
    [
        ItemRejectedError("The shop refused it."),
        SystemDownError("It is down."),
        GarbledAnswerError("It is no JSON."),
        UnauthorisedError("The shop does not know the key."),
        MissingRightError("The user may not."),
        InputError("url", "It is wrong.", remedy="Mend it."),
    ],
)
def test_no_trouble_of_the_shop_is_raised(scene: Scene, problem: TillbridgeError) -> None:
    scene.hooks.fail = problem
    assert keep_hooks(scene.keeper()) == Upkeep(looked=True, problem=problem)
    assert scene.trait() == f"{problem.happened} Orders are found by polling meanwhile."
    assert scene.world.memory.connections[SHOP].state is ConnectionState.ACTIVE
    scene.hooks.fail = None
    keep_hooks(scene.keeper(), at_once=True)
    assert scene.trait() == "working"


def test_a_defect_is_raised(scene: Scene) -> None:
    scene.hooks.fail = ZeroDivisionError()
    with pytest.raises(ZeroDivisionError):
        keep_hooks(scene.keeper())


def test_the_state_is_noted_on_the_connection_as_it_is_by_now(scene: Scene) -> None:
    keeper = scene.keeper()
    now = replace(keeper.connection, state=ConnectionState.TROUBLED, traits={"version": "10.0.2"})
    scene.world.memory.connections[SHOP] = now
    keep_hooks(keeper)
    assert scene.world.memory.connections[SHOP] == replace(
        now, traits={"version": "10.0.2", TRAIT: "working", GENERATION: "g1"}
    )


def test_a_connection_that_has_ended_meanwhile_stays_as_it_is(scene: Scene) -> None:
    keeper = scene.keeper()
    ended = replace(keeper.connection, state=ConnectionState.DISCONNECTED)
    scene.world.memory.connections[SHOP] = ended
    keep_hooks(keeper)
    assert scene.world.memory.connections[SHOP] == ended


def test_an_unchanged_state_is_not_written_again(scene: Scene) -> None:
    for _ in range(2):
        keep_hooks(scene.keeper(), at_once=True)
    assert scene.world.crash.steps.count("after connection") == 1


@pytest.mark.parametrize("problem", [None, SystemDownError("It is down."), UnauthorisedError("No.")])
def test_dropping_hooks_always_drops_a_secret_of_its_own(scene: Scene, problem: TillbridgeError | None) -> None:
    scene.hooks.fail = problem
    assert drop_hooks(scene.keeper()) is problem
    assert scene.secrets.forgotten == [scene.keeper().connection.place]
    assert scene.hooks.calls == [(URL, "", False)]


def test_a_shop_whose_keys_are_gone_is_dropped_too(scene: Scene) -> None:
    problem = UnauthorisedError("The vault holds nothing.")

    def gone() -> FakeHooks:
        raise problem

    assert drop_hooks(replace(scene.keeper(), hooks=gone)) is problem
    assert scene.secrets.forgotten == [scene.keeper().connection.place]
