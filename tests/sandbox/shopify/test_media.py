"""Files and media: taken at once, ready later, uploaded in stages (facts/shopify.md, section 7)."""

import io
from typing import Any

import pytest
import requests

from sandbox.common.clock import ManualClock

UPDATE = """mutation($id: ID!, $media: [CreateMediaInput!]) { productUpdate(product: {id: $id}, media: $media) {
  product { id } userErrors { field message } } }"""
MEDIA = """query($id: ID!) { product(id: $id) { featuredMedia { id } media(first: 9) { nodes { id alt status
  mediaErrors { code } ... on MediaImage { mimeType image { url width height } } } } } }"""
FILE = """mutation($files: [FileUpdateInput!]!) { fileUpdate(files: $files) {
  files { id alt } userErrors { code field } } }"""
STAGE = """mutation($input: [StagedUploadInput!]!) { stagedUploadsCreate(input: $input) {
  stagedTargets { url resourceUrl parameters { name value } } userErrors { field } } }"""
APPEND = """mutation($id: ID!, $pairs: [ProductVariantAppendMediaInput!]!) {
  productVariantAppendMedia(productId: $id, variantMedia: $pairs) {
    productVariants { media(first: 1) { nodes { id } } } userErrors { code field } } }"""


@pytest.fixture
def hat(api: Any) -> Any:
    return api.product()


@pytest.fixture
def add(api: Any, hat: Any, receiver: Any) -> Any:
    def add(*names: str) -> list[Any]:
        media = [
            {"originalSource": f"{receiver.url}/{name}", "mediaContentType": "IMAGE", "alt": name} for name in names
        ]
        api.done(UPDATE, id=hat["id"], media=media)
        return list(api.send(MEDIA, id=hat["id"])["media"]["nodes"])

    return add


def test_a_picture_is_ready_after_a_while(api: Any, hat: Any, add: Any, clock: ManualClock) -> None:
    def state() -> Any:
        return api.send(MEDIA, id=hat["id"])["media"]["nodes"][0]

    [first] = add("front.png")
    assert (first["status"], first["image"], first["alt"]) == ("UPLOADED", None, "front.png")
    clock.sleep(1)
    assert state()["status"] == "PROCESSING"
    clock.sleep(1)
    ready = state()
    assert (ready["status"], ready["mimeType"]) == ("READY", "image/png")
    assert (ready["image"]["width"], ready["image"]["height"]) == (4, 3)
    served = api.client.get(ready["image"]["url"].removeprefix(api.shop.home_url))
    assert (served.status_code, served.mimetype) == (200, "image/png")


def test_what_is_no_picture_fails(api: Any, hat: Any, add: Any, clock: ManualClock) -> None:
    add("text.html")
    gone = [{"originalSource": "http://127.0.0.1:9/x.png", "mediaContentType": "IMAGE"}]
    api.done(UPDATE, id=hat["id"], media=gone)
    clock.sleep(2)
    told = api.send(MEDIA, id=hat["id"])["media"]["nodes"]
    assert [(row["status"], row["mediaErrors"][0]["code"]) for row in told] == [
        ("FAILED", "UNSUPPORTED_IMAGE_FILE_TYPE"),
        ("FAILED", "IMAGE_DOWNLOAD_FAILURE"),
    ]


def test_failing_on_command(api: Any, hat: Any, add: Any, clock: ManualClock) -> None:
    api.control("switches", fail_media=True)
    add("front.png")
    clock.sleep(2)
    assert api.send(MEDIA, id=hat["id"])["media"]["nodes"][0]["status"] == "FAILED"


def test_addresses_have_to_be_addresses_and_texts_short(api: Any, hat: Any) -> None:
    bad = [{"originalSource": "front.png", "mediaContentType": "IMAGE", "alt": "x" * 513}]
    assert api.refused(UPDATE, id=hat["id"], media=bad) == [
        (None, "media.0.originalSource"),
        (None, "media.0.alt"),
    ]


