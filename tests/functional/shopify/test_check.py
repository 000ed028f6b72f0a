"""What a connection check finds out, each failure with its remedy."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from sandbox.common.server import TlsFiles
from sandbox.shopify.settings import Place, Settings
from tests.functional.shopify.storefront import APP, Storefront, storefront
from tests.unit.systems.woocommerce.samples import mug
from tillbridge.domain.errors import (
    BrokenConnectionError,
    MisconfiguredSystemError,
    MissingRightError,
    UnauthorisedError,
)
from tillbridge.domain.grant import Secret
from tillbridge.systems.common.traits import traits_of
from tillbridge.systems.shopify.api.scopes import SCOPES
from tillbridge.systems.shopify.api.tokens import StaticToken
from tillbridge.systems.shopify.traits import Traits


def test_what_a_shop_is_like(front: Storefront) -> None:
    profile = front.shop().check()

    assert (profile.name, profile.currency, profile.time_zone) == ("Stand-in shop", "USD", "America/New_York")
    assert (profile.prices_include_tax, profile.price_decimals, profile.brands) == (False, 2, True)
    assert profile.places == {front.place: "Main street", front.other_places[0]: "Warehouse"}
    traits = Traits.read(traits_of(profile))
    assert (traits.place, traits.channel) == (front.traits.place, front.traits.channel)
    assert profile.warnings == ()


def test_currency_and_tax_are_the_shops(tls: TlsFiles) -> None:
    with storefront(tls, Settings(apps=(APP,), currency="JPY", taxes_included=True)) as front:
        profile = front.shop().check()

    assert (profile.currency, profile.price_decimals, profile.prices_include_tax) == ("JPY", 0, True)


@pytest.mark.parametrize("scope", [scope for scope in SCOPES if scope.startswith("write_")])
def test_a_missing_right_is_named_with_what_it_is_for(front: Storefront, scope: str) -> None:
    kept = tuple(one for one in APP.scopes if one != scope)
    token = StaticToken(Secret(front.state.issue(APP, kept).value))

    with pytest.raises(MissingRightError) as caught:
        front.adapter(front.client(token=token)).check()

    assert [missing.partition(":")[0] for missing in caught.value.missing] == [scope]
    assert SCOPES[scope] in caught.value.missing[0]
    assert caught.value.remedy


def test_writing_includes_reading(front: Storefront) -> None:
    kept = tuple(one for one in APP.scopes if not one.startswith("read_") or one == "read_locations")
    token = StaticToken(Secret(front.state.issue(APP, kept).value))

    assert front.adapter(front.client(token=token)).check().name


def test_an_unknown_token(front: Storefront) -> None:
    with pytest.raises(UnauthorisedError) as caught:
        front.adapter(front.client(token=StaticToken(Secret("shpat_wrong")))).check()

    assert caught.value.remedy
    assert "shpat_wrong" not in str(caught.value)


CLOSED: dict[str, Callable[[Any], None]] = {
    "ShopPayment": lambda switches: setattr(switches, "paused", True),
    "ShopLocked": lambda switches: setattr(switches, "locked", True),
}


@pytest.mark.parametrize("code", CLOSED)
def test_a_closed_shop(front: Storefront, code: str) -> None:
    CLOSED[code](front.state.switches)

    with pytest.raises(MisconfiguredSystemError) as caught:
        front.shop().check()

    assert (caught.value.code, bool(caught.value.remedy)) == (code, True)


@pytest.mark.parametrize(("status", "code"), [(403, "Forbidden"), (404, "NoSuchShop")])
def test_statuses_without_data(front: Storefront, status: int, code: str) -> None:
    front.fault("status", status=status, body='{"errors":"Not Found"}')

    with pytest.raises(BrokenConnectionError) as caught:
        front.shop().check()

    assert (caught.value.code, bool(caught.value.remedy)) == (code, True)


def test_an_inactive_shop(front: Storefront) -> None:
    front.fault("status", status=200, body='{"errors":[{"message":"x","extensions":{"code":"SHOP_INACTIVE"}}]}')

    with pytest.raises(MisconfiguredSystemError) as caught:
        front.shop().check()

    assert caught.value.code == "ShopInactive"


def test_stock_at_a_further_place_is_warned_of(front: Storefront) -> None:
    front.push(mug("1"))
    front.put_stock({"1": 5}, {front.place: 3, front.other_places[0]: 2})

    (warning,) = front.shop().check().warnings

    assert "Main street" in warning
    assert "Warehouse" in warning


def test_a_place_that_sells_online_is_chosen(tls: TlsFiles) -> None:
    places = (
        Place("Service", fulfillment_service=True),
        Place("Back room", fulfills_online_orders=False),
        Place("Shop"),
    )
    with storefront(tls, Settings(apps=(APP,), places=places)) as front:
        profile = front.shop().check()

    assert profile.places[profile.details["place"]] == "Shop"
    assert "Service" not in profile.places.values()


def test_a_shop_without_an_online_store_is_warned_of(front: Storefront) -> None:
    (first, publication), *_ = front.state.publications.items()
    front.state.publications[first] = replace(publication, name="Point of Sale")

    (warning,) = front.shop().check().warnings

    assert "Online Store" in warning
