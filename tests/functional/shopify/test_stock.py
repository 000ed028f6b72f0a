"""Figures are set by comparing first: nothing that somebody else did meanwhile is overwritten (facts, section 6)."""

from dataclasses import replace

import pytest

from tests.fakes.crash import Crash, KilledError
from tests.functional.shopify.storefront import Storefront
from tests.unit.systems.woocommerce.samples import mug, shirt
from tillbridge.domain.product import LISTING_GONE, StockOutcome, StockWrite


def write(front: Storefront, *writes: StockWrite) -> list[StockOutcome]:
    return [outcome for batch in front.shop().write_stock(writes) for outcome in batch]


def shown(front: Storefront, item_id: str) -> int | None:
    return front.variant(front.known(item_id).ref).stock.get(front.place)


def test_what_moved_is_not_overwritten(front: Storefront) -> None:
    front.push(mug("1"))
    ref = front.known("1").ref
    front.order((ref, 2))

    (outcome,) = write(front, StockWrite("1", ref, 4, known=5))

    assert outcome.error is not None
    assert (outcome.error.code, outcome.acknowledged) == ("stock_moved", None)
    assert shown(front, "1") == 3


def test_what_moved_to_the_wanted_figure_is_acknowledged(front: Storefront) -> None:
    front.push(mug("1"))
    ref = front.known("1").ref
    front.order((ref, 2))

    (outcome,) = write(front, StockWrite("1", ref, 3, known=5))

    assert (outcome.error, outcome.acknowledged) == (None, 3)


def test_one_that_moved_does_not_hold_up_the_others(front: Storefront) -> None:
    front.push(mug("1"), mug("2"), shirt())
    refs = {item_id: front.known(item_id).ref for item_id in ("1", "2", "700")}
    front.order((refs["2"], 1))

    outcomes = write(front, *[StockWrite(item_id, ref, 9, known=5) for item_id, ref in refs.items()])

    assert {outcome.write.item_id: outcome.acknowledged for outcome in outcomes} == {"1": 9, "2": None, "700": 9}


def test_known_figures_take_one_call_for_250(front: Storefront) -> None:
    products = [shirt(str(number), sizes=tuple(f"S{size}" for size in range(25))) for number in range(5)]
    front.push(*products)
    writes = [
        StockWrite(known.item_id, known.ref, 8, known=5) for link in front.links.values() for known in link.variants
    ]
    front.forget_calls()

    outcomes = write(front, *writes)

    assert len(outcomes) == 250
    assert {outcome.acknowledged for outcome in outcomes} == {8}
    assert [call.route for call in front.calls()] == ["graphql mutation inventorySetQuantities"]


def test_a_key_is_kept_before_its_write_is_sent_and_used_again(front: Storefront) -> None:  # invariant 8
    front.push(mug("1"))
    figure = StockWrite("1", front.known("1").ref, 4, known=5)
    crash = Crash(at=1)  # the shop has set it, and we never hear so
    with pytest.raises(KilledError):
        list(front.shop(crash).write_stock([figure]))
    kept = front.vocabulary.get("idempotency", "set")
    assert kept is not None
    assert shown(front, "1") == 4

    (outcome,) = write(front, figure)

    assert outcome.acknowledged == 4
    assert len(front.state.attempts) == 1, "the same key, so one attempt by the shop's account"
    assert front.vocabulary.get("idempotency", "set") == f":{kept.partition(':')[2]}"


def test_the_same_figures_later_take_another_key(front: Storefront) -> None:
    front.push(mug("1"))
    ref = front.known("1").ref
    write(front, StockWrite("1", ref, 4, known=5))
    front.edit(ref, stock=5)

    (outcome,) = write(front, StockWrite("1", ref, 4, known=5))

    assert (outcome.acknowledged, shown(front, "1")) == (4, 4)
    assert len(front.state.attempts) == 2


def test_the_same_under_way_is_waited_for(front: Storefront) -> None:
    front.push(mug("1"))
    front.state.switches.idempotency_concurrent = 2

    (outcome,) = write(front, StockWrite("1", front.known("1").ref, 4, known=5))

    assert (outcome.acknowledged, shown(front, "1")) == (4, 4)


def test_a_place_that_has_none_of_it_is_stocked_first(front: Storefront) -> None:
    front.push(mug("1"))
    ref, other = front.known("1").ref, front.other_places[0]

    (outcome,) = write(front, StockWrite("1", ref, 7, places={front.place: 5, other: 2}))

    assert outcome.acknowledged == 7
    assert front.variant(ref).stock == {front.place: 5, other: 2}


def test_a_place_that_was_taken_off_meanwhile(front: Storefront) -> None:
    front.push(mug("1"))
    ref, other = front.known("1").ref, front.other_places[0]
    shares = {front.place: 5, other: 2}

    (outcome,) = write(front, StockWrite("1", ref, 7, places=shares, known_places={front.place: 5, other: 0}))

    assert outcome.acknowledged == 7
    assert front.variant(ref).stock == shares


def test_what_the_shop_did_not_count_is_counted(front: Storefront) -> None:
    front.push(mug("1", of_variant={"quantity": None}))

    (outcome,) = write(front, StockWrite("1", front.known("1").ref, 6))

    assert (outcome.acknowledged, shown(front, "1")) == (6, 6)


def test_other_places_are_left_alone(front: Storefront) -> None:
    front.push(mug("1"))
    ref, other = front.known("1").ref, front.other_places[0]
    write(front, StockWrite("1", ref, 7, places={front.place: 5, other: 2}))

    write(front, StockWrite("1", ref, 3))

    assert front.variant(ref).stock == {front.place: 3, other: 2}


def test_a_listing_that_is_gone_by_a_call_of_known_figures(front: Storefront) -> None:
    front.push(mug("1"), mug("2"))
    writes = [StockWrite(item_id, front.known(item_id).ref, 7, known=5) for item_id in ("1", "2")]
    front.delete(front.links["I1"].product_id)

    outcomes = {outcome.write.item_id: outcome for outcome in write(front, *writes)}

    assert outcomes["1"].error is not None
    assert outcomes["1"].error.code == LISTING_GONE
    assert outcomes["2"].acknowledged == 7


def test_a_forgotten_item_is_found_again(front: Storefront) -> None:
    front.push(mug("1"), shirt())
    refs = [front.known("1").ref, front.known("700").ref]
    front.vocabulary.ids.clear()

    outcomes = write(front, *[replace(StockWrite("x", ref, 2), item_id=str(ref)) for ref in refs])

    assert [outcome.acknowledged for outcome in outcomes] == [2, 2]
