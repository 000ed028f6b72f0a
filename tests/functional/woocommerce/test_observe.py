from tests.functional.woocommerce.storefront import Storefront
from tests.unit.systems.woocommerce.samples import mug, shirt
from tillbridge.domain.product import ListingRef


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
