"""Whose grant it is, and what it may do."""

import pytest

from sandbox.lightspeed.data.people import LIMITED
from tests.functional.lightspeed.shopfloor import CLIENT_ID, GrantTokens, Shopfloor
from tillbridge.domain.errors import MissingRightError, UnauthorisedError


def test_an_admin_may_read_everything(floor: Shopfloor) -> None:
    account = floor.till(account="").account()
    assert (account.account_id, account.name) == ("182255", floor.state.retailer.name)
    assert "product_cost" in account.rights
    assert account.missing == ()


def test_an_employee_with_few_rights_is_told_what_is_missing(floor: Shopfloor) -> None:
    till = floor.till(employee=LIMITED)
    missing = till.account().missing
    assert [entry.partition(":")[0].partition(" ")[0] for entry in missing] == ["product_cost", "inventory_base"]
    assert next(till.stock_since(floor.clock.at)).last
    assert next(till.items_after("0")).rows
    with pytest.raises(MissingRightError, match=r"ItemMatrix.*product_cost"):
        next(till.matrices_after("0"))
    with pytest.raises(MissingRightError, match=r"ItemAttributeSet.*inventory_base"):
        till.reference()


def test_scopes_that_were_not_asked_for_are_missing_too(floor: Shopfloor) -> None:
    account = floor.till(scopes=("employee:inventory_read",)).account()
    assert [entry.partition(" ")[0].rstrip(":") for entry in account.missing] == [
        "product_cost",
        "inventory_base",
        "register",
        "register",
    ]


def test_a_locked_employee_ends_the_grant(floor: Shopfloor) -> None:
    till = floor.till()
    next(till.items_after("0"))
    floor.state.retailer.change_employee(1, lockOut="true")
    with pytest.raises(UnauthorisedError) as caught:
        till.account()
    assert caught.value.remedy


def test_a_revoked_access_token_is_replaced(floor: Shopfloor) -> None:
    tokens = GrantTokens(floor.state, 1, ("employee:all",))
    till = floor.till(tokens=tokens)
    floor.state.grants.revoke(floor.state.grants.all[1], only_access=True)
    assert till.last_item_id() == "500"
    assert tokens.renewals == 1
    assert CLIENT_ID not in tokens.current()
