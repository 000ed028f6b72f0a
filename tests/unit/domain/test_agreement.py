import pytest

from tillbridge.domain.agreement import agrees, as_seen
from tillbridge.domain.product import KnownVariant, Link, ListingRef
from tillbridge.domain.settings import MerchantSettings, Owner

pytestmark = pytest.mark.unit

COLOURS = '[["Color",["Black","White"]]]'


@pytest.mark.parametrize(
    ("name", "known", "seen", "same"),
    [
        ("name", "Mug & Co", "Mug &amp; Co", True),
        ("name", "Mug", "Cup", False),
        ("name", "Mug", "mug", False),
        ("description", 'a <br/> "b"', "a  <br> 'b'", True),
        ("regular_price", "12.5", "12.5", True),
        ("regular_price", "12.5", "", False),
        ("images", '["p1"]', "anything", True),
        ("image", "p1", "", True),
        ("category", "[]", '["Sale"]', True),
        ("category", '["A","B & C"]', '["Sale","b &amp; c"]', True),
        ("category", '["A","B"]', '["A"]', False),
        ("category", '["A"]', "no json", False),
        ("category", '["A"]', '{"A": 1}', False),
        ("brand", "", '["Other"]', True),
        ("brand", "Northfell", '["Other","northfell"]', True),
        ("brand", "Northfell", "Northfell", True),
        ("brand", "Northfell", "[]", False),
        ("options", "[]", '[["Size",["S"]]]', True),
        ("options", COLOURS, '[["Size",["S"]],["color",["White","Red","black"]]]', True),
        ("options", COLOURS, '[["Color",["Black"]]]', False),
        ("options", COLOURS, '[["Colour",["Black","White"]]]', False),
        ("options", COLOURS, '["Color"]', False),
        ("options", '["Black","S"]', '["s","black"]', True),
        ("options", '["Black","S"]', '["Black","M"]', False),
        ("options", '["Black","S"]', '["Black",""]', False),
    ],
)
def test_what_says_the_same(name: str, known: str, seen: str, *, same: bool) -> None:
    assert agrees(name, known, seen) is same


SHIRT = Link(
    product_key="M7",
    product_id="17",
    fields={"name": "Shirt", "category": '["A"]', "options": COLOURS, "visibility": "published"},
    variants=(
        KnownVariant(
            item_id="4",
            ref=ListingRef("17", "18"),
            fields={"sku": "RED", "regular_price": "5", "weight": "1", "visibility": "published"},
        ),
        KnownVariant(item_id="5", ref=ListingRef("17", "19"), fields={"sku": "BLUE", "visibility": "draft"}),
    ),
)
PRODUCT, RED, BLUE = ListingRef("17"), ListingRef("17", "18"), ListingRef("17", "19")


def test_nothing_read_back_is_no_difference() -> None:
    assert as_seen(SHIRT, {}, MerchantSettings()) == SHIRT


def test_only_the_tills_fields_count() -> None:  # invariant 6
    seen = {PRODUCT: {"name": "Mine", "category": "[]", "visibility": "draft"}, RED: {"weight": "9"}}
    assert as_seen(SHIRT, seen, MerchantSettings()) == SHIRT
    owners = MerchantSettings(owners=dict.fromkeys(("name", "visibility", "weight"), Owner.TILL))
    corrected = as_seen(SHIRT, seen, owners)
    assert corrected.fields == {**SHIRT.fields, "name": "Mine", "visibility": "draft"}
    assert corrected.variants[0].fields["weight"] == "9"


def test_a_value_is_replaced_by_what_is_shown_and_a_list_forgotten() -> None:  # invariant 6
    seen = {PRODUCT: {"options": '[["Engraving",["Yes"]]]'}, RED: {"regular_price": "6"}}
    corrected = as_seen(SHIRT, seen, MerchantSettings())
    assert "options" not in corrected.fields
    assert corrected.variants[0].fields["regular_price"] == "6"
    assert corrected.variants[1] == SHIRT.variants[1]


def test_a_field_never_acknowledged_is_left_to_the_planner() -> None:
    assert as_seen(SHIRT, {BLUE: {"gtin": "40"}}, MerchantSettings()) == SHIRT


def test_an_archived_variant_on_sale_counts_whoever_owns_the_visibility() -> None:
    seen = {RED: {"visibility": "draft"}, BLUE: {"visibility": "published"}}
    corrected = as_seen(SHIRT, seen, MerchantSettings())
    assert [known.fields["visibility"] for known in corrected.variants] == ["published", "published"]
    tills = as_seen(SHIRT, seen, MerchantSettings(owners={"visibility": Owner.TILL}))
    assert [known.fields["visibility"] for known in tills.variants] == ["draft", "published"]


def test_a_simple_product_has_one_visibility() -> None:
    known = KnownVariant(item_id="1", ref=ListingRef("7"), fields={"visibility": "published"})
    link = Link(product_key="I1", product_id="7", variants=(known,))
    chosen = MerchantSettings(owners={"visibility": Owner.TILL})
    assert as_seen(link, {ListingRef("7"): {"visibility": "draft"}}, chosen) == link


@pytest.mark.parametrize(("shown", "still"), [("published", False), ("draft", True)])
def test_what_was_taken_off_sale_and_is_back_is_seen(shown: str, *, still: bool) -> None:
    link = Link(product_key="I1", product_id="7", unpublished_by_us=True)
    assert as_seen(link, {ListingRef("7"): {"visibility": shown}}, MerchantSettings()).unpublished_by_us is still
