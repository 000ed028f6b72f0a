"""What we ask for, and its price by the vendor's table of 2026."""

import pytest

from tillbridge.systems.lightspeed.resources import (
    ATTRIBUTE_SETS,
    CATEGORIES,
    ITEMS,
    LAST_ITEM,
    LOCATIONS,
    MANUFACTURERS,
    MATRICES,
    PRICE_LEVELS,
    STOCK,
    STOCKED_ITEMS,
    TO_MANY,
    TO_ONE,
    Listing,
    list_cost,
)
from tillbridge.systems.lightspeed.rights import missing_rights

ALL = (
    STOCKED_ITEMS,
    ITEMS,
    MATRICES,
    STOCK,
    LAST_ITEM,
    LOCATIONS,
    CATEGORIES,
    MANUFACTURERS,
    PRICE_LEVELS,
    ATTRIBUTE_SETS,
)


@pytest.mark.parametrize(
    ("listing", "drips"),
    [
        (STOCKED_ITEMS, 3.4),  # 1 + 4 to-many at 0.4 + 4 to-one at 0.2
        (ITEMS, 3.0),
        (MATRICES, 2.6),
        (STOCK, 1.0),
        (LAST_ITEM, 1.0),
        (LOCATIONS, 1.0),
        (CATEGORIES, 1.0),
        (MANUFACTURERS, 1.0),
        (PRICE_LEVELS, 1.0),
        (ATTRIBUTE_SETS, 1.0),
    ],
)
def test_the_price_of_a_page(listing: Listing, drips: float) -> None:
    assert listing.cost == drips


def test_a_list_doubles_what_a_relation_costs() -> None:
    assert list_cost(()) == 1.0
    assert list_cost(("ItemAttributes",)) == 1.2
    assert list_cost(("ItemShops",)) == 1.4


def test_every_relation_has_its_price_and_all_is_never_asked_for() -> None:
    for listing in ALL:
        assert set(listing.relations) <= TO_ONE | TO_MANY
        assert "all" not in listing.relations


def test_custom_fields_and_tags_are_asked_for_by_name() -> None:
    for listing in (STOCKED_ITEMS, ITEMS):
        assert {"CustomFieldValues", "CustomFieldValues.value", "TagRelations", "TagRelations.Tag"} <= {
            *listing.relations
        }
    assert {"CustomFieldValues", "TagRelations", "TagRelations.Tag"} <= {*MATRICES.relations}


def test_an_owner_lacks_nothing() -> None:
    assert missing_rights({"register", "inventory_base", "inventory_read", "product_cost"}) == ()


def test_missing_rights_are_named_with_what_they_are_for() -> None:
    missing = missing_rights({"register", "inventory_read", "customers_read"})
    assert missing == (
        "product_cost: without it matrices and their variants cannot be read",
        "inventory_base: without it the names of attributes such as Size or Color cannot be read",
    )


def test_somebody_without_any_rights_lacks_everything() -> None:
    missing = missing_rights(set())
    assert len(missing) == 5
    assert missing[1].startswith("inventory_read (or inventory, product_cost): without it stock")
