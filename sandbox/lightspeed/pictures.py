"""Draws pictures and serves them in public, as the vendor's image host does: ``{base}{settings/}{publicID}.jpg``."""

import colorsys
import re
from collections.abc import Callable
from io import BytesIO

from flask import Blueprint, Response, abort
from PIL import Image, ImageDraw

from sandbox.lightspeed.data.numbers import mix

BASE_PATH = "/image/upload/"
_FORMATS = {"jpg": "JPEG", "png": "PNG"}
_SIDE = 320
_LARGEST = 2_000


def draw(seed: int, image_id: int, extension: str, width: int = _SIDE, height: int = _SIDE) -> bytes:
    """Draw a picture: bands of color that differ from picture to picture, and its number."""
    picture = Image.new("RGB", (_SIDE, _SIDE))
    pen = ImageDraw.Draw(picture)
    hue = mix(seed, image_id, 1) % 360
    for band in range(8):
        top = band * _SIDE // 8
        pen.rectangle((0, top, _SIDE, top + _SIDE // 8), fill=_color(hue + band * 9, band))
    pen.text((16, 16), f"Picture {image_id}", fill="white")
    content = BytesIO()
    picture.resize((width, height)).save(content, _FORMATS[extension])
    return content.getvalue()


def pictures_blueprint(seed: int, find: Callable[[str], int | None]) -> Blueprint:
    """Serve the pictures; `find` gives the id of the picture with a public name, or None."""
    blueprint = Blueprint("lightspeed_pictures", __name__)

    @blueprint.get(f"{BASE_PATH}<name>.<any(jpg, png):extension>")
    @blueprint.get(f"{BASE_PATH}<settings>/<name>.<any(jpg, png):extension>")
    def show(name: str, extension: str, settings: str = "") -> Response:
        image_id = find(name)
        if image_id is None:
            abort(404)
        content = draw(seed, image_id, extension, _measure(settings, "w"), _measure(settings, "h"))
        return Response(content, mimetype=f"image/{'jpeg' if extension == 'jpg' else 'png'}")

    return blueprint


def _measure(settings: str, side: str) -> int:
    found = re.search(rf"(?:^|,){side}_(\d+)", settings)
    return min(max(int(found.group(1)), 1), _LARGEST) if found else _SIDE


def _color(hue: int, band: int) -> tuple[int, int, int]:
    red, green, blue = colorsys.hls_to_rgb(hue % 360 / 360, 0.3 + band * 0.04, 0.5)
    return int(red * 255), int(green * 255), int(blue * 255)
