"""Who gets in, and as what (facts/woocommerce.md, "Reaching the API" and "Errors")."""

from dataclasses import replace
from typing import Any

import pytest
import requests
from requests_oauthlib import OAuth1

from sandbox.common.clock import ManualClock
from sandbox.common.server import serve
from sandbox.woocommerce.app import build_app
from sandbox.woocommerce.settings import ApiKey
from sandbox.woocommerce.shop import Shop

CANNOT_VIEW = (401, "woocommerce_rest_cannot_view")
WRONG = (401, "woocommerce_rest_authentication_error")
PLAIN = "http://shop.test"


def outcome(answer: Any) -> tuple[int, str]:
    return answer.status_code, "" if answer.status_code == 200 else answer.json["code"]


def test_basic_and_query_keys_count_over_tls(api: Any) -> None:
    assert outcome(api.call("GET", "/products")) == (200, "")
    in_query = {"consumer_key": "ck_test", "consumer_secret": "cs_test"}
    assert outcome(api.call("GET", "/products", auth=None, query_string=in_query)) == (200, "")


@pytest.mark.parametrize(
    ("auth", "expected"),
    [(None, CANNOT_VIEW), (("ck_x", "cs_test"), CANNOT_VIEW), (("ck_test", "cs_x"), WRONG)],
)
def test_no_key_an_unknown_one_and_a_wrong_secret(api: Any, auth: Any, expected: tuple[int, str]) -> None:
    assert outcome(api.call("GET", "/products", auth=auth)) == expected


def test_over_plain_http_neither_basic_nor_query_keys_count(api: Any) -> None:
    in_query = {"consumer_key": "ck_test", "consumer_secret": "cs_test"}
    assert outcome(api.call("GET", "/products", base_url=PLAIN)) == CANNOT_VIEW
    assert outcome(api.call("GET", "/products", base_url=PLAIN, auth=None, query_string=in_query)) == CANNOT_VIEW


@pytest.mark.parametrize(
    ("method", "what"), [("POST", "create"), ("PUT", "edit"), ("DELETE", "delete"), ("GET", "view")]
)
def test_the_code_names_what_was_denied(api: Any, method: str, what: str) -> None:
    product = api.product()["id"]
    path = "/products" if method == "POST" else f"/products/{product}"
    assert outcome(api.call(method, path, auth=None, json={})) == (401, f"woocommerce_rest_cannot_{what}")
    assert outcome(api.call("POST", "/products/batch", auth=None, json={})) == (401, "woocommerce_rest_cannot_batch")


def test_a_read_only_key_reads_and_a_write_only_key_writes(shop: Shop, api: Any) -> None:
    reading, writing = shop.new_key(permissions="read"), shop.new_key(permissions="write")
    assert outcome(api.call("GET", "/products", auth=(reading.key, reading.secret))) == (200, "")
    assert outcome(api.call("POST", "/products", auth=(reading.key, reading.secret), json={})) == WRONG
    assert outcome(api.call("GET", "/products", auth=(writing.key, writing.secret))) == WRONG
    assert api.call("POST", "/products", auth=(writing.key, writing.secret), json={}).status_code == 201


@pytest.mark.parametrize(
    ("role", "expected"), [("shop_manager", (200, "")), ("editor", (403, "woocommerce_rest_cannot_view"))]
)
def test_the_role_of_the_keys_user_counts(shop: Shop, api: Any, role: str, expected: tuple[int, str]) -> None:
    key = shop.new_key(role=role)
    assert outcome(api.call("GET", "/products", auth=(key.key, key.secret))) == expected


def test_a_deleted_key_is_an_unknown_one(shop: Shop, api: Any) -> None:
    key = shop.new_key()
    shop.delete_key(key)
    assert outcome(api.call("GET", "/products", auth=(key.key, key.secret))) == CANNOT_VIEW


