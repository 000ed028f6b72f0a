"""What only this shop does when products change: prices in one call, lists that wipe, names that are ids."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.conformance.front import codes
from tests.conformance.test_changing import till_owns
from tests.functional.magento.storefront import Storefront
from tests.unit.systems.woocommerce.samples import mug, shirt
from tillbridge.domain.errors import MisconfiguredSystemError, SystemDownError
from tillbridge.domain.product import Link, ProductOption, Visibility
from tillbridge.systems.magento.api.catalogue import MARK


def dearer(number: int, price: int = 30) -> dict[str, Decimal]:
    return {"regular_price": Decimal(price + number)}


def saves(front: Storefront) -> int:
    return len([call for call in front.calls() if call.route == "/rest/V1/products" and call.method == "POST"])


def test_prices_alone_share_a_call(front: Storefront) -> None:
    front.push(*[mug(str(number)) for number in range(1, 31)])
    front.forget_calls()

    assert not codes(front.push(*[mug(str(number), of_variant=dearer(number)) for number in range(1, 31)]))

    assert len(front.calls("base-prices")) == 1
    assert saves(front) == 0


def test_sale_prices_share_a_call_and_end_by_a_save(front: Storefront) -> None:
    front.push(*[mug(str(number)) for number in range(1, 6)])
    front.forget_calls()
    on_sale = [mug(str(number), of_variant={"sale_price": Decimal(9)}) for number in range(1, 6)]
    assert not codes(front.push(*on_sale))

    assert (len(front.calls("special-price")), saves(front)) == (1, 0)
    assert {entry.variants[0].sale_price for entry in front.shown()} == {Decimal(9)}
    assert not codes(front.push(*[mug(str(number)) for number in range(1, 6)]))
    assert {entry.variants[0].sale_price for entry in front.shown()} == {None}


def test_a_set_without_a_recommended_price_takes_the_rest(front: Storefront) -> None:
    front.state.sets[4].codes.remove("msrp")
    product = mug(of_variant={"msrp": Decimal(15)})

    assert not codes(front.push(product))

    assert front.shown()[0].variants[0].msrp is None
    assert front.push(product) == {}
    ref = front.known("42").ref
    assert "msrp" not in front.shop().observe([ref])[ref].fields


def test_how_a_recommended_price_is_shown_is_the_merchants(front: Storefront) -> None:  # invariant 6
    front.push(mug())
    goods = front.state.products.find("MUG-42")
    assert goods is not None
    front.edit(front.known("42").ref, msrp_display_actual_price_type="3")

    assert not codes(front.push(mug(of_variant={"msrp": Decimal(15)})))

    assert front.shown()[0].variants[0].msrp == 15
    assert goods.value("msrp_display_actual_price_type") == "3"


def test_a_price_that_is_refused_is_told_for_its_product_alone(front: Storefront) -> None:
    front.push(mug("1"), mug("2"))

    outcomes = front.push(mug("1", of_variant=dearer(1)), mug("2", of_variant={"regular_price": Decimal(-1)}))

    assert outcomes["I1"].error is None
    prices = {entry.variants[0].sku: entry.variants[0].regular_price for entry in front.shown()}
    assert prices["MUG-1"] == 31


def test_input_limits_do_not_stop_prices(front: Storefront) -> None:
    front.push(*[mug(str(number)) for number in range(1, 31)])
    front.state.switches.input_limits = True
    object.__setattr__(front.state.settings, "list_limit", 20)

    assert not codes(front.push(*[mug(str(number), of_variant=dearer(number)) for number in range(1, 31)]))

    assert {entry.variants[0].regular_price for entry in front.shown()} == {Decimal(30 + one) for one in range(1, 31)}


def test_categories_of_the_merchants_stay(front: Storefront) -> None:  # invariant 6
    settings = till_owns("category")
    front.push(mug(category_path=("Mugs",)), settings=settings)
    front.put_into(front.links["I42"].product_id, "Sale")

    assert not codes(front.push(mug(category_path=("Cups",)), settings=settings))

    assert set(front.shown()[0].categories) == {"Sale", "Cups"}


def test_a_category_that_the_merchant_deleted_is_made_again(front: Storefront) -> None:
    front.push(mug("1", category_path=("Mugs",)))
    known = front.vocabulary.get("category", '["Mugs"]')
    front.rest("DELETE", f"/categories/{known}")
    front.delete(front.links["I1"].product_id)

    assert not codes(front.push(mug("2", category_path=("Mugs",))))

    shown = {entry.name: entry.categories for entry in front.shown()}
    assert shown["Mug 2"] == ("Mugs",)


def test_an_attribute_that_the_merchant_deleted_is_made_again(front: Storefront) -> None:
    front.push(shirt("7"))
    front.delete(front.links["M7"].product_id)
    front.rest("DELETE", "/products/attributes/tb_size")

    assert not codes(front.push(shirt("8")))

    shown = next(entry for entry in front.shown() if entry.name == "Shirt 8")
    assert {entry.options for entry in shown.variants} == {(c, s) for c in ("Black", "White") for s in ("S", "M")}


def test_pictures_of_the_merchants_stay(front: Storefront) -> None:  # invariant 6
    settings = till_owns("images")
    front.push(mug(images=(front.gallery.picture("main"),)), settings=settings)
    content = {"base64_encoded_data": "R0lGODlh", "type": "image/gif", "name": "theirs.gif"}
    entry = {"media_type": "image", "label": "", "position": 7, "disabled": False, "types": [], "content": content}
    front.rest("POST", "/products/MUG-42/media", {"entry": entry})

    assert not codes(front.push(mug(images=(front.gallery.picture("new"),)), settings=settings))

    assert front.shown()[0].images == ("new", "theirs")


def test_roles_follow_the_first_picture(front: Storefront) -> None:
    settings = till_owns("images")
    pictures = [front.gallery.picture(name) for name in ("one", "two")]
    front.push(mug(images=tuple(pictures)), settings=settings)
    front.push(mug(images=tuple(reversed(pictures))), settings=settings)

    goods = front.state.products.find("MUG-42")
    assert goods is not None
    assert {role: str(goods.value(role)).rpartition("/")[2][:3] for role in ("image", "small_image", "thumbnail")} == {
        "image": "two",
        "small_image": "two",
        "thumbnail": "two",
    }


def test_a_picture_that_is_none_is_told(front: Storefront) -> None:
    bad = replace(front.gallery.picture("x"), url=f"{front.url}/magento_version")

    assert codes(front.push(mug(images=(bad,)), mug("1"))) == {"I42": "bad_image"}


def test_an_upload_without_answer_is_not_sent_again(front: Storefront) -> None:  # invariant 8
    front.fault("cut_after", path="/media")

    assert not codes(front.push(mug(images=(front.gallery.picture("main"),))))

    assert front.shown()[0].images == ("main",)
    assert len(front.state.files) == 1


def test_other_option_names_are_told_with_a_remedy(front: Storefront) -> None:
    front.push(shirt())
    wide = shirt()
    renamed = replace(wide, options=(ProductOption("Shade", wide.options[0].values), wide.options[1]))
    variants = tuple(replace(one, options=("Blue", one.options[1])) for one in wide.variants[:2])
    renamed = replace(renamed, options=(ProductOption("Shade", ("Blue",)), wide.options[1]), variants=variants)

    assert codes(front.push(renamed)) == {"M7": "options_differ"}


def test_a_child_that_the_merchant_took_from_its_product_is_told(front: Storefront) -> None:
    front.push(shirt())
    parent = front.state.products.get(int(front.links["M7"].product_id))
    assert parent is not None
    front.rest("DELETE", f"/configurable-products/{parent.sku}/children/SHIRT-7-Black-S")
    changed = tuple(replace(one, regular_price=Decimal(20)) for one in shirt().variants)

    outcomes = front.push(replace(shirt(), variants=changed))

    assert codes(outcomes) == {"M7": "listing_gone"}
    ref = front.known("700").ref
    assert ref not in front.shop().observe([ref])
    assert front.variant(front.known("711").ref).regular_price == 20


def test_a_parent_is_for_sale_and_its_children_are_not_shown(front: Storefront) -> None:
    front.push(shirt())
    parent = front.state.products.get(int(front.links["M7"].product_id))
    assert parent is not None

    assert parent.stock_item.is_in_stock
    assert parent.value("visibility") == 4
    assert {child.value("visibility") for child in front.state.products.children(parent)} == {1}


def test_addresses_are_unique_and_plain_where_they_can_be(front: Storefront) -> None:
    front.push(mug("1", name="Größe Mug"), mug("2", name="Größe Mug"), mug("3", name="名前"))

    keys = sorted(str(goods.value("url_key")) for goods in front.state.products)
    assert keys == ["groe-mug", "groe-mug-mug-2", "i3"]


def test_the_mark_is_ours_and_hidden_from_shoppers(front: Storefront) -> None:
    front.push(mug(), shirt())

    assert sorted(str(goods.value(MARK)) for goods in front.state.products) == [
        "I42",
        "I700",
        "I701",
        "I710",
        "I711",
        "M7",
    ]
    assert front.state.attributes[MARK].more.get("is_visible_on_front", "0") == "0"
    made = front.shop().find_made({"I42": front.clock.now(), "M7": front.clock.now(), "M8": front.clock.now()})
    assert made == {key: front.links[key].product_id for key in ("I42", "M7")}


def test_of_a_copy_the_older_one_is_ours(front: Storefront) -> None:
    front.push(mug())
    own = [{"attribute_code": MARK, "value": "I42"}, {"attribute_code": "url_key", "value": "copy"}]
    front.rest("POST", "/products", {"product": {"sku": "COPY", "name": "Copy", "price": 1, "attribute_set_id": 4,
               "custom_attributes": own}})  # fmt: skip
    before = front.links["I42"].product_id
    front.links["I42"] = Link(product_key="I42", attempted_at=front.clock.now())

    front.push(mug())

    assert front.links["I42"].product_id == before


def test_a_product_on_which_the_shop_fails_alone_is_told_with_the_report(front: Storefront) -> None:
    body = '{"message":"Internal Error. Details are available in Magento log file. Report ID: webapi-5f3a"}'
    front.push(mug("1"), mug("2"), mug("3"))
    front.fault("status", status=500, body=body, method="POST", path="/rest/all/V1/products$", times=2)
    changed = [mug(str(one), visibility=Visibility.DRAFT, of_variant=dearer(one)) for one in (1, 2, 3)]

    outcomes = front.push(*changed, settings=till_owns("visibility"))

    assert codes(outcomes) == {"I1": "shop_fails_on_it"}
    assert "webapi-5f3a" in str(outcomes["I1"].error)
    assert not codes(front.push(*changed, settings=till_owns("visibility")))


def test_a_shop_that_fails_on_everything_is_down(front: Storefront) -> None:
    front.push(*[mug(str(one)) for one in range(1, 6)])
    front.fault("status", status=500, body="no", method="POST", path="/rest/all/V1/products$", times=None)

    with pytest.raises(SystemDownError):
        front.push(
            *[mug(str(one), visibility=Visibility.DRAFT) for one in range(1, 6)], settings=till_owns("visibility")
        )


def test_a_right_that_was_taken_away_stops_the_work(front: Storefront) -> None:
    front.push(mug())
    next(iter(front.state.integrations.values())).resources = frozenset({"Magento_Sales::actions_view"})

    with pytest.raises(Exception) as caught:  # noqa: PT011  which family it is of is what is asked
        front.push(mug(of_variant=dearer(1)))

    assert not isinstance(caught.value, MisconfiguredSystemError)
    assert "Catalog > Inventory > Products" in str(caught.value)


def test_a_listing_in_a_set_of_the_merchants_own_takes_what_is_written(front: Storefront) -> None:
    parent_id = front.add(replace(shirt(sizes=("S",)), name="Own"))
    simple_id = front.add(mug(name="Own mug"))
    wanted = {"attribute_set_name": "Wear", "sort_order": 1, "entity_type_id": 4}
    made = front.rest("POST", "/products/attribute-sets", {"attributeSet": wanted, "skeletonId": 4})
    for goods in front.state.products:
        goods.set_id = made["attribute_set_id"]
    front.rest("DELETE", "/products/attribute-sets/4/attributes/size")
    front.push(shirt(sizes=("S",)), mug())

    grown = front.push(shirt(sizes=("S", "M")), mug(of_variant={"gtin": "4006381333931"}))

    assert not codes(grown)
    assert {entry.options for entry in front.product(parent_id).variants} >= {("Black", "M"), ("White", "M")}
    assert front.product(simple_id).variants[0].gtin == "4006381333931"
    marks = [str(goods.value(MARK) or "") for goods in front.state.products]
    assert sorted(mark for mark in marks if mark) == ["I701", "I711"]
