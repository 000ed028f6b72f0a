"""Questions that a signature can carry, and texts as Magento wants them."""

from urllib.parse import parse_qsl

import pytest
from requests import Request
from requests._internal_utils import to_native_string

from tests.unit.systems.woocommerce.samples import mug, shirt
from tillbridge.systems.magento.api.search import Criteria, Where, in_path, questions
from tillbridge.systems.magento.api.signing import IntegrationSecrets, PathForm, Signature, depends_on_form
from tillbridge.systems.magento.products.names import attribute_code, slug, url_keys

SECRETS = IntegrationSecrets("k" * 32, "s" * 32, "t" * 32, "u" * 32)


def test_a_question_has_an_order_and_a_page() -> None:
    query = dict(parse_qsl(Criteria((Where("sku", "A B", "in"),), page=3, fields="id").query()))

    assert query == {
        "searchCriteria[filterGroups][0][filters][0][field]": "sku",
        "searchCriteria[filterGroups][0][filters][0][value]": "A B",
        "searchCriteria[filterGroups][0][filters][0][conditionType]": "in",
        "searchCriteria[sortOrders][0][field]": "entity_id",
        "searchCriteria[sortOrders][0][direction]": "ASC",
        "searchCriteria[pageSize]": "100",
        "searchCriteria[currentPage]": "3",
        "fields": "items[id],total_count",
    }


def test_blanks_are_never_a_plus() -> None:
    assert "A%20B%2BC" in Criteria((Where("sku", "A B+C"),)).query()


def test_more_conditions_than_a_signature_carries_are_refused() -> None:
    assert Criteria(tuple(Where("a", "1") for _ in range(10))).query()
    with pytest.raises(ValueError, match="conditions"):
        Criteria(tuple(Where("a", "1") for _ in range(11))).query()


def test_values_share_questions_and_commas_stand_alone() -> None:
    asked = list(questions("sku", ["A", "B,C", "D", "A"]))

    assert asked == [Where("sku", "B,C"), Where("sku", "A,D", "in")]
    assert [one.value.count(",") + 1 for one in questions("sku", [str(one) for one in range(700)])] == [300, 300, 100]
    assert all(len(one.value) < 4200 for one in questions("sku", ["x" * 60 + str(one) for one in range(200)]))


@pytest.mark.parametrize(
    ("sku", "differs"),
    [("a/b", True), ("a+b", True), ("a%b", True), ("a:b", True), ("a b", False), ("äß", False), ("(x)*!", False)],
)
def test_which_paths_are_signed_in_two_ways(sku: str, *, differs: bool) -> None:
    url = f"https://shop.example.com/rest/all/V1/products/{in_path(sku)}/media"

    assert depends_on_form(url) == differs


def test_every_signature_is_a_new_one() -> None:
    url = "https://shop.example.com/rest/all/V1/products?fields=a%20b"
    requests = [Request("GET", url, auth=Signature(SECRETS, form)).prepare() for form in PathForm for _ in range(3)]
    signed = {to_native_string(request.headers["Authorization"]) for request in requests}

    assert len(signed) == 6
    assert all('oauth_signature_method="HMAC-SHA256"' in header for header in signed)
    assert not any("s" * 32 in header or "u" * 32 in header for header in signed)


def test_addresses_in_turn() -> None:
    assert list(url_keys(mug(name="Big Mug"))) == ["big-mug", "big-mug-mug-42", "big-mug-i42", "big-mug-tillbridge-i42"]
    assert next(iter(url_keys(mug(name="名前")))) == "i42"
    assert next(iter(url_keys(shirt(), shirt().variants[0]))) == "shirt-7-shirt-7-black-s-i700"


@pytest.mark.parametrize(("name", "code"), [("Size", "tb_size"), ("Shoe Size", "tb_shoe_size")])
def test_codes_of_attributes(name: str, code: str) -> None:
    assert attribute_code(name) == code


def test_codes_of_odd_names_are_each_its_own() -> None:
    names = ["Größe", "Grosse!", "尺码", "号码", "Size (EU)", "size-eu", "a" * 300, "a" * 301]
    codes = [attribute_code(name) for name in names]

    assert len(set(codes)) == len(codes)
    assert all(len(code) <= 60 and code.isascii() and code[0].isalpha() for code in codes)


def test_slugs() -> None:
    assert (slug("Größe ½ & Co."), slug("名前")) == ("groe-12-co", "")
