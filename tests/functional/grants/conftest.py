"""A deployment to connect to, with nobody connected yet."""

import logging
from collections.abc import Iterator
from io import StringIO

import pytest

from sandbox.common.server import TlsFiles
from tests.functional.grants.deploying import deployed
from tests.functional.grants.deployment import Deployment
from tillbridge.runtime import observe


@pytest.fixture
def rules() -> int:
    """The year whose token server's rules hold; tests choose another by parameter."""
    return 2026


@pytest.fixture
def deployment(tls: TlsFiles, rules: int) -> Iterator[Deployment]:
    with deployed(tls, rules) as deployment:
        yield deployment


@pytest.fixture
def log() -> Iterator[StringIO]:
    """Catch what the functions log."""
    caught, handler = StringIO(), observe.logger.registered_handler
    assert isinstance(handler, logging.StreamHandler)
    before = handler.setStream(caught)
    yield caught
    handler.setStream(before)
