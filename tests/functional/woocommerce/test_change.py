"""Changes reach listings; what the merchant added stays."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from tests.conformance.front import codes
from tests.functional.woocommerce.storefront import Storefront
from tests.unit.systems.woocommerce.samples import mug, shirt
from tillbridge.domain.product import ProductOption, Visibility
from tillbridge.domain.settings import MerchantSettings, Owner

TILL_OWNS_ALL = MerchantSettings(
    owners=dict.fromkeys(
        ("name", "description", "category", "brand", "visibility", "tax_class", "weight", "sku", "gtin"), Owner.TILL
    )
)


def listing(front: Storefront, sku: str = "MUG-42") -> Any:
    (row,) = front.rows("/products", sku=sku)
    return row


def test_a_recommended_price_for_which_the_shop_has_no_field_takes_no_call(front: Storefront) -> None:
    front.push(mug(), shirt())
    front.forget_calls()
    dearer = tuple(replace(entry, msrp=Decimal(20)) for entry in shirt().variants)
    products = [mug(of_variant={"msrp": Decimal(15)}), replace(shirt(), variants=dearer)]

    assert not codes(front.push(*products))

    assert front.calls() == []
    assert front.push(*products) == {}


def test_a_price_is_sent_alone(front: Storefront) -> None:
    front.push(mug())
    front.change(f"/products/{listing(front)['id']}", {"name": "Better name"})
    front.forget_calls()

    outcome = front.push(mug(of_variant={"regular_price": Decimal("13.00"), "sale_price": Decimal(11)}))["I42"]

    assert outcome.error is None
    assert [call.method for call in front.calls()] == ["POST"]
    shown = listing(front)
    assert (shown["regular_price"], shown["sale_price"], shown["name"]) == ("13", "11", "Better name")
    assert front.push(mug(of_variant={"regular_price": Decimal(13), "sale_price": Decimal("11.00")})) == {}


def test_a_sale_ends(front: Storefront) -> None:
    front.push(mug(of_variant={"sale_price": Decimal(9)}))

    front.push(mug())

    assert listing(front)["sale_price"] == ""


def test_everything_a_simple_product_has_can_change(front: Storefront) -> None:
    front.push(mug(category_path=("Mugs",), brand="Northfell"), settings=TILL_OWNS_ALL)
    changed = mug(
        name="Cup",
        description="New",
        category_path=("Cups",),
        brand="Southfell",
        visibility=Visibility.DRAFT,
        tax_class="zero-rate",
        of_variant={"sku": "CUP-42", "gtin": "4006381333931", "weight": Decimal(2)},
    )

    assert not codes(front.push(changed, settings=TILL_OWNS_ALL))

    shown = listing(front, "CUP-42")
    assert (shown["name"], shown["description"].strip(), shown["status"]) == ("Cup", "<p>New</p>", "draft")
    assert ([term["name"] for term in shown["categories"]], [term["name"] for term in shown["brands"]]) == (
        ["Cups"],
        ["Southfell"],
    )
    assert (shown["tax_class"], shown["weight"], shown["global_unique_id"]) == ("zero-rate", "2", "4006381333931")
    assert front.push(changed, settings=TILL_OWNS_ALL) == {}


def test_categories_the_merchant_added_stay(front: Storefront) -> None:  # invariant 6
    front.push(mug(category_path=("Mugs",)), settings=TILL_OWNS_ALL)
    gifts = front.change("/products/categories", {"name": "Gifts"}, "POST")
    shown = listing(front)
    front.change(f"/products/{shown['id']}", {"categories": [*shown["categories"], {"id": gifts["id"]}]})

    front.push(mug(category_path=("Cups",)), settings=TILL_OWNS_ALL)

    assert sorted(term["name"] for term in listing(front)["categories"]) == ["Cups", "Gifts"]


def test_leaving_all_categories_of_the_till_keeps_the_merchants(front: Storefront) -> None:  # invariant 6
    front.push(mug(category_path=("Mugs",)), settings=TILL_OWNS_ALL)
    gifts = front.change("/products/categories", {"name": "Gifts"}, "POST")
    shown = listing(front)
    front.change(f"/products/{shown['id']}", {"categories": [*shown["categories"], {"id": gifts["id"]}]})

    front.push(mug(), settings=TILL_OWNS_ALL)

    assert [term["name"] for term in listing(front)["categories"]] == ["Gifts"]


def test_a_variant_more_extends_the_options_and_keeps_the_merchants(front: Storefront) -> None:  # invariant 6
    link = front.push(shirt())["M7"].link
    (parent,) = front.rows("/products")
    material = {"name": "Material", "visible": True, "options": ["Wool & silk"]}
    wider = [
        {**use, "options": [*use["options"], "Red"]} if use["name"] == "Color" else use for use in parent["attributes"]
    ]
    front.change(f"/products/{link.product_id}", {"attributes": [*wider, material]})

    assert not codes(front.push(shirt(sizes=("S", "M", "L"))))

    (after,) = front.rows("/products")
    assert {use["name"]: sorted(use["options"]) for use in after["attributes"]} == {
        "Color": ["Black", "Red", "White"],
        "Size": ["L", "M", "S"],
        "Material": ["Wool & silk"],
    }
    rows = front.rows(f"/products/{link.product_id}/variations", per_page="100")
    assert len(rows) == 6


def test_an_archived_variant_is_switched_off_and_on_again(front: Storefront) -> None:  # invariant 6
    front.push(shirt())
    product = shirt()
    off = replace(product.variants[0], visibility=Visibility.DRAFT)

    assert not codes(front.push(replace(product, variants=(off, *product.variants[1:]))))
    assert listing(front, "SHIRT-7-Black-S")["status"] == "private"
    assert not codes(front.push(product))

    assert listing(front, "SHIRT-7-Black-S")["status"] == "publish"


def test_renamed_options_are_chosen_anew_by_every_variation(front: Storefront) -> None:
    link = front.push(shirt())["M7"].link
    product = shirt()
    renamed = replace(product, options=(ProductOption("Colour", product.options[0].values), product.options[1]))

    assert not codes(front.push(renamed))

    (parent,) = front.rows("/products")
    assert {use["name"] for use in parent["attributes"]} == {"Colour", "Size"}
    rows = front.rows(f"/products/{link.product_id}/variations")
    assert all({use["name"] for use in row["attributes"]} == {"Colour", "Size"} for row in rows)
    assert front.push(renamed) == {}


def test_a_variable_product_changes_its_tax_on_the_parent_too(front: Storefront) -> None:
    front.push(shirt(), settings=TILL_OWNS_ALL)

    assert not codes(front.push(replace(shirt(), taxable=False), settings=TILL_OWNS_ALL))

    (parent,) = front.rows("/products")
    assert parent["tax_status"] == "none"
    assert front.push(replace(shirt(), taxable=False), settings=TILL_OWNS_ALL) == {}


def test_variants_change_in_one_call(front: Storefront) -> None:
    front.push(shirt())
    dearer = tuple(replace(entry, regular_price=Decimal(20)) for entry in shirt().variants)
    front.forget_calls()

    assert not codes(front.push(replace(shirt(), variants=dearer)))

    assert front.state.instruments.ledger.by_route() == {
        "POST /wp-json/wc/v3/products/<int:product_id>/variations/batch": 1
    }
    assert {row["regular_price"] for row in front.rows("/products", sku="SHIRT-7-Black-S,SHIRT-7-White-M")} == {"20"}


def test_many_changes_go_in_batches_of_a_hundred(front: Storefront) -> None:
    front.push(*[mug(str(number)) for number in range(150)])
    front.forget_calls()

    outcomes = front.push(*[mug(str(number), of_variant={"regular_price": Decimal(9)}) for number in range(150)])

    assert len(outcomes) == 150
    assert len(front.calls()) == 2


def test_a_listing_that_was_deleted_is_told(front: Storefront) -> None:
    front.push(mug("1"), mug("2"), shirt())
    front.change(f"/products/{front.links['I1'].product_id}?force=true", None, "DELETE")
    front.change(f"/products/{front.links['M7'].product_id}?force=true", None, "DELETE")
    dearer = tuple(replace(entry, regular_price=Decimal(20)) for entry in shirt().variants)

    outcomes = front.push(
        *[mug(number, of_variant={"regular_price": Decimal(9)}) for number in "12"], replace(shirt(), variants=dearer)
    )

    assert codes(outcomes) == {"I1": "listing_gone", "M7": "listing_gone"}
    assert outcomes["I1"].error is not None
    assert "deleted in the shop" in outcomes["I1"].error.happened
    assert front.names() == ["Mug 2"], "what the merchant deleted is not made again"


def test_a_listing_in_the_trash_counts_as_deleted(front: Storefront) -> None:
    front.push(mug("1"), shirt())
    for key in ("I1", "M7"):
        front.change(f"/products/{front.links[key].product_id}", None, "DELETE")
    dearer = tuple(replace(entry, regular_price=Decimal(20)) for entry in shirt().variants)

    outcomes = front.push(mug("1", of_variant={"regular_price": Decimal(9)}), replace(shirt(), variants=dearer))

    assert codes(outcomes) == {"I1": "listing_gone", "M7": "listing_gone"}


def test_a_deleted_category_is_made_again(front: Storefront) -> None:
    front.push(mug("1", category_path=("Kitchen", "Mugs")))
    for row in front.rows("/products/categories"):
        if row["name"] != "Uncategorized":
            front.change(f"/products/categories/{row['id']}?force=true", None, "DELETE")

    outcome = front.push(mug("2", category_path=("Kitchen", "Mugs")))["I2"]

    assert outcome.error is None
    assert "Mugs" in {term["name"] for term in listing(front, "MUG-2")["categories"]}


def test_a_deleted_parent_category_is_made_again(front: Storefront) -> None:
    front.push(mug("1", category_path=("Kitchen", "Mugs")))
    (kitchen,) = [row for row in front.rows("/products/categories") if row["name"] == "Kitchen"]
    front.change(f"/products/categories/{kitchen['id']}?force=true", None, "DELETE")

    assert not codes(front.push(mug("2", category_path=("Kitchen", "Cups"))))

    (again,) = [row for row in front.rows("/products/categories") if row["name"] == "Kitchen"]
    (cups,) = [row for row in front.rows("/products/categories") if row["name"] == "Cups"]
    assert cups["parent"] == again["id"]


def test_a_deleted_attribute_is_made_again(front: Storefront) -> None:
    front.push(shirt("7"))
    for row in front.rows("/products/attributes"):
        front.change(f"/products/attributes/{row['id']}?force=true", None, "DELETE")

    outcome = front.push(shirt("8"))["M8"]

    assert outcome.error is None
    rows = front.rows(f"/products/{outcome.link.product_id}/variations")
    assert ["Black", "M"] in [[use["option"] for use in row["attributes"]] for row in rows]


def test_brands_switched_off_later_are_left_out(front: Storefront) -> None:
    front.push(mug("1", brand="Northfell"))
    front.state.switches.brands = False

    assert not codes(front.push(mug("2", brand="Northfell")))


def test_a_product_unpublished_by_us_comes_back(front: Storefront) -> None:
    front.push(mug())
    product_id = front.links["I42"].product_id
    assert list(front.adapter().unpublish([product_id, "999"])) == [(product_id, "999")]
    assert listing(front)["status"] == "draft"
    front.links["I42"] = replace(front.links["I42"], unpublished_by_us=True)

    assert not codes(front.push(mug()))

    assert listing(front)["status"] == "publish"


def test_unpublishing_changes_nothing_else(front: Storefront) -> None:  # invariant 6
    front.push(mug(category_path=("Mugs",)))
    before = listing(front)

    list(front.adapter().unpublish([str(before["id"])]))

    after = listing(front)
    changed = {name for name in before if before[name] != after[name]}
    assert changed <= {"status", "date_modified", "date_modified_gmt", "permalink", "slug", "purchasable", "_links"}
    assert after["status"] == "draft"
