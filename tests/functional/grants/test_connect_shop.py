"""A merchant connects a WooCommerce shop, through the deployed handler and the shop's own hand-off page."""

import json
from io import StringIO
from urllib.parse import urljoin

import pytest
import requests

from sandbox.common.faults import Fault
from tests.fakes.clock import FakeDeadline
from tests.functional.grants.deployment import Browser, Deployment, Seen, query_of
from tillbridge.domain.errors import BrokenConnectionError, InputError
from tillbridge.domain.grant import Secret
from tillbridge.domain.merchant import ConnectionState, System
from tillbridge.domain.shop_keys import ShopKeys
from tillbridge.runtime.first_contact import check_address
from tillbridge.systems.http import AddressPolicy

SHOP = System.WOOCOMMERCE


def deliver(deployment: Deployment, body: object, content_type: str = "application/json;charset=UTF-8") -> int:
    """Post to the callback as a shop's server would."""
    return requests.post(
        f"{deployment.url}/connect/woocommerce/keys",
        data=body if isinstance(body, bytes) else json.dumps(body).encode(),
        headers={"Content-Type": content_type},
        verify=deployment.ca,
        timeout=10,
    ).status_code


def keys_for(deployment: Deployment, page: Seen, **changes: object) -> dict[str, object]:
    """Write a delivery with keys that work, for the nonce of a page of the shop."""
    made = deployment.shop.new_key(permissions="read_write")
    return {
        "key_id": made.key_id,
        "user_id": query_of(page.url)["user_id"],
        "consumer_key": made.key,
        "consumer_secret": made.secret,
        "key_permissions": "read_write",
        **changes,
    }


def come_back(deployment: Deployment, browser: Browser, page: Seen, success: str = "1") -> Seen:
    nonce = query_of(page.url)["user_id"]
    return browser.get(f"{deployment.url}/connect/woocommerce/return?success={success}&user_id={nonce}")


def test_the_way_of_a_shop(deployment: Deployment) -> None:
    done = deployment.hand_over(deployment.invite(SHOP))
    assert done.status == 200, done.words
    assert "WooCommerce is connected" in done.words
    (connection,) = deployment.connections()
    assert ("What was noticed" in done.words) is bool(connection.warnings)
    assert (connection.address, connection.state) == (deployment.shop_url, ConnectionState.ACTIVE)
    assert connection.account_id == deployment.shop_url
    assert connection.traits["currency"] == "USD"
    assert deployment.keys(connection).reveal("consumer_key").startswith("ck_")
    wakes = deployment.sent()
    assert any('"resync"' in wake for wake in wakes)


def test_what_the_check_noticed_is_told_and_kept(deployment: Deployment) -> None:
    off = Fault("status", status=200, body='{"id":"woocommerce_manage_stock","value":"no"}', path="manage_stock")
    deployment.shop.instruments.faults.add(off)
    done = deployment.hand_over(deployment.invite(SHOP))
    assert "What was noticed" in done.words
    assert "Stock management" in done.words
    (connection,) = deployment.connections()
    assert [told for told in connection.warnings if "Stock management" in told]


def test_the_first_page_asks_for_the_address_and_says_what_for(deployment: Deployment) -> None:
    page = deployment.browser().get(deployment.invite(SHOP))
    assert "Address of your shop" in page.words
    assert "change products" in page.words
    known = deployment.browser().get(deployment.invite(SHOP, address="https://known.example"))
    assert known.field("address") == "https://known.example"


@pytest.mark.parametrize(
    "typed", ["{url}/", "{url}/wp-admin/", "{url}/wp-admin/plugins.php?page=x", "  {url}/wp-json/wc/v3/  ", "{url}//"]
)
def test_pasted_addresses_become_the_shop_s(deployment: Deployment, typed: str) -> None:
    page = deployment.shop_page(deployment.invite(SHOP), deployment.browser(), typed.format(url=deployment.shop_url))
    assert page.url.startswith(f"{deployment.shop_url}/wc-auth/v1/authorize?")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("https://user:pass@shop.example", "user name"),
        ("ftp://shop.example", "https"),
        ("https://10.1.2.3", "not on the open internet"),
        ("https://169.254.169.254/latest", "not on the open internet"),
        ("https://[::ffff:10.0.0.1]", "not on the open internet"),
        ("shop .example", "cannot be read"),
        ('"><script>alert(1)</script>', "cannot be read"),
        ("https://no-such-host.invalid", "no host named"),
    ],
)
def test_a_bad_address_is_asked_for_again(deployment: Deployment, typed: str, told: str) -> None:  # invariant 7
    browser = deployment.browser()
    page = deployment.shop_page(deployment.invite(SHOP), browser, typed)
    assert page.status in {400, 422}
    assert told in page.words
    assert page.field("address") == typed
    assert "<script" not in page.text
    again = browser.post(
        f"{deployment.url}/connect/continue", invitation=page.field("invitation"), address=deployment.shop_url
    )
    assert again.status == 200


