"""One root per environment, one secret per shop made of it; shops with a secret of their own move."""

from dataclasses import replace
from itertools import count

import pytest

from tests.fakes.clock import FakeClock
from tests.fakes.people import place
from tests.unit.grants.fakes import FakeSecretStore
from tillbridge.domain.errors import TillbridgeError
from tillbridge.domain.merchant import System
from tillbridge.grants.hook_roots import REMEMBERED_FOR, SUCCEEDED_AFTER, HookRoots, new_root
from tillbridge.grants.hook_secrets import HookSecrets
from tillbridge.grants.secret_store import VersionTakenError

pytestmark = pytest.mark.unit
ROOT = "tillbridge/prod/hook-root"
OWN = "tillbridge/prod/hook/woocommerce/m1/c1"
SHOP, OTHER = (place(name, system=System.WOOCOMMERCE) for name in ("c1", "c2"))


class Fixture:
    def __init__(self) -> None:
        self.store, self.clock, numbers = FakeSecretStore(), FakeClock(), count(1)
        self.draw = lambda: f"root-{next(numbers)}-".ljust(43, "x")

    def secrets(self) -> HookSecrets:
        """Begin a process that remembers nothing."""
        roots = HookRoots(self.store, self.clock, ROOT, self.draw)
        return HookSecrets(roots, self.store, self.clock, "tillbridge/prod/")


@pytest.fixture
def there() -> Fixture:
    return Fixture()


def test_all_shops_together_cost_one_secret(there: Fixture) -> None:
    for shop in (SHOP, OTHER):
        there.secrets().current(shop)
    assert {name: list(versions) for name, versions in there.store.versions.items()} == {ROOT: [1]}


def test_every_process_makes_the_same_secret(there: Fixture) -> None:
    assert there.secrets().current(SHOP) == there.secrets().current(SHOP)


@pytest.mark.parametrize(
    "other",
    [OTHER, replace(SHOP, merchant_id="m2"), replace(SHOP, system=System.LIGHTSPEED)],
    ids=["connection", "merchant", "system"],
)
def test_shops_have_secrets_of_their_own(there: Fixture, other: object) -> None:  # invariant 5
    secrets = there.secrets()
    assert secrets.current(SHOP).secret != secrets.current(other).secret  # type: ignore[arg-type]


def test_names_that_run_into_each_other_make_different_secrets(there: Fixture) -> None:  # invariant 5
    first, second = replace(SHOP, merchant_id="a/b", connection_id="c"), replace(SHOP, connection_id="b/c")
    secrets = there.secrets()
    assert secrets.current(first).secret != secrets.current(replace(second, merchant_id="a")).secret


def test_the_first_of_two_makers_counts(there: Fixture) -> None:
    late = there.secrets()
    read, late_read = there.store.read, iter([None])
    late = replace(late, roots=replace(late.roots, store=_Late(there.store, late_read)))
    first = there.secrets().current(SHOP)
    assert late.current(SHOP) == first
    assert read(ROOT) is not None


class _Late:
    """A store of which the first answers are old."""

    def __init__(self, store: FakeSecretStore, old: object) -> None:
        self._store, self._old = store, old
        self.write, self.delete = store.write, store.delete

    def read(self, name: str) -> str | None:
        return next(self._old, self._store.read(name))  # type: ignore[call-overload, no-any-return]


def test_a_root_that_was_made_and_deleted_meanwhile_is_made_again(there: Fixture) -> None:
    there.store.fail.append(VersionTakenError())
    there.secrets().current(SHOP)
    assert "root-2-" in there.store.versions[ROOT][1]


def test_a_door_without_a_root_believes_nobody(there: Fixture) -> None:  # invariant 7
    assert there.secrets().accepted(SHOP, "") == []
    assert there.store.versions == {}


def test_the_door_knows_what_the_shop_was_given(there: Fixture) -> None:
    given = there.secrets().current(SHOP)
    assert there.secrets().accepted(SHOP, given.generation) == [given.secret]
    assert there.secrets().accepted(OTHER, given.generation) != [given.secret]


def test_a_root_is_read_once_in_a_quarter_of_an_hour_for_all_shops(there: Fixture) -> None:
    given = there.secrets().current(SHOP).generation
    door, before = there.secrets(), there.store.reads
    for shop in (SHOP, OTHER, SHOP):
        door.accepted(shop, given)
    assert there.store.reads == before + 1
    there.clock.time += REMEMBERED_FOR
    door.accepted(SHOP, given)
    assert there.store.reads == before + 2


