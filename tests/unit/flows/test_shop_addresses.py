import pytest

from tillbridge.domain.errors import InputError
from tillbridge.domain.merchant import System
from tillbridge.flows.shop_addresses import ShopAddresses

SHOPIFY, BIGCOMMERCE = "https://example.myshopify.com", "https://api.bigcommerce.com/stores/abc123"


@pytest.mark.parametrize(
    ("system", "typed", "address"),
    [
        (System.SHOPIFY, " Example.myshopify.com/", SHOPIFY),
        (System.SHOPIFY, "https://example.myshopify.com/admin", SHOPIFY),
        (System.SHOPIFY, "https://admin.shopify.com/store/example/settings", SHOPIFY),
        (System.BIGCOMMERCE, "abc123", BIGCOMMERCE),
        (System.BIGCOMMERCE, "stores/abc123", BIGCOMMERCE),
        (System.BIGCOMMERCE, "https://api.bigcommerce.com/stores/ABC123/v3/", BIGCOMMERCE),
        (System.BIGCOMMERCE, "https://store-abc123.mybigcommerce.com/manage", BIGCOMMERCE),
        (System.BIGCOMMERCE, "store-abc123-1.mybigcommerce.com", BIGCOMMERCE),
        (System.MAGENTO, "Shop.Example.com/magento/", "https://shop.example.com/magento"),
        (System.WOOCOMMERCE, "shop.example.com/wp-admin", "https://shop.example.com"),
    ],
)
def test_what_people_paste_is_brought_into_the_one_form(system: System, typed: str, address: str) -> None:
    addresses = ShopAddresses()
    assert addresses.of(system, typed) == address
    assert addresses.of(system, address) == address
    assert addresses.called(system, address) == address


@pytest.mark.parametrize(
    ("system", "typed"),
    [
        (System.SHOPIFY, "https://shop.example.com"),
        (System.SHOPIFY, "example.myshopify.com.evil.example"),
        (System.SHOPIFY, "https://evil.example/?example.myshopify.com"),
        (System.BIGCOMMERCE, "https://shop.example.com"),
        (System.BIGCOMMERCE, "https://api.bigcommerce.com.evil.example/stores/abc123"),
        (System.BIGCOMMERCE, "stores/../abc123"),
        (System.MAGENTO, "http://shop.example.com"),
    ],
)
def test_no_secret_goes_where_no_shop_can_be(system: System, typed: str) -> None:  # invariant 5
    with pytest.raises(InputError) as caught:
        ShopAddresses().of(system, typed)
    assert caught.value.field == "address"
    assert caught.value.remedy


def test_a_stand_in_is_called_while_the_address_stays_the_real_one() -> None:
    addresses = ShopAddresses(shopify_base_url="https://localhost:1", bigcommerce_api_url="https://localhost:2")
    assert (
        addresses.called(System.SHOPIFY, addresses.of(System.SHOPIFY, "example.myshopify.com")) == "https://localhost:1"
    )
    assert addresses.called(System.BIGCOMMERCE, BIGCOMMERCE) == "https://localhost:2/stores/abc123"
    assert addresses.account(System.SHOPIFY, SHOPIFY) == "example.myshopify.com"
    assert addresses.account(System.BIGCOMMERCE, BIGCOMMERCE) == "stores/abc123"
