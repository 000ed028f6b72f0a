import pytest

from tests.fakes.world import SHOP
from tests.unit.flows.operate.office import Office
from tillbridge.domain.errors import InputError
from tillbridge.domain.merchant import ConnectionState, Lane
from tillbridge.flows.operate.merchants import MEANINGS


def test_a_merchant_is_added_once(office: Office) -> None:
    desk = office.desks().merchants
    assert desk.add("m3", "Café 🏔").name == "Café 🏔"
    with pytest.raises(InputError):
        desk.add("m3", "Another")
    assert [one.merchant for one in desk.list()] == ["m1", "m2", "m3"]


def test_where_mails_go_is_changed_and_not_shown(office: Office) -> None:  # invariant 5
    desk = office.desks().merchants
    assert desk.add("m3", "Café", "owner@example.com").contact
    assert desk.contact("m1", "office@example.com").contact
    assert office.world.memory.merchants["m1"].email == "office@example.com"
    assert not desk.contact("m1", "").contact
    assert "@" not in repr(desk.list())


def test_settings_are_shown_with_default_meaning_and_what_is_own(office: Office) -> None:
    shown = {one.name: one for one in office.desks().merchants.settings("m1", {}, office.deadline).settings}
    assert set(shown) == set(MEANINGS)
    assert (shown["new_products"].value, shown["new_products"].default) == ("published", "draft")
    assert [name for name, one in shown.items() if one.own] == ["new_products", "guard_price"]
    assert shown["safety_stock"].takes == "a number from 0 to 1000000 with at most 6 decimals"
    assert office.world.lanes.woken == []


def test_a_change_has_the_working_shops_look_at_everything(office: Office) -> None:
    answer = office.desks().merchants.settings("m1", {"safety_stock": "2", "stock_locations": "1"}, office.deadline)
    assert (answer.changed, answer.shops) == (("stock_locations", "safety_stock"), (SHOP,))
    assert office.world.lanes.woken == [(SHOP, Lane.CATALOGUE, "resync")]
    assert office.world.memory.merchants["m1"].settings.safety_stock == 2


def test_a_broken_shop_is_not_woken(office: Office) -> None:
    office.put_state(SHOP, ConnectionState.BROKEN)
    assert office.desks().merchants.settings("m1", {"safety_stock": "2"}, office.deadline).shops == ()


def test_a_repeated_change_wakes_again_because_the_first_one_may_have_broken_off(office: Office) -> None:
    desk = office.desks().merchants
    desk.settings("m1", {"safety_stock": "2"}, office.deadline)
    again = desk.settings("m1", {"safety_stock": "2"}, office.deadline)
    assert (again.changed, again.shops) == ((), (SHOP,))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"safety_stock": "2", "nonsense": "1"}, "nonsense"),
        ({"safety_stock": "2", "new_products": "visible"}, "new_products"),
        ({"safety_stock": "-1"}, "safety_stock"),
        ({"send_images": "🐈"}, "send_images"),
        ({"stock_locations": "x" * 10_000}, "stock_locations"),
        ({"safety_by_shop": "foreign-shop:2"}, "safety_by_shop"),
        ({"bulk_shops": "foreign-shop"}, "bulk_shops"),
        ({"mode_by_shop": "till:pick"}, "mode_by_shop"),
        ({"stock_places": "nobody/1:651"}, "stock_places"),
        ({"safety_stock": "2", "locations_by_shop": "nobody:1+2"}, "locations_by_shop"),
    ],
)
def test_one_wrong_change_changes_nothing(  # invariant 7
    office: Office, changes: dict[str, str], field: str
) -> None:
    before = office.world.memory.merchants["m1"]
    with pytest.raises(InputError) as caught:
        office.desks().merchants.settings("m1", changes, office.deadline)
    assert caught.value.field == field
    assert caught.value.remedy
    assert office.world.memory.merchants["m1"] == before
    assert office.world.lanes.woken == []


def test_a_shop_has_choices_of_its_own_and_those_of_a_former_shop_do_no_harm(office: Office) -> None:
    desk = office.desks().merchants
    assert desk.settings("m1", {"locations_by_shop": f"{SHOP}:1+2"}, office.deadline).changed == ("locations_by_shop",)
    office.put_state(SHOP, ConnectionState.DISCONNECTED)
    assert desk.settings("m1", {"safety_stock": "2"}, office.deadline).changed == ("safety_stock",)
    assert office.world.memory.merchants["m1"].settings.locations_by_shop == {SHOP: ("1", "2")}
