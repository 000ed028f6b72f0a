from collections.abc import Mapping
from dataclasses import replace

import pytest

from tests.functional.woocommerce.storefront import Storefront
from tests.unit.systems.woocommerce.samples import mug, shirt
from tillbridge.domain.agreement import as_seen
from tillbridge.domain.product import CONTENT_FIELDS, VARIANT_FIELDS, Link, ListingRef
from tillbridge.domain.settings import MerchantSettings, Owner
from tillbridge.systems.shop import ObservedVariant


def test_listings_are_read_back_as_they_are(front: Storefront) -> None:
    front.push(mug("1", name="Mug & Co", category_path=("Mugs",)), shirt())
    simple = front.links["I1"].variants[0].ref
    variations = [known.ref for known in front.links["M7"].variants]
    front.change(f"/products/{simple.product_id}", {"stock_quantity": 9, "regular_price": "1.50"})
    front.forget_calls()

    observed = front.adapter().observe([simple, *variations, ListingRef("999"), ListingRef("999", "1000")][:5])

    assert len(front.calls()) == 2
    assert set(observed) == {simple, *variations}
    assert observed[simple].quantity == 9
    assert observed[simple].fields["name"] == "Mug & Co"
    assert observed[simple].fields["regular_price"] == "1.5"
    assert observed[simple].fields["visibility"] == "published"
    assert observed[variations[0]].sku == "SHIRT-7-Black-S"


def test_what_is_gone_is_absent(front: Storefront) -> None:
    front.push(mug("1"), shirt())
    refs = [front.links["I1"].variants[0].ref, front.links["M7"].variants[0].ref]
    for key in ("I1", "M7"):
        front.change(f"/products/{front.links[key].product_id}?force=true", None, "DELETE")

    assert front.adapter().observe(refs) == {}


def test_a_listing_without_stock_keeping_has_no_quantity(front: Storefront) -> None:
    own = front.change("/products", {"name": "Own"}, "POST")
    ref = ListingRef(str(own["id"]))

    assert front.adapter().observe([ref])[ref].quantity is None


EVERYTHING = MerchantSettings(owners=dict.fromkeys((*CONTENT_FIELDS, *VARIANT_FIELDS), Owner.TILL))


def read_back(front: Storefront, *links: Link) -> Mapping[ListingRef, ObservedVariant]:
    """Read whole products back, as a reconcile does."""
    variants = [known for link in links for known in link.variants]
    refs = dict.fromkeys([*(ListingRef(link.product_id) for link in links), *(known.ref for known in variants)])
    return front.adapter().observe(list(refs), {known.ref: known.fields["sku"] for known in variants})


def seen(front: Storefront, key: str) -> Link:
    """Give a link as the shop shows it now."""
    link = front.links[key]
    fields = {ref: observed.fields for ref, observed in read_back(front, link).items()}
    return as_seen(link, fields, EVERYTHING)


def test_products_and_variations_are_each_one_call_per_hundred(front: Storefront) -> None:
    mugs = [mug(str(number)) for number in range(1, 31)]
    front.push(*mugs, shirt())
    front.forget_calls()
    observed = read_back(front, *front.links.values())
    assert len(front.calls()) == 2, "products by id, variations by SKU"
    assert len(observed) == 30 + 1 + len(front.links["M7"].variants)


def test_a_variation_with_another_sku_is_found_below_its_parent(front: Storefront) -> None:
    front.push(shirt())
    ref = front.links["M7"].variants[0].ref
    front.change(f"/products/{ref.product_id}/variations/{ref.variant_id}", {"sku": "MINE"})
    front.forget_calls()
    assert read_back(front, front.links["M7"])[ref].sku == "MINE"
    assert len(front.calls()) == 3


def test_a_sku_that_moved_to_another_listing_is_not_mistaken(front: Storefront) -> None:
    front.push(shirt())
    known = front.links["M7"].variants[0]
    front.change(f"/products/{known.ref.product_id}/variations/{known.ref.variant_id}", {"sku": "MINE"})
    front.change("/products", {"name": "Other", "sku": known.fields["sku"]}, "POST")
    assert read_back(front, front.links["M7"])[known.ref].sku == "MINE"


def test_below_a_parent_that_is_gone_nothing_is_asked(front: Storefront) -> None:
    front.push(shirt())
    front.change(f"/products/{front.links['M7'].product_id}", None, "DELETE")
    front.forget_calls()
    assert read_back(front, front.links["M7"]) == {}
    assert len(front.calls()) == 1


ODD = (
    mug("1", name='Mug & Co <b>3/4"</b>', description='<p>It\'s "big"<br/></p>', short_description=" Two  blanks "),
    mug("2", name="Tasse Größe 🏕️", category_path=("Home & Garden", "Cups/Mugs"), brand="Alder & Quay"),
    mug("3", taxable=False),
    mug("4", tax_class="reduced-rate"),
    shirt(),
)


@pytest.mark.parametrize("product", ODD, ids=lambda product: product.name)
def test_what_was_written_a_moment_ago_is_seen_equal(front: Storefront, product: object) -> None:
    """However the shop spells it: otherwise the same would be written again every night."""
    assert isinstance(product, type(ODD[0]))
    front.push(product)
    assert seen(front, product.key) == front.links[product.key]


@pytest.mark.parametrize(
    ("body", "field", "expected"),
    [
        ({"regular_price": "1.50"}, "regular_price", "1.5"),
        ({"sale_price": "1.00"}, "sale_price", "1"),
        ({"sku": "MINE"}, "sku", "MINE"),
        ({"weight": "9"}, "weight", "9"),
        ({"tax_class": "zero-rate"}, "tax_class", "zero-rate"),
    ],
)
def test_what_the_merchant_changed_is_seen_field_by_field(
    front: Storefront, body: Mapping[str, str], field: str, expected: str
) -> None:
    front.push(mug("1"))
    front.change(f"/products/{front.links['I1'].product_id}", body)
    (before,), (after,) = front.links["I1"].variants, seen(front, "I1").variants
    assert after.fields == {**before.fields, field: expected}


@pytest.mark.parametrize(
    ("body", "field"), [({"categories": []}, "category"), ({"brands": []}, "brand"), ({"attributes": []}, "options")]
)
def test_a_list_that_lacks_what_was_put_there_is_forgotten(
    front: Storefront, body: Mapping[str, list[object]], field: str
) -> None:
    product = replace(shirt(), category_path=("Home", "Cups"), brand="Northfell")
    front.push(product)
    front.change(f"/products/{front.links['M7'].product_id}", body)
    assert field in front.links["M7"].fields
    assert field not in seen(front, "M7").fields


def test_what_the_merchant_added_to_a_list_is_no_difference(front: Storefront) -> None:  # invariant 6
    product = replace(mug("1"), category_path=("Home", "Cups"), brand="Northfell")
    front.push(product)
    row = front.rows(f"/products/{front.links['I1'].product_id}")
    more = front.change("/products/categories", {"name": "Sale"}, "POST")
    kept = [{"id": term["id"]} for term in row["categories"]]
    front.change(f"/products/{row['id']}", {"categories": [*kept, {"id": more["id"]}]})
    assert seen(front, "I1") == front.links["I1"]
