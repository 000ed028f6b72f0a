"""A survey meets every listing once, whatever happens to the shop meanwhile, and believes no page that cannot be."""

from collections.abc import Callable, Iterator

import pytest

from tests.functional.woocommerce.storefront import Storefront
from tests.functional.woocommerce.test_link import own_product, own_shirt
from tests.unit.systems.woocommerce.samples import mug, shirt
from tillbridge.domain.errors import GarbledAnswerError
from tillbridge.domain.listing import ListedProduct, ListedVariant
from tillbridge.domain.product import ListingRef
from tillbridge.systems.shop import ListingPage


def met(front: Storefront, after: str = "") -> list[ListedProduct]:
    return [product for page in front.adapter().listings(after) for product in page.products]


def stock_up(front: Storefront, count: int) -> list[str]:
    """Have so many products in the shop; returns their ids in order."""
    bodies = [{"name": f"Own {number}", "sku": f"S{number}"} for number in range(count)]
    for start in range(0, count, 100):
        front.change("/products/batch", {"create": bodies[start : start + 100]}, "POST")
    return [str(product.id) for product in front.state.products if not product.is_variation]


def test_simple_products_are_their_own_variants(front: Storefront) -> None:
    own = own_product(front, name="Mug &amp; Co", sku="mug&amp;1", global_unique_id="4006381333931", status="draft")
    assert met(front) == [
        ListedProduct(
            product_id=str(own["id"]),
            name="Mug & Co",
            variants=(ListedVariant(ref=ListingRef(str(own["id"])), sku="mug&1", gtin="4006381333931"),),
        )
    ]


@pytest.mark.parametrize("custom", [False, True])
def test_variations_come_with_their_options(front: Storefront, *, custom: bool) -> None:
    parent = own_shirt(front, custom=custom)
    (listed,) = met(front)
    assert (listed.product_id, listed.options, listed.variable) == (str(parent["id"]), ("Color", "Size"), True)
    assert {variant.sku: variant.options for variant in listed.variants} == {
        f"SHIRT-7-{colour}-{size}": (colour, size) for colour in ("Black", "White") for size in ("S", "M")
    }


def test_an_option_that_is_any_is_empty(front: Storefront) -> None:
    parent = own_shirt(front)
    (black, *_rest) = front.rows(f"/products/{parent['id']}/variations", order="asc", orderby="id")
    chosen = [use for use in black["attributes"] if use["name"] == "Color"]
    front.change(f"/products/{parent['id']}/variations/{black['id']}", {"attributes": chosen})
    (listed,) = met(front)
    assert listed.variants[0].options == ("Black", "")


def test_our_own_listings_carry_our_mark_and_what_is_thrown_away_is_not_met(front: Storefront) -> None:
    front.push(mug("42"), shirt())
    thrown = own_product(front, sku="THROWN")
    front.change(f"/products/{thrown['id']}", None, "DELETE")
    assert {listed.mark: len(listed.variants) for listed in met(front)} == {"I42": 1, "M7": 4}


def test_a_kind_that_no_item_can_be_has_no_variants(front: Storefront) -> None:
    own_product(front, sku="SET", type="grouped")
    assert [listed.variants for listed in met(front)] == [()]


@pytest.mark.parametrize("count", [0, 1, 99, 100, 101, 199, 250])
def test_every_listing_is_met_once(front: Storefront, count: int) -> None:
    ids = stock_up(front, count)
    front.forget_calls()
    pages = list(front.adapter().listings())
    assert [listed.product_id for page in pages for listed in page.products] == ids
    assert [page.last for page in pages] == [False] * (len(pages) - 1) + [True]
    assert len(front.calls()) <= count // 99 + 1


def test_a_survey_goes_on_in_another_process(front: Storefront) -> None:
    ids = stock_up(front, 250)
    pages = list(front.adapter().listings())
    for number, page in enumerate(pages[:-1]):
        behind = [listed.product_id for later in pages[number + 1 :] for listed in later.products]
        assert [listed.product_id for listed in met(front, page.after)] == behind
    assert pages[-1].products[-1].product_id == ids[-1]


Change = Callable[[Storefront, list[str]], object]

