"""How lists are merged, so that nothing of the merchant's is lost (invariant 6)."""

from dataclasses import replace
from typing import Any

from tests.unit.systems.woocommerce.samples import row, shirt
from tillbridge.domain.planning import as_text
from tillbridge.domain.product import Link, ProductOption, ProductWrite
from tillbridge.systems.woocommerce.api.wire import TermRow
from tillbridge.systems.woocommerce.products.change import (
    merged_attributes,
    merged_terms,
    option_names,
    places_in,
    renamed_options,
)
from tillbridge.systems.woocommerce.products.places import Places
from tillbridge.systems.woocommerce.products.progress import Progress


def terms(*ids: int) -> list[TermRow]:
    return [TermRow(id=number) for number in ids]


def progress(before: str = "", **changes: Any) -> Progress:
    product = replace(shirt(), **changes)
    fields = {"options": before or as_text([["Color", ["Black"]], ["Size", ["S", "M"]]])}
    link = Link(product_key="M7", product_id="20", fields=fields)
    entry = Progress.of(ProductWrite(product=product, link=link, changes=frozenset({"options"})))
    entry.places = Places(attribute_ids=(1, 2))
    return entry


def test_our_own_term_is_exchanged_and_the_others_stay() -> None:
    assert merged_terms(terms(3, 15, 4), [15], 16) == [{"id": 3}, {"id": 4}, {"id": 16}]
    assert merged_terms(terms(3), [], 16) == [{"id": 3}, {"id": 16}]
    assert merged_terms(terms(3, 16), [], 16) == [{"id": 3}, {"id": 16}]
    assert merged_terms(terms(3, 15), [15], None) == [{"id": 3}]


def test_options_grow_and_never_shrink() -> None:
    entry = progress()
    shown = row(
        attributes=[
            {"id": 1, "name": "Color", "variation": True, "options": ["Red &amp; blue", "black"]},
            {"id": 2, "name": "Size", "variation": True, "options": ["S"]},
            {"id": 0, "name": "Care &amp; wash", "position": 5, "visible": True, "options": ["cold &amp; slow"]},
            {"id": 8, "name": "Fabric", "options": ["wool"]},
        ]
    )

    merged = merged_attributes(entry, shown)

    assert [use.get("id", use.get("name")) for use in merged] == [1, 2, "Care & wash", 8]
    assert merged[0]["options"] == ["Red & blue", "black", "White"]
    assert merged[1]["options"] == ["S", "M"]
    assert merged[2]["options"] == ["cold & slow"]
    assert (merged[2]["visible"], merged[2]["variation"], merged[2]["position"]) == (True, False, 5)


def test_an_option_of_ours_with_another_name_replaces_the_old_one() -> None:
    entry = progress(options=(ProductOption("Colour", ("Black", "White")), ProductOption("Size", ("S", "M"))))
    shown = row(
        attributes=[
            {"id": 9, "name": "Color", "variation": True, "options": ["Black"]},
            {"id": 2, "name": "Size", "variation": True, "options": ["S", "M"]},
        ]
    )

    assert [use["id"] for use in merged_attributes(entry, shown)] == [1, 2]
    assert renamed_options(entry)
    assert not renamed_options(progress())


def test_what_was_acknowledged_before_may_be_unreadable() -> None:
    assert option_names(progress()) == ["Color", "Size"]
    assert option_names(progress("not json")) == []
    assert option_names(progress('["Color", [], ["Size"]]')) == ["Size"]


def test_a_merchants_own_attributes_are_chosen_where_they_have_the_name() -> None:
    own = row(attributes=[{"id": 0, "name": "color", "variation": True}, {"id": 7, "name": "Size", "variation": False}])

    assert places_in(own, progress()).attribute_ids == (0, 2)
