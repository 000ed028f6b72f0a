"""Our process may die before and after every call; running again must leave the shop as if it never had."""

from collections import Counter
from dataclasses import replace

import pytest

from tests.conformance.front import codes
from tests.fakes.crash import Crash, KilledError
from tests.functional.woocommerce.storefront import Storefront
from tests.unit.systems.woocommerce.samples import mug, shirt, variant
from tillbridge.domain.product import Product


def assortment(front: Storefront) -> list[Product]:
    """Two simple products and a variable one, with everything that takes a call."""
    pictures = (front.gallery.picture("front"), front.gallery.picture("back"))
    whole = shirt(colours=("Black",))
    shown = tuple(replace(entry, image=front.gallery.picture(f"v-{entry.item_id}")) for entry in whole.variants)
    return [
        mug("1", category_path=("Kitchen", "Mugs"), brand="Northfell"),
        mug("2", images=(front.gallery.picture("mug"),)),
        replace(whole, images=pictures, variants=shown),
    ]


def steps(front: Storefront) -> int:
    crash = Crash()
    front.push(*assortment(front), shop=front.adapter(crash=crash))
    return len(crash.steps)


def count_steps() -> int:
    """Before and after each of the calls that `assortment` takes; test_calls_of_the_assortment holds it."""
    return 24


def test_calls_of_the_assortment(front: Storefront) -> None:
    assert steps(front) == count_steps()


@pytest.mark.parametrize("at", range(count_steps()))
def test_killed_while_creating(front: Storefront, at: int) -> None:  # invariant 8
    products = assortment(front)
    with pytest.raises(KilledError):
        front.push(*products, shop=front.adapter(crash=Crash(at)))

    outcomes = front.push(*products)

    assert not codes(outcomes)
    assert front.names() == ["Mug 1", "Mug 2", "Shirt 7"]
    skus = Counter(product.sku for product in front.state.products if product.sku)
    assert skus == Counter(["MUG-1", "MUG-2", "SHIRT-7-Black-S", "SHIRT-7-Black-M"])
    assert all(times == 1 for times in front.gallery.fetched.values()), front.gallery.fetched
    assert len(front.state.terms.of("product_cat")) == 3  # Uncategorized, Kitchen, Mugs
    assert_linked(front)
    assert front.push(*products) == {}


def assert_linked(front: Storefront) -> None:
    """Every listing is known with all its variants and pictures."""
    shirt_link = front.links["M7"]
    assert {known.item_id for known in shirt_link.variants} == {"700", "701"}
    assert [known.fields["image"] for known in shirt_link.variants] == ["v-700", "v-701"]
    assert shirt_link.fields["images"] == '["front","back"]'
    assert front.links["I2"].fields["images"] == '["mug"]'
    assert all(link.created_by_us and link.attempted_at is None for link in front.links.values())


@pytest.mark.parametrize("at", range(12))
def test_killed_while_changing(front: Storefront, at: int) -> None:  # invariant 8
    products = assortment(front)
    front.push(*products)
    grown = replace(
        products[2], variants=(*products[2].variants, variant("709", sku="SHIRT-L", options=("Black", "L")))
    )
    grown = replace(grown, options=(grown.options[0], replace(grown.options[1], values=("S", "M", "L"))))
    changed = [mug("1", of_variant={"regular_price": variant().regular_price + 1}), grown]
    crash = Crash(at)
    try:
        front.push(*changed, shop=front.adapter(crash=crash))
    except KilledError:
        assert not codes(front.push(*changed))
    else:
        assert at >= len(crash.steps)

    skus = Counter(product.sku for product in front.state.products if product.sku)
    assert set(skus.values()) == {1}
    assert front.rows("/products", sku="MUG-1")[0]["regular_price"] == "13.5"
    assert {known.item_id for known in front.links["M7"].variants} == {"700", "701", "709"}
    assert front.push(*changed) == {}
