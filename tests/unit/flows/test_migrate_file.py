"""The CSV of merchants of the old kind: checked as a whole, told by line and column, and never shown."""

import pytest

from tillbridge.domain.grant import Secret
from tillbridge.domain.product import ListingRef
from tillbridge.domain.shop_keys import ShopKeys
from tillbridge.flows.migrate_file import COLUMNS, MOST_PROBLEMS, ImportFile, read_file

HEAD = ",".join(COLUMNS) + "\n"
ALPINE = "alpine,Alpine Café 🏔,a@example.com,182255,key-1,https://shop.example.com,ck_1,cs_1,,,\n"
SECRET = "never-to-be-shown"


def problems(text: str) -> list[tuple[int, str]]:
    read = read_file(text)
    assert all(problem.happened and problem.remedy for problem in read.problems)
    return [(problem.line, problem.column) for problem in read.problems]


def test_a_merchant_with_a_shop_and_links() -> None:
    read = read_file(HEAD + ALPINE + "alpine,,,,,,,,42,,17\nalpine,,,,,,,,43,7,18/19\nalpine,,,,,,,,44,7,18/20\n")
    assert read.problems == ()
    (merchant,) = read.merchants
    assert (merchant.merchant_id, merchant.name, merchant.email) == ("alpine", "Alpine Café 🏔", "a@example.com")
    assert (merchant.account, merchant.address) == ("182255", "https://shop.example.com")
    assert merchant.secrets.till_key == Secret("key-1")
    assert merchant.secrets.shop_keys == ShopKeys.woocommerce(Secret("ck_1"), Secret("cs_1"))
    assert [(link.line, link.product_key, link.item_id, link.ref) for link in merchant.links] == [
        (3, "I42", "42", ListingRef("17")),
        (4, "M7", "43", ListingRef("18", "19")),
        (5, "M7", "44", ListingRef("18", "20")),
    ]


def test_few_columns_in_any_order_are_enough() -> None:
    read = read_file("till_key,merchant\nkey-1,alpine\nkey-2,beach\n")
    assert [(one.merchant_id, one.name, one.secrets.shop_keys) for one in read.merchants] == [
        ("alpine", "alpine", None),
        ("beach", "beach", None),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff" + HEAD + ALPINE,
        (HEAD + ALPINE).replace("\n", "\r\n"),
        HEAD + "\n" + ALPINE + "\n,,,,,,,,,,\n",
        (HEAD + ALPINE).replace(",", ";"),
        HEAD.upper() + ALPINE,
        HEAD + ALPINE.replace("alpine", " alpine ").replace("key-1", '"key-1"'),
    ],
    ids=["byte order mark", "windows", "blank lines", "semicolons", "capitals", "blanks and quotes"],
)
def test_what_spreadsheets_make_of_it(text: str) -> None:
    read = read_file(text)
    assert read.problems == ()
    assert [merchant.merchant_id for merchant in read.merchants] == ["alpine"]


def test_a_link_may_stand_in_the_merchants_own_line() -> None:
    (merchant,) = read_file(HEAD + ALPINE.replace(",,,\n", ",42,,17\n")).merchants
    assert [str(link.ref) for link in merchant.links] == ["17"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [(1, "merchant"), (1, "till_key")]),
        (HEAD, [(1, "file")]),
        ("merchant,till_key,colour\nalpine,k,red\n", [(1, "colour")]),
        ("merchant,merchant,till_key\n", [(1, "merchant"), (1, "merchant")]),
        ("merchant,name\nalpine,Alpine\n", [(1, "till_key")]),
        ('merchant,till_key\nalpine,"open\n', [(0, "file")]),
        ("merchant,till_key\nalpine\n", [(2, "line")]),
        ("merchant,till_key\n,key\n", [(2, "merchant")]),
        ("merchant,till_key\nAlpine!,key\n", [(2, "merchant")]),
        ("merchant,till_key\nalpine,two words\n", [(2, "till_key")]),
        ("merchant,till_key\nalpine,ключ\n", [(2, "till_key")]),
        (f"merchant,till_key\nalpine,{'x' * 5000}\n", [(2, "till_key")]),
        ("merchant,till_key\nalpine,\n", [(2, "till_key")]),
        ("merchant,till_key\nalpine,a\nalpine,b\n", [(3, "merchant")]),
        ("merchant,email,till_key\nalpine,nobody,a\n", [(2, "email")]),
        ("merchant,account,till_key\nalpine,mine,a\n", [(2, "account")]),
        (HEAD + "alpine,,,,k,https://shop.example.com,,,,,\n", [(2, "shop_key"), (2, "shop_secret")]),
        (HEAD + "alpine,,,,k,,ck,cs,,,\n", [(2, "shop_address")]),
        (HEAD + "alpine,,,,k,,,,,,\nalpine,,,,,,,,42,,17\n", [(3, "listing")]),
        (HEAD + ALPINE + "alpine,,,,,,,,42,,\n", [(3, "listing")]),
        (HEAD + ALPINE + "alpine,,,,,,,,,,17\n", [(3, "item")]),
        (HEAD + ALPINE + "alpine,,,,,,,,42,,17/18\n", [(3, "listing")]),
        (HEAD + ALPINE + "alpine,,,,,,,,42,7,17\n", [(3, "listing")]),
        (HEAD + ALPINE + "alpine,,,,,,,,42,,shirt\n", [(3, "listing")]),
        (HEAD + ALPINE + "alpine,,,,,,,,42,,17\nalpine,,,,,,,,42,,18\n", [(4, "item"), (4, "listing")]),
        (HEAD + ALPINE + "alpine,,,,,,,,42,,17\nalpine,,,,,,,,43,,17\n", [(4, "listing")]),
        (HEAD + ALPINE + "alpine,,,,,,,,1,7,17/1\nalpine,,,,,,,,2,7,18/2\n", [(4, "listing")]),
    ],
)
def test_what_is_wrong_is_told_by_line_and_column(text: str, expected: list[tuple[int, str]]) -> None:  # invariant 7
    assert problems(text) == expected


def test_every_problem_is_found_not_only_the_first() -> None:  # invariant 7
    text = "merchant,email,till_key\nA,x,a b\nbeach,b@example.com,k\nC,,k\n"
    assert problems(text) == [(2, "email"), (2, "merchant"), (2, "till_key"), (4, "merchant")]


def test_lines_are_counted_as_an_editor_does() -> None:
    assert problems('merchant,name,till_key\nalpine,"two\nlines",k\nB,,k\n') == [(2, "name"), (4, "merchant")]


def test_a_flood_of_problems_is_cut() -> None:
    assert len(problems("merchant,till_key\n" + "!,k\n" * 1000)) == MOST_PROBLEMS


@pytest.mark.parametrize(
    "text",
    [
        f"merchant,till_key\nA,{SECRET}\n",
        f"merchant,till_key\nalpine,a {SECRET}\n",
        HEAD + f"alpine,,,,k,https://shop.example.com,{SECRET},,,,\n",
        HEAD + f"alpine,,,,k,https://shop.example.com,ck, {SECRET} x,,,\n",
        f"merchant,till_key\nalpine,k,{SECRET}\n",
        HEAD + ALPINE.replace("key-1", SECRET),
    ],
)
def test_no_secret_is_ever_shown(text: str) -> None:  # invariant 5
    read: ImportFile = read_file(text)
    assert SECRET not in repr(read)
