import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tillbridge.systems.woocommerce.products.attributes import LONGEST_SLUG, slug, slug_with_hash


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Color", "color"), ("Größe & Länge", "groe-lange"), ("  Shoe size (EU) ", "shoe-size-eu"), ("x" * 40, "x" * 28)],
)
def test_slugs(name: str, expected: str) -> None:
    assert slug(name) == expected


@given(st.text())
def test_slugs_always_fit_and_are_the_same_every_time(name: str) -> None:
    for make in (slug, slug_with_hash):
        assert re.fullmatch(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?", make(name))
        assert len(make(name)) <= LONGEST_SLUG
        assert make(name) == make(name)


def test_names_without_latin_letters_get_different_slugs() -> None:
    assert len({slug("尺码"), slug("颜色"), slug("🎨")}) == 3
