"""What counts as the same SKU or code, and what an item offers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.domain.samples import item, settings
from tillbridge.domain.listing import ListedVariant
from tillbridge.domain.matching import (
    clues_of,
    gtin_form,
    gtin_keys,
    is_gtin,
    keys_shown,
    pointers_of,
    pointers_to,
    sku_form,
    sku_keys,
)
from tillbridge.domain.product import ListingRef
from tillbridge.domain.settings import MatchField, SkuSource

REF = ListingRef("1")


def wide(text: str) -> str:
    """Write ASCII in the wide characters of East Asian keyboards."""
    return "".join(chr(ord(one) + 0xFEE0) for one in text)


TEXTS = st.text(max_size=12) | st.sampled_from(
    ["MUG-42", " mug  42 ", "4006381333931", "036000291452", wide("MUG"), "ß"]
)
ITEMS = st.builds(item, custom_sku=TEXTS, manufacturer_sku=TEXTS, system_sku=TEXTS, upc=TEXTS, ean=TEXTS)
CHOSEN = st.builds(
    settings,
    match_by=st.lists(st.sampled_from(MatchField), min_size=1, unique=True).map(tuple),
    sku_sources=st.lists(st.sampled_from(SkuSource), min_size=1, unique=True).map(tuple),
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("MUG-42", " mug-42 "),
        ("Mug  blue\t1", "MUG BLUE 1"),
        (wide("MUG42"), "mug42"),
        ("STRASSE", "straße"),
        ("é", "e\N{COMBINING ACUTE ACCENT}"),
        ("A\N{NO-BREAK SPACE}B", "a b"),
        ("ﬁn", "FIN"),
    ],
)
def test_skus_that_people_take_for_the_same(one: str, other: str) -> None:
    assert sku_form(one) == sku_form(other)


@pytest.mark.parametrize(("one", "other"), [("MUG-42", "MUG42"), ("Crème", "Creme"), ("012", "12"), ("A B", "AB")])
def test_skus_that_are_different(one: str, other: str) -> None:
    assert sku_form(one) != sku_form(other)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("036000291452", "36000291452"),
        ("0036000291452", "36000291452"),  # the same code as EAN-13
        ("00036000291452", "36000291452"),  # and as GTIN-14
        (" 4-006381-333931 ", "4006381333931"),
        ("4006381\N{NO-BREAK SPACE}333931", "4006381333931"),
        (wide("4006381333931"), "4006381333931"),
        ("000", ""),
        ("", ""),
        ("A4006381333931", ""),
        ("١٢٣", ""),
        ("4006381333931x", ""),
    ],
)
def test_codes_are_compared_by_their_digits(text: str, form: str) -> None:
    assert gtin_form(text) == form


@pytest.mark.parametrize("text", ["4006381333931", "036000291452", "96385074", " 10012345678902 ", "36000291452"])
def test_a_right_check_digit(text: str) -> None:
    assert is_gtin(text)


@pytest.mark.parametrize(
    "text", ["4006381333932", "1234567", "000000000000", "MUG-42", "", "123456789012345", "١٢٣٤٥٦٧٨"]
)
def test_no_code(text: str) -> None:
    assert not is_gtin(text)


@given(st.text())
def test_a_normal_form_is_its_own(text: str) -> None:
    assert sku_form(sku_form(text)) == sku_form(text)
    assert gtin_form(gtin_form(text)) == gtin_form(text)


@given(st.text(), st.sampled_from([str.upper, str.lower, str.swapcase]))
def test_plain_letters_may_be_upper_or_lower_case(text: str, change: type[str]) -> None:
    plain = text.encode("ascii", "ignore").decode()
    assert sku_form(f" {change(plain)}\n") == sku_form(plain)


def test_a_listing_shows_its_sku_and_its_code() -> None:
    shown = keys_shown(ListedVariant(ref=REF, sku="Mug", gtin="036000291452"))
    assert shown == (*sku_keys("mug"), *gtin_keys("36000291452"))
    assert keys_shown(ListedVariant(ref=REF, sku=" ", gtin="none")) == ()


def test_a_sku_counts_as_code_only_where_there_is_none() -> None:
    assert keys_shown(ListedVariant(ref=REF, sku="036000291452")) == (
        *sku_keys("036000291452"),
        *gtin_keys("036000291452"),
    )
    other = keys_shown(ListedVariant(ref=REF, sku="036000291452", gtin="4006381333931"))
    assert other == (*sku_keys("036000291452"), *gtin_keys("4006381333931"))
    assert keys_shown(ListedVariant(ref=REF, sku="036000291453")) == sku_keys("036000291453")


FULL = item(
    "1", custom_sku="C", manufacturer_sku="M", system_sku="210000000001", upc="036000291452", ean="4006381333931"
)


def test_clues_come_in_the_merchants_order() -> None:
    told = [(clue.field, clue.value) for clue in clues_of(FULL, settings())]
    assert told == [
        (MatchField.SKU, "C"),
        (MatchField.GTIN, "036000291452"),
        (MatchField.GTIN, "4006381333931"),
        (MatchField.MANUFACTURER_SKU, "M"),
        (MatchField.SYSTEM_SKU, "210000000001"),
    ]
    chosen = settings(match_by=(MatchField.SYSTEM_SKU, MatchField.CUSTOM_SKU))
    assert [clue.value for clue in clues_of(FULL, chosen)] == ["210000000001", "C"]
    assert [str(clue) for clue in clues_of(FULL, chosen)] == ['system SKU "210000000001"', 'custom SKU "C"']


def test_a_text_that_two_fields_share_is_the_stronger_clue() -> None:
    same = item("1", custom_sku="X", manufacturer_sku="x ", upc="036000291452", ean="0036000291452")
    fields = [clue.field for clue in clues_of(same, settings())]
    assert fields == [MatchField.SKU, MatchField.GTIN, MatchField.SYSTEM_SKU]


def test_an_empty_item_offers_nothing() -> None:
    assert clues_of(item("1", custom_sku=" ", system_sku=""), settings()) == ()


@given(ITEMS, CHOSEN)
def test_every_clue_leads_back_to_its_item(one: object, chosen: object) -> None:
    """Whatever an item offers, a copy of the till finds it under one of the key's pointers."""
    for clue in clues_of(one, chosen):  # type: ignore[arg-type]
        assert pointers_of(one).intersection(pointers_to(clue.key)), clue  # type: ignore[arg-type]
