"""Which branches of the code these tests take, where somebody wants to know."""

from collections.abc import Iterator

import pytest
from coverage import Coverage


@pytest.fixture(scope="package", autouse=True)
def _branches(request: pytest.FixtureRequest) -> Iterator[None]:
    """Note them in a `.coverage` file of this process.

    Tracing makes tests half as slow again, whatever the package: only those that the gate counts are traced.
    """
    if not request.config.getoption("branches"):
        yield
        return
    coverage = Coverage()
    with coverage.collect():
        yield
    coverage.save()
