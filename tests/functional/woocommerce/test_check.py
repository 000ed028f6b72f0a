"""Each failure a first connection meets has its own remedy (facts/woocommerce.md, "Reaching the API")."""

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.common.server import TlsFiles
from sandbox.woocommerce.settings import Settings, Switches
from tests.functional.woocommerce.storefront import KEY, Storefront, storefront
from tests.unit.systems.woocommerce.samples import mug
from tillbridge.domain.errors import (
    BrokenConnectionError,
    MisconfiguredSystemError,
    MissingRightError,
    SystemDownError,
    ThrottledError,
    TillbridgeError,
    UnauthorisedError,
)
from tillbridge.systems.woocommerce.api.keys import ApiKeys
from tillbridge.systems.woocommerce.traits import Traits, traits_of


def test_a_good_shop_tells_what_it_is_like(front: Storefront) -> None:
    profile = front.adapter().check()

    assert (profile.name, profile.version, profile.currency) == ("Stand-in shop", "10.0.2", "USD")
    assert (profile.price_decimals, profile.time_zone, profile.brands) == (2, "America/New_York", True)
    assert profile.tax_classes == ("standard", "reduced-rate", "zero-rate")
    assert not profile.query_keys
    assert not profile.prices_include_tax
    assert profile.warnings == ()


def test_the_check_changes_nothing(front: Storefront) -> None:
    front.push(mug())
    before = front.rows("/products")

    front.adapter().check()

    assert front.rows("/products") == before


def test_traits_survive_being_kept_as_text(front: Storefront) -> None:
    front.state.switches.strip_authorization = True
    front.state.switches.brands = False

    traits = Traits.read(traits_of(front.adapter().check()))

    assert traits == Traits(query_keys=True, brands=False, tax_classes=("standard", "reduced-rate", "zero-rate"))


def test_over_plain_http_the_requests_are_signed(front: Storefront) -> None:
    profile = front.adapter(url=front.plain_url).check()

    assert profile.address == front.plain_url
    assert any("no https" in warning for warning in profile.warnings)


def test_a_stripped_header_is_met_with_keys_in_the_query_and_remembered(front: Storefront) -> None:
    front.state.switches.strip_authorization = True
    profile = front.adapter().check()
    assert profile.query_keys
    assert any("Authorization" in warning for warning in profile.warnings)
    front.forget_calls()

    front.push(mug())

    assert [call.status for call in front.calls()] == [200, 200], "no call is refused first"


def test_keys_go_into_the_query_only_after_the_header_failed(front: Storefront) -> None:  # invariant 5
    front.adapter().check()
    front.push(mug())

    assert not [call for call in front.calls() if "consumer_secret" in call.query_keys]


def test_a_header_stripped_later_is_met_in_the_middle_of_the_work(front: Storefront) -> None:
    shop = front.adapter()
    front.push(mug("1"), shop=shop)
    front.state.switches.strip_authorization = True

    front.push(mug("2"), shop=shop)

    assert front.names() == ["Mug 1", "Mug 2"]
    assert len([call for call in front.calls() if call.status == 401]) == 1


Change = Callable[[Switches], None]


def switch(name: str, value: Any = True) -> Change:  # noqa: FBT002  as the switches are
    return lambda switches: setattr(switches, name, value)


@pytest.mark.parametrize(
    ("change", "family", "code", "remedy"),
    [
        (switch("plain_permalinks"), MisconfiguredSystemError, "PlainPermalinks", "Settings > Permalinks"),
        (switch("maintenance"), SystemDownError, "Maintenance", "Try again"),
        (switch("forget_forwarded_proto"), MisconfiguredSystemError, "HttpsNotSeen", "X-Forwarded-Proto"),
        (switch("redirect_to", "https://www.shop.test"), MisconfiguredSystemError, "Redirected", "final address"),
    ],
)
def test_a_badly_set_host(
    front: Storefront, change: Change, family: type[TillbridgeError], code: str, remedy: str
) -> None:
    change(front.state.switches)

    with pytest.raises(family) as caught:
        front.adapter().check()

    assert caught.value.code == code
    assert remedy in caught.value.remedy


