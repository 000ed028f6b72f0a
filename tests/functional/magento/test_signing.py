"""Signatures hold for every SKU on both generations, each is used once, and what the shop wants is remembered."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.conformance.front import codes
from tests.conformance.test_linking import ODD_SKUS
from tests.functional.magento.storefront import Storefront
from tests.unit.systems.woocommerce.samples import mug, shirt
from tillbridge.domain.errors import RetryLaterError
from tillbridge.domain.product import Product, Visibility

FORM = ("way", "path form")


def with_picture(front: Storefront, sku: str) -> Product:
    return mug(of_variant={"sku": sku}, images=(front.gallery.picture("main"),))


@pytest.mark.parametrize("generation", ["2.4.7", "2.4.8"])
@pytest.mark.parametrize("sku", [*ODD_SKUS, "a,b", "pct%41", "(x)*!", "~[]\\|"])
def test_a_picture_travels_under_every_sku(front: Storefront, generation: str, sku: str) -> None:
    front.state.switches.generation = generation

    assert not codes(front.push(with_picture(front, sku)))

    assert front.shown()[0].images == ("main",)


def test_the_form_of_paths_is_learnt_once_and_kept(front: Storefront) -> None:
    front.state.switches.generation = "2.4.8"
    front.push(with_picture(front, "a/b"))
    assert front.vocabulary.get(*FORM) == "standard"
    front.forget_calls()

    other = replace(with_picture(front, "c/d"), key="I43", name="Other")
    front.push(replace(other, variants=(replace(other.variants[0], item_id="43"),)))

    assert {call.status for call in front.calls()} == {200}


def test_a_server_that_refuses_slashes_is_told_and_the_rest_arrives(front: Storefront) -> None:
    front.state.switches.encoded_slashes = False

    outcomes = front.push(with_picture(front, "a/b"), mug("1"))

    assert codes(outcomes) == {"I42": "encoded_slash"}
    assert "AllowEncodedSlashes" in str(outcomes["I42"].error)
    assert front.skus() == {"a/b": 1, "MUG-1": 1}
    assert front.put_stock({"42": 9})["42"].acknowledged == 9


def test_a_merchants_parent_with_a_slash_still_gets_its_new_child(front: Storefront) -> None:
    own = front.add(replace(shirt(sizes=("S",)), name="Own"))
    front.control("/sku", {"id": int(own), "new": "OWN/M7"})
    front.push(shirt(sizes=("S",)))
    front.state.switches.encoded_slashes = False

    assert not codes(front.push(shirt(sizes=("S", "M"))))

    assert len(front.shown()[0].variants) == 4


def test_no_signature_is_used_twice(front: Storefront) -> None:
    front.fault("status", status=503, body="busy", after=3, times=2)

    for _ in range(3):
        try:
            front.push(with_picture(front, "a/b"))
        except RetryLaterError:
            continue

    spent = [nonce for _, nonce in front.state.nonces]
    assert len(spent) == len(set(spent))
    assert not [call for call in front.calls() if call.status == 401]


def test_another_case_of_a_sku_is_written_as_the_store_has_it(front: Storefront) -> None:
    own = front.add(mug(name="Own", of_variant={"sku": "mug-42"}))
    front.push(mug())

    assert not codes(front.push(mug(of_variant={"regular_price": Decimal(30)})))

    (shown,) = front.shown()
    assert (shown.product_id, shown.variants[0].regular_price) == (own, Decimal(30))


def test_a_view_override_is_never_written(front: Storefront) -> None:
    front.push(mug())
    front.push(mug(visibility=Visibility.DRAFT, of_variant={"regular_price": Decimal(30)}))

    assert all(set(goods.values) <= {0} or not goods.values.get(1) for goods in front.state.products)