def test_addresses_are_resolved_only_for_the_invited(deployment: Deployment) -> None:  # invariant 7
    browser = deployment.browser()
    browser.get(deployment.invite(SHOP))
    page = browser.post(f"{deployment.url}/connect/continue", invitation="A" * 43, address="https://no-such.invalid")
    assert "no host named" not in page.words


def test_a_deployment_in_aws_refuses_this_machine_and_private_networks() -> None:
    policy = AddressPolicy.public_only(resolver=lambda host, _: ["10.0.0.8"] if "inside" in host else ["93.184.216.34"])
    check_address(policy, "https://shop.example")
    for address in ("https://127.0.0.1", "https://localhost", "https://inside.example", "http://shop.example"):
        with pytest.raises(BrokenConnectionError):
            check_address(AddressPolicy.public_only() if "1" in address or "localhost" in address else policy, address)


def test_a_denial_changes_nothing(deployment: Deployment) -> None:  # invariant 7
    link, browser = deployment.invite(SHOP), deployment.browser()
    before = deployment.snapshot()
    asked = deployment.shop_page(link, browser)
    page = browser.get(urljoin(asked.url, deployment.approval(asked, "success=0")))
    assert page.status == 400
    assert "not approved" in page.words
    assert deployment.snapshot() == before
    assert deployment.hand_over(link, browser).status == 200


def test_keys_that_were_delivered_wait_for_the_browser_that_began(deployment: Deployment) -> None:  # invariant 7
    """A stranger who lures a shop's owner onto the page gets nothing: the owner's browser has another cookie."""
    stranger = deployment.browser()
    asked = deployment.shop_page(deployment.invite(SHOP), stranger)
    owner = deployment.browser()
    page = owner.get(urljoin(asked.url, deployment.approval(asked)))
    assert page.status == 400
    assert "another browser" in page.words
    assert deployment.connections() == []


def test_keys_that_nobody_came_back_for_are_deleted(deployment: Deployment) -> None:  # invariant 5
    asked = deployment.shop_page(deployment.invite(SHOP), deployment.browser())
    assert deliver(deployment, keys_for(deployment, asked)) == 200
    assert sum("/connection/" in name for name in deployment.secrets()) == 1
    deployment.advance(minutes=59)
    assert deployment.round.run(FakeDeadline()).dropped == 0
    deployment.advance(minutes=2)
    assert deployment.round.run(FakeDeadline()).dropped == 1
    assert not any("/connection/" in name for name in deployment.secrets())
    assert not any(row["sk"]["S"] == "GRANT" for row in deployment.rows())


def test_keys_of_a_connected_shop_are_looked_after_no_more(deployment: Deployment) -> None:
    deployment.hand_over(deployment.invite(SHOP))
    deployment.advance(hours=2)
    report = deployment.round.run(FakeDeadline())
    assert (report.dropped, report.renewed, report.postponed) == (0, 0, 0)


def test_coming_back_without_keys_is_told(deployment: Deployment) -> None:  # invariant 7
    browser = deployment.browser()
    asked = deployment.shop_page(deployment.invite(SHOP), browser)
    page = come_back(deployment, browser, asked)
    assert page.status == 400
    assert "did not arrive" in page.words
    assert deployment.connections() == []


def test_keys_that_do_not_work_are_refused_and_the_merchant_is_told_why(deployment: Deployment) -> None:  # invariant 7
    link = deployment.invite(SHOP)
    before = deployment.snapshot()
    asked = deployment.shop_page(link, deployment.browser())
    wrong = keys_for(deployment, asked, consumer_secret="cs_" + "0" * 40)
    assert deliver(deployment, wrong) == 422
    assert deployment.snapshot() == before
    page = deployment.browser().get(link)
    assert page.status == 200
    assert "The last try did not work" in page.words


def test_read_only_keys_are_refused(deployment: Deployment) -> None:  # invariant 7
    asked = deployment.shop_page(deployment.invite(SHOP), deployment.browser())
    assert deliver(deployment, keys_for(deployment, asked, key_permissions="read")) == 400
    assert deployment.connections() == []


def test_keys_of_another_shop_are_refused(deployment: Deployment) -> None:  # invariant 7
    """The keys are proved at the shop that the merchant named, not at the one that they come from."""
    asked = deployment.shop_page(deployment.invite(SHOP), deployment.browser())
    foreign = keys_for(deployment, asked, consumer_key="ck_" + "1" * 40, consumer_secret="cs_" + "1" * 40)
    before = deployment.snapshot()
    assert deliver(deployment, foreign) == 422
    assert deployment.snapshot() == before


def test_a_second_delivery_is_refused(deployment: Deployment) -> None:  # invariant 7
    browser = deployment.browser()
    asked = deployment.shop_page(deployment.invite(SHOP), browser)
    first = keys_for(deployment, asked)
    assert deliver(deployment, first) == 200
    assert deliver(deployment, keys_for(deployment, asked)) == 400
    assert come_back(deployment, browser, asked).status == 200
    (connection,) = deployment.connections()
    assert deployment.keys(connection).secrets["consumer_key"] == Secret(str(first["consumer_key"]))


