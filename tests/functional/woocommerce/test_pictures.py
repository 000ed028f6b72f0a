"""Each picture travels once, in the till's order, and a bad one harms nothing but itself."""

from dataclasses import replace
from typing import Any

from tests.conformance.front import codes
from tests.functional.woocommerce.storefront import Storefront
from tests.unit.systems.woocommerce.samples import mug, shirt
from tillbridge.domain.product import Product, ProductImage
from tillbridge.domain.settings import MerchantSettings, Owner

TILL_OWNS_PICTURES = MerchantSettings(owners={"images": Owner.TILL, "image": Owner.TILL})


def shown(front: Storefront, sku: str = "MUG-42") -> list[str]:
    """The file names that the shop shows, in their order."""
    (row,) = front.rows("/products", sku=sku)
    return [image["src"].rpartition("/")[2] for image in row["images"]]


def with_pictures(front: Storefront, *names: str) -> Product:
    return mug(images=tuple(front.gallery.picture(name) for name in names))


def test_pictures_arrive_in_their_order_in_one_call_after_the_product(front: Storefront) -> None:
    outcome = front.push(with_pictures(front, "main", "back", "side"))["I42"]

    assert outcome.error is None
    assert shown(front) == ["main.png", "back.png", "side.png"]
    assert set(outcome.link.image_ids) == {"main", "back", "side"}
    assert len(front.calls("products/batch")) == 2


def test_a_picture_more_sends_only_that_one(front: Storefront) -> None:
    front.push(with_pictures(front, "main", "back"))

    front.push(with_pictures(front, "new", "back", "main"), settings=TILL_OWNS_PICTURES)

    assert shown(front) == ["new.png", "back.png", "main.png"]
    assert front.gallery.fetched == {"main": 1, "back": 1, "new": 1}


def test_a_new_order_sends_no_picture_again(front: Storefront) -> None:
    front.push(with_pictures(front, "main", "back"))

    front.push(with_pictures(front, "back", "main"), settings=TILL_OWNS_PICTURES)

    assert shown(front) == ["back.png", "main.png"]
    assert set(front.gallery.fetched.values()) == {1}


def test_a_picture_removed_in_the_till_leaves_the_listing(front: Storefront) -> None:
    front.push(with_pictures(front, "main", "back"))

    front.push(mug(), settings=TILL_OWNS_PICTURES)

    assert shown(front) == []


def test_the_merchants_own_pictures_stay(front: Storefront) -> None:  # invariant 6
    link = front.push(with_pictures(front, "main"))["I42"].link
    ours = {"id": int(link.image_ids["main"])}
    own = {"src": f"{front.gallery.url}/own.png"}
    front.change(f"/products/{link.product_id}", {"images": [own, ours]})

    front.push(with_pictures(front, "main", "back"), settings=TILL_OWNS_PICTURES)

    assert shown(front) == ["main.png", "back.png", "own.png"]
    assert set(front.gallery.fetched.values()) == {1}


def test_pictures_belong_to_the_shop_once_they_are_there(front: Storefront) -> None:  # invariant 6
    front.push(with_pictures(front, "main"))

    assert front.push(with_pictures(front, "other")) == {}


def test_one_bad_picture_is_told_and_the_others_arrive(front: Storefront) -> None:
    front.gallery.broken = {"bad"}

    outcomes = front.push(with_pictures(front, "main", "bad", "back"), mug("43"))

    assert codes(outcomes) == {"I42": "bad_image"}
    assert outcomes["I42"].error is not None
    assert "picture bad" in outcomes["I42"].error.happened
    assert shown(front) == ["main-1.png", "back.png"], "the copy made before the bad one was met is lost"
    assert outcomes["I42"].link.product_id
    assert set(outcomes["I42"].link.image_ids) == {"main", "back"}


def test_the_next_try_asks_for_the_bad_picture_alone(front: Storefront) -> None:
    front.gallery.broken = {"bad"}
    product = with_pictures(front, "main", "bad")
    front.push(product)
    front.gallery.fetched.clear()
    assert codes(front.push(product)) == {"I42": "bad_image"}
    assert set(front.gallery.fetched) == {"bad"}

    front.gallery.broken = set()
    assert not codes(front.push(product))

    assert shown(front) == ["main-1.png", "bad.png"]
    assert front.push(product) == {}


