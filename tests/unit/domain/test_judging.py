"""Which listing belongs to an item or a product: one to one on both sides, or said why not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from tests.unit.domain.samples import REFERENCE, figures, item, matrix, settings, variant
from tillbridge.domain.catalogue import Item
from tillbridge.domain.desire import Wishes, desire_simple, desire_variable
from tillbridge.domain.judging import Candidate, Evidence, LinkState, Stuck
from tillbridge.domain.judging_products import Found, Given, Verdict, judge_given, judge_product
from tillbridge.domain.listing import ListedProduct, ListedVariant
from tillbridge.domain.matching import MatchKey, keys_shown, pointers_of, pointers_to
from tillbridge.domain.product import ListingRef, Product
from tillbridge.domain.settings import MatchField, MerchantSettings, Owner

CODE, OTHER_CODE = "4006381333931", "036000291452"


def simple(product_id: str, sku: str = "", gtin: str = "", **more: Any) -> ListedProduct:
    return ListedProduct(
        product_id=product_id,
        name=f"Own {product_id}",
        variants=(ListedVariant(ref=ListingRef(product_id), sku=sku, gtin=gtin),),
        **more,
    )


def shirt(
    product_id: str, *rows: tuple[str, tuple[str, ...]], options: tuple[str, ...] = ("Color",), **more: Any
) -> ListedProduct:
    variants = tuple(
        ListedVariant(ref=ListingRef(product_id, f"{product_id}{place}"), sku=sku, options=values)
        for place, (sku, values) in enumerate(rows)
    )
    return ListedProduct(product_id=product_id, name="Own shirt", options=options, variants=variants, **more)


@dataclass
class Scene:
    """A till and a shop as they are compared."""

    items: Sequence[Item]
    listed: Sequence[ListedProduct]
    settings: MerchantSettings = field(default_factory=settings)
    linked: dict[ListingRef, str] = field(default_factory=dict)

    @property
    def evidence(self) -> Evidence:
        shown: dict[MatchKey, list[Candidate]] = {}
        for product in self.listed:
            for one in product.variants:
                for key in keys_shown(one):
                    shown.setdefault(key, []).append(Candidate(product, one))
        by_id = {one.item_id: one for one in self.items}
        return Evidence(
            settings=self.settings,
            shown={key: tuple(found) for key, found in shown.items()},
            carriers={key: tuple(self._carrying(key)) for key in shown},
            owners={ref: by_id.get(item_id) for ref, item_id in self.linked.items()},
        )

    def _carrying(self, key: MatchKey) -> Iterable[Item]:
        return (one for one in self.items if pointers_of(one).intersection(pointers_to(key)))

    def product(self, key: str) -> Product:
        wishes = Wishes(self.settings, REFERENCE, figures(*(one.item_id for one in self.items)))
        mine = [one for one in self.items if one.product_key == key]
        if key.startswith("I"):
            desired = desire_simple(mine[0], wishes)
        else:
            desired = desire_variable(key[1:], matrix(matrix_id=key[1:]), mine, wishes)
        assert isinstance(desired, Product), desired
        return desired

    def judge(self, key: str) -> Verdict:
        return judge_product(self.product(key), {one.item_id: one for one in self.items}, self.evidence)

    def given(self, key: str, given: Given) -> Verdict:
        return judge_given(self.product(key), {one.item_id: one for one in self.items}, given, self.evidence)


def ref_of(verdict: Verdict, item_id: str = "1") -> str:
    assert isinstance(verdict, Found), verdict
    return str(verdict.refs[item_id])


def stuck(verdict: Verdict) -> Stuck:
    assert isinstance(verdict, Stuck), verdict
    assert verdict.remedy
    return verdict


# --- one item, one listing ---


@pytest.mark.parametrize(
    ("changes", "listed", "because"),
    [
        ({"custom_sku": "MUG"}, simple("17", " mug "), 'SKU "MUG"'),
        ({"custom_sku": "X", "upc": OTHER_CODE}, simple("17", "Y", f"0{OTHER_CODE}"), f'UPC or EAN "{OTHER_CODE}"'),
        ({"custom_sku": "X", "ean": CODE}, simple("17", CODE), f'UPC or EAN "{CODE}"'),
        ({"custom_sku": "X", "manufacturer_sku": "MF-1"}, simple("17", "mf-1"), 'manufacturer SKU "MF-1"'),
        ({"custom_sku": "X", "system_sku": "2100"}, simple("17", "2100"), 'system SKU "2100"'),
    ],
)
def test_each_field_may_lead_to_the_listing(changes: Any, listed: ListedProduct, because: str) -> None:
    verdict = Scene([item("1", **changes)], [simple("1", "ELSE"), listed]).judge("I1")
    assert ref_of(verdict) == "17"
    assert isinstance(verdict, Found)
    assert verdict.because == because


def test_what_the_shop_does_not_show_is_new() -> None:
    assert Scene([item("1", custom_sku="MUG")], [simple("17", "OTHER")]).judge("I1") is None
    assert Scene([item("1")], []).judge("I1") is None


def test_a_field_that_the_merchant_left_out_leads_nowhere() -> None:
    chosen = settings(match_by=(MatchField.SKU,))
    assert Scene([item("1", ean=CODE)], [simple("17", "Y", CODE)], chosen).judge("I1") is None


def test_the_stronger_field_decides_which_listing() -> None:
    both = [simple("17", "MUG"), simple("18", "Y", CODE)]
    mug = item("1", custom_sku="MUG", ean=CODE)
    assert ref_of(Scene([mug], both).judge("I1")) == "17"
    by_code = settings(match_by=(MatchField.GTIN, MatchField.SKU))
    assert ref_of(Scene([mug], both, by_code).judge("I1")) == "18"


def test_several_listings_are_ambiguous_and_all_are_named() -> None:  # invariant 8
    told = stuck(Scene([item("1", ean=CODE)], [simple("17", "A", CODE), simple("18", "B", CODE)]).judge("I1"))
    assert told.state is LinkState.AMBIGUOUS
    assert 'listing 17 "Own 17"' in told.happened
    assert 'listing 18 "Own 18"' in told.happened


def test_many_are_not_all_named() -> None:
    crowd = [simple(str(number), f"S{number}", CODE) for number in range(10)]
    assert stuck(Scene([item("1", ean=CODE)], crowd).judge("I1")).happened.endswith("and 7 more.")
    rivals = [item(str(number), custom_sku="SAME") for number in range(1, 8)]
    assert "item 2, 3, 4 and 3 more" in stuck(Scene(rivals, [simple("17", "SAME")]).judge("I1")).happened


def test_two_items_with_one_sku_get_no_listing() -> None:  # invariant 8
    twins = Scene([item("1", custom_sku="MUG"), item("2", custom_sku="mug ")], [simple("17", "MUG")])
    for key, other in (("I1", "item 2"), ("I2", "item 1")):
        told = stuck(twins.judge(key))
        assert told.state is LinkState.DUPLICATE
        assert other in told.happened


def test_an_archived_item_with_the_same_sku_does_not_count() -> None:
    scene = Scene([item("1", custom_sku="MUG"), item("2", custom_sku="MUG", archived=True)], [simple("17", "MUG")])
    assert ref_of(scene.judge("I1")) == "17"


def test_a_weaker_field_decides_between_listings_and_between_items() -> None:
    listings = Scene([item("1", custom_sku="MUG", ean=CODE)], [simple("17", "MUG"), simple("18", "mug", CODE)])
    assert ref_of(listings.judge("I1")) == "18"
    twins = [item("1", custom_sku="MUG", ean=CODE), item("2", custom_sku="MUG", ean=OTHER_CODE)]
    items = Scene(twins, [simple("17", "MUG", CODE)])
    assert ref_of(items.judge("I1")) == "17"
    assert stuck(items.judge("I2")).state is LinkState.DUPLICATE


def test_a_weaker_field_that_points_elsewhere_decides_nothing() -> None:
    scene = Scene(
        [item("1", custom_sku="MUG", ean=CODE)], [simple("17", "MUG"), simple("18", "mug"), simple("19", "Y", CODE)]
    )
    assert stuck(scene.judge("I1")).state is LinkState.AMBIGUOUS


def test_an_item_with_a_stronger_claim_gets_the_listing() -> None:
    scene = Scene([item("1", custom_sku="X"), item("2", custom_sku="Y", manufacturer_sku="X")], [simple("17", "X")])
    assert ref_of(scene.judge("I1")) == "17"
    assert scene.judge("I2") is None, "it is no more than a coincidence"


def test_our_own_listing_is_told_from_its_copies() -> None:
    copies = [simple("17", "A", CODE), simple("18", "B", CODE, mark="I1"), simple("19", "C", CODE, mark="I9")]
    assert ref_of(Scene([item("1", ean=CODE)], copies).judge("I1")) == "18"
    twice = [simple("17", "A", CODE, mark="I1"), simple("18", "B", CODE, mark="I1")]
    assert stuck(Scene([item("1", ean=CODE)], twice).judge("I1")).state is LinkState.AMBIGUOUS


def test_a_listing_that_is_linked_with_a_living_item_stays_there() -> None:
    linked = {ListingRef("17"): "2"}
    scene = Scene([item("1", custom_sku="MUG"), item("2", custom_sku="ELSE")], [simple("17", "MUG")], linked=linked)
    told = stuck(scene.judge("I1"))
    assert told.state is LinkState.AMBIGUOUS
    assert "linked with item 2" in told.happened


def test_a_listing_whose_item_was_archived_goes_to_its_successor() -> None:
    linked = {ListingRef("17"): "2"}
    archived = item("2", custom_sku="MUG", archived=True)
    verdict = Scene([item("1", custom_sku="MUG"), archived], [simple("17", "MUG")], linked=linked).judge("I1")
    assert ref_of(verdict) == "17"
    assert isinstance(verdict, Found)
    assert verdict.from_items == ("2",)


def test_a_listing_whose_item_nobody_knows_is_free() -> None:
    scene = Scene([item("1", custom_sku="MUG")], [simple("17", "MUG")], linked={ListingRef("17"): "99"})
    assert ref_of(scene.judge("I1")) == "17"


# --- variants ---

RED, BLUE = variant("4", "Red", custom_sku="RED"), variant("5", "Blue", custom_sku="BLUE")


def test_variants_are_linked_below_their_product() -> None:
    verdict = Scene([RED, BLUE], [shirt("17", ("BLUE", ("blue ",)), ("RED", ("RED",)))]).judge("M7")
    assert (ref_of(verdict, "4"), ref_of(verdict, "5")) == ("17/171", "17/170")


def test_a_variant_without_sku_is_known_by_its_options() -> None:
    verdict = Scene([RED, BLUE], [shirt("17", ("RED", ("Red",)), ("", ("Blue",)))]).judge("M7")
    assert ref_of(verdict, "5") == "17/171"


def test_a_variant_that_the_shop_lacks_is_left_to_be_added() -> None:
    verdict = Scene([RED, BLUE], [shirt("17", ("RED", ("Red",)))]).judge("M7")
    assert isinstance(verdict, Found)
    assert list(verdict.refs) == ["4"]


def test_an_archived_variant_needs_no_counterpart() -> None:
    verdict = Scene([RED, replace(BLUE, archived=True)], [shirt("17", ("RED", ("Red",)))]).judge("M7")
    assert isinstance(verdict, Found)
    assert list(verdict.refs) == ["4"]


@pytest.mark.parametrize(
    ("listed", "told"),
    [
        ([simple("17", "RED")], "listing 17 of the shop has none"),
        ([shirt("17", ("RED", ("Red",))), shirt("18", ("BLUE", ("Blue",)))], "in 2 listings of the shop"),
        ([shirt("17", ("RED", ("Red",)), options=("Colour",))], "are Color in the till and Colour at listing 17"),
        ([shirt("17", ("RED", ("Red", "S")), options=("Color", "Size"))], "are Color in the till and Color, Size"),
        ([shirt("17", ("RED", ("Rot",)))], "Item 4 is Red in the till, and listing 17/170"),
        ([shirt("17", ("RED", ("",)))], "is any."),
    ],
)
def test_options_that_do_not_fit_are_said_so(listed: list[ListedProduct], told: str) -> None:
    verdict = stuck(Scene([RED, BLUE], listed).judge("M7"))
    assert verdict.state is LinkState.OPTIONS_DIFFER
    assert told in verdict.happened


def test_options_that_the_shop_owns_may_be_others() -> None:
    chosen = settings(owners={"options": Owner.SHOP})
    listed = shirt("17", ("RED", ("Rot",)), ("BLUE", ("Blau",)), options=("Farbe",))
    assert ref_of(Scene([RED, BLUE], [listed], chosen).judge("M7"), "5") == "17/171"


def test_an_item_of_its_own_is_no_variant() -> None:
    verdict = stuck(Scene([item("1", custom_sku="RED")], [shirt("17", ("RED", ("Red",)))]).judge("I1"))
    assert (verdict.state, "a variant of listing 17" in verdict.happened) == (LinkState.OPTIONS_DIFFER, True)


def test_one_listing_of_two_products_is_said_so() -> None:
    strange = variant("9", "Black", custom_sku="BLACK", matrix_id="8")
    listed = shirt("17", ("RED", ("Red",)), ("BLACK", ("Black",)))
    for key, other in (("M7", "item 9 (M8)"), ("M8", "item 4 (M7)")):
        verdict = stuck(Scene([RED, strange], [listed]).judge(key))
        assert (verdict.state, other in verdict.happened) == (LinkState.OPTIONS_DIFFER, True)


def test_options_do_not_win_against_a_sku() -> None:
    listed = shirt("17", ("RED", ("Red",)), ("OTHER", ("Blue",)))
    mine = variant("6", "Green", custom_sku="OTHER")
    verdict = stuck(Scene([RED, BLUE, mine], [listed]).judge("M7"))
    assert verdict.state is LinkState.OPTIONS_DIFFER
    free = settings(owners={"options": Owner.SHOP})
    assert ref_of(Scene([RED, BLUE, mine], [listed], free).judge("M7"), "6") == "17/171"
    only = variant("6", "Green", custom_sku="X", manufacturer_sku="OTHER", archived=True)
    assert ref_of(Scene([RED, BLUE, only], [listed]).judge("M7"), "5") == "17/171"


def test_a_variant_by_options_that_is_linked_elsewhere_stays_there() -> None:
    other = item("9", custom_sku="ELSE")
    listed = shirt("17", ("RED", ("Red",)), ("", ("Blue",)))
    verdict = stuck(Scene([RED, BLUE, other], [listed], linked={ListingRef("17", "171"): "9"}).judge("M7"))
    assert "linked with item 9" in verdict.happened


# --- decisions of a person ---


def test_a_person_may_link_what_has_no_common_key() -> None:
    listed = simple("17", "ELSE")
    assert ref_of(Scene([item("1")], [listed]).given("I1", Given(listed))) == "17"


def test_a_person_may_name_variants_and_the_rest_is_found() -> None:
    listed = shirt("17", ("A", ("Rot",)), ("BLUE", ("Blau",)), ("", ("Green",)))
    green = variant("6", "Green", custom_sku="G")
    verdict = Scene([RED, BLUE, green], [listed]).given("M7", Given(listed, {"4": ListingRef("17", "170")}))
    assert [ref_of(verdict, one) for one in ("4", "5", "6")] == ["17/170", "17/171", "17/172"]


def test_a_key_that_two_variants_show_is_nobodys() -> None:
    listed = shirt("17", ("RED", ("Rot",)), ("red", ("Rosa",)), ("BLUE", ("Blue",)))
    verdict = Scene([RED, BLUE], [listed]).given("M7", Given(listed))
    assert isinstance(verdict, Found)
    assert list(verdict.refs) == ["5"]


@pytest.mark.parametrize(
    ("key", "listed", "told"),
    [
        ("M7", simple("17", "RED"), "has none"),
        ("I1", shirt("17", ("MUG", ("Red",))), "a variant of listing 17"),
        ("M7", shirt("17", ("RED", ("Red",)), options=("Colour",)), "Colour"),
        ("M7", shirt("17", ("A", ("Rot",))), "Not one of its variants can be told"),
        ("I1", ListedProduct(product_id="17", name="Bundle"), "Not one"),
    ],
)
def test_a_decision_that_cannot_be_followed_says_why(key: str, listed: ListedProduct, told: str) -> None:
    scene = Scene([item("1", custom_sku="MUG"), RED, BLUE], [listed])
    assert told in stuck(scene.given(key, Given(listed))).happened


def test_a_decision_takes_nothing_from_a_living_item() -> None:
    listed = simple("17", "MUG")
    scene = Scene([item("1"), item("2", custom_sku="MUG")], [listed], linked={ListingRef("17"): "2"})
    assert "linked with item 2" in stuck(scene.given("I1", Given(listed))).happened


def test_one_variant_for_two_items_is_refused() -> None:
    listed = shirt("17", ("A", ("Red",)))
    same = {"4": ListingRef("17", "170"), "5": ListingRef("17", "170")}
    assert "one variant" in stuck(Scene([RED, BLUE], [listed]).given("M7", Given(listed, same))).happened


# --- whatever there is, a link is one to one ---
