import pytest

from tests.unit.systems.woocommerce.samples import picture
from tillbridge.systems.woocommerce.api.wire import ImageRow
from tillbridge.systems.woocommerce.products.pictures import is_picture, recognised, sendable
from tillbridge.systems.woocommerce.products.pictures import picture as named


@pytest.mark.parametrize(
    ("url", "fine"),
    [
        ("https://x.test/a.jpg", True),
        ("https://x.test/a.JPEG?width=3", True),
        ("https://x.test/a.webp#x", True),
        ("https://x.test/a", False),
        ("https://x.test/a.jpg/download", False),
        ("https://x.test/a?file=b.jpg", False),
        ("https://x.test/a.svg", False),
        ("", False),
    ],
)
def test_the_shop_takes_pictures_by_their_ending(url: str, *, fine: bool) -> None:
    assert is_picture(url) is fine
    assert len(sendable([picture(1, url or "-")])) == int(fine)


def test_a_picture_is_sent_by_address_once_and_by_id_from_then_on() -> None:
    image = picture(1)

    assert named(image, {}) == {"src": image.url}
    assert named(image, {"p1": "9"}) == {"id": 9}


def shown(number: int, name: str) -> ImageRow:
    return ImageRow(id=number, src=f"https://shop.test/wp-content/uploads/2026/03/{name}")


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("https://x.test/a/shirt.jpg", "shirt.jpg"),
        ("https://x.test/a/Shirt%20Front.jpg?v=2", "Shirt-Front.jpg"),
        ("https://x.test/a/shirt_front.jpg", "shirt_front-1.jpg"),
        ("https://x.test/a/shirt.png", "shirt-scaled.png"),
        ("https://x.test/a/shirt.png", "shirt-2-scaled.png"),
        ("https://x.test/a/größe.png", "größe.png"),
    ],
)
def test_a_copy_is_recognised_by_its_file_name(sent: str, kept: str) -> None:  # invariant 8
    assert recognised([picture(1, sent)], {}, [shown(5, kept)]) == {"p1": "5"}


@pytest.mark.parametrize("kept", ["shirt-blue.jpg", "t-shirt.jpg", "shirts.jpg", "other.jpg"])
def test_other_pictures_are_not_mistaken(kept: str) -> None:
    assert recognised([picture(1, "https://x.test/shirt.jpg")], {}, [shown(5, kept)]) == {}


def test_equal_names_are_told_apart_by_their_order() -> None:
    images = [
        picture(1, "https://x.test/1/a.jpg"),
        picture(2, "https://x.test/2/a.jpg"),
        picture(3, "https://x.test/a-1.jpg"),
    ]
    rows = [shown(5, "a.jpg"), shown(6, "a-2.jpg"), shown(7, "a-1.jpg")]

    assert recognised(images, {}, rows) == {"p1": "5", "p3": "7", "p2": "6"}


def test_what_is_known_is_not_looked_for() -> None:
    images = [picture(1, "https://x.test/a.jpg"), picture(2, "https://x.test/a.jpg")]

    assert recognised(images, {"p1": "5"}, [shown(5, "a.jpg")]) == {}
