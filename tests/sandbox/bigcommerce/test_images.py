"""Pictures: fetched or uploaded, one of them the thumbnail."""

import io
from typing import Any

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart


@pytest.fixture
def hat(api: Any) -> Any:
    return api.product("Hat", sku="HAT")


@pytest.fixture
def path(hat: Any) -> str:
    return f"/v3/catalog/products/{hat['id']}/images"


def thumbnails(api: Any, path: str) -> list[bool]:
    return [row["is_thumbnail"] for row in api.rows(path)]


def test_pictures_are_fetched_and_exactly_one_is_the_thumbnail(api: Any, receiver: Any, path: str) -> None:
    first = api.post(path, {"image_url": f"{receiver.url}/pictures/first.png"})
    assert "/first__" in first["url_standard"]
    assert api.client.get(first["url_tiny"]).data.startswith(b"\x89PNG")
    second = api.post(path, {"image_url": f"{receiver.url}/pictures/second.png", "sort_order": 1})
    assert thumbnails(api, path) == [True, False]
    api.put(f"{path}/{second['id']}", {"is_thumbnail": True})
    assert thumbnails(api, path) == [False, True]
    api.put(f"{path}/{second['id']}", {"is_thumbnail": False, "description": "front"})
    assert thumbnails(api, path) == [False, True]
    api.delete(f"{path}/{second['id']}")
    assert thumbnails(api, path) == [True]
    assert [row["id"] for row in api.rows(path)] == [first["id"]]


def test_order_is_by_sort_order(api: Any, receiver: Any, path: str) -> None:
    for place, name in ((2, "last"), (1, "first")):
        api.post(path, {"image_url": f"{receiver.url}/pictures/{name}.png", "sort_order": place})
    assert ["first__" in row["url_zoom"] for row in api.rows(path)] == [True, False]


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("{url}/pictures/missing.jpg", 400),
        ("{url}/pictures/text.txt", 400),
        ("http://127.0.0.1:9/none.png", 400),
        ("ftp://x.test/a.png", 422),
        ("{url}/pictures/" + "n" * 255 + ".png", 422),
        ("", 422),
    ],
)
def test_what_cannot_be_fetched_is_refused(api: Any, receiver: Any, path: str, address: str, status: int) -> None:
    assert api.call("POST", path, json={"image_url": address.format(url=receiver.url)}).status_code == status
    assert api.rows(path) == []


def test_a_picture_may_be_uploaded(api: Any, path: str) -> None:
    form = {"image_file": (io.BytesIO(b"GIF89a picture"), "hat.gif"), "is_thumbnail": "true", "sort_order": "3"}
    answer = api.call("POST", path, data=form)
    assert answer.status_code == 200, answer.text
    assert (answer.json["data"]["sort_order"], answer.json["data"]["is_thumbnail"]) == (3, True)
    large = FileStorage(io.BytesIO(b"GIF8" + bytes(8 * 1024 * 1024)), "hat.gif")
    boundary, content = encode_multipart({"image_file": large})
    kind = f"multipart/form-data; boundary={boundary}"
    assert api.call("POST", path, data=content, content_type=kind).status_code == 422


def test_a_variant_has_a_picture_of_its_own(api: Any, receiver: Any, hat: Any) -> None:
    path = f"/v3/catalog/products/{hat['id']}/variants/{hat['base_variant_id']}"
    shown = api.post(f"{path}/image", {"image_url": f"{receiver.url}/pictures/own.png"})
    assert api.rows(path)["image_url"] == shown["image_url"]
    assert api.client.get(shown["image_url"]).status_code == 200
    assert api.rows(f"/v3/catalog/products/{hat['id']}/images") == []
    assert api.refused("POST", f"{path}/image", {"image_url": f"{receiver.url}/pictures/none.jpg"})[0] == 400


def test_a_new_product_brings_pictures_or_is_not_made(api: Any, receiver: Any) -> None:
    rows = [{"image_url": f"{receiver.url}/pictures/{name}.png"} for name in ("a", "b")]
    made = api.product("Mug", images=rows)
    assert [row["is_thumbnail"] for row in made["images"]] == [True, False]
    wrong = {
        "name": "Cup",
        "type": "physical",
        "weight": 0,
        "price": 1,
        "images": [{"image_url": "http://127.0.0.1:9/x"}],
    }
    assert api.refused("POST", "/v3/catalog/products", wrong)[0] == 400
    assert api.rows("/v3/catalog/products", name="Cup") == []


def test_a_thousand_pictures_at_most(api: Any, receiver: Any, shop: Any, hat: Any, path: str) -> None:
    api.post(path, {"image_url": f"{receiver.url}/pictures/a.png"})
    product = shop.products.get(hat["id"])
    product.images *= 1_000
    assert api.refused("POST", path, {"image_url": f"{receiver.url}/pictures/b.png"}) == (422, "images")
