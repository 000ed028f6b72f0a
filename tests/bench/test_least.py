"""The arithmetic of the least, on numbers that can be reckoned by hand."""

import pytest

from tests.bench import least


def test_a_page_costs_what_the_price_list_says() -> None:
    assert pytest.approx(3.4) == least.STOCKED_ITEM_PAGE
    assert pytest.approx(2.6) == least.MATRIX_PAGE


def test_a_first_sync() -> None:
    shop = least.Assortment(
        simple=250,
        variations=[3, 120],
        pictured_products=101,
        pictured_variations=[2],
        category_levels=[4, 101],
        brands=1,
        terms=[5, 0],
    )
    found = least.first_sync(items=373, matrices=2, shop=shop)
    assert found.till_calls == 4 + 1 + 5
    names = 1 + 2 + 1 + 1 + 1
    assert found.shop_calls == names + 3 + (1 + 2) + (2 + 1)
    assert found.cost == pytest.approx(4 * 3.4 + 2.6 + 5)
    assert found.calls == found.till_calls + found.shop_calls


def test_stock_changes_go_below_each_parent() -> None:
    found = least.stock_changes(rows=250, simple=101, parents=[1, 150])
    assert (found.till_calls, found.shop_calls, found.cost) == (3, 1 + 2 + 1 + 2, 3.0)


def test_nothing_to_do_costs_a_call_per_question() -> None:
    assert (least.quiet_polls().calls, least.quiet_polls().cost) == (3, 3.0)
    assert least.quiet_full_read(items=100, matrices=0).calls == 1 + 5
