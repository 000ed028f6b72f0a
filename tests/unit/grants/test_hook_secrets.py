"""One secret per shop: made once, remembered for minutes, never shown."""

from datetime import timedelta
from itertools import count

import pytest

from tests.fakes.clock import FakeClock
from tests.fakes.people import place
from tests.unit.grants.fakes import FakeSecretStore
from tillbridge.domain.merchant import System
from tillbridge.grants.hook_secrets import REMEMBERED_FOR, HookSecrets, new_hook_secret
from tillbridge.grants.secret_store import VersionTakenError

pytestmark = pytest.mark.unit
NAME = "tillbridge/prod/hook/woocommerce/m1/c1"
SHOP, OTHER = (place(name, system=System.WOOCOMMERCE) for name in ("c1", "c2"))


class Fixture:
    def __init__(self) -> None:
        self.store, self.clock, numbers = FakeSecretStore(), FakeClock(), count(1)
        self.draw = lambda: f"secret-{next(numbers)}"

    def secrets(self) -> HookSecrets:
        return HookSecrets(self.store, self.clock, "tillbridge/prod/", self.draw)


@pytest.fixture
def there() -> Fixture:
    return Fixture()


def test_a_secret_stands_under_its_connections_name(there: Fixture) -> None:
    assert there.secrets().make(SHOP).reveal() == "secret-1"
    assert there.store.versions == {NAME: {1: "secret-1"}}


def test_the_first_of_two_makers_counts(there: Fixture) -> None:
    first, second = there.secrets(), there.secrets()
    assert [one.make(SHOP).reveal() for one in (first, second)] == ["secret-1", "secret-1"]
    assert there.secrets().find(SHOP) == first.find(SHOP)


def test_a_secret_that_was_made_and_deleted_meanwhile_is_made_again(there: Fixture) -> None:
    there.store.fail.append(VersionTakenError())
    assert there.secrets().make(SHOP).reveal() == "secret-2"
    assert there.store.versions == {NAME: {1: "secret-2"}}


def test_connections_have_secrets_of_their_own(there: Fixture) -> None:  # invariant 5
    secrets = there.secrets()
    assert secrets.make(SHOP) != secrets.make(OTHER)


def test_a_secret_is_read_once_in_five_minutes(there: Fixture) -> None:
    there.secrets().make(SHOP)
    reader = there.secrets()
    for _ in range(3):
        assert reader.find(SHOP)
    assert there.store.reads == 1
    there.clock.time += REMEMBERED_FOR
    assert reader.find(SHOP)
    assert there.store.reads == 2
    assert timedelta(minutes=1) <= REMEMBERED_FOR <= timedelta(minutes=10)


def test_that_there_is_none_is_not_remembered(there: Fixture) -> None:
    reader = there.secrets()
    assert reader.find(SHOP) is None
    there.secrets().make(SHOP)
    assert reader.find(SHOP)


def test_a_deleted_secret_is_forgotten_and_a_new_one_differs(there: Fixture) -> None:
    secrets = there.secrets()
    old = secrets.make(SHOP)
    secrets.delete(SHOP)
    assert secrets.find(SHOP) is None
    assert secrets.make(SHOP) != old


def test_secrets_are_long_random_and_never_shown(there: Fixture) -> None:  # invariant 5
    drawn = {new_hook_secret() for _ in range(100)}
    assert len(drawn) == 100
    assert min(map(len, drawn)) >= 43
    secrets = there.secrets()
    assert "secret-1" not in repr((secrets.make(SHOP), secrets._known))
