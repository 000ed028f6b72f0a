"""Each failure a first connection meets has its own remedy (facts/bigcommerce.md, "Hosts, auth")."""

from dataclasses import replace

import pytest

from sandbox.bigcommerce.settings import NEEDED_SCOPES, ApiAccount
from tests.functional.bigcommerce.storefront import Storefront
from tests.unit.systems.woocommerce.samples import mug
from tillbridge.domain.errors import MissingRightError, SystemDownError, ThrottledError, UnauthorisedError
from tillbridge.systems.bigcommerce.traits import ORDER_SHIPPED, Traits
from tillbridge.systems.common.traits import traits_of


def test_a_good_store_tells_what_it_is_like(front: Storefront) -> None:
    profile = front.adapter().check()

    assert (profile.name, profile.currency, profile.price_decimals) == ("Stand-in store", "USD", 2)
    assert (profile.time_zone, profile.brands, profile.prices_include_tax) == ("America/New_York", True, False)
    assert profile.address.startswith("http")
    assert set(profile.places) == {front.place, *front.other_places}


def test_what_is_learnt_survives_being_kept_as_text(front: Storefront) -> None:
    front.state.inventory_settings.update_stock_behavior = ORDER_SHIPPED

    traits = Traits.read(traits_of(front.adapter().check()))

    places = ("1", *front.other_places)
    assert traits == Traits(place="1", places=places, counts_at=ORDER_SHIPPED, panel_restocks=True)
    assert Traits.read({}) == Traits()


def test_a_token_that_the_store_does_not_know(front: Storefront) -> None:
    with pytest.raises(UnauthorisedError) as caught:
        front.adapter(token="deleted").check()

    assert caught.value.code == "TokenRefused"
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("lacking", "has"),
    [
        (("store_v2_products",), ()),
        (("store_v2_products",), ("store_v2_products_read_only",)),
        (("store_inventory", "store_locations"), ("store_inventory_read_only",)),
        (("store_v2_orders",), ()),
        (("store_v2_information_read_only",), ()),
    ],
)
def test_missing_scopes_are_named_all_at_once(
    front: Storefront, lacking: tuple[str, ...], has: tuple[str, ...]
) -> None:
    scopes = (*(scope for scope in NEEDED_SCOPES if scope not in lacking), *has)
    front.state.accounts["less"] = ApiAccount("less", "c", "s", scopes)

    with pytest.raises(MissingRightError) as caught:
        front.adapter(token="less").check()

    assert [told.partition(",")[0] for told in caught.value.missing] == sorted(
        lacking, key=["store_v2_information_read_only", *NEEDED_SCOPES].index
    )
    assert caught.value.remedy


def test_settings_that_the_account_may_not_read_are_taken_as_usual(front: Storefront) -> None:
    front.fault("status", status=403, body='{"status": 403, "title": "no"}', path="settings/inventory")

    assert traits_of(front.adapter().check())["counts_at"] == "order_placed"


def test_stock_at_other_places_is_pointed_out(front: Storefront) -> None:
    front.push(mug("1"))
    assert not [told for told in front.adapter().check().warnings if "further locations" in told]
    place, number = int(front.other_places[0]), int(front.links["I1"].product_id)
    front.control("stock", {"id": number, "quantity": 4, "location_id": place})

    (told,) = [told for told in front.adapter().check().warnings if "further locations" in told]

    assert "SECOND" in told
    assert "stock_places" in told


def test_what_the_store_does_to_stock_by_itself_is_pointed_out(front: Storefront) -> None:
    front.state.inventory_settings.update_stock_behavior = ORDER_SHIPPED
    front.state.inventory_settings.refund_order_stock_adjustment = False

    warnings = front.adapter().check().warnings

    assert any("shipped or completed" in told for told in warnings)
    assert not any("refunded" in told for told in warnings)


def test_a_store_without_a_location_in_use(front: Storefront) -> None:
    for location in front.state.locations.values():
        location.enabled = False

    assert any("no location" in told for told in front.adapter().check().warnings)


def test_trouble_of_the_store_is_no_wrong_token(front: Storefront) -> None:
    front.state.switches.maintenance = True
    with pytest.raises(SystemDownError):
        front.adapter().check()
    front.state.switches = replace(front.state.switches, maintenance=False, overload=True)
    with pytest.raises(ThrottledError):
        front.adapter().check()
