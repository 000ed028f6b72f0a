"""Signatures, as the shop checks them, and what else opens the API (facts/magento.md, section 1)."""

from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest

from sandbox.common.clock import ManualClock
from sandbox.magento.settings import Secrets
from sandbox.magento.web.oauth import natural_order

BAD = "The signature is invalid. Verify and try again."
KEYS = Secrets("k" * 32, "s" * 32, "t" * 32, "u" * 32)
TEN = ":@&=+$,/;%"


def told(answer: Any) -> tuple[int, Any]:
    return answer.status_code, answer.json.get("message") if isinstance(answer.json, dict) else ""


@pytest.mark.parametrize("secret", ["consumer_secret", "access_secret"])
def test_a_wrong_secret_is_a_bad_signature(api: Any, secret: str) -> None:
    keys = replace(KEYS, **{secret: "x" * 32})
    assert told(api.send("GET", api.url("/store/websites"), keys=keys)) == (401, BAD)


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"consumer_key": "x" * 32}, "A consumer having the specified key does not exist"),
        ({"consumer_key": "short"}, "Consumer key is not the correct length"),
        ({"access_token": "x" * 32}, "Specified token does not exist"),
    ],
)
def test_unknown_keys_are_401(api: Any, change: dict[str, str], text: str) -> None:
    keys = replace(KEYS, **change)
    assert told(api.send("GET", api.url("/store/websites"), keys=keys)) == (401, text)


def test_only_sha256_signs(api: Any) -> None:
    answer = api.send("GET", api.url("/store/websites"), signature_method="HMAC-SHA1")
    assert told(answer) == (400, "Signature method HMAC-SHA1 is not supported")


@pytest.mark.parametrize("char", TEN)
@pytest.mark.parametrize("generation", ["2.4.7", "2.4.8"])
def test_ten_characters_of_the_path_are_signed_decoded_by_2_4_7_and_as_sent_by_2_4_8(
    api: Any, char: str, generation: str
) -> None:
    api.switch(generation=generation)
    sku = f"a{char}b"
    api.product(sku)
    sent = api.url(f"/products/{quote(sku, safe='')}")
    usual = api.send("GET", sent)
    decoded = api.send("GET", sent, sign_as=api.url(f"/products/{sku}"))
    good, bad = (usual, decoded) if generation == "2.4.8" else (decoded, usual)
    assert (good.status_code, good.json["sku"]) == (200, sku)
    assert told(bad) == (401, BAD)


@pytest.mark.parametrize("generation", ["2.4.7", "2.4.8"])
@pytest.mark.parametrize("sku", ["a b", "(x)*'!", "a#b?c", 'q"[z]|~', "größe"])
def test_other_characters_are_signed_as_sent_by_both(api: Any, sku: str, generation: str) -> None:
    api.switch(generation=generation)
    api.product(sku)
    assert api.get(f"/products/{quote(sku, safe='')}")["sku"] == sku


def test_the_shop_signs_with_the_address_it_sees(api: Any) -> None:
    url = api.url("/store/websites")
    assert told(api.send("GET", url, sign_as=url.replace("https", "http"))) == (401, BAD)
    assert told(api.send("GET", url, sign_as=url.replace("shop.test", "other.test"))) == (401, BAD)
    assert api.send("GET", url, sign_as=url.replace("shop.test", "SHOP.test:443")).status_code == 200


def test_spaces_lists_and_bare_keys_in_the_query(api: Any, find: Any) -> None:
    spaced = api.url("/products", find([("name", "like", "a b")]))
    assert api.send("GET", spaced).status_code == 200
    assert told(api.send("GET", spaced.replace("%20", "+"))) == (401, BAD)
    salable = api.url("/inventory/are-products-salable")
    assert api.send("GET", f"{salable}?skus%5B0%5D=a&skus%5B1%5D=b&stockId=1").status_code == 200
    assert told(api.send("GET", f"{salable}?skus%5B%5D=a&skus%5B%5D=b&stockId=1")) == (401, BAD)
    sources = api.url("/inventory/sources")
    assert [api.send("GET", sources + end).status_code for end in ("?searchCriteria=", "?searchCriteria")] == [200, 401]


