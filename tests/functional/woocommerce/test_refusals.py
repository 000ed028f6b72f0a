"""What the shop refuses, forgets or dies of costs one product, never the others."""

from dataclasses import dataclass
from typing import Any

import pytest

from tests.conformance.front import MemoryVocabulary, codes, errors
from tests.functional.woocommerce.storefront import Storefront
from tests.unit.systems.woocommerce.samples import mug, shirt
from tillbridge.domain.errors import SystemDownError
from tillbridge.domain.product import Product
from tillbridge.domain.settings import MerchantSettings, Owner
from tillbridge.systems.woocommerce.api.batches import RememberedSizes
from tillbridge.systems.woocommerce.shop import WooCommerceShop

TILL_OWNS = MerchantSettings(owners=dict.fromkeys(("name", "images", "image", "category"), Owner.TILL))


def one_at_a_time(front: Storefront) -> None:
    """Let every batch begin with one entry, as after many failures."""
    for kind in ("products", "variations", "pictures", "stock"):
        RememberedSizes(front.vocabulary).put(kind, 1)


def deadly(front: Storefront, shop: WooCommerceShop, word: str) -> WooCommerceShop:
    """Make the shop die of every write that holds a word."""
    write: Any = shop.client.write

    def dying(method: str, route: str, body: object, **options: Any) -> object:
        if word in str(body):
            front.fault("status", status=500, method="POST", path="batch")
        return write(method, route, body, **options)

    shop.client.write = dying  # type: ignore[method-assign,assignment]
    return shop


def refusing(front: Storefront, route: str, times: int = 1) -> None:
    error = '{"create":[{"id":0,"error":{"code":"woocommerce_rest_cannot_create","message":"nein"}}]}'
    front.fault("status", status=200, body=error, path=route, times=times)


@pytest.mark.parametrize(
    ("route", "product", "code"),
    [
        ("categories/batch", mug("1", category_path=("Mugs",)), "category_refused"),
        ("brands/batch", mug("1", brand="Northfell"), "brand_refused"),
    ],
)
def test_a_name_the_shop_refuses(front: Storefront, route: str, product: Product, code: str) -> None:
    refusing(front, route)

    outcomes = front.push(product, mug("2"))

    assert codes(outcomes) == {"I1": code}
    assert "nein" in errors(outcomes)["I1"].happened
    assert "by hand" in errors(outcomes)["I1"].remedy
    assert front.names() == ["Mug 2"]


def test_an_attribute_the_shop_refuses_even_under_another_name(front: Storefront) -> None:
    colour = shirt(sizes=("S",))
    refusal = '{"id":0,"error":{"code":"woocommerce_rest_cannot_create","message":"nein"}}'
    front.fault("status", status=200, body=f'{{"create":[{refusal},{refusal}]}}', path="attributes/batch", times=2)

    assert codes(front.push(colour, mug("2"))) == {"M7": "attribute_refused"}


@dataclass
class StubbornVocabulary(MemoryVocabulary):
    """Remembers a category that the shop does not have, whatever happens."""

    def get(self, kind: str, name: str) -> str | None:
        return "99999" if kind == "category" else super().get(kind, name)


def test_a_category_that_never_sticks_is_told(front: Storefront) -> None:
    front.vocabulary = StubbornVocabulary()

    outcome = front.push(mug(category_path=("Mugs",)))["I42"]

    assert outcome.error is not None
    assert outcome.error.code == "changed_silently"
    assert 'category: sent "["Mugs"]", got "["Uncategorized"]"' in outcome.error.happened
    assert outcome.link.product_id


def test_a_category_that_cannot_be_made_again_is_told(front: Storefront) -> None:
    front.vocabulary.put("category", {'["Mugs"]': "99999"})
    refusing(front, "categories/batch")

    outcome = front.push(mug(category_path=("Mugs",)))["I42"]

    assert outcome.error is not None
    assert outcome.error.code == "category_refused"
    assert outcome.link.product_id


def test_a_new_option_of_a_deleted_attribute(front: Storefront) -> None:
    front.push(shirt("7"))
    for row in front.rows("/products/attributes"):
        front.change(f"/products/attributes/{row['id']}?force=true", None, "DELETE")

    outcome = front.push(shirt("8", colours=("Green",)))["M8"]

    assert outcome.error is None
    rows = front.rows(f"/products/{outcome.link.product_id}/variations")
    assert {use["option"] for row in rows for use in row["attributes"]} == {"Green", "S", "M"}