def test_a_picture_without_an_extension_is_never_sent(front: Storefront) -> None:
    plain = ProductImage("plain", f"{front.gallery.url}/plain")
    product = mug(images=(plain, front.gallery.picture("main")))

    outcome = front.push(product)["I42"]

    assert outcome.error is not None
    assert outcome.error.code == "bad_image"
    assert "does not end like a picture" in outcome.error.happened
    assert shown(front) == ["main.png"]
    assert "plain" not in front.gallery.fetched


def test_a_picture_deleted_from_the_media_library_is_sent_again(front: Storefront) -> None:
    link = front.push(with_pictures(front, "main"))["I42"].link
    front.change(f"/products/{link.product_id}", {"images": []})
    del front.state.images[int(link.image_ids["main"])]

    assert not codes(front.push(with_pictures(front, "main", "back"), settings=TILL_OWNS_PICTURES))

    assert [name.partition("-")[0] for name in shown(front)] in (["main", "back.png"], ["main.png", "back.png"])


def shirt_with(front: Storefront, **pictures: str) -> Product:
    product = shirt(colours=("Black",))
    images: dict[str, Any] = {item_id.lstrip("i"): name for item_id, name in pictures.items()}
    return replace(
        product,
        variants=tuple(
            replace(entry, image=front.gallery.picture(images[entry.item_id])) if entry.item_id in images else entry
            for entry in product.variants
        ),
    )


def variation_pictures(front: Storefront) -> dict[str, str]:
    (parent,) = front.rows("/products")
    rows = front.rows(f"/products/{parent['id']}/variations")
    return {row["sku"]: row["image"]["src"].rpartition("/")[2] if row["image"] else "" for row in rows}


def test_variations_that_share_a_picture_share_its_copy(front: Storefront) -> None:
    outcome = front.push(shirt_with(front, i700="black", i701="black"))["M7"]

    assert outcome.error is None
    assert front.gallery.fetched == {"black": 1}
    assert set(variation_pictures(front).values()) == {"black.png"}
    assert len({known.image_id for known in outcome.link.variants}) == 1


def test_a_bad_variation_picture_is_told_and_the_variation_stays(front: Storefront) -> None:
    front.gallery.broken = {"bad"}
    product = shirt_with(front, i700="bad", i701="good")

    outcome = front.push(product)["M7"]

    assert outcome.error is not None
    assert outcome.error.code == "bad_image"
    assert variation_pictures(front) == {"SHIRT-7-Black-S": "", "SHIRT-7-Black-M": "good.png"}
    front.gallery.broken = set()
    assert not codes(front.push(product))
    assert variation_pictures(front)["SHIRT-7-Black-S"] == "bad.png"
    assert front.gallery.fetched["good"] == 1


def test_a_bad_picture_of_many_variations_is_asked_for_once(front: Storefront) -> None:
    front.gallery.broken = {"bad"}

    outcome = front.push(shirt_with(front, i700="bad", i701="bad"))["M7"]

    assert outcome.error is not None
    assert front.gallery.fetched == {"bad": 1}


def test_a_variations_picture_changes_and_goes(front: Storefront) -> None:
    front.push(shirt_with(front, i700="black", i701="grey"))

    assert not codes(front.push(shirt_with(front, i700="grey"), settings=TILL_OWNS_PICTURES))

    assert variation_pictures(front) == {"SHIRT-7-Black-S": "grey.png", "SHIRT-7-Black-M": ""}
    assert front.gallery.fetched == {"black": 1, "grey": 1}
    assert front.push(shirt_with(front, i700="grey"), settings=TILL_OWNS_PICTURES) == {}


def test_a_variations_picture_deleted_from_the_library_is_sent_again(front: Storefront) -> None:
    link = front.push(shirt_with(front, i700="black"))["M7"].link
    del front.state.images[int(link.image_ids["black"])]

    assert not codes(front.push(shirt_with(front, i700="black", i701="black"), settings=TILL_OWNS_PICTURES))

    assert variation_pictures(front)["SHIRT-7-Black-M"].startswith("black")


def test_pictures_start_in_small_batches(front: Storefront) -> None:
    products = [mug(str(number), images=(front.gallery.picture(f"p{number}"),)) for number in range(30)]

    assert not codes(front.push(*products))

    assert len(front.calls("products/batch")) == 1 + 3, "10, 10, then 20 at most"
    assert len(front.gallery.fetched) == 30
