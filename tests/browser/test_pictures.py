"""The pictures in the merchants' guide: there, small, of pages that exist, and shown."""

import re
from pathlib import Path

import pytest
from PIL import Image

from tests.browser.chromium import Device
from tests.browser.kinds import KINDS
from tests.browser.screenshots import PICTURES, name_of

LARGEST = 100_000


@pytest.fixture
def folder(project_root: Path) -> Path:
    return project_root / "docs" / "pages"


def test_there_are_these_pictures_and_no_others(folder: Path) -> None:
    assert {path.name for path in folder.iterdir()} == {name_of(kind, device) for kind, device in PICTURES}


@pytest.mark.parametrize(("kind", "device"), PICTURES, ids=lambda value: getattr(value, "name", value))
def test_a_picture_is_of_a_page_that_exists_and_not_heavy(folder: Path, kind: str, device: Device) -> None:
    assert kind in KINDS
    path = folder / name_of(kind, device)
    with Image.open(path) as picture:
        assert picture.width == device.width * device.scale
        assert picture.height >= device.height * device.scale
    assert path.stat().st_size < LARGEST


def test_the_merchants_guide_shows_each_with_words_for_whoever_cannot_see_it(project_root: Path, folder: Path) -> None:
    guide = (project_root / "docs" / "merchant.md").read_text(encoding="utf-8")
    shown = re.findall(r'<img src="pages/([^"]+)" alt="[^"]{20,}"', guide)
    assert sorted(shown) == sorted(path.name for path in folder.iterdir())
