"""Changes reach what they are about and nothing else; what was archived goes off sale and is never deleted."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.conformance.front import Front, codes
from tests.unit.systems.woocommerce.samples import mug, shirt, variant
from tillbridge.domain.product import LISTING_GONE, Product, Visibility
from tillbridge.domain.settings import MerchantSettings, Owner


def till_owns(*names: str) -> MerchantSettings:
    return MerchantSettings(owners=dict.fromkeys(names, Owner.TILL))


def test_prices_of_simple_products_and_variants(front: Front) -> None:
    front.push(mug(), shirt())
    dearer = tuple(replace(entry, regular_price=Decimal(20), sale_price=Decimal("15.5")) for entry in shirt().variants)

    changed = [mug(of_variant={"regular_price": Decimal(13)}), replace(shirt(), variants=dearer)]
    assert not codes(front.push(*changed))

    prices = {entry.sku: (entry.regular_price, entry.sale_price) for shown in front.shown() for entry in shown.variants}
    assert prices.pop("MUG-42") == (Decimal(13), None)
    assert set(prices.values()) == {(Decimal(20), Decimal("15.5"))}
    assert front.push(*changed) == {}


def test_a_sale_ends(front: Front) -> None:
    front.push(mug(of_variant={"sale_price": Decimal(9)}))

    assert not codes(front.push(mug()))

    assert front.shown()[0].variants[0].sale_price is None
    assert front.shown()[0].variants[0].regular_price == Decimal("12.5")


def test_an_msrp_changes_and_goes(front: Front) -> None:
    front.needs("msrp")
    recommended = [
        mug(of_variant={"msrp": Decimal("15.5")}),
        replace(shirt(), variants=tuple(replace(one, msrp=Decimal(18)) for one in shirt().variants)),
    ]
    front.push(mug(), shirt())

    assert not codes(front.push(*recommended))
    shown = {entry.sku: entry.msrp for shown in front.shown() for entry in shown.variants}
    assert shown.pop("MUG-42") == Decimal("15.5")
    assert set(shown.values()) == {Decimal(18)}
    assert front.push(*recommended) == {}

    assert not codes(front.push(mug(), shirt()))
    assert not any(entry.msrp for shown in front.shown() for entry in shown.variants)


CHANGES: dict[str, tuple[dict[str, Any], str, Any]] = {
    "name": ({"name": "Cup"}, "name", "Cup"),
    "description": ({"description": "<b>New</b>"}, "description", "<b>New</b>"),
    "category": ({"category_path": ("Cups",)}, "categories", ("Cups",)),
    "visibility": ({"visibility": Visibility.DRAFT}, "on_sale", False),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_field_that_the_till_owns(front: Front, name: str) -> None:
    changes, theirs, wanted = CHANGES[name]
    settings = till_owns(name)
    front.push(mug(category_path=("Mugs",)), settings=settings)

    assert not codes(front.push(mug(**{"category_path": ("Mugs",), **changes}), settings=settings))

    shown = getattr(front.shown()[0], theirs)
    assert (wanted in shown) if name == "description" else shown == wanted
    assert front.push(mug(**{"category_path": ("Mugs",), **changes}), settings=settings) == {}


@pytest.mark.parametrize("name", CHANGES)
def test_a_field_that_the_shop_owns_by_now(front: Front, name: str) -> None:  # invariant 6
    changes, _, _ = CHANGES[name]
    front.push(mug(category_path=("Mugs",)))
    before = front.shown()

    assert front.push(mug(**{"category_path": ("Mugs",), **changes})) == {}
    assert front.shown() == before


def test_what_the_merchant_edited_stays_when_a_price_changes(front: Front) -> None:  # invariant 6
    front.push(mug(category_path=("Mugs",)), shirt())
    for key in ("I42", "M7"):
        front.edit(
            replace(front.links[key].variants[0].ref, variant_id=""), name=f"Our {key}", description="<p>Our text</p>"
        )
    before = {shown.product_id: shown for shown in front.shown()}

    changed = tuple(replace(entry, regular_price=Decimal(30)) for entry in shirt().variants)
    products = [
        mug(category_path=("Mugs",), of_variant={"regular_price": Decimal(30)}),
        replace(shirt(), variants=changed),
    ]
    assert not codes(front.push(*products))

    for shown in front.shown():
        old = before[shown.product_id]
        assert {entry.regular_price for entry in shown.variants} == {Decimal(30)}
        assert replace(shown, variants=()) == replace(old, variants=())
        dearer = tuple(replace(entry, regular_price=Decimal(30)) for entry in old.variants)
        assert shown.variants == dearer


def test_a_variant_more(front: Front) -> None:
    front.push(shirt())
    grown = shirt(sizes=("S", "M", "L"))

    assert not codes(front.push(grown))

    (shown,) = front.shown()
    assert len(shown.variants) == 6
    assert ("White", "L") in {entry.options for entry in shown.variants}
    assert len(front.links["M7"].variants) == 6
    assert front.push(grown) == {}


def test_an_archived_variant_goes_off_sale_and_comes_back(front: Front) -> None:  # invariant 6
    front.push(shirt())
    first, *others = shirt().variants
    ref = front.known(first.item_id).ref

    archived = replace(shirt(), variants=(replace(first, visibility=Visibility.DRAFT), *others))
    assert not codes(front.push(archived))
    assert not front.variant(ref).on_sale
    assert [entry.on_sale for entry in front.shown()[0].variants].count(True) == 3
    assert front.push(archived) == {}

    assert not codes(front.push(shirt()))
    assert all(entry.on_sale for entry in front.shown()[0].variants)


def off_sale(front: Front, product: Product) -> None:
    link = front.links[product.key]
    assert list(front.shop().unpublish([link.product_id])) == [(link.product_id,)]
    front.links[product.key] = replace(link, unpublished_by_us=True)


@pytest.mark.parametrize("product", [mug(description="Text"), shirt()], ids=["simple", "variable"])
def test_off_sale_and_back(front: Front, product: Product) -> None:  # invariant 6
    front.push(product)
    (before,) = front.shown()

    off_sale(front, product)
    (hidden,) = front.shown()
    assert not hidden.on_sale
    assert replace(hidden, on_sale=True) == before

    assert not codes(front.push(product, settings=MerchantSettings(new_products=Visibility.PUBLISHED)))
    assert list(front.shown()) == [before]


def test_withdrawing_many(front: Front) -> None:
    front.push(*[mug(str(number)) for number in range(1, 26)])
    ids = [link.product_id for link in front.links.values()]

    done = [product_id for batch in front.shop().unpublish(ids) for product_id in batch]

    assert sorted(done) == sorted(ids)
    assert not any(shown.on_sale for shown in front.shown())


def test_a_listing_that_was_deleted_is_told(front: Front) -> None:
    front.push(mug("1"), mug("2"), shirt())
    front.delete(front.links["I1"].product_id)
    front.delete(front.links["M7"].product_id)
    dearer = replace(shirt(), variants=tuple(replace(one, regular_price=Decimal(20)) for one in shirt().variants))

    price = {"regular_price": Decimal(20)}
    outcomes = front.push(mug("1", of_variant=price), mug("2", of_variant=price), dearer)

    assert codes(outcomes) == {"I1": LISTING_GONE, "M7": LISTING_GONE}
    assert front.skus() == {"MUG-2": 1}
    assert front.shown()[0].variants[0].regular_price == 20


def test_a_listing_that_was_deleted_does_not_hold_up_withdrawing(front: Front) -> None:
    front.push(mug("1"), mug("2"))
    ids = [front.links[key].product_id for key in ("I1", "I2")]
    front.delete(ids[0])

    done = {product_id for batch in front.shop().unpublish(ids) for product_id in batch}

    assert ids[1] in done
    assert not any(shown.on_sale for shown in front.shown())


def test_one_change_of_many_products(front: Front) -> None:
    products = [mug(str(number)) for number in range(1, 31)]
    front.push(*products)

    dearer = [mug(str(number), of_variant={"regular_price": Decimal(number)}) for number in range(1, 31)]
    assert not codes(front.push(*dearer))

    prices = {entry.sku: entry.regular_price for shown in front.shown() for entry in shown.variants}
    assert prices == {f"MUG-{number}": Decimal(number) for number in range(1, 31)}


def test_a_variant_gets_another_sku(front: Front) -> None:
    front.push(shirt())
    first, *others = shirt().variants
    renamed = replace(shirt(), variants=(replace(first, sku="SHIRT-NEW"), *others))

    assert not codes(front.push(renamed))

    assert front.variant(front.known(first.item_id).ref).sku == "SHIRT-NEW"
    assert len(front.shown()[0].variants) == 4
    assert front.push(renamed) == {}


def test_variants_that_differ_otherwise_now(front: Front) -> None:
    front.push(shirt(sizes=("S",)))
    taller = shirt(sizes=("XS",))

    assert not codes(front.push(taller))

    assert {entry.options for entry in front.shown()[0].variants} == {("Black", "XS"), ("White", "XS")}
    assert variant().sku not in front.skus()