def test_maintenance_says_how_long(front: Storefront) -> None:
    front.state.switches.maintenance = True

    with pytest.raises(SystemDownError, match="maintenance") as caught:
        front.adapter().check()

    assert caught.value.after == 600
    assert "Briefly unavailable" in caught.value.happened


def test_http_where_the_shop_has_https(front: Storefront) -> None:
    front.state.switches.redirect_to = "https://shop.test"

    with pytest.raises(MisconfiguredSystemError) as caught:
        front.adapter(url=front.plain_url).check()

    assert "https:// at the beginning" in caught.value.remedy


@pytest.mark.parametrize(
    ("keys", "code"),
    [(ApiKeys("ck_x", "cs_y"), "KeyUnknown"), (ApiKeys(KEY.key, "cs_y"), "KeyRefused")],
)
@pytest.mark.parametrize("plain", [False, True])
def test_wrong_keys(front: Storefront, keys: ApiKeys, code: str, *, plain: bool) -> None:
    with pytest.raises(UnauthorisedError) as caught:
        front.adapter(keys=keys, url=front.plain_url if plain else front.url).check()

    assert caught.value.code == ("KeyRefused" if plain else code), "a signature is refused without saying why"
    assert caught.value.remedy
    assert keys.secret not in str(caught.value)


def test_a_wrong_role(front: Storefront) -> None:
    key = front.state.new_key(role="subscriber")

    with pytest.raises(MissingRightError) as caught:
        front.adapter(keys=ApiKeys(key.key, key.secret)).check()

    assert caught.value.code == "WrongRole"
    assert "Shop manager" in caught.value.remedy


@pytest.mark.parametrize("plain", [False, True])
def test_a_key_that_may_only_read(front: Storefront, *, plain: bool) -> None:
    key = front.state.new_key(permissions="read")

    with pytest.raises(MissingRightError) as caught:
        front.adapter(keys=ApiKeys(key.key, key.secret), url=front.plain_url if plain else front.url).check()

    assert caught.value.code == "ReadOnlyKey"
    assert "Read/Write" in caught.value.remedy


def test_a_shop_in_a_folder(tls: TlsFiles) -> None:
    with storefront(tls, Settings(keys=(KEY,), base_path="/shop", ca_file=str(tls.ca))) as front:
        with pytest.raises(MisconfiguredSystemError) as caught:
            front.adapter().check()
        assert caught.value.code == "NoWordPress"
        assert "if the shop lives in a folder" in caught.value.remedy
        assert front.adapter(url=f"{front.url}/shop").check().name == "Stand-in shop"
        assert not [
            outcome
            for outcome in front.push(mug(), shop=front.adapter(url=f"{front.url}/shop")).values()
            if outcome.error
        ]


def test_wordpress_without_woocommerce(front: Storefront) -> None:
    front.fault("status", status=200, body='{"name":"Blog","namespaces":["wp/v2"]}', path="/wp-json/$")

    with pytest.raises(MisconfiguredSystemError) as caught:
        front.adapter().check()

    assert caught.value.code == "NoWooCommerce"


def test_a_host_that_is_called_too_often(front: Storefront) -> None:
    front.fault("html", status=429, headers={"Retry-After": "40"}, body="<h1>Slow down</h1>", path="/wp-json/$")

    with pytest.raises(ThrottledError, match="Slow down") as caught:
        front.adapter().check()

    assert caught.value.after == 40
    assert caught.value.remedy


@pytest.mark.parametrize("status", [401, 403, 406, 501])
def test_a_firewall(front: Storefront, status: int) -> None:
    front.fault("html", status=status, body="<h1>Wordfence says no</h1>", path="/wp-json/$")

    with pytest.raises(MisconfiguredSystemError) as caught:
        front.adapter().check()

    assert caught.value.code == "Blocked"
    assert "Wordfence says no" in caught.value.happened


def test_a_coming_soon_page(front: Storefront) -> None:
    front.fault("html", status=200, body="<p>Coming soon</p>", path="/wp-json/$")
    front.fault("html", status=200, body="<p>Coming soon</p>", query="rest_route")

    with pytest.raises(MisconfiguredSystemError) as caught:
        front.adapter().check()

    assert caught.value.code == "PageInsteadOfData"


