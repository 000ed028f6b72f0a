"""Products, options and variants (facts/shopify.md, section 7)."""

from typing import Any

import pytest

CREATE = """mutation($product: ProductCreateInput!, $media: [CreateMediaInput!]) {
  productCreate(product: $product, media: $media) { product { id } userErrors { field message } } }"""
UPDATE = """mutation($product: ProductUpdateInput!) {
  productUpdate(product: $product) { product { id } userErrors { field message } } }"""
ADD = """mutation($id: ID!, $variants: [ProductVariantsBulkInput!]!, $strategy: ProductVariantsBulkCreateStrategy) {
  productVariantsBulkCreate(productId: $id, variants: $variants, strategy: $strategy) {
    productVariants { id title } userErrors { code field message } } }"""
CHANGE = """mutation($id: ID!, $variants: [ProductVariantsBulkInput!]!, $partial: Boolean) {
  productVariantsBulkUpdate(productId: $id, variants: $variants, allowPartialUpdates: $partial) {
    productVariants { id price } userErrors { code field message } } }"""
REMOVE = """mutation($id: ID!, $ids: [ID!]!) {
  productVariantsBulkDelete(productId: $id, variantsIds: $ids) { product { id } userErrors { code field } } }"""
OPTIONS = """mutation($id: ID!, $options: [OptionCreateInput!]!, $strategy: ProductOptionCreateVariantStrategy) {
  productOptionsCreate(productId: $id, options: $options, variantStrategy: $strategy) {
    userErrors { code field } } }"""
OPTION = """mutation($id: ID!, $option: OptionUpdateInput!, $add: [OptionValueCreateInput!], $drop: [ID!],
    $rename: [OptionValueUpdateInput!]) {
  productOptionUpdate(productId: $id, option: $option, optionValuesToAdd: $add, optionValuesToDelete: $drop,
    optionValuesToUpdate: $rename) { userErrors { code field } } }"""
DROP_OPTIONS = """mutation($id: ID!, $options: [ID!]!, $strategy: ProductOptionDeleteStrategy) {
  productOptionsDelete(productId: $id, options: $options, strategy: $strategy) {
    deletedOptionsIds userErrors { code field } } }"""


def size(name: str, **more: Any) -> dict[str, Any]:
    return {"optionValues": [{"optionName": "Size", "name": name}], **more}


@pytest.fixture
def create(api: Any) -> Any:
    def create(**fields: Any) -> Any:
        return api.read(api.done(CREATE, product={"title": "Shirt", **fields})["product"]["id"])

    return create


@pytest.fixture
def shirt(api: Any, create: Any) -> Any:
    """A shirt in the sizes S and M."""
    made = create(productOptions=[{"name": "Size", "values": [{"name": "S"}]}])
    api.done(ADD, id=made["id"], variants=[size("M", price="12.00")])
    return api.read(made["id"])


def titles(product: Any) -> list[str]:
    return [variant["title"] for variant in product["variants"]["nodes"]]


def test_a_new_product_has_the_default_option_and_is_published_nowhere(api: Any, create: Any) -> None:
    made = create(tags=["b", "A", "b"], status="DRAFT")
    assert (made["handle"], made["tags"], made["status"]) == ("shirt", ["A", "b"], "DRAFT")
    assert (made["options"][0]["name"], titles(made)) == ("Title", ["Default Title"])
    assert made["hasOnlyDefaultVariant"]
    assert create()["handle"] == "shirt-1"
    text = "query($id: ID!) { product(id: $id) { resourcePublicationsV2(first: 5) { nodes { isPublished } } } }"
    assert api.send(text, id=made["id"])["resourcePublicationsV2"]["nodes"] == []


def test_options_given_at_once_make_one_variant_of_their_first_values(create: Any) -> None:
    options = [{"name": name, "values": [{"name": f"{name}1"}, {"name": f"{name}2"}]} for name in ("Size", "Colour")]
    made = create(productOptions=options)
    assert titles(made) == ["Size1 / Colour1"]
    assert [value["hasVariants"] for value in made["options"][0]["optionValues"]] == [True, False]


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 256}, "title"),
        ({"vendor": "x" * 256}, "vendor"),
        ({"tags": [str(number) for number in range(251)]}, "tags"),
        ({"collectionsToJoin": ["gid://shopify/Collection/1"]}, "collectionsToJoin"),
    ],
)
def test_what_a_product_cannot_be(api: Any, fields: dict[str, Any], path: str) -> None:
    if path == "tags":
        assert api.code(CREATE, product={"title": "Shirt", **fields}) == "MAX_INPUT_SIZE_EXCEEDED"
    else:
        assert api.refused(CREATE, product={"title": "Shirt", **fields}) == [(None, path)]


