"""What only Shopify does: its own content stays, options are renamed, doubt below a listing is cleared up."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.conformance.front import ShownVariant, codes
from tests.fakes.crash import Crash, KilledError
from tests.functional.shopify.storefront import Storefront
from tests.unit.systems.woocommerce.samples import mug, shirt, variant
from tillbridge.domain.product import ListingRef, Product, ProductOption, Visibility
from tillbridge.domain.settings import MerchantSettings, Owner
from tillbridge.systems.shopify.api.documents.writing import ADD_VARIANTS


def till_owns(*names: str) -> MerchantSettings:
    return MerchantSettings(owners=dict.fromkeys(names, Owner.TILL))


def product_row(front: Storefront, key: str) -> Any:
    return front.state.products[int(front.links[key].product_id)]


def test_tags_handle_and_collections_of_the_merchant_stay(front: Storefront) -> None:  # invariant 6
    front.push(mug("1"))
    row = product_row(front, "I1")
    front.control("edit", id=f"gid://shopify/Product/{row.id}", changes={"tags": ["summer"], "handle": "own-handle"})

    dearer = mug("1", name="Cup", of_variant={"regular_price": Decimal(20)})
    assert not codes(front.push(dearer, settings=till_owns("name")))

    assert (row.title, row.tags, row.handle) == ("Cup", ("summer",), "own-handle")


def test_a_sale_of_the_shops_own_goes_on(front: Storefront) -> None:  # invariant 6
    settings = MerchantSettings(owners={"sale_price": Owner.CREATION})
    front.add(mug("1"))
    own = front.shown()[0].variants[0].ref
    front.control("edit", id=front._gid(own), changes={"price": "8.00", "compareAtPrice": "12.50"})
    front.push(mug("1"), settings=settings)

    assert not codes(front.push(mug("1", of_variant={"regular_price": Decimal(14)}), settings=settings))

    shown = front.variant(own)
    assert (shown.regular_price, shown.sale_price) == (Decimal(14), Decimal(8))


def test_an_option_is_renamed(front: Storefront) -> None:
    front.push(shirt())
    ids = {known.ref for known in front.links["M7"].variants}
    renamed = replace(shirt(), options=(ProductOption("Colour", shirt().options[0].values), shirt().options[1]))

    assert not codes(front.push(renamed))

    (shown,) = front.shown()
    assert list(shown.options) == ["Colour", "Size"]
    assert {entry.ref for entry in shown.variants} == ids
    assert front.push(renamed) == {}


def test_a_listing_with_fewer_options_is_told(front: Storefront) -> None:
    front.push(shirt())
    third = ProductOption("Fit", ("Slim",))
    variants = tuple(replace(one, options=(*one.options, "Slim")) for one in shirt().variants)
    product = replace(shirt(), options=(*shirt().options, third), variants=variants)

    assert codes(front.push(product)) == {"M7": "other_options"}


def grown(*more: str, draft: bool = False) -> Product:
    visibility = Visibility.DRAFT if draft else Visibility.PUBLISHED
    added = tuple(
        variant(f"70{size}", sku=f"SHIRT-{size}", options=("Black", size), visibility=visibility) for size in more
    )
    whole = shirt()
    return replace(
        whole, options=(whole.options[0], ProductOption("Size", ("S", "M", *more))), variants=(*whole.variants, *added)
    )


def lose_the_answer_to_its_creation(front: Storefront, product: Product) -> None:
    """Create a product, and die before anybody notes so."""
    for at in range(12):
        try:
            front.push(product, shop=front.shop(Crash(at)))
        except KilledError:
            if front.shown():
                break
    assert front.shown()
    assert front.links[product.key].product_id == ""


def by_sku(front: Storefront) -> dict[str, ShownVariant]:
    (shown,) = front.shown()
    return {one.sku: one for one in shown.variants}


def test_variants_that_a_lost_answer_made_are_known_without_a_mark(front: Storefront) -> None:  # invariant 8
    lose_the_answer_to_its_creation(front, shirt())
    made = {one.ref for one in by_sku(front).values()}
    first, second, third, fourth = shirt().variants
    swapped = (replace(first, sku=second.sku), replace(second, sku=first.sku), replace(third, sku="NEW"), fourth)
    now = replace(shirt(), variants=swapped)

    assert not codes(front.push(now))

    shown = by_sku(front)
    assert {one.ref for one in shown.values()} == made
    assert {sku: one.options for sku, one in shown.items()} == {one.sku: one.options for one in swapped}
    assert all(one.on_sale for one in shown.values())


@pytest.mark.parametrize("after", ["archived", "departed"])
def test_a_variant_that_a_lost_creation_made_goes_off_sale(front: Storefront, after: str) -> None:  # invariant 8
    lose_the_answer_to_its_creation(front, shirt())
    first, second, *others = shirt().variants
    gone = (replace(first, visibility=Visibility.DRAFT),) if after == "archived" else ()
    now = replace(shirt(), variants=(*gone, replace(second, sku=first.sku), *others))

    assert not codes(front.push(now))

    (shown,) = front.shown()
    assert [one.options for one in shown.variants if not one.on_sale] == [first.options]
    assert {one.options: one.sku for one in shown.variants}[second.options] == first.sku


def test_a_variant_that_the_merchant_added_meanwhile_stays(front: Storefront) -> None:  # invariant 6
    lose_the_answer_to_its_creation(front, shirt())
    front.clock.advance(seconds=90)
    (shown,) = front.shown()
    added = {"optionValues": [{"optionName": "Color", "name": "Black"}, {"optionName": "Size", "name": "XL"}]}
    product = f"gid://shopify/Product/{shown.product_id}"
    front.client().change(ADD_VARIANTS, "productVariantsBulkCreate", productId=product, variants=[added])

    assert not codes(front.push(shirt()))

    assert [one.on_sale for one in front.shown()[0].variants] == [True] * 5
    assert len(front.links["M7"].variants) == 4


@pytest.mark.parametrize("after", ["archived", "departed"])
def test_a_variant_that_a_lost_answer_made_goes_off_sale(front: Storefront, after: str) -> None:  # invariant 8
    front.push(shirt())
    for at in range(12):
        try:
            front.push(grown("XL"), shop=front.shop(Crash(at)))
        except KilledError:
            if any(entry.sku == "SHIRT-XL" for entry in front.shown()[0].variants):
                break
    assert front.links["M7"].variant("70XL") is None

    front.push(grown("XL", draft=True) if after == "archived" else shirt())

    (there,) = [entry for entry in front.shown()[0].variants if entry.sku == "SHIRT-XL"]
    assert not there.on_sale
    assert [entry.on_sale for entry in front.shown()[0].variants].count(True) == 4


def test_a_listing_found_by_our_key_is_completed(front: Storefront) -> None:  # invariant 8
    front.push(shirt())
    before, link = front.shown(), front.links["M7"]
    found = front.shop().find_made({"M7": front.clock.now(), "M8": front.clock.now()})
    assert found == {"M7": link.product_id}

    front.links["M7"] = replace(link, fields={}, variants=(), attempted_at=front.clock.now())
    assert not codes(front.push(shirt()))

    assert front.shown() == before
    assert {known.ref for known in front.links["M7"].variants} == {known.ref for known in link.variants}


def test_two_of_one_sku_in_a_push_are_told_apart(front: Storefront) -> None:
    outcomes = front.push(mug("1", of_variant={"sku": "SAME"}), mug("2", of_variant={"sku": "same"}))

    assert codes(outcomes) == {"I2": "sku_taken"}


def test_a_variant_that_the_merchant_made_with_the_same_options(front: Storefront) -> None:
    front.push(shirt())
    own = front._row(front.known("700").ref)
    link = front.links["M7"]
    front.links["M7"] = replace(link, variants=tuple(known for known in link.variants if known.item_id != "700"))
    front.state.items[own.item_id].sku = "THEIRS"
    for name in [name for name in front.state.metafields if name[0].endswith(f"ProductVariant/{own.id}")]:
        del front.state.metafields[name]

    assert codes(front.push(shirt())) == {"M7": "options_taken"}
    assert front.variant(ListingRef(link.product_id, str(own.id))).sku == "THEIRS"


def test_one_refused_variant_does_not_hold_up_the_others(front: Storefront) -> None:
    front.push(shirt())
    bad, *others = shirt().variants
    changed = (replace(bad, gtin="1" * 300), *(replace(one, regular_price=Decimal(31)) for one in others))

    outcomes = front.push(replace(shirt(), variants=changed))

    assert codes(outcomes) == {"M7": "TOO_LONG"}
    prices = {entry.sku: entry.regular_price for entry in front.shown()[0].variants}
    assert prices.pop(bad.sku) == Decimal("12.5")
    assert set(prices.values()) == {Decimal(31)}


def test_more_variants_than_one_answer_holds(front: Storefront) -> None:
    product = shirt(colours=("Black", "White", "Red"), sizes=tuple(f"Size {number}" for number in range(90)))

    outcome = front.push(product)["M7"]

    assert outcome.error is None
    assert len(outcome.link.variants) == len(outcome.quantities) == 270
    assert front.push(product) == {}


def test_many_are_found_by_our_key_at_once(front: Storefront) -> None:
    front.push(*[mug(str(number)) for number in range(1, 31)])
    front.forget_calls()

    found = front.shop().find_made({f"I{number}": front.clock.now() for number in range(1, 41)})

    assert found == {key: link.product_id for key, link in front.links.items()}
    assert len(front.calls()) == 2


def test_nothing_is_found_before_our_key_is_known_to_the_shop(front: Storefront) -> None:
    assert front.shop().find_made({"I1": front.clock.now(), "I2": front.clock.now()}) == {}


def test_what_the_shop_fails_on_does_not_hold_up_the_others(front: Storefront) -> None:
    """Both tries of the first product fail inside; each time the shop is asked for it in between, and answers."""
    front.fault("status", status=500, body="", after=2)
    front.fault("status", status=500, body="", after=3)  # it counts the calls that the first one lets pass

    assert codes(front.push(mug("1"), mug("2"))) == {"I1": "shop_fails_on_it"}

    assert front.skus() == {"MUG-2": 1}
    assert not codes(front.push(mug("1")))
    assert front.skus() == {"MUG-1": 1, "MUG-2": 1}


REFUSED = '{"errors":[{"message":"no","extensions":{"code":"INVALID_VARIABLE"}}]}'


def test_a_request_that_is_refused_whole_is_about_its_product_alone(front: Storefront) -> None:
    front.push(mug("1"), mug("2"))
    front.fault("status", status=200, body=REFUSED)
    price = {"regular_price": Decimal(20)}

    assert codes(front.push(mug("1", of_variant=price), mug("2", of_variant=price))) == {"I1": "INVALID_VARIABLE"}

    assert front.variant(front.known("2").ref).regular_price == 20
    front.fault("status", status=200, body=REFUSED)
    assert front.put_stock({"1": 3})["1"].error is not None
    ids = [front.links[key].product_id for key in ("I1", "I2")]
    front.fault("status", status=200, body=REFUSED)
    assert list(front.shop().unpublish(ids)) == [(ids[1],)]
