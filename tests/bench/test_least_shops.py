"""The arithmetic of the four shops' least, on numbers that can be reckoned by hand."""

from dataclasses import replace

import pytest

from tests.bench import least_shops
from tests.bench.least_shops import Goods

GOODS = Goods(simple=101, matrices=2, variants=3, category_levels=(4, 20), brands=5)


def test_bigcommerce_takes_a_request_for_each_product_and_each_picture() -> None:
    found = least_shops.bigcommerce_filled(GOODS)
    assert found.cost == 2 + 103 + 103
    assert found.seconds == pytest.approx(208 / 5)


def test_bigcommerce_looks_sends_and_reads_back() -> None:
    assert least_shops.bigcommerce_stock(rows=501, products=251).cost == 1 + 2 + 1 + 2


def test_magento_saves_parents_and_children_one_by_one() -> None:
    found = least_shops.magento_filled(GOODS)
    names = 24 + 5 + (1 + 3 + 1)
    assert found.cost == names + (103 + 6) + 103
    assert found.seconds == pytest.approx(found.cost * 0.06 + 109 * 0.9)


def test_magento_needs_no_choices_without_matrices() -> None:
    assert least_shops.magento_filled(replace(GOODS, matrices=0)).cost == 24 + 5 + 101 + 101


def test_magento_reads_back_what_it_sends() -> None:
    found = least_shops.magento_stock(401)
    assert found.cost == 3 + 2 + 3 + 3
    assert found.seconds == pytest.approx(11 * 0.06 + 401 * (0.006 + 2 * 0.004))


@pytest.mark.parametrize(("rows", "points"), [(5, 5), (10, 6), (20, 7), (50, 9), (200, 12), (250, 13)])
def test_pages_of_shopify_cost_what_was_recorded(rows: int, points: int) -> None:
    assert least_shops.page_cost(rows) == points


def test_shopify_writes_each_product_whole_and_reads_the_rest_of_many_at_once() -> None:
    found = least_shops.shopify_filled(GOODS)
    simple, matrix = 13, 13  # 10 + 1 + 0.4 + 1.9 + 0.2, and 0.4 more for two more variants, both rounded down
    known, published, read = 10, 3 * 10, 1 + 4 + 2
    assert found.cost == known + 101 * simple + 2 * matrix + published + read
    assert found.seconds == 0, "the bucket is full at first"
    larger = least_shops.shopify_filled(replace(GOODS, simple=200))
    assert larger.cost == 10 + 202 * 13 + 5 * 10 + 7
    assert larger.seconds == pytest.approx((larger.cost - 2000) / 100)


def test_shopify_in_bulk_takes_two_operations_however_much_it_is() -> None:
    assert least_shops.shopify_filled_in_bulk(GOODS).cost == 10 + 2 * (12 + 10 + 1)
    assert least_shops.shopify_filled_in_bulk(replace(GOODS, simple=5000)).cost == 56


def test_shopify_is_asked_which_order_changed_last_and_sets_two_hundred_and_fifty_figures_at_once() -> None:
    assert [least_shops.shopify_stock(rows).cost - 2 for rows in (1, 250, 251)] == [10, 10, 20]


def test_woocommerce_goes_below_each_parent() -> None:
    found = least_shops.woocommerce_filled(GOODS)
    names = 1 + 1 + 1 + 1 + 1
    assert found.cost == names + 2 + 2 + 2
    assert found.seconds == pytest.approx(found.cost * 0.06 + (103 + 6) * 0.037 + 103 * 0.021)


def test_woocommerce_stock() -> None:
    found = least_shops.woocommerce_stock(simple=101, parents=[1, 2])
    assert found.cost == 1 + 2 + 1 + 1
    assert found.seconds == pytest.approx(5 * 0.06 + 104 * 0.021)
