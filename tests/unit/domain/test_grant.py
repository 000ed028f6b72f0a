"""Secrets show themselves to nobody (invariant 5)."""

import json
import logging
import pickle

import pytest

from tillbridge.domain.grant import AppCredentials, Secret, hashed
from tillbridge.domain.shop_keys import HandedKeys, ShopKeys

TEXT = "very secret"
SECRET = Secret(TEXT)


def test_a_secret_shows_itself_only_when_asked_to() -> None:  # invariant 5
    holders = [
        SECRET,
        ShopKeys.woocommerce(SECRET, SECRET),
        AppCredentials("id", SECRET),
        ValueError(SECRET),
        HandedKeys(nonce="n", keys=ShopKeys.woocommerce(SECRET, SECRET), permissions="read"),
    ]
    for holder in holders:
        shown = f"{holder} {holder!r} {holder!s} {[holder]} {logging.LogRecord('n', 20, 'p', 1, '%s', (holder,), None)}"
        assert TEXT not in shown
    assert SECRET.reveal() == TEXT


def test_a_secret_is_written_by_nothing_that_writes_objects() -> None:  # invariant 5
    with pytest.raises(TypeError):
        pickle.dumps(SECRET)
    with pytest.raises(TypeError):
        json.dumps({"secret": SECRET})
    assert not hasattr(SECRET, "__dict__")


def test_secrets_are_compared_by_what_they_hold() -> None:
    assert Secret("a") == Secret("a")
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert len({Secret("a"), Secret("a")}) == 1
    assert not Secret("")


def test_a_hash_says_nothing_of_its_text() -> None:
    assert hashed("a") == hashed("a") != hashed("b")
    assert len(hashed("")) == 64