def test_what_an_update_leaves_out_stays(api: Any, create: Any) -> None:
    made = create(vendor="Us", descriptionHtml="<p>Soft</p>")
    api.done(UPDATE, product={"id": made["id"], "title": "Blouse"})
    changed = api.read(made["id"])
    assert (changed["title"], changed["vendor"], changed["descriptionHtml"]) == ("Blouse", "Us", "<p>Soft</p>")
    assert changed["handle"] == "shirt"
    assert api.refused(UPDATE, product={"id": "gid://shopify/Product/1"}) == [(None, "id")]


def test_deleting_takes_everything_along(api: Any, shirt: Any, shop: Any) -> None:
    text = """mutation($id: ID!) { productDelete(input: {id: $id}) { deletedProductId userErrors { field } } }"""
    assert api.done(text, id=shirt["id"])["deletedProductId"] == shirt["id"]
    assert api.send("query($id: ID!) { product(id: $id) { id } }", id=shirt["id"]) is None
    assert (shop.variants, shop.items, shop.levels) == ({}, {}, {})


# --- variants ---------------------------------------------------------------------------------------------------------


def test_real_variants_take_the_place_of_the_default_one(api: Any, create: Any) -> None:
    made = create()
    assert api.refused(ADD, id=made["id"], variants=[size("S")])[0] == ("INVALID_INPUT", "variants.0.optionValues.0")
    api.done(OPTIONS, id=made["id"], options=[{"name": "Size", "values": [{"name": "S"}]}])
    api.done(ADD, id=made["id"], variants=[size("M"), size("L")])
    assert titles(api.read(made["id"])) == ["S", "M", "L"]
    api.done(ADD, id=create(title="Cap")["id"], variants=[{"optionValues": [{"optionName": "Title", "name": "Big"}]}])


def test_the_same_combination_twice_is_refused(api: Any, shirt: Any) -> None:
    refused = api.refused(ADD, id=shirt["id"], variants=[size("L"), size("M")])
    assert refused == [("VARIANT_ALREADY_EXISTS", "variants.1")]
    assert titles(api.read(shirt["id"])) == ["S", "M"]


def test_a_variant_needs_a_value_for_each_option(api: Any, shirt: Any) -> None:
    assert api.refused(ADD, id=shirt["id"], variants=[{"price": "1"}])[0][0] == "NEED_TO_ADD_OPTION_VALUES"


def test_quantities_count_on_new_variants_only(api: Any, shirt: Any) -> None:
    quantity = [{"locationId": api.places[1], "availableQuantity": 4}]
    [made] = api.done(ADD, id=shirt["id"], variants=[size("L", inventoryQuantities=quantity)])["productVariants"]
    [variant] = [one for one in api.read(shirt["id"])["variants"]["nodes"] if one["id"] == made["id"]]
    [level] = variant["inventoryItem"]["inventoryLevels"]["nodes"]
    assert (level["location"]["name"], level["quantities"][0]["quantity"]) == ("Warehouse", 4)
    refused = api.refused(CHANGE, id=shirt["id"], variants=[{"id": made["id"], "inventoryQuantities": quantity}])
    assert refused == [("NO_INVENTORY_QUANTITIES_ON_VARIANTS_UPDATE", "variants.0.inventoryQuantities")]


def test_an_update_is_all_or_nothing_unless_parts_are_allowed(api: Any, shirt: Any) -> None:
    first, second = (variant["id"] for variant in shirt["variants"]["nodes"])
    changes = [{"id": first, "price": "9"}, {"id": second, "price": "-1"}]
    assert api.refused(CHANGE, id=shirt["id"], variants=changes) == [("NEGATIVE_PRICE_VALUE", "variants.1.price")]
    assert [one["price"] for one in api.read(shirt["id"])["variants"]["nodes"]] == ["0.00", "12.00"]
    payload = api.send(CHANGE, id=shirt["id"], variants=changes, partial=True)
    assert [one["price"] for one in payload["productVariants"]] == ["9.00", "12.00"]
    assert payload["userErrors"][0]["field"] == ["variants", "1", "price"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"id": None}, "PRODUCT_VARIANT_ID_MISSING"),
        ({"id": "gid://shopify/ProductVariant/1"}, "PRODUCT_VARIANT_DOES_NOT_EXIST"),
        ({"barcode": "x" * 256}, "TOO_LONG"),
        ({"inventoryItem": {"sku": "x" * 256}}, "TOO_LONG"),
        (size("M"), "VARIANT_ALREADY_EXISTS"),
        ({"optionValues": [{"optionName": "Colour", "name": "Red"}]}, "OPTION_DOES_NOT_EXIST"),
    ],
)
def test_what_a_variant_cannot_be(api: Any, shirt: Any, changes: dict[str, Any], code: str) -> None:
    entry = {"id": shirt["variants"]["nodes"][0]["id"], **changes}
    assert [one[0] for one in api.refused(CHANGE, id=shirt["id"], variants=[entry])] == [code]


