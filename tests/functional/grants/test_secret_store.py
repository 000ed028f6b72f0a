"""The vault over Secrets Manager: versions are written once, whoever comes second is told."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial

import boto3
import pytest
from moto import mock_aws

from tests.fakes.clock import NOON, FakeClock
from tests.fakes.people import place
from tests.unit.grants.fakes import FakeSecretStore
from tillbridge.domain.errors import BrokenConnectionError, NotFoundError, RetryLaterError
from tillbridge.domain.grant import AppCredentials, Grant, Secret, TokenPair
from tillbridge.domain.merchant import System
from tillbridge.domain.shop_keys import FORMS, KeyKind, ShopKeys
from tillbridge.grants.apps import AppBook
from tillbridge.grants.pending import PendingBox
from tillbridge.grants.secret_store import SecretsManager, SecretStore, VersionTakenError, newest
from tillbridge.grants.stored import StoredKeys
from tillbridge.grants.vault import Vault

PAIR = TokenPair(Secret("access"), Secret("refresh"), NOON, NOON + timedelta(hours=1))
KEYS = ShopKeys.woocommerce(Secret("ck_1"), Secret("cs_1"))
NAME = "tillbridge/test/connection/lightspeed/m1/c1"
TILL = place("c1")


@pytest.fixture(params=["memory", "aws"])
def store(request: pytest.FixtureRequest) -> Iterator[SecretStore]:
    if request.param == "memory":
        yield FakeSecretStore()
        return
    with mock_aws():
        yield SecretsManager(boto3.client("secretsmanager"), "alias/some-key")


@pytest.fixture
def vault(store: SecretStore) -> Vault:
    return Vault(store, FakeClock(), "tillbridge/test/")


def test_a_version_is_written_once(store: SecretStore) -> None:  # invariant 3
    store.write(NAME, '{"version": 1}', 1)
    store.write(NAME, '{"version": 1}', 1)  # the same again: an answer was lost
    with pytest.raises(VersionTakenError):
        store.write(NAME, '{"version": 1, "other": 1}', 1)
    store.write(NAME, '{"version": 2}', 2)
    with pytest.raises(VersionTakenError):
        store.write(NAME, '{"version": 1, "late": 1}', 1)
    assert store.read(NAME) == '{"version": 2}'
    assert newest(store, NAME) == 2


def test_what_is_not_there_is_none(store: SecretStore) -> None:
    assert store.read(NAME) is None
    assert newest(store, NAME) == 0
    store.delete(NAME)


def test_what_was_deleted_is_gone(store: SecretStore) -> None:
    store.write(NAME, "{}", 1)
    store.delete(NAME)
    assert store.read(NAME) is None


def test_the_key_of_the_deployment_is_used() -> None:
    with mock_aws():
        client = boto3.client("secretsmanager")
        SecretsManager(client, "alias/some-key").write(NAME, "{}", 1)
        assert client.describe_secret(SecretId=NAME)["KmsKeyId"] == "alias/some-key"
        SecretsManager(client).write("other", "{}", 1)
        assert "KmsKeyId" not in client.describe_secret(SecretId="other")


def test_a_secret_names_its_merchant() -> None:  # invariant 5
    with mock_aws():
        client = boto3.client("secretsmanager")
        Vault(SecretsManager(client), FakeClock(), "tillbridge/test/").replace_tokens(TILL, PAIR)
        tags = {entry["Key"]: entry["Value"] for entry in client.describe_secret(SecretId=NAME)["Tags"]}
        assert tags == {"merchant": "m1", "system": "lightspeed", "connection": "c1"}


def test_tokens_come_back_as_they_went(vault: Vault, store: SecretStore) -> None:
    grant = Grant(1, PAIR, predecessor=Secret("before"))
    vault.store_tokens(TILL, grant)
    assert Vault(store, FakeClock(), "tillbridge/test/").tokens(TILL) == grant


def test_a_new_authorisation_takes_the_next_version(vault: Vault) -> None:
    assert vault.replace_tokens(TILL, PAIR).version == 1
    assert vault.replace_tokens(TILL, PAIR).version == 2


def test_keys_come_back_as_they_went(vault: Vault, store: SecretStore) -> None:
    vault.replace_keys(TILL, KEYS)
    vault.replace_keys(TILL, KEYS)
    fresh = Vault(store, FakeClock(), "tillbridge/test/")
    assert fresh.keys(TILL, NOON) == KEYS
    assert fresh.anything(TILL) == KEYS
    assert newest(store, NAME) == 2


def test_keys_of_the_time_when_woocommerce_was_the_only_shop_are_read(vault: Vault, store: SecretStore) -> None:
    store.write(NAME, '{"kind":"keys","version":1,"consumer_key":"ck_1","consumer_secret":"cs_1"}', 1)
    assert vault.keys(TILL, NOON) == KEYS


@pytest.mark.parametrize("kind", KeyKind)
def test_every_kind_comes_back_as_it_went_and_names_what_it_lacks(
    vault: Vault, store: SecretStore, kind: KeyKind
) -> None:
    keys = ShopKeys(kind, {name: Secret(f"secret of {name}") for name in FORMS[kind].names})
    vault.replace_keys(TILL, keys)
    assert Vault(store, FakeClock(), "tillbridge/test/").keys(TILL, NOON) == keys
    whole = json.loads(str(store.read(NAME)))
    for version, name in enumerate(FORMS[kind].names, 2):
        store.write(NAME, json.dumps({**whole, name: ""}), version)
        with pytest.raises(BrokenConnectionError, match=f"{name} is not as it was written"):
            Vault(store, FakeClock(), "tillbridge/test/").keys(TILL, NOON)


def test_keys_are_remembered_for_a_minute(store: SecretStore) -> None:
    clock = FakeClock()
    vault, other = Vault(store, clock, "p/"), Vault(store, clock, "p/")
    clock.advance(seconds=10)
    vault.replace_keys(TILL, KEYS)
    newer = ShopKeys.woocommerce(Secret("ck_2"), Secret("cs_2"))
    other.replace_keys(TILL, newer)
    assert vault.keys(TILL, NOON) == KEYS
    clock.advance(seconds=60)
    assert vault.keys(TILL, NOON) == newer


def test_keys_that_were_replaced_are_never_taken_from_memory(store: SecretStore) -> None:  # invariant 3
    clock = FakeClock()
    vault, other = Vault(store, clock, "p/"), Vault(store, clock, "p/")
    vault.replace_keys(TILL, KEYS)
    clock.advance(seconds=3)
    newer = ShopKeys.woocommerce(Secret("ck_2"), Secret("cs_2"))
    other.replace_keys(TILL, newer)
    assert vault.keys(TILL, clock.now()) == newer


def test_tokens_of_a_noted_rotation_are_never_taken_from_memory(store: SecretStore) -> None:  # invariant 3
    vault, other = (Vault(store, FakeClock(), "p/") for _ in range(2))
    vault.replace_tokens(TILL, PAIR)
    other.replace_tokens(TILL, PAIR)
    assert vault.tokens(TILL, 1).version == 1
    assert vault.tokens(TILL, 2).version == 2


@pytest.mark.parametrize("content", ["no json", "{}", '{"kind": "tokens", "version": 0}', '{"kind": "other"}'])
def test_a_secret_that_somebody_edited_gets_a_clear_error(vault: Vault, store: SecretStore, content: str) -> None:
    store.write(NAME, content, 1)
    for look in (vault.tokens, partial(vault.keys, since=NOON), vault.anything):
        with pytest.raises(BrokenConnectionError, match="What the vault holds"):
            look(TILL)


def test_an_empty_place_is_named(vault: Vault) -> None:
    for look in (vault.tokens, partial(vault.keys, since=NOON)):
        with pytest.raises(BrokenConnectionError) as caught:
            look(TILL)
        assert caught.value.code == "NoGrant"
        assert caught.value.subject.connection == "c1"
    assert vault.anything(TILL) is None


def test_our_own_credentials(store: SecretStore) -> None:
    clock = FakeClock()
    book, other = AppBook(store, clock, "p/"), AppBook(store, clock, "p/")
    with pytest.raises(RetryLaterError, match="not stored yet"):
        book.get(System.LIGHTSPEED)
    first = AppCredentials("id", Secret("one"))
    book.put(System.LIGHTSPEED, first)
    assert book.get(System.LIGHTSPEED) == first
    second = AppCredentials("id", Secret("two"))
    other.put(System.LIGHTSPEED, second)
    assert book.get(System.LIGHTSPEED) == first
    seen = book.get(System.LIGHTSPEED, fresh=True)
    assert seen == replace(second, former_secret=Secret("one"))
    assert seen.signing == (Secret("two"), Secret("one"))
    book.put(System.LIGHTSPEED, second)  # once more changes nothing
    assert book.get(System.LIGHTSPEED, fresh=True) == seen
    clock.advance(hours=2)
    assert book.get(System.LIGHTSPEED, fresh=True) == second
    book.put(System.LIGHTSPEED, AppCredentials("another", Secret("three")))
    assert book.get(System.LIGHTSPEED, fresh=True).signing == (Secret("three"),)


def test_pending_keys_are_taken_once(store: SecretStore) -> None:  # invariant 5
    store.write("p/pending/nonce", StoredKeys.of(KEYS, 1).content(), 1)
    box = PendingBox(store, "p/")
    assert box.take("nonce") == KEYS
    with pytest.raises(NotFoundError):
        box.take("nonce")


def test_nothing_shows_what_it_holds(vault: Vault, store: SecretStore) -> None:  # invariant 5
    vault.store_tokens(TILL, Grant(1, PAIR, predecessor=Secret("before")))
    vault.replace_keys(place("c2"), KEYS)
    held = (vault.tokens(TILL), vault.keys(place("c2"), NOON), StoredKeys.of(KEYS, 1))
    shown = repr(held) + f"{KEYS} {PAIR}"
    for secret in ("access'", "'refresh", "before", "ck_1", "cs_1"):
        assert secret not in shown
