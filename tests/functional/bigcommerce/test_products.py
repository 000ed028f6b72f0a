"""What only this shop does with products: unique names, partial answers, marks, options that stay, limits."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.conformance.front import codes, errors
from tests.functional.bigcommerce.storefront import Storefront
from tests.unit.systems.woocommerce.samples import creation, mug, shirt
from tillbridge.domain.agreement import as_seen
from tillbridge.domain.errors import SystemDownError
from tillbridge.domain.product import Link, ListingRef, Product, ProductOption, Variant
from tillbridge.domain.settings import MerchantSettings, Owner
from tillbridge.systems.bigcommerce.api.refusals import PAUSE

TILL_OWNS_NAMES = MerchantSettings(owners={"name": Owner.TILL})
TILL_OWNS_CATEGORIES = MerchantSettings(owners={"category": Owner.TILL})


def marks(front: Storefront) -> dict[str, str]:
    return {row.key: row.permission_set for row in front.state.metafields.values()}


def test_what_we_make_carries_a_mark_that_only_we_see(front: Storefront) -> None:
    front.push(mug("1"), shirt())

    assert marks(front) == {"I1": "app_only", "M7": "app_only"}
    assert front.call("GET", "/v3/catalog/products/metafields")["data"] == []


def test_a_mark_that_was_not_left_is_left_later(front: Storefront) -> None:  # invariant 8
    front.fault("cut_before", path="metafields", method="POST")
    with pytest.raises(SystemDownError):
        front.push(mug("1"))
    assert marks(front) == {}

    front.push(mug("1"))

    assert marks(front) == {"I1": "app_only"}
    assert front.skus() == {"MUG-1": 1}


def test_a_try_that_ended_before_the_mark_is_known_by_its_name_and_time(front: Storefront) -> None:  # invariant 8
    began = front.clock.now()
    front.push(mug("1", description="Text"))
    front.state.metafields.clear()
    front.links["I1"] = Link(product_key="I1", attempted_at=began)

    assert not codes(front.push(mug("1", description="Text")))

    assert front.links["I1"].created_by_us
    assert marks(front) == {"I1": "app_only"}
    assert front.skus() == {"MUG-1": 1}


def test_a_product_of_the_merchants_is_no_try_of_ours(front: Storefront) -> None:  # invariant 6
    front.add(mug("1"))
    front.clock.advance(hours=3)
    front.links["I1"] = Link(product_key="I1", attempted_at=front.clock.now())
    before = front.shown()

    assert not codes(front.push(mug("1")))

    assert not front.links["I1"].created_by_us
    assert front.shown() == before


def test_a_name_that_another_product_has_gets_the_sku_behind_it(front: Storefront) -> None:
    front.add(mug(name="Mug", of_variant={"sku": "THEIRS"}))

    assert not codes(front.push(mug("1", name="Mug"), mug("2", name="mug"), settings=TILL_OWNS_NAMES))

    assert front.names() == ["Mug", "Mug (MUG-1)", "mug (MUG-2)"]
    assert front.push(mug("1", name="Mug"), mug("2", name="mug"), settings=TILL_OWNS_NAMES) == {}


def test_a_name_made_longer_is_no_drift(front: Storefront) -> None:
    front.push(mug("1", name="Mug"), mug("2", name="Mug"), settings=TILL_OWNS_NAMES)
    link = front.links["I2"]

    observed = front.shop().observe([ListingRef(link.product_id)])

    seen = {ref: one.fields for ref, one in observed.items()}
    assert as_seen(link, seen, TILL_OWNS_NAMES) == link


def test_renaming_to_a_name_that_is_taken(front: Storefront) -> None:
    front.push(mug("1", name="Mug"), mug("2", name="Cup"), mug("3", name="Pot"), settings=TILL_OWNS_NAMES)

    outcomes = front.push(mug("2", name="Mug"), mug("3", name="Jug"), settings=TILL_OWNS_NAMES)

    assert not codes(outcomes)
    assert front.names() == ["Jug", "Mug", "Mug (MUG-2)"]


def test_names_that_make_the_same_address(front: Storefront) -> None:
    assert not codes(front.push(mug("1", name="5 > 4"), mug("2", name="5 & 4")))

    assert len(front.names()) == 2


def test_saved_without_its_stock_is_no_success_and_is_made_good(front: Storefront) -> None:
    front.state.switches.inventory_part_fails = True

    outcome = front.push(mug("1"))["I1"]

    assert outcome.error is not None
    assert outcome.error.code == "partly_saved"
    assert outcome.quantities == {}
    assert outcome.link.product_id


def test_a_change_saved_in_part_is_read_back(front: Storefront) -> None:
    front.push(mug("1"), mug("2"))
    body = '{"data": [], "errors": {"title": "Some of it could not be saved.", "errors": {}}, "meta": {}}'
    front.fault("status", status=207, body=body, path="/v3/catalog/products$", method="PUT")

    outcomes = front.push(mug("1", of_variant={"regular_price": Decimal(30)}))

    assert codes(outcomes) == {"I1": "changed_silently"}
    assert "partly" not in str(outcomes["I1"].link.fields)
    assert outcomes["I1"].link.variants[0].fields["regular_price"] == "12.5", "as the shop shows it"
    assert not codes(front.push(mug("1", of_variant={"regular_price": Decimal(30)})))
    assert front.variant(front.known("1").ref).regular_price == 30


def test_a_full_plan_is_told_product_by_product(front: Storefront) -> None:
    front.push(mug("1"))
    front.state.switches.plan_limit = True

    outcomes = front.push(mug("1", of_variant={"regular_price": Decimal(20)}), mug("2"))

    assert codes(outcomes) == {"I2": "plan_limit"}
    assert errors(outcomes)["I2"].remedy
    assert front.variant(front.known("1").ref).regular_price == 20


def test_a_store_under_maintenance_is_left_alone_for_a_minute(front: Storefront) -> None:
    front.state.switches.maintenance = True

    with pytest.raises(SystemDownError) as caught:
        front.push(mug("1"))

    assert (caught.value.code, caught.value.after) == ("Http503", PAUSE)


def test_batches_that_the_store_finds_too_long_get_shorter(front: Storefront) -> None:
    front.push(*[mug(str(number)) for number in range(1, 11)])
    front.fault("status", status=413, body='{"status": 413, "title": "too large"}', path="/v3/catalog/products$")

    dearer = [mug(str(number), of_variant={"regular_price": Decimal(20)}) for number in range(1, 11)]
    assert not codes(front.push(*dearer))

    assert {one.regular_price for shown in front.shown() for one in shown.variants} == {Decimal(20)}


def test_categories_that_the_merchant_added_stay(front: Storefront) -> None:  # invariant 6
    front.push(mug("1", category_path=("Mugs",)), settings=TILL_OWNS_CATEGORIES)
    front.put_into(front.links["I1"].product_id, "Gifts")

    assert not codes(front.push(mug("1", category_path=("Cups",)), settings=TILL_OWNS_CATEGORIES))

    assert sorted(front.shown()[0].categories) == ["Cups", "Gifts"]


@pytest.mark.parametrize("creating", [True, False])
def test_a_category_that_was_deleted_is_made_again(front: Storefront, creating: bool) -> None:  # noqa: FBT001
    front.push(mug("1", category_path=("Mugs",)), mug("2", category_path=("Pots",)), settings=TILL_OWNS_CATEGORIES)
    for number in list(front.state.categories):
        front.call("DELETE", f"/v3/catalog/trees/categories?category_id:in={number}")

    key = "3" if creating else "2"
    assert not codes(front.push(mug(key, category_path=("Mugs",)), settings=TILL_OWNS_CATEGORIES))

    shown = front.product(front.links[f"I{key}"].product_id)
    assert (shown.name, shown.categories) == (f"Mug {key}", ("Mugs",))


def test_categories_of_the_merchant_are_used(front: Storefront) -> None:
    front.call("POST", "/v3/catalog/trees/categories", [{"name": "kitchen", "tree_id": 1, "parent_id": 0}])

    assert not codes(front.push(mug("1", category_path=("Kitchen", "Mugs"))))

    assert sorted(row.name for row in front.state.categories.values()) == ["Mugs", "kitchen"]


def test_the_tree_is_read_once_however_many_batches_need_it(front: Storefront) -> None:
    names = [f"Shelf {number}" for number in range(60)]
    front.call("POST", "/v3/catalog/trees/categories", [{"name": one, "tree_id": 1, "parent_id": 0} for one in names])
    front.forget_calls()

    assert not codes(front.push(*[mug(str(place), category_path=(name,)) for place, name in enumerate(names)]))

    assert [call.method for call in front.calls("trees")] == ["GET", "GET"], "the trees, and the categories"
    assert len(front.state.categories) == 60


def test_an_option_gets_another_name(front: Storefront) -> None:
    front.push(shirt())
    renamed = replace(shirt(), options=(ProductOption("Colour", ("Black", "White")), shirt().options[1]))

    assert not codes(front.push(renamed))

    assert set(front.shown()[0].options) == {"Colour", "Size"}
    assert front.push(renamed) == {}


def test_a_variant_that_would_have_to_move_is_told_and_its_price_goes_through(front: Storefront) -> None:
    front.push(shirt())
    first, *others = shirt().variants
    moved = replace(first, options=("Red", "S"), regular_price=Decimal(40))
    product = replace(
        shirt(),
        options=(ProductOption("Color", ("Black", "White", "Red")), shirt().options[1]),
        variants=(moved, *others),
    )

    outcomes = front.push(product)

    assert codes(outcomes) == {"M7": "options_fixed"}
    assert errors(outcomes)["M7"].remedy
    assert front.variant(front.known("700").ref).regular_price == 40
    assert front.variant(front.known("700").ref).options == ("Black", "S")


def test_a_merchants_own_option_names_stay(front: Storefront) -> None:  # invariant 6
    theirs = replace(shirt(), name="Own", options=(ProductOption("Farbe", ("Black", "White")), shirt().options[1]))
    front.add(theirs)
    front.push(shirt())

    for _ in range(2):
        assert not codes(front.push(shirt()))

    assert set(front.shown()[0].options) == {"Farbe", "Size"}
    assert front.push(shirt()) == {}


def test_a_variant_deleted_by_hand_is_told_and_the_others_change(front: Storefront) -> None:
    front.push(shirt())
    front.control("delete", {"sku": "SHIRT-7-Black-S"})
    dearer = replace(shirt(), variants=tuple(replace(one, regular_price=Decimal(20)) for one in shirt().variants))

    outcomes = front.push(dearer)

    assert codes(outcomes) == {"M7": "listing_gone"}
    assert {one.regular_price for one in front.shown()[0].variants} == {Decimal(20)}
    assert len(front.shown()[0].variants) == 3


def test_a_new_variant_whose_sku_another_product_has(front: Storefront) -> None:
    front.push(shirt(), mug("1", of_variant={"sku": "SHIRT-7-White-L"}))

    outcomes = front.push(shirt(sizes=("S", "M", "L")))

    assert codes(outcomes) == {"M7": "sku_taken"}
    assert "SHIRT-7-White-L" in errors(outcomes)["M7"].happened
    assert len(front.product(front.links["M7"].product_id).variants) == 5


def test_variants_of_many_products_share_requests(front: Storefront) -> None:
    shirts = [shirt(str(number)) for number in range(10)]
    front.push(*shirts)
    front.forget_calls()
    dearer = [
        replace(one, variants=tuple(replace(v, regular_price=Decimal(9)) for v in one.variants)) for one in shirts
    ]

    assert not codes(front.push(*dearer))

    assert [call.route.rpartition("/")[2] for call in front.calls()] == ["variants"], "40 variants, 50 a request"


def test_the_address_of_a_picture_may_be_only_so_long(front: Storefront) -> None:
    picture = front.gallery.picture("p" * 260)

    outcomes = front.push(mug("1", images=(picture, front.gallery.picture("good"))))

    assert codes(outcomes) == {"I1": "bad_image"}
    assert front.shown()[0].images == ("good",)
    assert not front.gallery.fetched["p" * 260]


def test_the_main_picture_is_the_thumbnail(front: Storefront) -> None:
    pictures = tuple(front.gallery.picture(name) for name in ("main", "back"))
    settings = MerchantSettings(owners={"images": Owner.TILL})
    front.push(mug("1", images=pictures), settings=settings)
    front.push(mug("1", images=pictures[::-1]), settings=settings)

    (product,) = front.state.products
    assert [(image.name, image.is_thumbnail) for image in product.images] == [("back.png", True), ("main.png", False)]


def test_a_picture_of_a_variant_is_taken_away(front: Storefront) -> None:
    settings = MerchantSettings(owners={"image": Owner.TILL})
    first, *others = shirt().variants
    pictured = replace(shirt(), variants=(replace(first, image=front.gallery.picture("v")), *others))
    front.push(pictured, settings=settings)
    assert front.variant(front.known("700").ref).image == "v"

    assert not codes(front.push(shirt(), settings=settings))

    assert front.push(shirt(), settings=settings) == {}


def of_variant(**changes: object) -> Product:
    return mug(of_variant=dict(changes))


@pytest.mark.parametrize(
    ("product", "told"),
    [
        (mug(name=" "), "no name"),
        (mug(name="n" * 251), "longer than 250"),
        (mug(category_path=("c" * 51,)), "category"),
        (mug(category_path=tuple("abcdefghi")), "8 levels"),
        (mug(tax_class="reduced"), "tax_classes"),
        (of_variant(gtin="1" * 15), "UPC or EAN"),
        (of_variant(sku="s" * 256), "longer than 255"),
        (of_variant(regular_price=Decimal("1234567890.1234567")), "digits"),
        (of_variant(msrp=Decimal(-1)), "recommended price"),
        (of_variant(sale_price=Decimal(13)), "not below"),
        (of_variant(quantity=Decimal("1.5")), "whole units"),
        (shirt(colours=("Black", "black")), "2 times"),
        (shirt(sizes=tuple(map(str, range(251)))), "250"),
    ],
)
def test_what_the_shop_would_refuse_is_told_before(front: Storefront, product: Product, told: str) -> None:
    reasons = front.shop().problems(creation(product))

    assert any(told in reason for reason in reasons), reasons
    assert all(reason.count(".") >= 1 for reason in reasons)
    assert front.calls() == []


def test_600_variants_fit_and_601_do_not(front: Storefront) -> None:
    def many(count: int) -> Product:
        one = Variant(item_id="1", sku="S", regular_price=Decimal(1))
        values = tuple(map(str, range(250)))
        variants = tuple(
            replace(one, item_id=str(n), sku=f"S{n}", options=(values[n % 250], str(n // 250))) for n in range(count)
        )
        return replace(
            shirt(), options=(ProductOption("A", values), ProductOption("B", ("0", "1", "2"))), variants=variants
        )

    assert front.shop().problems(creation(many(600))) == ()
    assert any("601" in reason for reason in front.shop().problems(creation(many(601))))