def test_eleven_filters_in_a_group_break_the_order_that_is_signed(api: Any, find: Any) -> None:
    ten, eleven = (api.call("GET", "/products", query=find([("sku", "eq", "x")] * count)) for count in (10, 11))
    assert (ten.status_code, told(eleven)) == (200, (401, BAD))


@pytest.mark.parametrize(
    ("left", "right", "order"), [("a2", "a10", -1), ("a10", "a2", 1), ("a", "a", 0), ("a", "ab", -1), ("B", "a", -1)]
)
def test_natural_order(left: str, right: str, order: int) -> None:
    assert natural_order(left, right) == order


def test_a_nonce_is_good_once_even_for_a_bad_signature(api: Any, clock: ManualClock) -> None:
    url = api.url("/store/websites")
    used = "The nonce is already being used by the consumer with ID %1."
    assert told(api.send("GET", url, nonce="once", keys=replace(KEYS, access_secret="x"))) == (401, BAD)
    assert told(api.send("GET", url, nonce="once")) == (401, used)
    clock.sleep(2 * 3600)
    assert api.send("GET", url, nonce="once").status_code == 200


@pytest.mark.parametrize(("ahead", "status"), [(-7200, 200), (600, 200), (601, 401)])
def test_timestamps_may_be_ten_minutes_ahead(api: Any, clock: ManualClock, ahead: int, status: int) -> None:
    stamp = str(int(clock.now().timestamp()) + ahead)
    answer = api.send("GET", api.url("/store/websites"), timestamp=stamp)
    assert answer.status_code == status
    if status == 401:
        assert told(answer) == (401, "An error occurred validating the nonce")


def test_a_host_that_strips_the_header_makes_the_caller_nobody(api: Any) -> None:
    api.switch(strip_authorization=True)
    assert api.refused("GET", "/products") == (
        401, "The consumer isn't authorized to access %resources.", {"resources": "Magento_Catalog::products"},
    )  # fmt: skip


def test_rights_are_checked_for_each_resource(api: Any) -> None:
    api.control("/integrations/1/resources", {"resources": ["Magento_Catalog::products"]})
    assert api.get("/products")["total_count"] == 0
    assert api.refused("GET", "/orders")[::2] == (401, {"resources": "Magento_Sales::actions_view"})


def test_a_token_alone_counts_only_when_that_is_switched_on(api: Any) -> None:
    headers = {"Authorization": f"Bearer {KEYS.access_token}"}
    url = api.url("/products")
    assert api.client.get(url, headers=headers).status_code == 401
    api.switch(bearer=True)
    assert api.client.get(url, headers=headers).status_code == 200
    api.control("/integrations/1/revoke")
    assert api.client.get(url, headers=headers).status_code == 401


def test_an_administrator_gets_a_token_of_an_hour(api: Any, clock: ManualClock) -> None:
    url = f"{api.url('/integration/admin/token')}"
    assert api.client.post(url, json={"username": "admin", "password": "wrong"}).status_code == 401
    token = api.client.post(url, json={"username": "admin", "password": "admin123"}).json
    headers = {"Authorization": f"Bearer {token}"}
    assert len(token.split(".")) == 3
    assert api.client.get(api.url("/products"), headers=headers).status_code == 200
    clock.sleep(3600)
    assert api.client.get(api.url("/products"), headers=headers).status_code == 401


def test_revoked_tokens_are_refused(api: Any) -> None:
    api.control("/integrations/1/revoke")
    assert api.refused("GET", "/products")[:2] == (401, "Access token has been revoked")
    assert api.control("/integrations/1", method="DELETE") == {"integrations": 0}
    assert api.refused("GET", "/products")[1] == "A consumer having the specified key does not exist"
