"""``productSet`` replaces lists, at once or later (facts/shopify.md, section 7)."""

from typing import Any

import pytest

from sandbox.common.clock import ManualClock

PUT = """mutation($identifier: ProductSetIdentifiers, $input: ProductSetInput!, $synchronous: Boolean) {
  productSet(identifier: $identifier, input: $input, synchronous: $synchronous) {
    product { id } productSetOperation { id status } userErrors { code field message } } }"""
DEFINE = """mutation($definition: MetafieldDefinitionInput!) {
  metafieldDefinitionCreate(definition: $definition) { createdDefinition { id } userErrors { code } } }"""
FIND = "query($identifier: ProductIdentifierInput!) { productByIdentifier(identifier: $identifier) { id title } }"
OPERATION = """query($id: ID!) { productOperation(id: $id) { status product { id }
  ... on ProductSetOperation { userErrors { code field } } } }"""


def sized(*names: str, **fields: Any) -> dict[str, Any]:
    return {
        "title": "Shirt",
        "productOptions": [{"name": "Size", "values": [{"name": name} for name in names]}],
        "variants": [
            {"optionValues": [{"optionName": "Size", "name": name}], "sku": f"A-{name}", "price": "10"}
            for name in names
        ],
        **fields,
    }


@pytest.fixture
def put(api: Any) -> Any:
    def put(data: Any, **identifier: Any) -> Any:
        return api.read(api.done(PUT, input=data, identifier=identifier or None)["product"]["id"])

    return put


@pytest.fixture
def custom(api: Any) -> dict[str, str]:
    """A custom id, and its definition."""
    definition = {"name": "Till", "namespace": "$app", "key": "till", "type": "id", "ownerType": "PRODUCT"}
    api.done(DEFINE, definition=definition)
    return {"namespace": "$app", "key": "till", "value": "p-1"}


def skus(product: Any) -> list[str]:
    return [variant["sku"] for variant in product["variants"]["nodes"]]


def test_variants_left_out_are_deleted_and_others_keep_their_ids(put: Any) -> None:
    first = put(sized("S", "M"))
    second = put(sized("M", "L"), id=first["id"])
    assert (skus(first), skus(second)) == (["A-S", "A-M"], ["A-M", "A-L"])
    assert second["id"] == first["id"]
    assert second["variants"]["nodes"][0]["id"] == first["variants"]["nodes"][1]["id"]
    assert second["options"][0]["id"] == first["options"][0]["id"]


def test_scalars_left_out_stay_and_lists_left_out_too(put: Any) -> None:
    first = put(sized("S", "M", vendor="Us"))
    second = put({"title": "Blouse"}, id=first["id"])
    assert (second["title"], second["vendor"], skus(second)) == ("Blouse", "Us", ["A-S", "A-M"])


def test_a_product_without_lists_has_the_default_variant(put: Any) -> None:
    assert [one["title"] for one in put({"title": "Hat"})["variants"]["nodes"]] == ["Default Title"]


def test_a_custom_id_finds_and_creates_without_any_lag(api: Any, put: Any, custom: Any) -> None:
    assert api.send(FIND, identifier={"customId": custom}) is None
    first = put(sized("S"), customId=custom)
    assert put({"title": "Blouse"}, customId=custom)["id"] == first["id"]
    assert api.send(FIND, identifier={"customId": custom}) == {"id": first["id"], "title": "Blouse"}
    assert api.send(FIND, identifier={"handle": "shirt"})["id"] == first["id"]


def test_a_custom_id_needs_its_definition(api: Any) -> None:
    identifier = {"customId": {"namespace": "$app", "key": "none", "value": "1"}}
    assert api.code(FIND, identifier=identifier) == "NOT_FOUND"
    assert api.code(PUT, input={"title": "Hat"}, identifier=identifier) == "NOT_FOUND"


def test_metafields_have_to_name_the_custom_id(api: Any, custom: Any) -> None:
    data = sized("S", metafields=[{"namespace": "$app", "key": "x", "type": "boolean", "value": "true"}])
    assert api.refused(PUT, input=data, identifier={"customId": custom}) == [("METAFIELD_MISMATCH", "input.metafields")]


def test_two_products_cannot_have_one_custom_id(api: Any, put: Any, custom: Any) -> None:
    put(sized("S"), customId=custom)
    assert api.refused(PUT, input=sized("S", metafields=[custom]))[0][0] == "CAPABILITY_VIOLATION"