def test_prices_with_and_without_a_comparison(api: Any, shirt: Any) -> None:
    first = shirt["variants"]["nodes"][0]["id"]
    api.done(CHANGE, id=shirt["id"], variants=[{"id": first, "price": "7.5", "compareAtPrice": "10"}])
    [told] = [one for one in api.read(shirt["id"])["variants"]["nodes"] if one["id"] == first]
    assert (told["price"], told["compareAtPrice"]) == ("7.50", "10.00")
    api.done(CHANGE, id=shirt["id"], variants=[{"id": first, "compareAtPrice": None}])
    assert api.read(shirt["id"])["variants"]["nodes"][0]["compareAtPrice"] is None


def test_the_last_variant_stays(api: Any, shirt: Any) -> None:
    first, second = (variant["id"] for variant in shirt["variants"]["nodes"])
    api.done(REMOVE, id=shirt["id"], ids=[first])
    assert api.refused(REMOVE, id=shirt["id"], ids=[second])[0][0] == "CANNOT_DELETE_LAST_VARIANT"
    assert api.refused(REMOVE, id=shirt["id"], ids=[first])[0][0].startswith("AT_LEAST_ONE_VARIANT")


def test_two_products_may_share_a_sku(api: Any) -> None:
    assert (
        api.product(sku="SAME")["variants"]["nodes"][0]["sku"] == api.product(sku="SAME")["variants"]["nodes"][0]["sku"]
    )


# --- options ----------------------------------------------------------------------------------------------------------


def test_a_fourth_option_is_too_many(api: Any, create: Any) -> None:
    options = [{"name": str(number), "values": [{"name": "x"}]} for number in range(3)]
    made = create(productOptions=options)
    more = [{"name": "fourth", "values": [{"name": "x"}]}]
    assert api.refused(OPTIONS, id=made["id"], options=more) == [("OPTIONS_OVER_LIMIT", "options")]


def test_new_options_leave_variants_as_they_are_or_make_all(api: Any, shirt: Any) -> None:
    colours = [{"name": "Colour", "values": [{"name": "Red"}, {"name": "Blue"}]}]
    api.done(OPTIONS, id=shirt["id"], options=colours)
    assert titles(api.read(shirt["id"])) == ["S / Red", "M / Red"]
    assert api.refused(OPTIONS, id=shirt["id"], options=colours)[0][0] == "OPTION_ALREADY_EXISTS"
    cloth = [{"name": "Cloth", "values": [{"name": "Wool"}]}]
    api.done(OPTIONS, id=shirt["id"], options=cloth, strategy="CREATE")
    assert titles(api.read(shirt["id"])) == ["S / Red / Wool", "M / Red / Wool", "S / Blue / Wool", "M / Blue / Wool"]


def test_an_option_is_renamed_and_its_values_changed(api: Any, shirt: Any) -> None:
    option = shirt["options"][0]
    small, middle = (value["id"] for value in option["optionValues"])
    change = {"id": option["id"], "name": "Fit"}
    api.done(OPTION, id=shirt["id"], option=change, add=[{"name": "L"}], rename=[{"id": small, "name": "Small"}])
    changed = api.read(shirt["id"])
    assert (changed["options"][0]["name"], changed["options"][0]["values"]) == ("Fit", ["Small", "M", "L"])
    assert titles(changed) == ["Small", "M"]
    api.done(OPTION, id=shirt["id"], option=change, drop=[middle])
    assert titles(api.read(shirt["id"])) == ["Small"]
    refused = api.refused(OPTION, id=shirt["id"], option=change, drop=[small])
    assert refused[0][0] == "CANNOT_DELETE_ALL_OPTION_VALUES_IN_OPTION"


def test_an_option_goes_only_if_no_two_variants_become_alike(api: Any, shirt: Any) -> None:
    option = shirt["options"][0]["id"]
    refused = api.refused(DROP_OPTIONS, id=shirt["id"], options=[option])
    assert refused[0][0] == "CANNOT_DELETE_OPTION_WITH_MULTIPLE_VALUES"
    api.done(DROP_OPTIONS, id=shirt["id"], options=[option], strategy="POSITION")
    assert titles(api.read(shirt["id"])) == ["Default Title"]
