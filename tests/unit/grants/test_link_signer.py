"""Invitations are signed with a key that is read seldom, and nobody else's signature counts."""

import base64
import hashlib
import hmac
import re

import pytest

from tests.fakes.clock import FakeClock
from tests.unit.grants.fakes import FakeSecretStore
from tillbridge.domain.errors import RetryLaterError
from tillbridge.grants.link_signer import REMEMBERED_FOR, LinkSigner

NAME = "tillbridge/prod/sign/invitations"


@pytest.fixture
def store() -> FakeSecretStore:
    store = FakeSecretStore()
    store.write(NAME, "a key", 1)
    return store


@pytest.fixture
def sign(store: FakeSecretStore) -> LinkSigner:
    return LinkSigner(store, FakeClock(), "tillbridge/prod/")


def test_a_signature_is_the_standard_one(sign: LinkSigner) -> None:
    expected = base64.urlsafe_b64encode(hmac.new(b"a key", b"a text", hashlib.sha256).digest()).decode().rstrip("=")
    assert sign("a text") == expected
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", expected)


def test_another_text_or_key_has_another_signature(sign: LinkSigner, store: FakeSecretStore) -> None:
    before = sign("a text")
    assert sign("another text") != before
    store.write(NAME, "another key", 2)
    assert LinkSigner(store, FakeClock(), "tillbridge/prod/")("a text") != before


def test_the_key_is_read_once_in_some_minutes(store: FakeSecretStore) -> None:
    clock = FakeClock()
    sign = LinkSigner(store, clock, "tillbridge/prod/")
    sign("a")
    clock.time += REMEMBERED_FOR / 2
    sign("b")
    assert store.reads == 1
    clock.time += REMEMBERED_FOR / 2
    sign("c")
    assert store.reads == 2


def test_without_a_key_the_link_works_later(store: FakeSecretStore) -> None:
    with pytest.raises(RetryLaterError) as told:
        LinkSigner(store, FakeClock(), "tillbridge/staging/")("a")
    assert told.value.code == "NoSigningKey"
    assert "tillbridge/staging/sign/invitations" in str(told.value)


def test_the_key_does_not_show(sign: LinkSigner) -> None:  # invariant 5
    sign("a text")
    assert "a key" not in repr(sign._known.get(NAME, FakeClock().now()))