CHANGES: dict[str, Change] = {
    "one is deleted": lambda front, ids: front.change(f"/products/{ids[3]}?force=true", None, "DELETE"),
    "one is thrown away": lambda front, ids: front.change(f"/products/{ids[50]}", None, "DELETE"),
    "the last one met is deleted": lambda front, ids: front.change(f"/products/{ids[99]}?force=true", None, "DELETE"),
    "very many are deleted": lambda front, ids: front.change("/products/batch", {"delete": ids[:100]}, "POST"),
    "one is added": lambda front, ids: own_product(front, sku="NEW"),
    "nothing happens": lambda front, ids: None,
}


def pages_with(front: Storefront, change: Callable[[], object]) -> Iterator[ListingPage]:
    for number, page in enumerate(front.adapter().listings()):
        yield page
        if number == 0:
            change()


@pytest.mark.parametrize("what", CHANGES)
def test_what_is_there_all_the_while_is_met_whatever_happens(front: Storefront, what: str) -> None:  # invariant 1
    ids = stock_up(front, 230)
    pages = list(pages_with(front, lambda: CHANGES[what](front, ids)))
    found = [listed.product_id for page in pages for listed in page.products]
    assert len(found) == len(set(found)), "nothing is met twice"
    there = {str(product.id) for product in front.state.products if product.status != "trash"}
    assert set(ids) & there <= set(found)


@pytest.mark.parametrize("told", [{}, {"X-WP-Total": "3"}])
def test_a_page_that_is_cut_short_is_not_believed(front: Storefront, told: dict[str, str]) -> None:  # invariant 1
    stock_up(front, 3)
    headers = {"Content-Type": "application/json", **told}
    front.fault("status", status=200, body='[{"id": 1, "type": "simple"}]', headers=headers, path="/products")
    if not told:
        assert len(met(front)) == 1, "without a count the end is where the rows end"
        return
    with pytest.raises(GarbledAnswerError, match="ended after 1 rows, and there are 3"):
        met(front)


@pytest.mark.parametrize("body", ['[{"id": 2}, {"id": 1}]', '[{"id": 1}, {"id": 1}]'])
def test_a_page_in_another_order_is_not_believed(front: Storefront, body: str) -> None:  # invariant 1
    headers = {"Content-Type": "application/json"}
    front.fault("status", status=200, body=body, headers=headers, path="/products")
    with pytest.raises(GarbledAnswerError, match="order of ids"):
        met(front)


def test_the_same_page_twice_is_not_believed(front: Storefront) -> None:  # invariant 1
    """A cache that does not look at the query answers every page with the first."""
    ids = stock_up(front, 230)
    rows = "[" + ",".join(f'{{"id": {one}, "type": "simple"}}' for one in ids[:100]) + "]"
    headers = {"Content-Type": "application/json", "X-WP-Total": "230"}
    front.fault("status", status=200, body=rows, headers=headers, path="/products", times=None, after=1)
    pages: list[ListingPage] = []
    with pytest.raises(GarbledAnswerError, match="begins again"):
        pages.extend(front.adapter().listings())
    front.state.instruments.faults.clear()
    rest = met(front, pages[-1].after)
    assert [listed.product_id for page in pages for listed in page.products] + [one.product_id for one in rest] == ids


def test_a_product_that_vanishes_while_it_is_read_has_no_variants(front: Storefront) -> None:
    own_shirt(front)
    gone = '{"code": "woocommerce_rest_product_invalid_id", "message": "no", "data": {"status": 404}}'
    headers = {"Content-Type": "application/json"}
    front.fault("status", status=404, body=gone, headers=headers, path="/variations")
    assert [listed.variants for listed in met(front)] == [()]


def test_whoever_met_an_empty_shop_does_not_count_it_again(front: Storefront) -> None:
    met(front)
    front.forget_calls()
    front.push(mug("42"))
    assert [call.method for call in front.calls("/products")] == ["POST"]


def test_whoever_met_a_shop_with_products_looks_before_creating(front: Storefront) -> None:  # invariant 8
    own_product(front, sku="OTHER")
    met(front)
    front.forget_calls()
    front.push(mug("42"))
    assert [call.method for call in front.calls("/products")] == ["GET", "POST"]