def test_a_product_the_shop_dies_of_is_not_created(front: Storefront) -> None:
    one_at_a_time(front)
    shop = deadly(front, front.adapter(), "deadly")

    outcomes = front.push(mug("1"), mug("2", name="deadly"), mug("3"), shop=shop)

    assert codes(outcomes) == {"I2": "shop_fails_on_it"}
    assert "error log" in errors(outcomes)["I2"].remedy
    assert front.names() == ["Mug 1", "Mug 3"]


def test_a_change_the_shop_dies_of_leaves_the_others(front: Storefront) -> None:
    front.push(mug("1"), mug("2"))
    one_at_a_time(front)
    shop = deadly(front, front.adapter(), "deadly")

    outcomes = front.push(mug("1", name="deadly"), mug("2", name="Cup"), shop=shop, settings=TILL_OWNS)

    assert codes(outcomes) == {"I1": "shop_fails_on_it"}
    assert front.names() == ["Cup", "Mug 1"]


def test_a_variation_the_shop_dies_of_leaves_the_others(front: Storefront) -> None:
    one_at_a_time(front)
    shop = deadly(front, front.adapter(), "SHIRT-7-Black-M")

    outcome = front.push(shirt(), shop=shop)["M7"]

    assert outcome.error is not None
    assert outcome.error.code == "shop_fails_on_it"
    assert {known.item_id for known in outcome.link.variants} == {"700", "710", "711"}


def test_a_picture_the_shop_dies_of_leaves_the_product(front: Storefront) -> None:
    one_at_a_time(front)
    shop = deadly(front, front.adapter(), "deadly.png")

    outcomes = front.push(mug("1", images=(front.gallery.picture("deadly"),)), mug("2"), shop=shop)

    assert codes(outcomes) == {"I1": "shop_fails_on_it"}
    assert outcomes["I1"].link.product_id
    assert "images" not in outcomes["I1"].link.fields


def test_withdrawing_goes_on_around_what_the_shop_dies_of(front: Storefront) -> None:
    front.push(mug("1"), mug("2"))
    one_at_a_time(front)
    first, second = (front.links[key].product_id for key in ("I1", "I2"))
    shop = deadly(front, front.adapter(), f"'id': {first},")

    done = [product_id for batch in shop.unpublish([first, second]) for product_id in batch]

    assert done == [second]


def test_withdrawing_is_said_again_after_doubt(front: Storefront) -> None:
    front.push(mug("1"), mug("2"))
    ids = [link.product_id for link in front.links.values()]
    front.fault("cut_after", path="products/batch")

    done = [product_id for batch in front.adapter().unpublish(ids) for product_id in batch]

    assert done == ids


def test_withdrawing_what_the_shop_keeps_on_sale_is_not_done(front: Storefront) -> None:
    front.push(mug())
    product_id = front.links["I42"].product_id
    body = f'{{"update":[{{"id":{product_id},"status":"publish"}}]}}'
    front.fault("status", status=200, body=body, path="products/batch")

    assert list(front.adapter().unpublish([product_id])) == [()]


def test_a_listing_deleted_before_its_pictures(front: Storefront) -> None:
    front.push(mug())
    front.change(f"/products/{front.links['I42'].product_id}?force=true", None, "DELETE")

    outcomes = front.push(mug(images=(front.gallery.picture("main"),)), settings=TILL_OWNS)

    assert codes(outcomes) == {"I42": "listing_gone"}


def test_doubt_about_pictures_is_settled_by_their_file_names(front: Storefront) -> None:  # invariant 8
    front.push(mug())
    front.fault("cut_after", path="products/batch")

    outcomes = front.push(mug(images=(front.gallery.picture("main"),)), settings=TILL_OWNS)

    assert not codes(outcomes)
    assert front.gallery.fetched == {"main": 1}


def test_a_shop_that_fails_on_everything_is_down(front: Storefront) -> None:
    one_at_a_time(front)
    shop = deadly(front, front.adapter(), "create")

    with pytest.raises(SystemDownError):
        front.push(*[mug(str(number)) for number in range(9)], shop=shop)
