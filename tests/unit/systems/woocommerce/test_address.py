import pytest

from tillbridge.domain.errors import InputError
from tillbridge.systems.woocommerce.address import shop_address


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("https://shop.example.com", "https://shop.example.com"),
        ("  shop.example.com/ ", "https://shop.example.com"),
        ("HTTPS://Shop.Example.com/Shop/", "https://shop.example.com/Shop"),
        ("http://127.0.0.1:8085", "http://127.0.0.1:8085"),
        ("https://example.com/shop/wp-admin/index.php?x=1#top", "https://example.com/shop"),
        ("https://example.com/shop/wp-json/wc/v3/", "https://example.com/shop"),
        ("https://example.com/wp-json-shop", "https://example.com/wp-json-shop"),
        ("https://example.com/index.php", "https://example.com"),
    ],
)
def test_what_people_type_is_brought_into_one_form(given: str, address: str) -> None:
    assert shop_address(given) == address


@pytest.mark.parametrize(
    "given",
    ["", "https://", "ftp://example.com", "https://user:pw@example.com", "a b.com", "https://x:port", "https:\\\\x"],
)
def test_what_is_no_address_is_refused_by_name(given: str) -> None:  # invariant 7
    with pytest.raises(InputError) as caught:
        shop_address(given)

    assert caught.value.field == "address"
    assert caught.value.remedy
