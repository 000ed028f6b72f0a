from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from requests.auth import HTTPBasicAuth

from tillbridge.domain.errors import InputError
from tillbridge.systems.http import Request
from tillbridge.systems.woocommerce.api.keys import ApiKeys, Way, authorised, signed_as_http, usual_way

KEYS = ApiKeys("ck_1", "cs_1")
ASKED = Request(method="GET", url="https://shop.test/wp-json/wc/v3/products", params={"include": "1,2"})


def test_each_address_has_its_way() -> None:
    assert usual_way("https://shop.test", query_keys=False) is Way.BASIC
    assert usual_way("https://shop.test", query_keys=True) is Way.QUERY
    assert usual_way("http://shop.test", query_keys=True) is Way.OAUTH, "a secret never travels in the clear"


def test_the_header_over_https() -> None:
    assert authorised(ASKED, KEYS, Way.BASIC).auth == HTTPBasicAuth("ck_1", "cs_1")


def test_keys_in_the_query_are_added_to_what_is_asked() -> None:
    sent = authorised(ASKED, KEYS, Way.QUERY)

    assert sent.params == {"include": "1,2", "consumer_key": "ck_1", "consumer_secret": "cs_1"}


def test_a_signature_over_http_covers_comma_lists_and_hides_the_secret() -> None:
    asked = Request(method="GET", url="http://shop.test/wp-json/wc/v3/products", params={"include": "1,2"})
    sent = authorised(asked, KEYS, Way.OAUTH)
    prepared = requests.Request("GET", sent.url, params=dict(sent.params), auth=sent.auth).prepare()

    query = parse_qs(urlsplit(str(prepared.url)).query)
    assert query["oauth_signature_method"] == ["HMAC-SHA256"]
    assert query["include"] == ["1,2"]
    assert "cs_1" not in str(prepared.url)


def test_a_request_signed_as_if_over_http_still_goes_over_https() -> None:
    sent = signed_as_http(ASKED, KEYS)

    assert sent.url.startswith("https://shop.test/wp-json/wc/v3/products?include=1%2C2&oauth_")
    assert sent.params == {}
    assert sent.auth is None


@pytest.mark.parametrize(
    ("key", "secret", "field"),
    [
        ("", "cs_1", "consumer_key"),
        ("cs_1", "cs_1", "consumer_key"),
        ("ck_1", "ck_1", "consumer_secret"),
        ("ck_é", "cs_1", "consumer_key"),
    ],
)
def test_wrong_halves_of_a_key_are_named(key: str, secret: str, field: str) -> None:  # invariant 7
    with pytest.raises(InputError) as caught:
        ApiKeys.given(key, secret)

    assert caught.value.field == field


def test_keys_are_trimmed_and_never_shown() -> None:  # invariant 5
    keys = ApiKeys.given(" ck_secret\n", " cs_secret ")

    assert keys == ApiKeys("ck_secret", "cs_secret")
    assert "secret" not in repr(keys)
    assert "secret" not in repr(authorised(ASKED, keys, Way.QUERY))
