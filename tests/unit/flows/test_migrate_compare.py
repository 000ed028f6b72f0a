"""Two looks at a till: what counts as a difference and what does not."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal

import pytest

from tests.fakes.clock import FakeClock
from tests.fakes.till import FakeTill
from tests.unit.domain.samples import REFERENCE, item
from tillbridge.domain.catalogue import Category, Location
from tillbridge.domain.errors import MissingRightError, UnauthorisedError
from tillbridge.domain.stock import StockLevel
from tillbridge.flows.migrate_compare import MOST_TOLD, differences
from tillbridge.systems.till import TillAccount


@dataclass
class OwnTill(FakeTill):
    """A till of an account."""

    who: TillAccount = field(default_factory=lambda: TillAccount("1", "Shop"))

    def account(self) -> TillAccount:
        return self.who


def till(items: int = 4) -> OwnTill:
    made = OwnTill(FakeClock(), reference_lists=REFERENCE, page_size=100)
    for number in range(1, items + 1):
        made.put(item(str(number)))
        for place in ("1", "2"):
            made.put(StockLevel(str(number), place, Decimal(5), Decimal(5), made.clock.now()))
    return made


def with_one(change: Callable[[OwnTill], object]) -> list[str]:
    """Compare a till with one in which something is otherwise."""
    new = till()
    change(new)
    return differences(till(), new, "1")


def test_the_same_till_shows_the_same() -> None:
    assert differences(till(), till(), "1") == []
    assert differences(till(0), till(0), "1") == []


def test_nothing_is_read_of_another_account() -> None:  # invariant 5
    old, new = till(), till()
    new.who = TillAccount("2", "Other")
    with pytest.raises(UnauthorisedError, match="belongs to account 2, not to 1"):
        differences(old, new, "1")
    old.who, new.who = TillAccount("2", "Other"), TillAccount("1", "Shop")
    assert differences(old, new, "1") == ["the old credential belongs to account 2, the new one to 1"]
    assert (old.calls, new.calls) == ([], [])


def test_rights_that_are_missing_are_named() -> None:
    new = till()
    new.who = TillAccount("1", "Shop", missing=("inventory: stock cannot be read",))
    with pytest.raises(MissingRightError, match="stock cannot be read"):
        differences(till(), new, "1")


def hide_a_location(new: OwnTill) -> None:
    """Show what an employee of one branch sees."""
    new.reference_lists = replace(REFERENCE, locations={"1": Location("1", "High Street")})


def hide_a_category(new: OwnTill) -> None:
    new.reference_lists = replace(REFERENCE, categories={"5": Category("5", "Tents")})


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (hide_a_location, ["they show other shops"]),
        (hide_a_category, ["they show other categories"]),
        (lambda new: new.items.pop("2"), ["item 2 is shown to one of them only"]),
        (lambda new: new.put(replace(new.items["2"], custom_sku="X")), ["item 2 shows another custom sku"]),
        (
            lambda new: new.put(replace(new.levels["3", "2"], on_hand=Decimal(4))),
            ["item 3 shows another stock at location 2"],
        ),
        (lambda new: new.levels.pop(("3", "2")), ["item 3 shows another stock at location 2"]),
        (
            lambda new: new.put(StockLevel("3", "9", Decimal(1), Decimal(1), new.clock.now())),
            ["item 3 shows another stock at location 9"],
        ),
    ],
)
def test_what_differs_is_told_without_figures(change: Callable[[OwnTill], object], told: list[str]) -> None:
    assert with_one(change) == told


def test_much_that_differs_is_cut() -> None:
    assert len(with_one(lambda new: new.levels.clear())) == MOST_TOLD


def test_what_changed_between_the_looks_is_no_difference() -> None:
    def later(new: OwnTill) -> None:
        new.clock.advance(seconds=1)
        new.put(replace(new.items["1"], description="Renamed"), replace(new.levels["2", "1"], on_hand=Decimal(1)))

    assert with_one(later) == []


def test_a_list_that_changed_between_the_looks_is_read_again() -> None:
    old, new = till(), till()
    lists = iter([replace(REFERENCE, categories={})])
    real = FakeTill.reference
    new.reference = lambda: next(lists, None) or real(new)  # type: ignore[method-assign]
    assert differences(old, new, "1") == []


def test_a_large_till_is_looked_at_in_the_middle_too() -> None:
    old, new = till(300), till(300)
    new.items["200"] = replace(new.items["200"], description="Other")
    assert differences(old, new, "1") == ["item 200 shows another description"]
