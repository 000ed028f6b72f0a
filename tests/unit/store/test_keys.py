"""Keys: different things never share one, and nobody can spell somebody else's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tillbridge.domain.errors import InputError
from tillbridge.store.keys import LONGEST_PART, part, partition, sort_key

ANY_TEXT = st.text(st.characters(codec=None), min_size=1) | st.text("#%~2357Ee", min_size=1)
"""Any text, half surrogate pairs included."""


@given(ANY_TEXT)
def test_a_part_fits_and_holds_no_separator(text: str) -> None:
    spelt = part(text)
    assert "#" not in spelt
    assert 0 < len(spelt.encode()) <= LONGEST_PART


@given(ANY_TEXT, ANY_TEXT)
def test_different_texts_are_spelt_differently(one: str, other: str) -> None:
    assert (part(one) == part(other)) == (one == other)


@given(st.lists(ANY_TEXT, min_size=1, max_size=3), st.lists(ANY_TEXT, min_size=1, max_size=3))
def test_different_parts_make_different_keys(one: list[str], other: list[str]) -> None:
    assert (sort_key(*one) == sort_key(*other)) == (one == other)


def test_plain_ids_stay_readable() -> None:
    assert sort_key("42", "1") == "42#1"
    assert part("A/B + C & D") == "A/B + C & D"


def test_a_text_that_looks_like_a_digest_is_none() -> None:
    digest = part("x" * 300)
    assert digest.startswith("~")
    assert part(digest) != digest


def test_an_empty_text_is_no_key() -> None:
    with pytest.raises(InputError):
        part("")


@given(st.text())
def test_only_ids_own_partitions(text: str) -> None:
    """# invariant 5"""
    try:
        spelt = partition("S", text, "stock")
    except InputError:
        assert not (text.isascii() and text.isalnum() and len(text) <= 64)
    else:
        assert spelt.split("#") == ["S", text, "stock"]