def test_only_ready_files_are_changed(api: Any, hat: Any, add: Any, clock: ManualClock) -> None:
    one, two = add("1.png", "2.png")
    change = [{"id": one["id"], "alt": "Front"}]
    assert api.refused(FILE, files=change) == [("NON_READY_STATE", "files.0.id")]
    clock.sleep(2)
    assert api.done(FILE, files=change)["files"] == [{"id": one["id"], "alt": "Front"}]
    other = api.product(title="Cap", sku="CAP")
    move = [{"id": two["id"], "referencesToAdd": [other["id"]], "referencesToRemove": [hat["id"]]}]
    api.done(FILE, files=move)
    assert [row["id"] for row in api.read(hat["id"])["media"]["nodes"]] == [one["id"]]
    assert [row["id"] for row in api.read(other["id"])["media"]["nodes"]] == [two["id"]]
    nobody = [{"id": one["id"], "referencesToAdd": ["gid://shopify/Product/1"]}]
    assert api.refused(FILE, files=nobody)[0][0] == "REFERENCE_TARGET_DOES_NOT_EXIST"


def test_order_and_variant_pictures(api: Any, hat: Any, add: Any, clock: ManualClock) -> None:
    one, two = add("1.png", "2.png")
    variant = hat["variants"]["nodes"][0]["id"]
    pairs = [{"variantId": variant, "mediaIds": [two["id"]]}]
    assert api.refused(APPEND, id=hat["id"], pairs=pairs)[0][0] == "NON_READY_MEDIA"
    clock.sleep(2)
    api.done(APPEND, id=hat["id"], pairs=pairs)
    assert api.read(hat["id"])["variants"]["nodes"][0]["media"]["nodes"] == [{"id": two["id"]}]
    assert api.refused(APPEND, id=hat["id"], pairs=pairs)[0][0] == "PRODUCT_VARIANT_ALREADY_HAS_MEDIA"
    text = """mutation($id: ID!, $moves: [MoveInput!]!) { productReorderMedia(id: $id, moves: $moves) {
      mediaUserErrors { code } userErrors { message } } }"""
    api.done(text, id=hat["id"], moves=[{"id": two["id"], "newPosition": "0"}])
    assert api.send(MEDIA, id=hat["id"])["featuredMedia"] == {"id": two["id"]}
    delete = "mutation($ids: [ID!]!) { fileDelete(fileIds: $ids) { deletedFileIds userErrors { code } } }"
    api.done(delete, ids=[two["id"]])
    assert [row["id"] for row in api.read(hat["id"])["media"]["nodes"]] == [one["id"]]


@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_pictures_without_an_address_are_uploaded_first(
    api: Any, hat: Any, clock: ManualClock, receiver: Any, method: str
) -> None:
    wanted = {"resource": "IMAGE", "filename": "a.png", "mimeType": "image/png", "httpMethod": method}
    [target] = api.done(STAGE, input=[wanted])["stagedTargets"]
    with requests.Session() as session:
        session.trust_env = False
        content = session.get(f"{receiver.url}/any.png").content
    path = target["url"].removeprefix(api.shop.home_url)
    if method == "PUT":
        stored = api.client.put(path, data=content)
    else:
        form: dict[str, Any] = {entry["name"]: entry["value"] for entry in target["parameters"]}
        stored = api.client.post(path, data={**form, "file": (io.BytesIO(content), "a.png")})
    assert stored.status_code in {200, 201}
    media = [{"originalSource": target["resourceUrl"], "mediaContentType": "IMAGE"}]
    api.done(UPDATE, id=hat["id"], media=media)
    clock.sleep(2)
    assert api.send(MEDIA, id=hat["id"])["media"]["nodes"][0]["status"] == "READY"


def test_nobody_uploads_to_a_place_that_was_not_given(api: Any) -> None:
    assert api.client.put("/_uploads/tmp/1/files/x/a.png", data=b"x").status_code == 403
    assert api.client.post("/_uploads/", data={"Content-Type": "x", "key": "y"}).status_code == 400
