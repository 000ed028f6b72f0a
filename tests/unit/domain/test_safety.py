from decimal import Decimal

import pytest

from tests.unit.domain.samples import REFERENCE, item, variant
from tillbridge.domain.catalogue import Item
from tillbridge.domain.safety import Safety, SafetyRules
from tillbridge.domain.settings import MerchantSettings
from tillbridge.domain.stock import StockMode, StockRule

pytestmark = pytest.mark.unit
MERCHANTS = StockRule(("1",), safety_stock=Decimal(1))


def kept(rules: SafetyRules, one: Item | None = None) -> tuple[Decimal, str]:
    """What is kept back of item 42, and by which rule."""
    items = {one.item_id: one} if one else {}
    rule = Safety(rules, items, REFERENCE.categories).applied(MERCHANTS, one.item_id if one else "42")
    return rule.safety_stock, rule.safety_name


@pytest.mark.parametrize(
    ("by_item", "by_category", "amount", "name"),
    [
        ({}, {}, 1, "safety stock"),
        ({}, {"5": 2}, 2, "safety stock of category 5"),
        ({}, {"5": 2, "6": 0}, 0, "safety stock of category 6"),
        ({}, {"8": 2}, 1, "safety stock"),
        ({"MUG-42": 4}, {"6": 2}, 4, "safety stock of item MUG-42"),
        ({"I42": 0, "MUG-42": 4}, {"6": 2}, 0, "safety stock of item I42"),
        ({"I43": 9, "OTHER": 9, "42": 9}, {}, 1, "safety stock"),
        ({"210000000042": 5}, {}, 5, "safety stock of item 210000000042"),
    ],
)
def test_the_most_specific_rule_counts(
    by_item: dict[str, int], by_category: dict[str, int], amount: int, name: str
) -> None:
    rules = SafetyRules(
        {key: Decimal(value) for key, value in by_item.items()},
        {key: Decimal(value) for key, value in by_category.items()},
    )
    assert kept(rules, item(category_id="6")) == (Decimal(amount), name)


def test_a_matrix_stands_for_its_variants_unless_one_has_a_rule_of_its_own() -> None:
    rules = SafetyRules({"M7": Decimal(2), "I5": Decimal(3)})
    assert kept(rules, variant("4", "Red"))[0] == 2
    assert kept(rules, variant("5", "Red"))[0] == 3


def test_a_loop_in_the_tree_and_an_unknown_category_end_the_way() -> None:
    rules = SafetyRules({}, {"5": Decimal(2)})
    for category in ("7", "99", None):
        assert kept(rules, item(category_id=category)) == (Decimal(1), "safety stock")


def test_an_item_that_is_not_known_has_the_rule_of_its_key_or_the_merchants() -> None:
    assert kept(SafetyRules({"I42": Decimal(3)}, {"5": Decimal(2)}))[0] == 3
    assert kept(SafetyRules({"MUG-42": Decimal(3)}, {"5": Decimal(2)}))[0] == 1


@pytest.mark.parametrize(
    ("by_item", "by_category", "needed"),
    [((), (), False), (("I42",), (), False), (("I42", "M7"), (), True), (("MUG-1",), (), True), ((), ("5",), True)],
)
def test_items_are_looked_at_only_when_a_rule_speaks_of_them(
    by_item: tuple[str, ...], by_category: tuple[str, ...], *, needed: bool
) -> None:
    rules = SafetyRules(dict.fromkeys(by_item, Decimal(1)), dict.fromkeys(by_category, Decimal(1)))
    assert rules.needs_items is needed


def test_a_shop_may_have_choices_of_its_own() -> None:
    settings = MerchantSettings(
        stock_locations=("1", "2"),
        safety_stock=Decimal(1),
        locations_by_shop={"c-1": ("2",)},
        mode_by_shop={"c-1": StockMode.PICK},
        safety_by_shop={"c-1": Decimal(0)},
        stock_places={"c-1/2": "651", "c-10/2": "99"},
        backorders=True,
    )
    own = settings.stock_rule("c-1")
    assert (own.locations, own.mode, own.safety_stock) == (("2",), StockMode.PICK, Decimal(0))
    assert (own.safety_name, own.places, own.backorders) == ("safety stock of shop c-1", {"2": "651"}, True)
    common = settings.stock_rule("c-2")
    assert (common.locations, common.mode, common.safety_stock) == (("1", "2"), StockMode.SUM, Decimal(1))
    assert (common.safety_name, common.places) == ("safety stock", {})
    assert settings.shops_named["stock_places"] == {"c-1", "c-10"}
