"""Which addresses may be called."""

import pytest

from tillbridge.domain.errors import Subject
from tillbridge.systems.http.policy import AddressPolicy, AddressRefusedError, resolve

SUBJECT = Subject(system="woocommerce", connection="c1")

NOT_PUBLIC = [
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",  # noqa: S104  an address that must be refused
    "10.0.0.1",
    "172.16.5.4",
    "192.168.1.1",
    "100.64.0.1",  # carrier-grade NAT
    "169.254.169.254",  # the cloud's metadata
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "192.0.2.1",
    "::1",
    "::",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
    "2001:db8::1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",  # mapped: nobody needs it, so no exception is made
    "::127.0.0.1",
    "64:ff9b::7f00:1",  # NAT64 of 127.0.0.1
    "2002:7f00:1::",  # 6to4 of 127.0.0.1
    "2001:0:7f00:1::",  # Teredo
    "not an address",
    "",
]


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_addresses_outside_the_open_internet_are_refused(address: str) -> None:  # invariant 7
    assert not AddressPolicy.public_only().allows(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "2606:4700::1111"])
def test_public_addresses_are_allowed(address: str) -> None:
    assert AddressPolicy.public_only().allows(address)
    assert AddressPolicy.local().allows(address)


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_the_local_policy_adds_loopback(address: str) -> None:
    assert AddressPolicy.local().allows(address)


@pytest.mark.parametrize("address", sorted(set(NOT_PUBLIC) - {"127.0.0.1", "127.8.8.8", "::1"}))
def test_the_local_policy_adds_nothing_but_loopback(address: str) -> None:
    assert not AddressPolicy.local().allows(address)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://shop.example.com/", "begins with http://"),
        ("ftp://shop.example.com/", "begins with ftp://"),
        ("file:///etc/passwd", "cannot be read"),
        ("//shop.example.com/", "begins with nothing://"),
        ("https://user@shop.example.com/", "holds a user name"),
        ("https://user:password@shop.example.com/", "holds a user name"),
        ("https://good.example.com\\@evil.example.com/", "cannot be read"),
        ("https://shop.example.com/ a", "cannot be read"),
        ("https://shop.example.com/\r\nX: y", "cannot be read"),
        ("https://shop.example.com:99999/", "cannot be read"),
        ("https://[::1/", "cannot be read"),
        ("https:///products", "cannot be read"),
        ("https://müller.example.com/", "cannot be read"),
        ("", "cannot be read"),
    ],
)
def test_addresses_are_refused_by_their_looks(url: str, told: str) -> None:
    with pytest.raises(AddressRefusedError, match=told) as caught:
        AddressPolicy.public_only().check_url(url, SUBJECT)
    assert caught.value.remedy
    assert caught.value.subject == SUBJECT
    assert "password" not in str(caught.value)


def test_http_is_allowed_when_asked_for() -> None:
    AddressPolicy.public_only(http=True).check_url("http://shop.example.com/wp-json?x=1")
    AddressPolicy.public_only().check_url("https://shop.example.com:8443/wp-json")


def test_one_bad_address_among_good_ones_refuses_the_host() -> None:
    policy = AddressPolicy.public_only(resolver=lambda host, port: ["8.8.8.8", "10.0.0.7"])
    with pytest.raises(AddressRefusedError, match=r"shop\.example\.com leads to 10\.0\.0\.7") as caught:
        policy.addresses("shop.example.com", 443, SUBJECT)
    assert caught.value.code == "AddressRefused"


@pytest.mark.parametrize("host", ["127.1", "0x7f000001", "2130706433", "localhost"])
def test_other_spellings_of_loopback_are_resolved_before_they_are_judged(host: str) -> None:
    with pytest.raises(AddressRefusedError):
        AddressPolicy.public_only().addresses(host, 443)


def test_the_machine_resolves_numeric_addresses_without_repeats() -> None:
    assert list(resolve("127.0.0.1", 80)) == ["127.0.0.1"]
