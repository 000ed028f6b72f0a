"""Every case meets every shop."""

from collections.abc import Iterator

import pytest

from sandbox.common.server import TlsFiles
from tests.conformance.front import Front
from tests.conformance.fronts import FRONTS


@pytest.fixture(params=sorted(FRONTS))
def front(request: pytest.FixtureRequest, tls: TlsFiles) -> Iterator[Front]:
    with FRONTS[request.param](tls) as opened:
        yield opened
