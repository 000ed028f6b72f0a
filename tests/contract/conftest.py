"""What the contract tests of one system share."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLSchema, build_client_schema


@pytest.fixture(scope="session")
def shopify_introspection(contracts: Path) -> Any:
    with gzip.open(contracts / "shopify" / "admin_2026-07.json.gz") as file:
        return json.load(file)["data"]


@pytest.fixture(scope="session")
def shopify_admin(shopify_introspection: Any) -> GraphQLSchema:
    """Build the real schema; it has to count as valid, or graphql-core refuses its deprecations."""
    return build_client_schema(shopify_introspection, assume_valid=True)
