"""Each picture travels once, in the till's order, the main one first, and a bad one harms nothing but itself."""

from dataclasses import replace

from tests.conformance.front import Front, codes
from tests.unit.systems.woocommerce.samples import mug, shirt
from tillbridge.domain.product import Product
from tillbridge.domain.settings import MerchantSettings, Owner

TILL_OWNS_PICTURES = MerchantSettings(owners={"images": Owner.TILL, "image": Owner.TILL})


def with_pictures(front: Front, *names: str) -> Product:
    return mug(images=tuple(front.gallery.picture(name) for name in names))


def pictures(front: Front) -> tuple[str, ...]:
    front.settle()
    (shown,) = front.shown()
    return shown.images


def test_pictures_arrive_in_their_order(front: Front) -> None:
    outcome = front.push(with_pictures(front, "main", "back", "side"))["I42"]

    assert outcome.error is None
    assert pictures(front) == ("main", "back", "side")
    assert set(outcome.link.image_ids) == {"main", "back", "side"}
    assert front.gallery.fetched == {"main": 1, "back": 1, "side": 1}


def test_the_same_pictures_again_are_not_sent_again(front: Front) -> None:
    front.push(with_pictures(front, "main"), settings=TILL_OWNS_PICTURES)
    front.settle()

    assert front.push(with_pictures(front, "main"), settings=TILL_OWNS_PICTURES) == {}
    assert set(front.gallery.fetched.values()) == {1}


def test_a_picture_more_sends_only_that_one(front: Front) -> None:
    front.push(with_pictures(front, "main", "back"))
    front.settle()

    assert not codes(front.push(with_pictures(front, "new", "back", "main"), settings=TILL_OWNS_PICTURES))

    assert pictures(front) == ("new", "back", "main")
    assert front.gallery.fetched == {"main": 1, "back": 1, "new": 1}


def test_a_new_order_sends_no_picture_again(front: Front) -> None:
    front.push(with_pictures(front, "main", "back"))
    front.settle()

    assert not codes(front.push(with_pictures(front, "back", "main"), settings=TILL_OWNS_PICTURES))

    assert pictures(front) == ("back", "main")
    assert set(front.gallery.fetched.values()) == {1}


def test_a_picture_removed_in_the_till_leaves_the_listing(front: Front) -> None:
    front.push(with_pictures(front, "main", "back"))
    front.settle()

    assert not codes(front.push(with_pictures(front, "back"), settings=TILL_OWNS_PICTURES))

    assert pictures(front) == ("back",)


def test_pictures_belong_to_the_shop_once_they_are_there(front: Front) -> None:  # invariant 6
    front.push(with_pictures(front, "main"))

    assert front.push(with_pictures(front, "other")) == {}


def test_one_bad_picture_is_told_and_the_others_arrive(front: Front) -> None:
    front.gallery.broken = {"bad"}

    outcomes = front.push(with_pictures(front, "main", "bad", "back"), mug("43"))
    front.settle()
    again = front.push(with_pictures(front, "main", "bad", "back")) or outcomes

    assert codes(again) == {"I42": "bad_image"}
    shown = front.product(front.links["I42"].product_id)
    assert [name for name in shown.images if name.startswith(("main", "back"))] == list(shown.images)
    assert len(shown.images) == 2
    assert front.links["I43"].product_id
    assert front.skus() == {"MUG-42": 1, "MUG-43": 1}


def test_a_picture_mended_in_the_till_arrives(front: Front) -> None:
    front.gallery.broken = {"bad"}
    product = with_pictures(front, "main", "bad")
    front.push(product)
    front.settle()
    front.push(product)
    front.gallery.broken = set()

    for _ in range(2):
        assert not codes(front.push(product))
        front.settle()

    assert len(pictures(front)) == 2
    assert front.push(product) == {}


def test_variants_show_pictures_of_their_own(front: Front) -> None:
    whole = shirt(colours=("Black",))
    shown = tuple(replace(entry, image=front.gallery.picture(f"v-{entry.item_id}")) for entry in whole.variants)
    product = replace(whole, images=(front.gallery.picture("front"),), variants=shown)

    for _ in range(2):  # where pictures are taken in behind the answer, the second round gives them their places
        assert not codes(front.push(product))
        front.settle()

    (there,) = front.shown()
    assert there.images[0] == "front"
    assert {entry.sku: entry.image for entry in there.variants} == {
        "SHIRT-7-Black-S": "v-700",
        "SHIRT-7-Black-M": "v-701",
    }
    assert set(front.gallery.fetched.values()) == {1}
    assert front.push(product) == {}
