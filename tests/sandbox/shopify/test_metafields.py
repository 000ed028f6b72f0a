"""Metafields, collections and channels (facts/shopify.md, section 7)."""

from typing import Any

import pytest

SET = """mutation($metafields: [MetafieldsSetInput!]!) { metafieldsSet(metafields: $metafields) {
  metafields { id namespace key value compareDigest } userErrors { code field } } }"""
DEFINE = """mutation($definition: MetafieldDefinitionInput!) { metafieldDefinitionCreate(definition: $definition) {
  createdDefinition { id namespace type { name } capabilities { uniqueValues { enabled } } } userErrors { code } } }"""
READ = """query($id: ID!, $namespace: String, $key: String!) { product(id: $id) {
  metafield(namespace: $namespace, key: $key) { value jsonValue type compareDigest } } }"""
PUBLISH = """mutation($id: ID!, $input: [PublicationInput!]!) { publishablePublish(id: $id, input: $input) {
  publishable { availablePublicationsCount { count } } userErrors { field } } }"""
UPDATE = """mutation($id: ID!, $input: PublicationUpdateInput!) { publicationUpdate(id: $id, input: $input) {
  publication { id autoPublish } userErrors { code field } } }"""
SHOWN = "query($id: ID!, $channel: ID!) { product(id: $id) { publishedOnPublication(publicationId: $channel) } }"
CREATE = """mutation($collection: CollectionCreateInput!) { collectionCreate(collection: $collection) {
  collection { id handle } userErrors { field } } }"""


@pytest.fixture
def hat(api: Any) -> str:
    return str(api.product()["id"])


def field(owner: str, value: str = "x", **more: Any) -> dict[str, Any]:
    return {"ownerId": owner, "key": "hash", "type": "single_line_text_field", "value": value, **more}


def read(api: Any, owner: str, **more: Any) -> Any:
    return api.send(READ, id=owner, **{"key": "hash", **more})["metafield"]


def test_without_a_namespace_it_is_the_apps_own(api: Any, hat: str) -> None:
    [made] = api.done(SET, metafields=[field(hat)])["metafields"]
    assert made["namespace"].startswith("app--")
    for namespace in (None, "$app", made["namespace"]):
        assert read(api, hat, namespace=namespace)["value"] == "x"
    api.done(SET, metafields=[field(hat, "y", namespace="$app:till")])
    assert read(api, hat, namespace="$app:till")["value"] == "y"
    assert read(api, hat, namespace="custom") is None


def test_the_digest_tells_what_was_changed_meanwhile(api: Any, hat: str) -> None:
    [made] = api.done(SET, metafields=[field(hat, compareDigest=None)])["metafields"]
    api.done(SET, metafields=[field(hat, "y")])
    stale = field(hat, "z", compareDigest=made["compareDigest"])
    assert api.refused(SET, metafields=[field(hat, "w", key="other"), stale]) == [("STALE_OBJECT", "metafields.1")]
    assert (read(api, hat)["value"], read(api, hat, key="other")) == ("y", None)
    api.done(SET, metafields=[field(hat, "z", compareDigest=read(api, hat)["compareDigest"])])


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        ([{"value": ""}], "BLANK"),
        ([{"type": None}], "BLANK"),
        ([{"ownerId": "gid://shopify/Product/1"}], "INVALID"),
        ([{"key": str(number)} for number in range(26)], "LESS_THAN_OR_EQUAL_TO"),
    ],
)
def test_what_a_metafield_cannot_be(api: Any, hat: str, entries: list[dict[str, Any]], code: str) -> None:
    assert api.refused(SET, metafields=[{**field(hat), **entry} for entry in entries])[0][0] == code


def test_ids_are_unique_among_their_owners(api: Any, hat: str) -> None:
    definition = {"name": "Till", "namespace": "$app", "key": "till", "type": "id", "ownerType": "PRODUCT"}
    made = api.done(DEFINE, definition=definition)["createdDefinition"]
    assert (made["type"]["name"], made["capabilities"]["uniqueValues"]["enabled"]) == ("id", True)
    other = api.product(sku="CAP")["id"]
    api.done(SET, metafields=[field(hat, "1", key="till", type="id")])
    assert api.refused(SET, metafields=[field(other, "1", key="till", type="id")])[0][0] == "CAPABILITY_VIOLATION"
    assert api.refused(SET, metafields=[field(other, "1", key="till")])[0][0] == "INVALID_TYPE"
    remove = """mutation($metafields: [MetafieldIdentifierInput!]!) { metafieldsDelete(metafields: $metafields) {
      deletedMetafields { key } userErrors { message } } }"""
    api.done(remove, metafields=[{"ownerId": hat, "namespace": "$app", "key": "till"}])
    api.done(SET, metafields=[field(other, "1", key="till", type="id")])


def test_a_definition_is_made_once(api: Any) -> None:
    definition = {"name": "Till", "key": "till", "type": "id", "ownerType": "PRODUCT"}
    api.done(DEFINE, definition=definition)
    assert api.send(DEFINE, definition=definition)["userErrors"] == [{"code": "TAKEN"}]
    assert api.send(DEFINE, definition={**definition, "key": "x", "name": " "})["userErrors"] == [{"code": "BLANK"}]


