"""New products reach an empty shop whole."""

from dataclasses import replace
from decimal import Decimal

from tests.conformance.front import Front, codes
from tests.unit.systems.woocommerce.samples import mug, shirt
from tillbridge.domain.product import ListingRef, Visibility


def test_a_simple_product_arrives_with_all_it_has(front: Front) -> None:
    product = mug(
        name="Mug & Saucer",
        description="<p>Holds <b>0.3 l</b> & more</p>",
        category_path=("Kitchen", "Mugs"),
        of_variant={"gtin": "4006381333931", "sale_price": Decimal("9.99"), "weight": Decimal("0.35")},
    )

    outcome = front.push(product)["I42"]

    assert outcome.error is None
    assert outcome.quantities == {"42": 5}
    (shown,) = front.shown()
    assert (shown.name, shown.on_sale) == ("Mug & Saucer", True)
    assert "<b>0.3 l</b>" in shown.description
    assert shown.categories == ("Mugs",)
    (variant,) = shown.variants
    assert variant.ref == outcome.link.variants[0].ref
    assert (variant.sku, variant.gtin) == ("MUG-42", "4006381333931")
    assert (variant.regular_price, variant.sale_price) == (Decimal("12.5"), Decimal("9.99"))
    assert variant.weight == Decimal("0.35")
    assert variant.stock[front.place] == 5
    assert outcome.link.created_by_us


def test_a_draft_is_seen_by_nobody(front: Front) -> None:
    front.push(mug(visibility=Visibility.DRAFT))

    (shown,) = front.shown()
    assert not shown.on_sale


def test_a_brand(front: Front) -> None:
    front.needs("brand")
    front.push(mug("1", brand="Northfell"), mug("2", brand="Northfell"))

    assert {shown.brand for shown in front.shown()} == {"Northfell"}


def test_a_variable_product_arrives_with_options_and_variants(front: Front) -> None:
    outcome = front.push(shirt())["M7"]

    assert outcome.error is None
    assert outcome.quantities == {"700": 5, "701": 5, "710": 5, "711": 5}
    (shown,) = front.shown()
    assert {name: set(values) for name, values in shown.options.items()} == {
        "Color": {"Black", "White"},
        "Size": {"S", "M"},
    }
    chosen = {variant.sku: variant.options for variant in shown.variants}
    assert chosen == {
        "SHIRT-7-Black-S": ("Black", "S"),
        "SHIRT-7-Black-M": ("Black", "M"),
        "SHIRT-7-White-S": ("White", "S"),
        "SHIRT-7-White-M": ("White", "M"),
    }
    assert {variant.stock[front.place] for variant in shown.variants} == {5}
    assert {variant.regular_price for variant in shown.variants} == {Decimal("12.5")}
    assert {known.ref for known in outcome.link.variants} == {variant.ref for variant in shown.variants}


def test_a_product_with_one_option_and_one_variant(front: Front) -> None:
    product = shirt(colours=("Black",), sizes=("S",))

    assert not codes(front.push(product))

    (shown,) = front.shown()
    assert [variant.options for variant in shown.variants] == [("Black", "S")]


def test_many_variants(front: Front) -> None:
    sizes = tuple(f"Size {number}" for number in range(60))

    outcome = front.push(shirt(sizes=sizes))["M7"]

    assert outcome.error is None
    assert len(outcome.link.variants) == 120
    (shown,) = front.shown()
    assert len(shown.variants) == 120
    assert len(set(front.skus())) == 120


def test_many_products(front: Front) -> None:
    products = [mug(str(number)) for number in range(1, 131)]

    outcomes = front.push(*products)

    assert not codes(outcomes)
    assert len(front.shown()) == 130
    assert set(front.skus().values()) == {1}
    assert front.push(*products) == {}


def test_what_is_not_counted(front: Front) -> None:
    outcome = front.push(mug(of_variant={"quantity": None}))["I42"]

    assert outcome.error is None
    (shown,) = front.shown()
    assert shown.variants[0].stock == {}


def test_an_msrp(front: Front) -> None:
    front.needs("msrp")
    front.push(mug(of_variant={"msrp": Decimal(15)}))

    (shown,) = front.shown()
    assert shown.variants[0].msrp == 15


def test_whether_it_takes_an_msrp_is_known_beforehand(front: Front) -> None:
    """Planning and previews go by what the adapter says of itself."""
    assert ("msrp" in front.shop().lacks) == ("msrp" in front.lacks)


def test_archived_variants_are_not_made(front: Front) -> None:
    first, *others = shirt().variants
    product = replace(shirt(), variants=(replace(first, visibility=Visibility.DRAFT), *others))

    outcome = front.push(product)["M7"]

    assert outcome.error is None
    assert first.sku not in front.skus()
    assert len(outcome.link.variants) == 3


def test_the_same_again_changes_nothing_and_asks_nothing(front: Front) -> None:
    products = [mug(category_path=("Mugs",), brand="Northfell"), shirt()]
    front.push(*products)
    front.forget_calls()

    assert front.push(*products) == {}
    assert front.calls() == []


def test_a_simple_product_has_no_variant_id_and_a_variant_has_one(front: Front) -> None:
    front.push(mug(), shirt())

    assert front.links["I42"].variants[0].ref == ListingRef(front.links["I42"].product_id)
    assert all(known.ref.variant_id for known in front.links["M7"].variants)
