"""Pictures (facts/woocommerce.md, "Products")."""

from typing import Any

import pytest

from sandbox.woocommerce.shop import Shop

UPLOAD_ERROR = (400, "woocommerce_product_image_upload_error")


def test_a_picture_is_fetched_and_served(api: Any, receiver: Any) -> None:
    images = [
        {"src": f"{receiver.url}/A%20hat.png?size=big", "alt": "A <b>hat</b>"},
        {"src": f"{receiver.url}/b.png", "name": "B"},
    ]
    first, second = api.product(images=images)["images"]
    assert (first["src"], first["alt"]) == ("https://shop.test/wp-content/uploads/2026/01/a-hat.png", "A hat")
    assert (first["name"], second["name"]) == ("a-hat.png", "B")
    served = api.client.get("/wp-content/uploads/2026/01/a-hat.png")
    assert (served.mimetype, served.data[:4]) == ("image/png", b"\x89PNG")
    assert api.client.get("/wp-content/uploads/2026/01/none.png").status_code == 404


def test_https_pictures_are_fetched_with_the_given_authority(api: Any, receiver: Any) -> None:
    assert len(api.product(images=[{"src": f"{receiver.tls_url}/a.png"}])["images"]) == 1


def test_the_same_address_again_is_a_new_picture_and_its_id_is_not(api: Any, receiver: Any, shop: Shop) -> None:
    product = api.product(images=[{"src": f"{receiver.url}/a.png"}])
    first = product["images"][0]["id"]
    path = f"/products/{product['id']}"
    second = api.put(path, {"images": [{"src": f"{receiver.url}/a.png"}]})["images"][0]
    assert (second["id"] != first, second["src"].endswith("a-1.png")) == (True, True)
    assert api.put(path, {"images": [{"id": first}]})["images"][0]["id"] == first
    assert api.put(path, {"name": "x"})["images"][0]["id"] == first
    assert api.put(path, {"images": []})["images"] == []
    api.delete(path, force=True)
    assert len(shop.images) == 2


@pytest.mark.parametrize("name", ["missing.png.jpg", "noext", "noext?x=.png", "text.gif"])
def test_one_bad_picture_fails_the_whole_write(api: Any, receiver: Any, shop: Shop, name: str) -> None:
    images = [{"src": f"{receiver.url}/a.png"}, {"src": f"{receiver.url}/{name}"}]
    assert api.refused("POST", "/products", {"name": "x", "sku": "S", "images": images}) == UPLOAD_ERROR
    product = api.product(sku="S")
    assert api.refused("PUT", f"/products/{product['id']}", {"name": "new", "images": images}) == UPLOAD_ERROR
    assert api.get(f"/products/{product['id']}")["name"] == "Thing"


def test_a_host_that_does_not_answer(api: Any) -> None:
    body = {"images": [{"src": "http://127.0.0.1:9/a.png"}]}
    assert api.refused("POST", "/products", body) == UPLOAD_ERROR


def test_ids_have_to_exist(api: Any) -> None:
    assert api.refused("POST", "/products", {"images": [{"id": 99}]}) == (400, "woocommerce_product_invalid_image_id")


def test_a_variation_has_one_picture_its_own_or_its_parents(api: Any, receiver: Any) -> None:
    parent = api.product(type="variable", images=[{"src": f"{receiver.url}/p.png"}])
    path = f"/products/{parent['id']}/variations"
    child = api.post(path, {"image": {"src": f"{receiver.url}/c.png"}})
    other = api.post(path, {})
    assert child["image"]["src"].endswith("/c.png")
    assert other["image"]["id"] == parent["images"][0]["id"]
    bare = api.put(f"{path}/{child['id']}", {"image": {}})
    assert bare["image"]["id"] == parent["images"][0]["id"]
    assert api.refused("POST", path, {"image": {"src": f"{receiver.url}/noext"}}) == (
        400,
        "woocommerce_variation_image_upload_error",
    )


def test_categories_have_one_too(api: Any, receiver: Any) -> None:
    term = api.post("/products/categories", {"name": "Hats", "image": {"src": f"{receiver.url}/h.png"}})
    assert term["image"]["src"].endswith("/h.png")
    assert api.put(f"/products/categories/{term['id']}", {"image": {}})["image"] is None