def test_arguments_are_checked_before_permissions(api: Any) -> None:
    answer = api.call("GET", "/products", auth=None, query_string={"per_page": "101"})
    assert outcome(answer) == (400, "rest_invalid_param")


def test_a_host_that_strips_the_header_leaves_query_keys(shop: Shop, api: Any) -> None:
    shop.switches.strip_authorization = True
    assert outcome(api.call("GET", "/products")) == CANNOT_VIEW
    in_query = {"consumer_key": "ck_test", "consumer_secret": "cs_test"}
    assert outcome(api.call("GET", "/products", auth=None, query_string=in_query)) == (200, "")


def test_behind_a_forgetful_proxy_basic_is_ignored(shop: Shop, api: Any) -> None:
    shop.switches.forget_forwarded_proto = True
    assert outcome(api.call("GET", "/products")) == CANNOT_VIEW


class TestOAuth:
    """OAuth 1.0a over plain HTTP, signed by a client that knows nothing of the stand-in."""

    @pytest.fixture
    def ask(self, shop: Shop, clock: ManualClock) -> Any:
        def ask(
            params: Any = None, *, method: str = "GET", key: ApiKey | None = None, **options: Any
        ) -> requests.Response:
            used = key or shop.keys["ck_test"]
            options = {"signature_method": "HMAC-SHA256", "signature_type": "query", **options}
            options.setdefault("timestamp", str(int(clock.now().timestamp())))
            with serve(build_app(shop)) as server, requests.Session() as session:
                session.trust_env = False
                auth = OAuth1(used.key, client_secret=used.secret, **options)
                url = f"{server.url}/wp-json/wc/v3/products"
                return session.request(method, url, auth=auth, params=params, json={} if method == "POST" else None)

        return ask

    @pytest.mark.parametrize("method", ["HMAC-SHA1", "HMAC-SHA256"])
    @pytest.mark.parametrize("place", ["query", "auth_header"])
    def test_both_methods_in_both_places(self, ask: Any, method: str, place: str) -> None:
        assert ask({"search": "a b&c/é+%"}, signature_method=method, signature_type=place).status_code == 200

    def test_json_bodies_are_not_signed(self, ask: Any) -> None:
        assert ask(method="POST").status_code == 201

    def test_lists_in_brackets_break_the_signature_and_comma_lists_do_not(self, ask: Any) -> None:
        assert ask([("include[]", "1")]).json()["code"] == WRONG[1]
        assert ask({"include": "1,2"}).status_code == 200

    def test_a_wrong_secret_and_an_unknown_key_are_refused(self, ask: Any, shop: Shop) -> None:
        known = shop.keys["ck_test"]
        assert ask(key=replace(known, secret="cs_other")).json()["code"] == WRONG[1]
        assert ask(key=replace(known, key="ck_other")).json()["code"] == WRONG[1]

    @pytest.mark.parametrize(("seconds", "status"), [(-900, 200), (900, 200), (-901, 401), (901, 401)])
    def test_the_timestamp_may_be_off_by_15_minutes(
        self, ask: Any, clock: ManualClock, seconds: int, status: int
    ) -> None:
        assert ask(timestamp=str(int(clock.now().timestamp()) + seconds)).status_code == status

    def test_a_nonce_counts_once_in_15_minutes(self, ask: Any, clock: ManualClock) -> None:
        assert [ask(nonce="n1").status_code for _ in range(2)] == [200, 401]
        clock.sleep(901)
        assert ask(nonce="n1").status_code == 200

    def test_other_methods_are_refused(self, ask: Any) -> None:
        assert ask(signature_method="PLAINTEXT").json()["code"] == WRONG[1]

    def test_half_a_signature_is_refused(self, ask: Any, api: Any) -> None:
        answer = api.call("GET", "/products", base_url=PLAIN, auth=None, query_string={"oauth_consumer_key": "ck_test"})
        assert outcome(answer) == WRONG
