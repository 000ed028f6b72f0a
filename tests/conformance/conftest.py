"""Every case meets every shop."""

from collections.abc import Iterator

import pytest

from sandbox.common.server import TlsFiles
from tests.conformance.front import Front
from tests.conformance.fronts import FRONTS, TAXING


@pytest.fixture(params=sorted(FRONTS))
def front(request: pytest.FixtureRequest, tls: TlsFiles) -> Iterator[Front]:
    with FRONTS[request.param](tls) as opened:
        yield opened


@pytest.fixture(params=[f"{system}-{way}" for system in sorted(TAXING) for way in ("tax apart", "tax inside")])
def taxing(request: pytest.FixtureRequest, tls: TlsFiles) -> Iterator[Front]:
    system, _, way = request.param.partition("-")
    with TAXING[system](tls, inside=way == "tax inside") as opened:
        yield opened