class TestSuccession:
    """A root is a year old, or was deleted."""

    def test_a_year_later_there_is_another_and_the_old_one_counts_until_it_was_carried_over(
        self, there: Fixture
    ) -> None:
        old = there.secrets().current(SHOP)
        there.clock.time += SUCCEEDED_AFTER
        new = there.secrets().current(SHOP)
        assert new.generation != old.generation
        assert there.secrets().accepted(SHOP, old.generation) == [old.secret, new.secret]
        assert there.secrets().accepted(SHOP, new.generation) == [new.secret]  # invariant 7

    def test_a_door_that_remembers_the_old_root_learns_of_the_new_one_at_once(self, there: Fixture) -> None:
        door = there.secrets()
        door.accepted(SHOP, there.secrets().current(SHOP).generation)
        there.clock.time += SUCCEEDED_AFTER - REMEMBERED_FOR / 2
        door.accepted(SHOP, "")
        there.clock.time += REMEMBERED_FOR / 2
        new = there.secrets().current(SHOP)
        assert door.accepted(SHOP, new.generation) == [new.secret]

    def test_no_more_than_two_are_kept(self, there: Fixture) -> None:
        for _ in range(4):
            there.secrets().current(SHOP)
            there.clock.time += SUCCEEDED_AFTER
        assert len(there.secrets().roots.kept()) == 2

    def test_a_root_that_is_young_stays(self, there: Fixture) -> None:
        first = there.secrets().current(SHOP)
        there.clock.time += SUCCEEDED_AFTER / 2
        assert there.secrets().current(SHOP) == first

    def test_a_deleted_root_is_made_anew_and_the_old_one_opens_nothing(self, there: Fixture) -> None:  # invariant 7
        old = there.secrets().current(SHOP)
        there.store.delete(ROOT)
        new = there.secrets().current(SHOP)
        assert there.secrets().accepted(SHOP, old.generation) == [new.secret]


class TestAShopWithASecretOfItsOwn:
    """Connected by an earlier version."""

    @pytest.fixture
    def older(self, there: Fixture) -> Fixture:
        there.store.write(OWN, "own", 1)
        return there

    def test_it_goes_on_until_its_hooks_were_given_the_derived_one(self, older: Fixture) -> None:
        assert [one.reveal() for one in older.secrets().accepted(SHOP, "")] == ["own"]
        moved = older.secrets().current(SHOP)
        assert [one.reveal() for one in older.secrets().accepted(SHOP, "")] == ["own", moved.secret.reveal()]
        assert older.secrets().accepted(SHOP, moved.generation) == [moved.secret]

    def test_it_is_read_once_in_some_minutes(self, older: Fixture) -> None:
        older.secrets().current(SHOP)
        door, before = older.secrets(), older.store.reads
        for _ in range(3):
            door.accepted(SHOP, "")
        assert older.store.reads == before + 2  # the root, and its own

    def test_it_is_deleted_in_the_end(self, older: Fixture) -> None:
        secrets = older.secrets()
        secrets.accepted(SHOP, "")
        secrets.forget_own(SHOP)
        assert secrets.accepted(SHOP, "") == []
        assert OWN not in older.store.versions

    def test_that_it_has_none_is_not_remembered(self, there: Fixture) -> None:
        door = there.secrets()
        assert door.accepted(SHOP, "") == []
        there.store.write(OWN, "own", 1)
        assert door.accepted(SHOP, "")


@pytest.mark.parametrize("content", ["", "no json", "{}", '{"version": 1, "roots": []}'])
def test_a_root_that_somebody_wrote_by_hand_is_told_and_not_shown(there: Fixture, content: str) -> None:
    there.store.write(ROOT, content, 1)
    with pytest.raises(TillbridgeError, match=ROOT) as told:
        there.secrets().current(SHOP)
    assert told.value.code == "UnreadableHookRoot"


def test_secrets_are_long_random_and_never_shown(there: Fixture) -> None:  # invariant 5
    drawn = {new_root() for _ in range(100)}
    assert len(drawn) == 100
    assert min(map(len, drawn)) >= 43
    secrets = there.secrets()
    given = secrets.current(SHOP)
    shown = repr((given, secrets.roots.kept(), secrets.roots._known))
    assert "root-1" not in shown
    assert given.secret.reveal() not in shown
    assert len(given.secret.reveal()) == 43
    assert "root-1" not in given.generation
