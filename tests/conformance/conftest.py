"""Every case meets every shop."""

from collections.abc import Iterator

import pytest

from sandbox.common.certificates import make_certificates
from sandbox.common.server import TlsFiles
from tests.conformance.front import Front
from tests.conformance.fronts import FRONTS


@pytest.fixture(scope="session")
def tls(tmp_path_factory: pytest.TempPathFactory) -> TlsFiles:
    return make_certificates(tmp_path_factory.mktemp("tls"))


@pytest.fixture(params=sorted(FRONTS))
def front(request: pytest.FixtureRequest, tls: TlsFiles) -> Iterator[Front]:
    with FRONTS[request.param](tls) as opened:
        yield opened