@pytest.mark.parametrize(
    "changes",
    [
        {"user_id": "A" * 43},
        {"user_id": ""},
        {"user_id": 7},
        {"user_id": "\ud800" * 43},
        {"consumer_key": "ck_\ud800" + "1" * 40},
        {"consumer_secret": "cs_" + "x" * 10_000},
        {"consumer_key": "sk_123456789"},
        {"consumer_key": "ck_\n12345678"},
        {"consumer_secret": None},
        {"key_permissions": {"a": 1}},
    ],
)
def test_a_forged_delivery_is_refused(deployment: Deployment, changes: dict[str, object]) -> None:  # invariant 7
    asked = deployment.shop_page(deployment.invite(SHOP), deployment.browser())
    before = deployment.snapshot()
    assert deliver(deployment, keys_for(deployment, asked, **changes)) == 400
    assert deployment.snapshot() == before


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", "application/json"),
        (b"[]", "application/json"),
        (b"\xff\xfe", "application/json"),
        (b"{" * 100_000, "application/json"),
        (b'{"user_id": "x"}' + b" " * 40_000, "application/json"),
        (b"user_id=x", "application/x-www-form-urlencoded"),
        (b"{}", "text/plain"),
    ],
)
def test_a_strange_body_is_refused(deployment: Deployment, body: bytes, content_type: str) -> None:  # invariant 7
    assert deliver(deployment, body, content_type) == 400


def test_a_delivery_that_comes_too_late_is_refused(deployment: Deployment) -> None:  # invariant 7
    asked = deployment.shop_page(deployment.invite(SHOP), deployment.browser())
    deployment.advance(minutes=10)
    assert deliver(deployment, keys_for(deployment, asked)) == 400


def test_the_return_works_once(deployment: Deployment) -> None:  # invariant 7
    browser = deployment.browser()
    asked = deployment.shop_page(deployment.invite(SHOP), browser)
    deliver(deployment, keys_for(deployment, asked))
    assert come_back(deployment, browser, asked).status == 200
    before = deployment.snapshot()
    assert come_back(deployment, browser, asked).status == 400
    assert deployment.snapshot() == before


def test_the_same_shop_again_gets_new_keys_and_keeps_its_connection(deployment: Deployment) -> None:
    deployment.hand_over(deployment.invite(SHOP))
    (before,) = deployment.connections()
    first = deployment.keys(before)
    page = deployment.hand_over(deployment.invite(SHOP))
    assert "renewed" in page.words
    (after,) = deployment.connections()
    assert after.connection_id == before.connection_id
    assert deployment.keys(after) != first
    assert sum("/connection/" in name for name in deployment.secrets()) == 1


def test_a_merchant_may_have_a_till_and_several_shops(deployment: Deployment) -> None:
    deployment.approve(deployment.invite(System.LIGHTSPEED))
    deployment.hand_over(deployment.invite(SHOP))
    assert {connection.system for connection in deployment.connections()} == {System.LIGHTSPEED, SHOP}


def test_another_merchant_s_shop_is_another_connection(deployment: Deployment) -> None:  # invariant 5
    deployment.add_merchant("m2")
    deployment.hand_over(deployment.invite(SHOP))
    deployment.hand_over(deployment.invite(SHOP, "m2"))
    (one,), (two,) = deployment.connections("m1"), deployment.connections("m2")
    assert one.connection_id != two.connection_id
    assert deployment.keys(one) != deployment.keys(two)


def test_typed_keys_connect_once_they_work(deployment: Deployment) -> None:
    made = deployment.shop.new_key(permissions="read_write")
    merchant = deployment.parts.merchants.get("m1")
    keys = ShopKeys.woocommerce(Secret(made.key), Secret(made.secret))
    connection = deployment.doors.shop.connect_with_keys(merchant, SHOP, f"{deployment.shop_url}/wp-admin", keys)
    assert [connection] == deployment.connections()
    assert deployment.keys(connection) == keys


@pytest.mark.parametrize(("key", "secret"), [("ck_wrong", "cs_wrong"), ("nonsense", "nonsense")])
def test_typed_keys_that_do_not_work_change_nothing(
    deployment: Deployment, key: str, secret: str
) -> None:  # invariant 7
    before = deployment.snapshot()
    merchant = deployment.parts.merchants.get("m1")
    with pytest.raises((InputError, BrokenConnectionError)):
        deployment.doors.shop.connect_with_keys(
            merchant, SHOP, deployment.shop_url, ShopKeys.woocommerce(Secret(key), Secret(secret))
        )
    assert deployment.snapshot() == before


def test_no_key_is_logged_or_shown(deployment: Deployment, log: StringIO) -> None:  # invariant 5
    browser = deployment.browser()
    asked = deployment.shop_page(deployment.invite(SHOP), browser)
    body = keys_for(deployment, asked)
    deliver(deployment, {**body, "consumer_secret": "cs_" + "0" * 40})
    deliver(deployment, body)
    page = come_back(deployment, browser, asked)
    deliver(deployment, body)
    told = log.getvalue() + page.text + repr(deployment.connections()) + repr(deployment.rows())
    assert "Connected" in told
    for name in ("consumer_key", "consumer_secret", "user_id"):
        assert str(body[name]) not in told