def test_complaints_of_php_do_not_spoil_answers(front: Storefront) -> None:
    front.fault(
        "status",
        status=200,
        path="products/batch",
        body=(
            "<br />\n<b>Deprecated</b>: Foo[bar] is deprecated in <b>/x.php</b> on line <b>1</b><br />\n"
            '{"create":[{"id":9,"type":"simple","status":"publish","name":"Mug 42","sku":"MUG-42","regular_price":'
            '"12.5","tax_status":"taxable","manage_stock":true,"stock_quantity":5}]}'
        ),
    )

    assert front.push(mug())["I42"].link.product_id == "9"


def test_a_key_withdrawn_in_the_middle_stops_the_work_and_keeps_what_is_done(front: Storefront) -> None:
    many = [mug(str(number)) for number in range(150)]
    body = '{"code":"woocommerce_rest_cannot_view","message":"no","data":{"status":401}}'
    front.fault("status", status=401, body=body, path="products/batch", after=1, times=None)

    with pytest.raises(BrokenConnectionError):
        front.push(*many)

    assert sum(bool(link.product_id) for link in front.links.values()) == 100


def test_settings_that_spoil_the_work_are_told(front: Storefront) -> None:
    front.fault("status", status=200, body='{"id":"woocommerce_manage_stock","value":"no"}', path="manage_stock")
    front.fault("status", status=200, body='[{"slug":"wc-processing"},{"slug":"shipped"}]', path="orders/statuses")
    index = '{"name":"Shop","url":"https://www.other.test","namespaces":["wc/v3"]}'
    front.fault("status", status=200, body=index, path="/wp-json/$")

    profile = front.adapter().check()

    assert profile.order_statuses == ("processing", "shipped")
    assert any("Stock management" in warning for warning in profile.warnings)
    assert any("www.other.test" in warning for warning in profile.warnings)


def test_settings_that_this_version_does_not_have_are_no_trouble(front: Storefront) -> None:
    missing = '{"code":"woocommerce_rest_setting_setting_invalid","message":"no","data":{"status":404}}'
    front.fault("status", status=404, body=missing, path="/settings/", times=None)

    assert not front.adapter().check().prices_include_tax


def test_a_shop_that_fails_in_the_middle_of_the_check_is_down(front: Storefront) -> None:
    front.fault("status", status=500, path="system_status")

    with pytest.raises(SystemDownError):
        front.adapter().check()


def test_a_setting_that_is_refused_is_trouble(front: Storefront) -> None:
    refused = '{"code":"rest_invalid_param","message":"no","data":{"status":400}}'
    front.fault("status", status=400, body=refused, path="/settings/tax")

    with pytest.raises(TillbridgeError) as caught:
        front.adapter().check()

    assert caught.value.code == "rest_invalid_param"


@pytest.mark.parametrize(("set_to", "taken"), [(0, 0), (8, 8), (40, 8), (-1, 0)])
def test_decimals_that_no_currency_has_are_cut(front: Storefront, set_to: int, taken: int) -> None:
    settings = f'{{"currency":"USD","number_of_decimals":{set_to}}}'
    body = f'{{"environment":{{"version":"10.0.2"}},"settings":{settings}}}'
    front.fault("status", status=200, body=body, path="system_status")

    assert front.adapter().check().price_decimals == taken


def test_a_broken_status_page_is_trouble(front: Storefront) -> None:
    front.fault("status", status=200, body='{"environment":{}}', path="system_status")

    with pytest.raises(TillbridgeError, match=r"environment\.version"):
        front.adapter().check()


@pytest.mark.parametrize("body", ['{"error":1}', "\x00\x01"])
def test_a_host_that_is_down_in_its_own_words(front: Storefront, body: str) -> None:
    front.fault("status", status=502, body=body, path="/wp-json/$")

    with pytest.raises(SystemDownError) as caught:
        front.adapter().check()

    assert caught.value.code == "Http502"
