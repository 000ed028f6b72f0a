"""What the shop has already becomes a link where it is certain, and nothing of it is changed."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.conformance.front import Front, codes
from tests.unit.systems.woocommerce.samples import creation, mug, shirt
from tillbridge.domain.product import KnownVariant, Link, ListingRef

ODD_SKUS = ["A/B", "A+B", "A&B", "100%", "A B", "Ω-1", "a'b", "#1", "?x=1", "A:B@C", "A;B=C", "$5"]


def test_a_simple_product(front: Front) -> None:  # invariant 6
    own = front.add(mug(name="Own", description="<p>My text</p>", of_variant={"regular_price": Decimal(9)}))
    before = front.shown()

    outcome = front.push(mug(description="Till text"))["I42"]

    assert outcome.error is None
    assert front.shown() == before
    assert (outcome.link.product_id, outcome.link.created_by_us) == (own, False)
    assert outcome.quantities == {}, "its stock is not known until it was written"


def test_after_linking_only_what_the_till_owns_is_written(front: Front) -> None:  # invariant 6
    front.add(mug(name="Own", description="<p>My text</p>", of_variant={"regular_price": Decimal(9)}))
    product = mug(description="Till text", category_path=("Mugs",))
    (before,) = front.shown()
    front.push(product)

    assert not codes(front.push(product))

    (shown,) = front.shown()
    assert shown.variants[0].regular_price == Decimal("12.5"), "the till owns prices"
    assert replace(shown, variants=()) == replace(before, variants=())
    assert front.push(product) == {}


def test_a_variable_product(front: Front) -> None:
    own = front.add(replace(shirt(), name="Own shirt"))
    before = front.shown()

    outcome = front.push(shirt())["M7"]

    assert outcome.error is None
    assert outcome.link.product_id == own
    assert {known.item_id for known in outcome.link.variants} == {"700", "701", "710", "711"}
    assert front.shown() == before


def test_a_linked_variable_product_grows_by_a_variant(front: Front) -> None:
    front.add(replace(shirt(), name="Own shirt"))
    front.push(shirt())

    assert not codes(front.push(shirt(sizes=("S", "M", "L"))))

    (shown,) = front.shown()
    assert (shown.name, len(shown.variants)) == ("Own shirt", 6)
    assert all(all(entry.options) for entry in shown.variants)


def test_a_lost_memory_finds_its_own_listings_again(front: Front) -> None:  # invariant 8
    front.push(mug(), shirt())
    before = front.shown()
    front.settle()
    front.forget_everything()

    assert not codes(front.push(mug(), shirt()))

    assert front.shown() == before
    assert all(link.product_id for link in front.links.values())


def test_an_attempt_without_answer_is_looked_for(front: Front) -> None:  # invariant 8
    began = front.clock.now()
    front.push(mug(), shirt())
    for key in ("I42", "M7"):
        front.links[key] = Link(product_key=key, attempted_at=began)  # we died before we could record it

    assert not codes(front.push(mug(), shirt()))

    assert set(front.skus().values()) == {1}
    assert len(front.shown()) == 2
    assert all(link.created_by_us for link in front.links.values())


def test_what_was_made_is_found_by_our_key(front: Front) -> None:  # invariant 8
    began = front.clock.now()
    front.push(mug(), shirt())
    front.add(mug("1", name="Own"))

    found = front.shop().find_made({"I42": began, "M7": began, "I1": began, "I99": began})

    assert found == {key: front.links[key].product_id for key in ("I42", "M7")}


@pytest.mark.parametrize("sku", ODD_SKUS)
def test_odd_skus_are_found_and_linked(front: Front, sku: str) -> None:
    product = mug(of_variant={"sku": sku})
    own = front.add(replace(product, name="Own"))
    front.settle()

    (found,) = front.shop().find_by_sku([sku])[sku]
    assert found.ref.product_id == own
    outcome = front.push(product)["I42"]

    assert outcome.error is None
    assert outcome.link.product_id == own
    assert len(front.shown()) == 1


def test_what_was_found_by_our_key_is_read_and_mended_where_the_till_owns_it(front: Front) -> None:  # invariant 4
    front.push(mug(), shirt())
    known = dict(front.links)
    for key, link in known.items():
        front.links[key] = Link(product_key=key, product_id=link.product_id, created_by_us=True)
    dearer = mug(of_variant={"regular_price": Decimal("99.00")})

    assert not codes(front.push(dearer, shirt()))

    assert front.variant(known["I42"].variants[0].ref).regular_price == Decimal(99)
    assert {key: link.product_id for key, link in front.links.items()} == {
        key: link.product_id for key, link in known.items()
    }
    assert {one.item_id for one in front.links["M7"].variants} == {one.item_id for one in known["M7"].variants}
    assert front.push(dearer, shirt()) == {}


def test_what_was_found_by_our_key_and_is_gone_is_not_made_anew(front: Front) -> None:  # invariant 6
    front.push(mug())
    product_id = front.links["I42"].product_id
    front.delete(product_id)
    front.settle()
    front.links["I42"] = Link(product_key="I42", product_id=product_id, created_by_us=True)

    assert codes(front.push(mug())) == {"I42": "listing_gone"}

    assert not front.shown()


def test_many_skus_are_asked_for_together(front: Front) -> None:
    front.push(*[mug(str(number)) for number in range(1, 31)])
    front.settle()
    front.forget_calls()

    found = front.shop().find_by_sku([f"MUG-{number}" for number in range(1, 61)])

    assert [sku for sku, listings in found.items() if listings] == [f"MUG-{number}" for number in range(1, 31)]
    assert len(front.calls()) <= 6


def test_linking_by_ids_changes_nothing(front: Front) -> None:
    own = front.add(mug(name="Own", of_variant={"sku": "OTHER"}))
    before = front.shown()
    link = Link(product_key="I42", product_id=own)
    write = replace(creation(mug()), link=replace(link, variants=(_unread("42", ListingRef(own)),)))

    (batch,) = front.shop().link_products([write])

    assert batch[0].error is None
    assert batch[0].link.variants[0].fields["sku"] == "OTHER"
    assert not batch[0].link.created_by_us
    assert front.shown() == before


def test_linking_with_what_is_gone_is_told(front: Front) -> None:
    own = front.add(mug(name="Own"))
    front.delete(own)
    link = Link(product_key="I42", product_id=own, variants=(_unread("42", ListingRef(own)),))

    (batch,) = front.shop().link_products([replace(creation(mug()), link=link)])

    assert batch[0].error is not None
    assert batch[0].error.remedy


def _unread(item_id: str, ref: ListingRef) -> KnownVariant:
    return KnownVariant(item_id=item_id, ref=ref)
