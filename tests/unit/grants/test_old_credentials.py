"""Credentials of an old kind in the vault, beside the new ones; and secrets of merchants who are being brought in."""

from datetime import timedelta

import pytest

from tests.fakes.clock import NOON, FakeClock
from tests.fakes.people import place
from tests.unit.grants.fakes import FakeSecretStore
from tillbridge.domain.errors import BrokenConnectionError, NotFoundError
from tillbridge.domain.grant import Secret, TokenPair
from tillbridge.domain.shop_keys import BroughtSecrets, ShopKeys
from tillbridge.grants.pending import PendingBox
from tillbridge.grants.stored import StoredBrought
from tillbridge.grants.vault import Vault

PAIR = TokenPair(Secret("access"), Secret("refresh"), NOON, NOON + timedelta(hours=1))


@pytest.fixture
def store() -> FakeSecretStore:
    return FakeSecretStore()


def vault(store: FakeSecretStore) -> Vault:
    return Vault(store, FakeClock(), "t/")


def test_both_kinds_stand_side_by_side(store: FakeSecretStore) -> None:  # invariant 3
    vault(store).keep_old(place(), Secret("key-1"))
    vault(store).replace_tokens(place(), PAIR)
    assert vault(store).old(place()) == Secret("key-1")
    assert vault(store).tokens(place()).pair == PAIR
    assert set(store.versions) == {"t/connection/lightspeed/m1/c1", "t/connection/lightspeed/m1/c1/old"}


def test_writing_the_same_again_writes_nothing(store: FakeSecretStore) -> None:  # invariant 8
    for _ in range(2):
        vault(store).keep_old(place(), Secret("key-1"))
    assert len(store.versions["t/connection/lightspeed/m1/c1/old"]) == 1
    vault(store).keep_old(place(), Secret("key-2"))
    assert vault(store).old(place()) == Secret("key-2")


def test_it_is_read_from_memory_for_a_minute_but_its_absence_is_not(store: FakeSecretStore) -> None:
    kept = vault(store)
    assert kept.old(place()) is None
    kept.keep_old(place(), Secret("key-1"))
    kept.old(place())
    reads = store.reads
    assert kept.old(place()) == Secret("key-1")
    assert store.reads == reads


def test_destroying_it_leaves_the_new_one_and_nothing_of_the_old(store: FakeSecretStore) -> None:  # invariant 5
    kept = vault(store)
    kept.keep_old(place(), Secret("key-1"))
    kept.replace_tokens(place(), PAIR)
    kept.destroy_old(place())
    kept.destroy_old(place())
    assert (kept.old(place()), kept.tokens(place()).pair) == (None, PAIR)
    assert "key-1" not in repr(store.versions)


def test_disconnecting_deletes_both(store: FakeSecretStore) -> None:  # invariant 5
    kept = vault(store)
    kept.keep_old(place(), Secret("key-1"))
    kept.replace_tokens(place(), PAIR)
    kept.delete(place())
    assert store.versions == {}


def test_a_secret_that_was_edited_by_hand_is_told_without_showing_it(store: FakeSecretStore) -> None:  # invariant 5
    store.write("t/connection/lightspeed/m1/c1/old", '{"kind": "old", "version": 1, "token": "key-1"}', 1)
    with pytest.raises(BrokenConnectionError) as caught:
        vault(store).old(place())
    assert "key-1" not in f"{caught.value}{caught.value.__cause__}"


@pytest.mark.parametrize("keys", [None, ShopKeys.woocommerce(Secret("ck"), Secret("cs"))])
def test_brought_secrets_can_be_looked_at_until_they_are_deleted(store: FakeSecretStore, keys: ShopKeys | None) -> None:
    brought = BroughtSecrets(Secret("key-1"), keys)
    store.write("t/pending/nonce", StoredBrought.of(brought).model_dump_json(), 1)
    box = PendingBox(store, "t/")
    assert box.look("nonce") == box.look("nonce") == brought
    with pytest.raises(NotFoundError):
        box.look("other")