def test_publishing_and_taking_back(api: Any, hat: str) -> None:
    online, pos = (row["id"] for row in api.send("{ publications(first: 5) { nodes { id } } }")["nodes"])
    both = [{"publicationId": online}, {"publicationId": pos}]
    assert api.done(PUBLISH, id=hat, input=both)["publishable"]["availablePublicationsCount"] == {"count": 2}
    text = """query($id: ID!, $channel: ID!) { product(id: $id) { onlineStoreUrl
      publishedOnPublication(publicationId: $channel) } }"""
    shown = api.send(text, id=hat, channel=online)
    assert (shown["publishedOnPublication"], shown["onlineStoreUrl"]) == (
        True,
        "https://stand-in.myshopify.com/products/hat",
    )
    api.done(PUBLISH.replace("publishablePublish", "publishableUnpublish"), id=hat, input=both[:1])
    assert not api.send(text, id=hat, channel=online)["publishedOnPublication"]
    wrong = [{"publicationId": "gid://shopify/Publication/1"}]
    assert api.send(PUBLISH, id=hat, input=wrong)["userErrors"] == [{"field": ["input", "0", "publicationId"]}]


def test_a_publication_takes_fifty_products_at_once(api: Any, hat: str) -> None:
    online = api.send("{ publications(first: 5) { nodes { id } } }")["nodes"][0]["id"]
    told = api.answer(UPDATE, id=online, input={"publishablesToAdd": [hat]})
    assert told["data"]["publicationUpdate"]["userErrors"] == []
    assert told["extensions"]["cost"]["actualQueryCost"] == 10
    assert api.send(SHOWN, id=hat, channel=online)["publishedOnPublication"]
    api.done(UPDATE, id=online, input={"publishablesToRemove": [hat]})
    assert not api.send(SHOWN, id=hat, channel=online)["publishedOnPublication"]

    def refused(number: str, *added: str) -> tuple[str, list[str]]:
        (error,) = api.send(UPDATE, id=number, input={"publishablesToAdd": added})["userErrors"]
        return error["code"], error["field"]

    nobody = "gid://shopify/Product/1"
    assert refused(online, hat, nobody) == ("INVALID_PUBLISHABLE_ID", ["input", "publishablesToAdd", "1"])
    assert refused(online, *[hat] * 51)[0] == "PUBLICATION_UPDATE_LIMIT_EXCEEDED"
    assert refused("gid://shopify/Publication/1", hat) == ("PUBLICATION_NOT_FOUND", ["id"])
    api.shop.switches.refuse_catalogs = "PUBLICATION_LOCKED"
    assert refused(online, hat)[0] == "PUBLICATION_LOCKED"
    api.shop.switches.refuse_catalogs = "ACCESS_DENIED"
    assert api.code(UPDATE, id=online, input={"publishablesToAdd": [hat]}) == "ACCESS_DENIED"
    assert not api.send(SHOWN, id=hat, channel=online)["publishedOnPublication"]


def test_a_variant_is_taken_off_a_channel_alone(api: Any, hat: str) -> None:
    """Both mutations take the id of a variant (contracts/shopify, ``gidTypes``)."""
    online = api.send("{ publications(first: 5) { nodes { id } } }")["nodes"][0]["id"]
    channel = [{"publicationId": online}]
    api.done(PUBLISH, id=hat, input=channel)
    text = """query($id: ID!, $channel: ID!) { product(id: $id) { publishedOnPublication(publicationId: $channel)
      variants(first: 1) { nodes { id publishedOnPublication(publicationId: $channel) } } } }"""
    (variant,) = api.send(text, id=hat, channel=online)["variants"]["nodes"]
    assert variant["publishedOnPublication"]

    api.done(PUBLISH.replace("publishablePublish", "publishableUnpublish"), id=variant["id"], input=channel)
    shown = api.send(text, id=hat, channel=online)
    assert shown["publishedOnPublication"]
    assert not shown["variants"]["nodes"][0]["publishedOnPublication"]

    api.done(PUBLISH, id=variant["id"], input=channel)
    assert api.send(text, id=hat, channel=online)["variants"]["nodes"][0]["publishedOnPublication"]


def test_collections_take_products_in_and_let_them_go(api: Any, hat: str) -> None:
    made = api.done(CREATE, collection={"title": "Summer hats"})["collection"]
    assert made["handle"] == "summer-hats"
    join = """mutation($product: ProductUpdateInput!) { productUpdate(product: $product) {
      product { id } userErrors { field } } }"""
    api.done(join, product={"id": hat, "collectionsToJoin": [made["id"]]})
    inside = (
        "query($id: ID!, $product: ID!) { collection(id: $id) { hasProduct(id: $product) productsCount { count } } }"
    )
    assert api.send(inside, id=made["id"], product=hat) == {"hasProduct": True, "productsCount": {"count": 1}}
    api.done(join, product={"id": hat, "collectionsToLeave": [made["id"]]})
    assert api.send(inside, id=made["id"], product=hat)["hasProduct"] is False
    assert api.send(CREATE, collection={"title": " "})["userErrors"] == [{"field": ["title"]}]
    api.shop.collections[next(iter(api.shop.collections))].rule_set = {"appliedDisjunctively": False, "rules": []}
    assert api.send(join, product={"id": hat, "collectionsToJoin": [made["id"]]})["userErrors"]


def test_the_deprecated_argument_still_creates_collections(api: Any, hat: str) -> None:
    text = """mutation($input: CollectionInput!) { collectionCreate(input: $input) {
      collection { products(first: 5) { nodes { id } } } userErrors { field } } }"""
    made = api.done(text, input={"title": "Hats", "products": [hat]})["collection"]
    assert made["products"]["nodes"] == [{"id": hat}]
