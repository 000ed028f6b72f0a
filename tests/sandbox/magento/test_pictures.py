"""Pictures (facts/magento.md, section 3)."""

import base64
from typing import Any

import pytest

from sandbox.common.clock import ManualClock

PNG, WEBP = b"\x89PNG\r\n\x1a\n picture", b"RIFF\x1a\0\0\0WEBPVP8L"


def entry(content: bytes = PNG, kind: str = "image/png", name: str = "Hat.png", roles: Any = ("image",)) -> Any:
    shown = {"base64_encoded_data": base64.b64encode(content).decode(), "type": kind, "name": name}
    return {"entry": {"media_type": "image", "label": "L", "position": 1, "disabled": False, "types": list(roles),
                      "content": shown}}  # fmt: skip


@pytest.fixture
def entries(api: Any) -> Any:
    api.product("A")
    return lambda: api.get("/products/A")["media_gallery_entries"]


def test_each_post_stores_anew_and_takes_the_roles(api: Any, entries: Any, clock: ManualClock) -> None:
    clock.sleep(60)
    first, second = api.post("/products/A/media", entry()), api.post("/products/A/media", entry())
    assert [(str(row["id"]), row["file"], row["types"]) for row in entries()] == [
        (first, "/h/a/hat.png", []), (second, "/h/a/hat_1.png", ["image"]),
    ]  # fmt: skip
    assert api.get("/products/A")["updated_at"] == "2026-01-15 12:01:00"
    answer = api.client.get("/media/catalog/product/h/a/hat_1.png")
    assert (answer.data, answer.mimetype) == (PNG, "image/png")
    assert api.client.get("/media/catalog/product/h/a/none.png").status_code == 404


@pytest.mark.parametrize(
    ("sent", "text"),
    [
        (entry(WEBP, "image/webp"), "The image MIME type is not valid or not supported."),
        (entry(PNG, "image/jpeg"), "The image MIME type is not valid or not supported."),
        (entry(b"no picture"), "The image content must be valid base64 encoded data."),
        (entry(name="a/b.png"), "Provided image name contains forbidden characters."),
        ({"entry": {"media_type": "image"}}, "The image content is invalid. Verify the content and try again."),
    ],
)
def test_what_is_no_picture_is_refused(api: Any, entries: Any, sent: Any, text: str) -> None:
    assert api.refused("POST", "/products/A/media", sent)[:2] == (400, text)
    assert entries() == []


def test_reading_gives_the_bytes_too(api: Any, entries: Any) -> None:
    number = api.post("/products/A/media", entry())
    (shown,) = api.get("/products/A/media")
    assert base64.b64decode(shown["content"]["base64_encoded_data"]) == PNG
    assert api.get(f"/products/A/media/{number}") == shown
    assert "content" not in entries()[0]


def test_changing_and_deleting(api: Any, entries: Any) -> None:
    number = api.post("/products/A/media", entry())
    body = {"entry": {"media_type": "image", "label": "M", "position": 7, "disabled": True, "types": ["thumbnail"]}}
    assert api.put(f"/products/A/media/{number}", body) is True
    (shown,) = entries()
    assert (shown["label"], shown["position"], shown["disabled"], shown["types"]) == ("M", 7, True, ["thumbnail"])
    assert api.ok("DELETE", f"/products/A/media/{number}") is True
    assert entries() == []
    assert api.refused("DELETE", f"/products/A/media/{number}")[0] == 404
    assert api.refused("PUT", f"/products/A/media/{number}", body)[0] == 404


def test_not_named_they_stay_named_they_are_the_only_ones_and_an_empty_list_deletes_all(api: Any, entries: Any) -> None:
    first, _ = (int(api.post("/products/A/media", entry())) for _ in range(2))
    api.put("/products/A", {"product": {"price": 2}})
    assert len(entries()) == 2
    api.put("/products/A", {"product": {"media_gallery_entries": [{"id": first, "label": "kept"}, entry()["entry"]]}})
    assert [row["label"] for row in entries()] == ["kept", "L"]
    assert entries()[0]["id"] == first
    api.put("/products/A", {"product": {"media_gallery_entries": []}})
    assert entries() == []
