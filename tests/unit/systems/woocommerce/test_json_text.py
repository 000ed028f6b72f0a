import pytest

from tests.unit.systems.woocommerce.scripted import answer
from tillbridge.systems.http import NoJsonError
from tillbridge.systems.woocommerce.api.json_text import read_json

NOTICE = b"<br />\n<b>Warning</b>:  Undefined array key [3] in <b>/x/y.php</b> on line <b>7</b><br />\n"


@pytest.mark.parametrize(
    ("body", "read"),
    [
        (b'{"a": 1}', {"a": 1}),
        (b"\xef\xbb\xbf[1]", [1]),
        (b"\n  [1, 2]", [1, 2]),
        (NOTICE + b'{"a": [1]}', {"a": [1]}),
        (NOTICE + NOTICE + b"[]", []),
        (b"null", None),
    ],
)
def test_complaints_before_the_data_are_passed_over(body: bytes, read: object) -> None:
    assert read_json(answer(body)) == read


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>{}</html>",
        b'{"a": [1, 2',
        NOTICE + b'{"a": [1, 2',
        b'[{"id": 1},\n{"id": 2}',
        b'{"a": 1} trailing',
        NOTICE + b'{"a": 1}' + NOTICE,
    ],
)
def test_a_cut_or_mixed_answer_never_decodes(body: bytes) -> None:  # invariant 1
    with pytest.raises(NoJsonError):
        read_json(answer(body))
