"""What surveys have met of a shop, and what people decided about it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.fakes.clock import NOON
from tests.fakes.repositories import Repositories
from tillbridge.domain.choice import Action, Choice
from tillbridge.domain.listing import ListedProduct, ListedVariant, Sighting
from tillbridge.domain.matching import MatchKey, gtin_keys, sku_keys
from tillbridge.domain.product import ListingRef
from tillbridge.store import sightings
from tillbridge.store.errors import UnreadableRowError
from tillbridge.store.keys import Key
from tillbridge.store.table import Table

SHOP = "s1"
LATER = NOON + timedelta(days=1)


def simple(product_id: str, sku: str = "", gtin: str = "") -> ListedProduct:
    return ListedProduct(
        product_id=product_id,
        name=f"Product {product_id}",
        variants=(ListedVariant(ref=ListingRef(product_id), sku=sku, gtin=gtin),),
    )


SHIRT = ListedProduct(
    product_id="17",
    name="Shirt 🏕️",
    options=("Color", "Size"),
    variants=(
        ListedVariant(ref=ListingRef("17", "18"), sku="RED-S", gtin="4006381333931", options=("Red", "S")),
        ListedVariant(ref=ListingRef("17", "19"), sku="RED-M", options=("Red", "")),
    ),
    mark="M7",
)


def showing(stores: Repositories, keys: Iterable[MatchKey]) -> list[str]:
    found = stores.sightings.showing(SHOP, keys)
    return sorted({listed.product_id for products in found.values() for listed in products})


def test_listings_are_found_again_by_id_and_by_every_key(stores: Repositories) -> None:
    stores.sightings.keep(SHOP, [SHIRT, simple("20")], NOON)
    assert stores.sightings.get(SHOP, ["17", "21"]) == {"17": Sighting(SHIRT, NOON)}
    for keys in (sku_keys(" red-s "), sku_keys("RED-M"), gtin_keys("0400-6381333931")):
        assert stores.sightings.showing(SHOP, keys) == {keys[0]: (SHIRT,)}
    assert stores.sightings.showing(SHOP, sku_keys("BLUE")) == {}


def test_several_listings_with_one_key(stores: Repositories) -> None:
    stores.sightings.keep(SHOP, [simple("1", "X"), simple("2", "x ")], NOON)
    stores.sightings.keep(SHOP, [simple("3", "X")], NOON)
    assert showing(stores, sku_keys("X")) == ["1", "2", "3"]


def test_a_later_survey_replaces_what_was_known(stores: Repositories) -> None:
    stores.sightings.keep(SHOP, [simple("1", "OLD"), simple("2", "OLD")], NOON)
    stores.sightings.keep(SHOP, [simple("1", "NEW", "4006381333931")], LATER)
    assert showing(stores, sku_keys("OLD")) == ["2"]
    assert showing(stores, sku_keys("NEW")) == showing(stores, gtin_keys("4006381333931")) == ["1"]
    surveys = {sighting.listed.product_id: sighting.survey for sighting in stores.sightings.every(SHOP)}
    assert surveys == {"1": LATER, "2": NOON}


def test_a_listing_that_is_forgotten_is_found_no_more(stores: Repositories) -> None:
    stores.sightings.keep(SHOP, [simple("1", "X"), simple("2", "X"), SHIRT], NOON)
    stores.sightings.forget(SHOP, ["2", "17", "99"])
    assert [sighting.listed.product_id for sighting in stores.sightings.every(SHOP)] == ["1"]
    assert showing(stores, sku_keys("X")) == ["1"]
    assert showing(stores, sku_keys("RED-S")) == []


def test_the_list_goes_on_behind_a_listing(stores: Repositories) -> None:
    ids = sorted(map(str, range(1, 31)))
    stores.sightings.keep(SHOP, [simple(one) for one in ids], NOON)
    behind = [sighting.listed.product_id for sighting in stores.sightings.every(SHOP, "28")]
    assert behind == [one for one in ids if one > "28"]


def test_a_key_of_very_many_listings_stays_within_a_row(stored: Repositories, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sightings, "MOST_UNDER_A_KEY", 3)
    stored.sightings.keep(SHOP, [simple(str(number), "SAME") for number in range(6)], NOON)
    assert len(showing(stored, sku_keys("SAME"))) == 3
    stored.sightings.forget(SHOP, map(str, range(5)))
    stored.sightings.keep(SHOP, [simple("5", "SAME")], LATER)
    assert showing(stored, sku_keys("SAME")) == ["5"]


def test_a_key_that_leads_nowhere_misleads_nobody(stored: Repositories, table: Table) -> None:
    stored.sightings.keep(SHOP, [simple("1", "X")], NOON)
    table.put({"pk": "S#s1#LISTEDKEY", "sk": "sku:x", "product_ids": {"1", "2"}})
    table.put({"pk": "S#s1#LISTEDKEY", "sk": "sku:y", "product_ids": {"1"}})
    assert stored.sightings.showing(SHOP, [*sku_keys("X"), *sku_keys("Y")]) == {sku_keys("X")[0]: (simple("1", "X"),)}


def test_a_row_that_is_not_ours_is_refused(stored: Repositories, table: Table) -> None:
    table.put({"pk": "S#s1#LISTEDKEY", "sk": "sku:x", "product_ids": "1"})
    with pytest.raises(UnreadableRowError, match="product_ids"):
        stored.sightings.showing(SHOP, sku_keys("X"))
    assert table.get(Key("S#s1#LISTEDKEY", "sku:x")) is not None


def test_decisions_are_kept_replaced_and_forgotten(stores: Repositories) -> None:
    link = Choice(key="M7", action=Action.LINK, product_id="17", variants={"42": "18"}, decided_at=NOON)
    leave = Choice(key="I1", action=Action.IGNORE, decided_at=NOON)
    stores.choices.put(SHOP, [link, leave])
    assert stores.choices.get(SHOP, ["M7", "I1", "I2"]) == {"M7": link, "I1": leave}
    stores.choices.put(SHOP, [replace(leave, action=Action.CREATE)])
    stores.choices.remove(SHOP, ["M7", "I3"])
    assert stores.choices.get(SHOP, ["M7", "I1"]) == {"I1": replace(leave, action=Action.CREATE)}
