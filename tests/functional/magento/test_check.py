"""Every way in which a connection can fail comes with its remedy; a good one tells what the shop is like."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from sandbox.common.server import TlsFiles
from sandbox.magento.integrations import ALL
from sandbox.magento.settings import Settings, StoreView
from tests.functional.magento.storefront import KEYS, OTHER, SECRETS, Storefront, storefront
from tests.unit.systems.woocommerce.samples import mug
from tillbridge.domain.errors import (
    InputError,
    MisconfiguredSystemError,
    MissingRightError,
    SystemDownError,
    TillbridgeError,
    UnauthorisedError,
)
from tillbridge.systems.magento.api.signing import IntegrationSecrets
from tillbridge.systems.magento.traits import Traits, traits_of

RIGHTS = frozenset(
    {
        "Magento_Catalog::products",
        "Magento_Catalog::categories",
        "Magento_Catalog::sets",
        "Magento_Catalog::attributes_attributes",
        "Magento_Backend::store",
        "Magento_InventoryApi::source",
        "Magento_Sales::actions_view",
        "Magento_Sales::shipment",
    }
)


def failure(front: Storefront, secrets: IntegrationSecrets = SECRETS, url: str = "") -> TillbridgeError:
    with pytest.raises(TillbridgeError) as caught:
        front.adapter(secrets=secrets, url=url).check()
    assert caught.value.remedy or isinstance(caught.value, SystemDownError)
    return caught.value


def rights(front: Storefront, *names: str) -> None:
    integration = next(iter(front.state.integrations.values()))
    integration.resources = frozenset(names)


def test_what_a_good_shop_is_like(front: Storefront) -> None:
    profile = front.shop().check()

    assert profile.name == "Stand-in shop"
    assert profile.address == front.url
    assert profile.version == "Magento/2.4 (Community)"
    assert (profile.currency, profile.time_zone, profile.price_decimals) == ("USD", "America/New_York", 2)
    assert profile.brands
    assert dict(profile.places) == {"default": "Default Source", OTHER: "Warehouse"}
    assert Traits.read(traits_of(profile)) == Traits(tax_classes=profile.tax_classes)


def test_the_rights_that_are_asked_for_are_all_that_the_work_needs(front: Storefront) -> None:
    rights(front, *RIGHTS)
    picture = front.gallery.picture("main")

    front.shop().check()
    front.push(mug(category_path=("Mugs",), brand="North", images=(picture,), of_variant={"gtin": "4006381333931"}))
    front.put_stock({"42": 3})
    front.shop().orders_since(None)

    assert front.links["I42"].product_id


@pytest.mark.parametrize("right", sorted(RIGHTS))
def test_a_missing_right_is_named(front: Storefront, right: str) -> None:
    rights(front, *(RIGHTS - {right}))

    caught = failure(front)

    assert isinstance(caught, MissingRightError)
    assert len(caught.missing) == 1
    assert "::" not in caught.missing[0], "as Admin calls it"
    assert "Integrations" in caught.remedy


def test_all_missing_rights_are_named_at_once(front: Storefront) -> None:
    rights(front, *(RIGHTS - {"Magento_Catalog::categories", "Magento_Sales::shipment"}))

    caught = failure(front)

    assert isinstance(caught, MissingRightError)
    assert len(caught.missing) == 2


def test_a_host_that_hides_the_signature_is_told_from_a_missing_right(front: Storefront) -> None:
    front.state.switches.strip_authorization = True

    caught = failure(front)

    assert (type(caught), caught.code) == (MisconfiguredSystemError, "NotLetIn")
    assert "Authorization" in caught.remedy


@pytest.mark.parametrize("name", ["consumer_key", "consumer_secret", "access_token", "access_secret"])
def test_a_wrong_secret(front: Storefront, name: str) -> None:
    wrong = "z" * 32

    caught = failure(front, replace(SECRETS, **{name: wrong}))

    assert isinstance(caught, UnauthorisedError)
    assert wrong not in str(caught)


def test_a_revoked_integration(front: Storefront) -> None:
    front.control("/integrations/1/revoke", {})

    assert isinstance(failure(front), UnauthorisedError)


def test_a_clock_that_is_slow(front: Storefront, monkeypatch: pytest.MonkeyPatch) -> None:
    before = front.state.now() - timedelta(minutes=20)
    monkeypatch.setattr(type(front.state), "now", lambda _: before)

    assert failure(front).code == "ClockSlow"


def test_maintenance(front: Storefront) -> None:
    front.state.switches.maintenance = True

    assert isinstance(failure(front), SystemDownError)


def test_an_address_that_is_no_shop(front: Storefront) -> None:
    assert failure(front, url=f"{front.url}/index").code in {"NoApi", "NoMagento"}
    assert failure(front, url=front.gallery.url).code == "NoJson"


def test_a_page_of_a_firewall(front: Storefront) -> None:
    front.fault("status", status=403, body="<h1>no</h1>", times=None)

    assert "firewall" in failure(front).remedy


def test_a_redirect_is_not_followed(front: Storefront) -> None:
    front.fault("status", status=301, headers={"Location": "https://www.example.com/"}, times=None)

    assert failure(front).code == "Redirected"


def test_a_module_that_is_missing_means_no_magento(front: Storefront) -> None:
    body = '{"message":"Request does not match any route."}'
    front.fault("status", status=404, body=body, times=None)

    assert failure(front).code == "NoMagento"


def test_further_sources_with_stock_are_warned_of(front: Storefront) -> None:
    quiet = front.shop().check().warnings
    front.push(mug())
    front.control("/stock", {"sku": "MUG-42", "quantity": 4, "source": OTHER})

    loud = front.shop().check().warnings

    assert [warning for warning in loud if warning not in quiet] == [one for one in loud if OTHER in one]
    assert len(loud) == len(quiet) + 1


def test_without_the_inventory_modules(front: Storefront) -> None:
    front.state.switches.multi_source = False

    profile = front.shop().check()

    assert profile.places == {}
    assert not Traits.read(traits_of(profile)).multi_source
    assert any("inventory modules" in warning for warning in profile.warnings)


def test_where_the_default_source_is_off_another_is_chosen(front: Storefront) -> None:
    front.state.inventory.sources["default"].enabled = False

    assert Traits.read(traits_of(front.shop().check())).source == OTHER


def test_a_shop_that_hides_its_version(front: Storefront) -> None:
    front.state.switches.hide_version = True

    assert front.shop().check().version == ""


def test_without_tls_it_is_warned(front: Storefront) -> None:
    warnings = front.adapter(url=front.plain_url).check().warnings

    assert any("https" in warning for warning in warnings)


def test_clocks_that_differ_are_warned_of(front: Storefront) -> None:
    front.clock.advance(minutes=7)

    assert any("7 minutes" in warning for warning in front.shop().check().warnings)


def test_a_shop_in_a_folder_with_several_views(tls: TlsFiles) -> None:
    views = (StoreView(1, "default", "English"), StoreView(2, "fr", "French"))
    settings = Settings(integrations=(KEYS,), base_path="/shop", views=views, tax_percent=Decimal(20))
    with storefront(tls, settings, source=False) as front:
        assert front.adapter(url=f"{front.url}/shop").check().currency == "USD"


@pytest.mark.parametrize("place", range(4))
@pytest.mark.parametrize("text", ["", "short", "A" * 32, "a" * 31 + "é"])
def test_what_is_pasted_wrongly_is_named(place: int, text: str) -> None:  # invariant 7
    pasted = ["a" * 32, "b" * 32, "c" * 32, "d" * 32]
    pasted[place] = text
    names = ("consumer_key", "consumer_secret", "access_token", "access_secret")

    with pytest.raises(InputError) as caught:
        IntegrationSecrets.given(*pasted)

    assert caught.value.field == names[place]


def test_secrets_are_pasted_with_blanks_and_never_shown() -> None:  # invariant 5
    secrets = IntegrationSecrets.given(" " + "a" * 32, "b" * 32 + "\n", "c" * 32, "d" * 32)

    assert (secrets.consumer_key, secrets.consumer_secret) == ("a" * 32, "b" * 32)
    assert repr(secrets) == "IntegrationSecrets()"


def test_everything_is_allowed_by_all(front: Storefront) -> None:
    rights(front, ALL)

    assert front.shop().check().currency
