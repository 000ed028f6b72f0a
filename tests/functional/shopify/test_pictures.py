"""Pictures are taken in behind the answer: what came of them is looked at later (facts/shopify.md, section 7)."""

from dataclasses import replace

from tests.conformance.front import codes
from tests.functional.shopify.storefront import Storefront
from tests.unit.systems.woocommerce.samples import mug, shirt
from tillbridge.domain.product import Visibility
from tillbridge.domain.settings import MerchantSettings, Owner

TILL_OWNS = MerchantSettings(owners={"images": Owner.TILL, "image": Owner.TILL})


def test_what_takes_long_is_found_by_a_later_look_and_not_sent_again(front: Storefront) -> None:
    product = mug("1", images=(front.gallery.picture("main"),))
    front.state.settings = replace(front.state.settings, lags=replace(front.state.settings.lags, media=60))

    outcome = front.push(product)["I1"]
    assert outcome.error is None
    assert "images" not in outcome.link.fields
    front.clock.advance(seconds=60)

    assert not codes(front.push(product))
    assert front.links["I1"].fields["images"] == '["main"]'
    assert front.gallery.fetched == {"main": 1}


def test_pictures_of_a_group_are_looked_at_together(front: Storefront) -> None:
    front.push(*[mug(str(number), images=(front.gallery.picture(f"p{number}"),)) for number in range(1, 21)])

    assert len(front.calls("query nodes")) <= 5, "one look and a few pauses for all twenty"
    assert {shown.images for shown in front.shown()} == {(f"p{number}",) for number in range(1, 21)}


def test_a_failed_file_of_ours_leaves_no_trace(front: Storefront) -> None:
    front.gallery.broken = {"bad"}
    product = mug("1", images=(front.gallery.picture("bad"), front.gallery.picture("good")))

    assert codes(front.push(product)) == {"I1": "bad_image"}

    assert len(front.state.files) == 1
    assert front.shown()[0].images == ("good",)


def test_pictures_of_the_merchant_stay_behind_ours(front: Storefront) -> None:  # invariant 6
    front.push(mug("1", images=(front.gallery.picture("main"), front.gallery.picture("back"))))
    row = next(iter(front.state.products.values()))
    front.control(
        "seed",
        products=[
            {
                "title": "Own",
                "files": [{"originalSource": front.gallery.picture("theirs").url, "contentType": "IMAGE"}],
                "productOptions": [{"name": "Title", "values": [{"name": "Default Title"}]}],
                "variants": [{"optionValues": [{"optionName": "Title", "name": "Default Title"}]}],
            }
        ],
    )
    (theirs,) = list(front.state.products.values())[-1].media_ids
    row.media_ids.insert(0, theirs)
    front.settle()
    changed = mug("1", images=(front.gallery.picture("back"), front.gallery.picture("new")))

    assert not codes(front.push(changed, settings=TILL_OWNS))

    shown = next(shown for shown in front.shown() if shown.product_id == str(row.id))
    assert shown.images == ("back", "new", "theirs")


def test_an_archived_variant_keeps_its_picture(front: Storefront) -> None:
    whole = shirt(colours=("Black",))
    shown = tuple(replace(one, image=front.gallery.picture(f"v-{one.item_id}")) for one in whole.variants)
    product = replace(whole, images=(front.gallery.picture("front"),), variants=shown)
    front.push(product)
    ref = front.known("700").ref
    archived = replace(product, variants=(replace(shown[0], visibility=Visibility.DRAFT), shown[1]))

    changed = replace(archived, images=(front.gallery.picture("other"),))
    assert not codes(front.push(changed, settings=TILL_OWNS))

    assert front.variant(ref).image == "v-700"
    assert not front.variant(ref).on_sale
    assert front.product(ref.product_id).images[0] == "other"


def test_a_variant_that_has_no_picture_any_more(front: Storefront) -> None:
    whole = shirt(colours=("Black",))
    shown = tuple(replace(one, image=front.gallery.picture(f"v-{one.item_id}")) for one in whole.variants)
    front.push(replace(whole, variants=shown))

    bare = replace(whole, variants=(replace(shown[0], image=None), shown[1]))
    assert not codes(front.push(bare, settings=TILL_OWNS))

    assert {entry.image for entry in front.shown()[0].variants} == {"", "v-701"}
    assert front.push(bare, settings=TILL_OWNS) == {}
