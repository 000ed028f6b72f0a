"""A shop for each test."""

from collections.abc import Iterator

import pytest

from sandbox.common.server import TlsFiles
from tests.functional.shopify.storefront import Storefront, storefront


@pytest.fixture
def front(tls: TlsFiles) -> Iterator[Storefront]:
    with storefront(tls) as opened:
        yield opened
