"""What the contract tests of one system share."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLSchema, build_client_schema

JUDGED, BEYOND = "judged", "beyond the schema"
"""Names of the properties by which tests tell what they have held against a schema: see ``__main__``."""

Judged = Callable[[str, str], None]


@pytest.fixture
def judged(record_property: Callable[[str, object], None]) -> Judged:
    """Note that a request of a shop's adapter fits its vendor's schema: which shop, and what kind of request."""
    return lambda shop, kind: record_property(JUDGED, (shop, kind))


@pytest.fixture
def beyond(record_property: Callable[[str, object], None]) -> Judged:
    """Note what a shop's schema cannot check."""
    return lambda shop, what: record_property(BEYOND, (shop, what))


@pytest.fixture(scope="session")
def shopify_introspection(contracts: Path) -> Any:
    with gzip.open(contracts / "shopify" / "admin_2026-07.json.gz") as file:
        return json.load(file)["data"]


@pytest.fixture(scope="session")
def shopify_admin(shopify_introspection: Any) -> GraphQLSchema:
    """Build the real schema; it has to count as valid, or graphql-core refuses its deprecations."""
    return build_client_schema(shopify_introspection, assume_valid=True)
