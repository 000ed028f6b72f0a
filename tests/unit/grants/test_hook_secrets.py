"""One secret per shop: made once, remembered for minutes, never shown."""

from datetime import timedelta
from itertools import count

import pytest

from tests.fakes.clock import FakeClock
from tests.unit.grants.fakes import FakeSecretStore
from tillbridge.grants.hook_secrets import REMEMBERED_FOR, HookSecrets, new_hook_secret
from tillbridge.grants.secret_store import VersionTakenError

pytestmark = pytest.mark.unit
NAME = "tillbridge/prod/hook/c1"


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
    assert there.secrets().make("c1").reveal() == "secret-1"
    assert there.store.versions == {NAME: {1: "secret-1"}}


def test_the_first_of_two_makers_counts(there: Fixture) -> None:
    first, second = there.secrets(), there.secrets()
    assert [one.make("c1").reveal() for one in (first, second)] == ["secret-1", "secret-1"]
    assert there.secrets().find("c1") == first.find("c1")


def test_a_secret_that_was_made_and_deleted_meanwhile_is_made_again(there: Fixture) -> None:
    there.store.fail.append(VersionTakenError())
    assert there.secrets().make("c1").reveal() == "secret-2"
    assert there.store.versions == {NAME: {1: "secret-2"}}


def test_connections_have_secrets_of_their_own(there: Fixture) -> None:  # invariant 5
    secrets = there.secrets()
    assert secrets.make("c1") != secrets.make("c2")


def test_a_secret_is_read_once_in_five_minutes(there: Fixture) -> None:
    there.secrets().make("c1")
    reader = there.secrets()
    for _ in range(3):
        assert reader.find("c1")
    assert there.store.reads == 1
    there.clock.time += REMEMBERED_FOR
    assert reader.find("c1")
    assert there.store.reads == 2
    assert timedelta(minutes=1) <= REMEMBERED_FOR <= timedelta(minutes=10)


def test_that_there_is_none_is_not_remembered(there: Fixture) -> None:
    reader = there.secrets()
    assert reader.find("c1") is None
    there.secrets().make("c1")
    assert reader.find("c1")


def test_a_deleted_secret_is_forgotten_and_a_new_one_differs(there: Fixture) -> None:
    secrets = there.secrets()
    old = secrets.make("c1")
    secrets.delete("c1")
    assert secrets.find("c1") is None
    assert secrets.make("c1") != old


def test_secrets_are_long_random_and_never_shown(there: Fixture) -> None:  # invariant 5
    drawn = {new_hook_secret() for _ in range(100)}
    assert len(drawn) == 100
    assert min(map(len, drawn)) >= 43
    secrets = there.secrets()
    assert "secret-1" not in repr((secrets.make("c1"), secrets._known))