@pytest.mark.parametrize(
    ("changes", "code", "path"),
    [
        ({"productOptions": None}, "PRODUCT_OPTIONS_INPUT_MISSING", "productOptions"),
        ({"variants": None}, "VARIANTS_INPUT_MISSING", "variants"),
        ({"title": ""}, "INVALID_INPUT", "title"),
        ({"productOptions": [{"name": "Size", "values": []}]}, "OPTION_VALUES_MISSING", "productOptions.0.values"),
        (
            {"productOptions": [{"name": "Size", "values": [{"name": "S"}, {"name": "S"}]}]},
            "DUPLICATED_OPTION_VALUE",
            "productOptions.0.values",
        ),
        (
            {
                "productOptions": [
                    {"name": "Size", "values": [{"name": "S"}]},
                    {"name": "size", "values": [{"name": "x"}]},
                ]
            },
            "DUPLICATED_OPTION_NAME",
            "productOptions.1.name",
        ),
        (
            {"productOptions": [{"name": str(number), "values": [{"name": "x"}]} for number in range(4)]},
            "OPTIONS_OVER_LIMIT",
            "productOptions",
        ),
        (
            {"productOptions": [{"name": "Colour", "values": [{"name": "S"}]}]},
            "OPTION_DOES_NOT_EXIST",
            "variants.0.optionValues.0",
        ),
        (
            {"productOptions": [{"name": "Size", "values": [{"name": "L"}]}]},
            "OPTION_VALUE_DOES_NOT_EXIST",
            "variants.0.optionValues.0",
        ),
        ({"variants": sized("S", "S")["variants"]}, "INVALID_VARIANT", "variants.1"),
        ({"collections": ["gid://shopify/Collection/1"]}, "NOT_FOUND", "collections"),
    ],
)
def test_what_it_refuses(api: Any, changes: dict[str, Any], code: str, path: str) -> None:
    assert (code, f"input.{path}") in api.refused(PUT, input={**sized("S"), **changes})


def test_a_hundred_values_and_2048_variants_are_the_most(api: Any) -> None:
    many = [str(number) for number in range(101)]
    assert api.refused(PUT, input=sized(*many))[0][0] == "OPTION_VALUES_OVER_LIMIT"
    assert api.code(PUT, input={**sized("S"), "variants": sized("S")["variants"] * 2049}) == "MAX_INPUT_SIZE_EXCEEDED"


def test_an_id_may_be_named_once(api: Any, put: Any) -> None:
    made = put(sized("S"))
    both = api.refused(PUT, input=sized("S", id=made["id"]), identifier={"id": made["id"]})
    assert both == [("ID_NOT_ALLOWED", "input.id")]
    gone = api.refused(PUT, input=sized("S"), identifier={"id": "gid://shopify/Product/1"})
    assert gone == [("PRODUCT_DOES_NOT_EXIST", "input.id")]


def test_existing_variants_take_quantities_only_where_they_are_stocked(api: Any, put: Any) -> None:
    data = sized("S")
    data["variants"][0]["inventoryQuantities"] = [{"locationId": api.places[0], "name": "available", "quantity": 4}]
    made = put(data)
    assert made["totalInventory"] == 4
    data["variants"][0]["inventoryQuantities"][0]["locationId"] = api.places[1]
    refused = api.refused(PUT, input=data, identifier={"id": made["id"]})
    assert refused == [("INVALID_INPUT", "input.variants.0.inventoryQuantities")]


def test_collections_and_files_are_replaced(api: Any, put: Any, receiver: Any, clock: ManualClock) -> None:
    text = 'mutation { collectionCreate(collection: {title: "%s"}) { collection { id } userErrors { field } } }'
    one, two = (api.done(text % name)["collection"]["id"] for name in ("One", "Two"))
    made = put(sized("S", collections=[one], files=[{"originalSource": f"{receiver.url}/a.png", "alt": "Front"}]))
    clock.sleep(5)
    again = put(sized("S", collections=[two], files=[{"id": made["media"]["nodes"][0]["id"]}]), id=made["id"])
    assert [row["title"] for row in again["collections"]["nodes"]] == ["Two"]
    assert again["media"]["nodes"] == [{"id": made["media"]["nodes"][0]["id"], "alt": "Front", "status": "READY"}]
    more = put(sized("S", files=[{"originalSource": f"{receiver.url}/a.png"}]), id=made["id"])
    assert more["media"]["nodes"][0]["id"] != made["media"]["nodes"][0]["id"]  # the same source is uploaded again


def test_later_is_an_operation_to_ask_about(api: Any, clock: ManualClock) -> None:
    started = api.done(PUT, input=sized("S"), synchronous=False)
    operation = started["productSetOperation"]
    assert (started["product"], operation["status"]) == (None, "CREATED")
    clock.sleep(0.5)
    assert api.send(OPERATION, id=operation["id"]) == {"status": "ACTIVE", "product": None, "userErrors": []}
    clock.sleep(1)
    done = api.send(OPERATION, id=operation["id"])
    assert (done["status"], done["userErrors"]) == ("COMPLETE", [])
    assert skus(api.read(done["product"]["id"])) == ["A-S"]


def test_what_fails_later_says_so_in_the_operation(api: Any, clock: ManualClock) -> None:
    operation = api.done(PUT, input={"title": ""}, synchronous=False)["productSetOperation"]
    clock.sleep(2)
    told = api.send(OPERATION, id=operation["id"])
    assert told["userErrors"] == [{"code": "INVALID_INPUT", "field": ["input", "title"]}]
    assert told["product"] is None
