"""Absolute figures in the largest batches, each acknowledged or explained."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.functional.woocommerce.storefront import Storefront
from tests.unit.systems.woocommerce.samples import mug, shirt
from tillbridge.domain.errors import SystemDownError
from tillbridge.domain.product import ListingRef, StockOutcome, StockWrite


def figures(front: Storefront, quantity: int) -> list[StockWrite]:
    """The same figure for everything that is linked."""
    known = [known for link in front.links.values() for known in link.variants]
    return [StockWrite(entry.item_id, entry.ref, quantity) for entry in known]


def write(front: Storefront, writes: list[StockWrite]) -> dict[str, StockOutcome]:
    batches = front.adapter().write_stock(writes)
    return {outcome.write.item_id: outcome for batch in batches for outcome in batch}


def stock(front: Storefront) -> dict[str, int | None]:
    return {product.sku: product.stock_quantity for product in front.state.products if product.sku}


def test_simple_products_and_variations_get_their_figures(front: Storefront) -> None:
    front.push(mug("1"), mug("2"), shirt())
    front.forget_calls()

    outcomes = write(front, figures(front, 3))

    assert {outcome.acknowledged for outcome in outcomes.values()} == {3}
    assert set(stock(front).values()) == {3}
    assert front.state.instruments.ledger.by_route() == {
        "POST /wp-json/wc/v3/products/batch": 1,
        "POST /wp-json/wc/v3/products/<int:product_id>/variations/batch": 1,
    }


def test_a_fraction_is_refused_without_costing_the_others_their_batch(front: Storefront) -> None:
    front.push(mug("1"), mug("2"))
    first, second = figures(front, 3)
    front.forget_calls()

    outcomes = write(front, [replace(first, quantity=Decimal("2.5")), second])

    error = outcomes[first.item_id].error
    assert error is not None
    assert error.code == "stock_in_fractions"
    assert outcomes[second.item_id].acknowledged == 3
    assert len(front.state.instruments.ledger.by_route()) == 1


def test_a_figure_below_zero_is_out_of_stock(front: Storefront) -> None:
    front.push(mug("1"))
    outcomes = write(front, figures(front, -3))
    assert {outcome.acknowledged for outcome in outcomes.values()} == {-3}
    assert {product.stock_status for product in front.state.products if product.sku} == {"outofstock"}


def test_a_thousand_figures_take_ten_calls(front: Storefront) -> None:
    front.push(*[mug(str(number)) for number in range(1000)])
    front.forget_calls()

    outcomes = write(front, figures(front, 7))

    assert len(outcomes) == 1000
    assert len(front.calls()) == 10


def test_zero_and_less_than_zero(front: Storefront) -> None:
    front.push(mug("1"), mug("2"))
    refs = [front.links[key].variants[0].ref for key in ("I1", "I2")]

    outcomes = write(front, [StockWrite("1", refs[0], 0), StockWrite("2", refs[1], -3)])

    assert (outcomes["1"].acknowledged, outcomes["2"].acknowledged) == (0, -3)
    assert {row["stock_status"] for row in front.rows("/products")} == {"outofstock"}


def test_a_listing_whose_stock_the_merchant_did_not_keep_is_kept_from_now_on(front: Storefront) -> None:
    own = front.change("/products", {"name": "Own", "regular_price": "1"}, "POST")

    outcomes = write(front, [StockWrite("1", ListingRef(str(own["id"])), 4)])

    assert outcomes["1"].acknowledged == 4


@pytest.mark.parametrize("force", ["?force=true", ""])
def test_a_listing_that_is_gone(front: Storefront, force: str) -> None:
    front.push(mug("1"), mug("2"), shirt())
    writes = figures(front, 3)
    for key in ("I1", "M7"):
        front.change(f"/products/{front.links[key].product_id}{force}", None, "DELETE")

    outcomes = write(front, writes)

    gone = {item_id for item_id, outcome in outcomes.items() if outcome.error}
    assert gone == {"1", "700", "701", "710", "711"}
    assert {outcome.error.code for outcome in outcomes.values() if outcome.error} == {"listing_gone"}
    assert outcomes["2"].acknowledged == 3


def test_an_answer_that_ignores_the_figure_is_an_error(front: Storefront) -> None:
    front.push(mug())
    ref = front.links["I42"].variants[0].ref
    body = f'{{"update":[{{"id":{ref.product_id},"status":"publish","manage_stock":true,"stock_quantity":9}}]}}'
    front.fault("status", status=200, path="products/batch", body=body)

    outcome = write(front, [StockWrite("42", ref, 3)])["42"]

    assert outcome.acknowledged is None
    assert outcome.error is not None
    assert "was told a stock of 3 and shows 9" in outcome.error.happened


@pytest.mark.parametrize("kind", ["cut_before", "cut_after", "garbage", "truncate", "html", "empty"])
def test_doubt_is_settled_by_saying_it_again_in_smaller_batches(front: Storefront, kind: str) -> None:
    front.push(*[mug(str(number)) for number in range(10)])
    front.fault(kind, path="products/batch")
    front.forget_calls()

    outcomes = write(front, figures(front, 3))

    assert {outcome.acknowledged for outcome in outcomes.values()} == {3}
    assert set(stock(front).values()) == {3}
    assert front.vocabulary.get("batch size", "stock") == "50"


def test_a_shop_that_is_down_loses_no_outcome_given_before(front: Storefront) -> None:
    front.push(*[mug(str(number)) for number in range(150)])
    front.fault("status", status=503, headers={"Retry-After": "9"}, path="products/batch", after=1, times=None)
    batches = front.adapter().write_stock(figures(front, 3))

    assert len(next(batches)) == 100
    with pytest.raises(SystemDownError):
        next(batches)


def test_batches_shrink_are_remembered_and_grow_again(front: Storefront) -> None:
    front.push(*[mug(str(number)) for number in range(300)])
    front.fault("status", status=500, path="products/batch", times=2)
    front.forget_calls()

    write(front, figures(front, 1))

    sizes = [call.fault for call in front.calls("products/batch")]
    assert sizes[:2] == ["status", "status"]
    assert len(sizes) == 2 + 6, "25, 25, 50, 50, 100, 50"
    front.forget_calls()
    write(front, figures(front, 2))
    assert len(front.calls()) == 3


def test_one_figure_that_the_shop_dies_of_is_told_apart(front: Storefront) -> None:
    front.push(mug("1"), mug("2"), mug("3"))
    poisoned = front.links["I2"].product_id
    shop = front.adapter()
    original = shop.client.write

    def dying(method: str, route: str, body: object, *, safe_to_repeat: bool = False) -> object:
        if isinstance(body, dict) and any(str(entry["id"]) == poisoned for entry in body["update"]):
            front.fault("status", status=500, path="products/batch")
        return original(method, route, body, safe_to_repeat=safe_to_repeat)

    shop.client.write = dying  # type: ignore[method-assign,assignment]
    outcomes: dict[str, StockOutcome] = {}
    for _ in range(6):
        try:
            left = [entry for entry in figures(front, 8) if entry.item_id not in outcomes]
            outcomes |= {outcome.write.item_id: outcome for batch in shop.write_stock(left) for outcome in batch}
            break
        except SystemDownError:
            continue

    assert {item_id for item_id, outcome in outcomes.items() if outcome.error} == {"2"}
    assert outcomes["2"].error is not None
    assert outcomes["2"].error.code == "shop_fails_on_it"
    assert (outcomes["1"].acknowledged, outcomes["3"].acknowledged) == (8, 8)
