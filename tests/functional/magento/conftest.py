"""A shop for each test."""

from collections.abc import Iterator

import pytest

from sandbox.common.certificates import make_certificates
from sandbox.common.server import TlsFiles
from tests.functional.magento.storefront import Storefront, storefront


@pytest.fixture(scope="session")
def tls(tmp_path_factory: pytest.TempPathFactory) -> TlsFiles:
    return make_certificates(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def front(tls: TlsFiles) -> Iterator[Storefront]:
    with storefront(tls) as opened:
        yield opened
