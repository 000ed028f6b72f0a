"""Addresses of shops as people type them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tillbridge.domain.errors import InputError
from tillbridge.flows.connect_address import shop_address


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("shop.example.com", "https://shop.example.com"),
        ("  https://Shop.Example.COM/  ", "https://shop.example.com"),
        ("https://shop.example.com:443", "https://shop.example.com"),
        ("https://shop.example.com:8443/", "https://shop.example.com:8443"),
        ("https://shop.example.com./", "https://shop.example.com"),
        ("example.com/shop/", "https://example.com/shop"),
        ("https://example.com//a//b//", "https://example.com/a/b"),
        ("https://example.com/shop/wp-admin/", "https://example.com/shop"),
        ("https://example.com/wp-json/wc/v3/products?x=1", "https://example.com"),
        ("https://example.com/WP-Admin", "https://example.com"),
        ("https://example.com/wp-login.php?redirect_to=x", "https://example.com"),
        ("https://example.com/index.php/shop", "https://example.com"),
        ("https://example.com/wp-adminton", "https://example.com/wp-adminton"),
        ("https://example.com/?page=1#top", "https://example.com"),
        ("https://bücher.example/läden", "https://xn--bcher-kva.example/l%C3%A4den"),
        ("https://例え.jp", "https://xn--r8jz45g.jp"),
        ("https://[2001:DB8::1]/shop", "https://[2001:db8::1]/shop"),
        ("https://93.184.216.34", "https://93.184.216.34"),
        ("https://example.com/a%20b", "https://example.com/a%20b"),
    ],
)
def test_addresses_come_into_one_form(typed: str, expected: str) -> None:
    assert shop_address(typed, local=False) == expected
    assert shop_address(expected, local=False) == expected


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "https://",
        "https:///path",
        "http://shop.example",
        "ftp://shop.example",
        "javascript://x",
        "https://user@shop.example",
        "https://user:pass@shop.example",
        "https://shop.example:99999",
        "https://shop.example:abc",
        "https://shop .example",
        "https://shop.example/a b",
        "https://shop\u0000.example",
        "https://-shop.example",
        "https://shop..example",
        "https://[::1",
        "https://xn--\u00e4.example",
        "https://example.com/../admin",
        "https://example.com/%2e%2e/admin",
        "https://example.com/<script>",
        "https://" + "a" * 500,
    ],
)
def test_what_is_no_address_of_a_shop_is_refused_with_a_remedy(typed: str) -> None:  # invariant 7
    with pytest.raises(InputError) as caught:
        shop_address(typed, local=False)
    assert caught.value.field == "address"
    assert caught.value.remedy


def test_only_the_local_environment_takes_http() -> None:
    assert shop_address("http://127.0.0.1:8080/shop/", local=True) == "http://127.0.0.1:8080/shop"
    assert shop_address("http://localhost:80", local=True) == "http://localhost"
    with pytest.raises(InputError):
        shop_address("http://127.0.0.1:8080/shop/", local=False)


@settings(derandomize=True, max_examples=300)
@given(st.text(max_size=60) | st.from_regex(r"(https?://)?[\w.-]{1,20}(:\d{1,5})?(/[\w%./-]{0,20})?", fullmatch=True))
def test_whatever_is_typed_becomes_a_stable_address_or_an_error(typed: str) -> None:
    try:
        address = shop_address(typed, local=True)
    except InputError:
        return
    assert address.isascii()
    assert not address.endswith("/")
    assert shop_address(address, local=True) == address
