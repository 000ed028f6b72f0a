"""HKDF against the vectors of its standard."""

import pytest

from tillbridge.grants.derive import hkdf

pytestmark = pytest.mark.unit

A2_MADE = (
    "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c"
    "59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71"
    "cc30c58179ec3e87c14c01d5c1f3434f1d87"
)
VECTORS = {
    "A.1": (
        "0b" * 22,
        "000102030405060708090a0b0c",
        "f0f1f2f3f4f5f6f7f8f9",
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
    ),
    "A.2": (
        bytes(range(0x50)).hex(),
        bytes(range(0x60, 0xB0)).hex(),
        bytes(range(0xB0, 0x100)).hex(),
        A2_MADE,
    ),
    "A.3": (
        "0b" * 22,
        "",
        "",
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
    ),
}
"""RFC 5869, appendix A, the test cases with SHA-256: key, salt, info, what comes of it."""


@pytest.mark.parametrize(("key", "salt", "info", "made"), VECTORS.values(), ids=VECTORS.keys())
def test_it_is_the_function_of_the_standard(key: str, salt: str, info: str, made: str) -> None:
    expected = bytes.fromhex(made)
    assert hkdf(bytes.fromhex(key), bytes.fromhex(salt), bytes.fromhex(info), len(expected)) == expected
