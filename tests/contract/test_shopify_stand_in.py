"""Holds the Shopify stand-in against a connector's documents: good on both schemas, answered in every field."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from graphql import (
    GraphQLNamedType,
    GraphQLSchema,
    GraphQLUnionType,
    NoDeprecatedCustomRule,
    get_named_type,
    get_variable_values,
    is_composite_type,
    parse,
    validate,
)
from graphql.language import OperationDefinitionNode

from sandbox.common.clock import ManualClock
from sandbox.shopify.settings import Limits, Settings
from sandbox.shopify.shop import Shop
from sandbox.shopify.web.schema import admin_schema
from tests.contract.shopify_api import APP, Api
from tests.contract.shopify_documents import DOCUMENTS


@pytest.mark.parametrize("name", DOCUMENTS)
def test_documents_and_variables_are_good_on_both(shopify_admin: GraphQLSchema, name: str) -> None:
    text, variables = DOCUMENTS[name]
    document = parse(text)
    for schema in (shopify_admin, admin_schema()):
        assert validate(schema, document) == []
        [operation] = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
        taken = get_variable_values(schema, operation.variable_definitions or (), variables)
        assert not isinstance(taken, list), taken
    assert validate(admin_schema(), document, [NoDeprecatedCustomRule]) == []


def test_the_facts_own_samples_are_good_on_both(shopify_admin: GraphQLSchema, contracts: Path) -> None:
    facts = (contracts.parent / "facts" / "shopify.md").read_text()
    samples = re.findall(r"```graphql\n(.*?)```", facts, re.DOTALL)
    assert samples
    for sample in samples:
        assert [validate(schema, parse(sample)) for schema in (shopify_admin, admin_schema())] == [[], []]


@pytest.fixture(scope="module")
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 11, 25, 12, tzinfo=UTC))


@pytest.fixture(scope="module")
def shop(clock: ManualClock) -> Shop:
    return Shop(Settings(apps=(APP,), limits=Limits(single_query=10**9, unlimited=True)), clock)


@pytest.fixture(scope="module")
def api(shop: Shop) -> Api:
    return Api(shop)


@pytest.fixture(scope="module")
def answers(api: Api, shop: Shop, clock: ManualClock) -> dict[str, Any]:
    """Send every document, with an order placed and files uploaded where that is needed."""
    return play(api, shop, clock)


def known_rows(shop: Shop) -> dict[str, str]:
    """Name the rows that documents speak of."""
    places = [f"gid://shopify/Location/{number}" for number in shop.locations]
    found = {"location": places[0], "other": places[1]}
    found["publication"] = f"gid://shopify/Publication/{next(iter(shop.publications))}"
    tables: dict[str, tuple[str, Mapping[int, Any]]] = {
        "product": ("Product", shop.products),
        "variant": ("ProductVariant", shop.variants),
        "item": ("InventoryItem", shop.items),
        "collection": ("Collection", shop.collections),
        "operation": ("ProductSetOperation", shop.product_operations),
        "order": ("Order", shop.orders),
        "fulfillment order": ("FulfillmentOrder", shop.fulfillment_orders),
        "bulk": ("BulkOperation", shop.bulk),
    }
    for name, (kind, table) in tables.items():
        if table:
            found[name] = f"gid://shopify/{kind}/{next(iter(table))}"
    for order in shop.orders.values():
        found["line"] = f"gid://shopify/LineItem/{order.lines[0].id}"
        found["transaction"] = f"gid://shopify/OrderTransaction/{order.transactions[0].id}"
    found["upload"] = next((key for key in shop.uploads if key.endswith(".jsonl")), "")
    return found


def filled(value: Any, rows: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: filled(inner, rows) for key, inner in value.items()}
    if isinstance(value, list):
        return [filled(inner, rows) for inner in value]
    if isinstance(value, str) and re.fullmatch(r"\{[a-z ]+\}", value):
        return rows[value[1:-1]]
    return value


def play(api: Api, shop: Shop, clock: ManualClock) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    for name, (text, variables) in DOCUMENTS.items():
        if name == "orders":
            basket = {"items": [{"sku": "A-S", "quantity": 2}], "email": "a@mail.invalid", "shipping": "4.00"}
            shop.products[next(iter(shop.products))].status = "ACTIVE"
            assert api.client.post("/_sandbox/order", json=basket).status_code == 200
        if name == "bulk mutation":
            for upload in shop.uploads.values():
                upload.content = b"{}\n"
        clock.sleep(10)
        answers[name] = api.send(text, filled(variables, known_rows(shop)))
    return answers


def test_every_document_is_answered_without_an_error(answers: Any) -> None:
    for name, data in answers.items():
        for payload in data.values():
            assert not isinstance(payload, dict) or payload.get("userErrors", []) == [], (name, payload)
    assert answers["by custom id"]["productByIdentifier"]["title"] == "Shirt"
    assert answers["operation"]["productOperation"]["status"] == "COMPLETE"
    assert len(answers["orders"]["orders"]["nodes"]) == 1


def everything(kind: GraphQLNamedType, depth: int) -> str:
    """Select every field of a type that needs no argument we cannot make up, `depth` objects deep."""
    if isinstance(kind, GraphQLUnionType):
        return " ".join(f"... on {one.name} {{ {everything(one, depth)} }}" for one in kind.types)
    chosen = ["__typename"]
    for name, field in getattr(kind, "fields", {}).items():
        inner = get_named_type(field.type)
        args = ARGUMENTS.get(name, {})
        needed = [arg for arg, one in field.args.items() if str(one.type).endswith("!")]
        if (
            any(arg not in args for arg in needed)
            or (is_composite_type(inner) and not depth)
            or name in {"edges", "pageInfo"}
        ):
            continue
        values = dict(args)
        if "first" in field.args:
            values["first"] = "3"
        written = f"({', '.join(f'{key}: {value}' for key, value in values.items())})" if values else ""
        below = depth if inner.name.endswith(("Connection", "Edge")) else depth - 1
        chosen.append(
            f"{name}{written} {{ {everything(inner, below)} }}" if is_composite_type(inner) else f"{name}{written}"
        )
    return " ".join(chosen)


ARGUMENTS: dict[str, dict[str, str]] = {
    "quantities": {"names": '["available", "on_hand"]'},
    "metafield": {"key": '"x"'},
}
LISTS = (
    "products", "productVariants", "inventoryItems", "locations", "publications", "collections", "orders", "customers",
    "webhookSubscriptions", "bulkOperations",
)  # fmt: skip


@pytest.mark.usefixtures("answers")
@pytest.mark.parametrize("name", [*LISTS, "shop", "currentAppInstallation", "publicApiVersions"])
def test_every_field_of_every_row_is_answered(api: Api, name: str) -> None:
    root = admin_schema().query_type
    assert root is not None
    kind = get_named_type(root.fields[name].type)
    size = "(first: 3)" if name in LISTS else ""
    data = api.send(f"{{ {name}{size} {{ {everything(kind, 3)} }} }}")
    assert data[name]
    assert name not in LISTS or data[name]["nodes"]


NODES = (
    "MetafieldDefinition", "MediaImage", "ProductSetOperation", "InventoryAdjustmentGroup", "Refund", "Fulfillment",
    "FulfillmentOrder", "Metafield", "InventoryLevel",
)  # fmt: skip


@pytest.mark.usefixtures("answers")
@pytest.mark.parametrize("name", NODES)
def test_every_field_of_every_node_is_answered(api: Api, shop: Shop, name: str) -> None:
    tables: Mapping[str, Any] = {
        "MetafieldDefinition": shop.definitions,
        "MediaImage": shop.files,
        "ProductSetOperation": shop.product_operations,
        "InventoryAdjustmentGroup": shop.adjustments,
        "Refund": shop.refunds,
        "Fulfillment": shop.fulfillments,
        "FulfillmentOrder": shop.fulfillment_orders,
        "Metafield": {row.id: row for row in shop.metafields.values()},
        "InventoryLevel": {row.id: row for row in shop.levels.values()},
    }
    number = f"gid://shopify/{name}/{next(iter(tables[name]))}"
    kind = admin_schema().type_map[name]
    data = api.send(f'{{ node(id: "{number}") {{ id ... on {name} {{ {everything(kind, 2)} }} }} }}')
    assert data["node"]["__typename"] == name
