"""One store per test, and certificates that are made once."""

from collections.abc import Iterator

import pytest

from sandbox.common.server import TlsFiles
from tests.functional.bigcommerce.storefront import Storefront, storefront


@pytest.fixture
def front(tls: TlsFiles) -> Iterator[Storefront]:
    with storefront(tls) as opened:
        yield opened
