"""When the lists of an account say something else."""

from dataclasses import replace

import pytest

from tests.unit.domain.samples import REFERENCE
from tillbridge.domain.catalogue import AttributeSet, Category, Location, Manufacturer, PriceLevel, Reference

pytestmark = pytest.mark.unit

NEW = Reference(
    locations={"3": Location("3", "Mill")},
    categories={"8": Category("8", "Stoves")},
    manufacturers={"4": Manufacturer("4", "Alder")},
    price_levels={"3": PriceLevel("3", "Online")},
    attribute_sets={"3": AttributeSet("3", "Color", ("Color", "", ""))},
)


@pytest.mark.parametrize(
    ("name", "key", "changes"),
    [
        ("locations", "1", {"archived": True}),
        ("categories", "6", {"name": "Two persons"}),
        ("categories", "6", {"parent_id": None}),
        ("manufacturers", "3", {"name": "Southfell"}),
        ("attribute_sets", "1", {"attribute_names": ("Colour", "Size", "")}),
    ],
)
def test_an_entry_that_changes_or_goes_is_noticed(name: str, key: str, changes: dict[str, object]) -> None:
    before = getattr(REFERENCE, name)
    changed = replace(REFERENCE, **{name: {**before, key: replace(before[key], **changes)}})
    gone = replace(REFERENCE, **{name: {other: entry for other, entry in before.items() if other != key}})
    assert not changed.still_says(REFERENCE)
    assert not gone.still_says(REFERENCE)


def test_what_is_new_concerns_nothing_that_was() -> None:
    grown = REFERENCE.with_new(NEW)
    assert grown.still_says(REFERENCE)
    assert grown.still_says(NEW)
    assert grown.price_levels == NEW.price_levels


def test_what_was_known_stays_when_the_new_is_taken_over() -> None:
    closed = {"1": replace(REFERENCE.locations["1"], archived=True)}
    assert REFERENCE.with_new(replace(NEW, locations=closed)).locations == REFERENCE.locations
