"""Writes the pictures of docs/merchant.md: `make screenshots`.

They are made by hand, when a page has changed, and looked at by whoever makes them.
"""

import io
import os
import sys
import tempfile
from pathlib import Path

from PIL import Image

from sandbox.common.certificates import make_certificates
from tests.browser.chromium import DESKTOP, MISSING, PHONE, Device, chromium, path_of_chromium
from tests.browser.sight import arrived
from tests.conftest import PROJECT_ROOT
from tests.functional.grants.deployment import Deployment
from tillbridge.runtime.observe import logger

FOLDER = PROJECT_ROOT / "docs" / "pages"
MERCHANT = "Alpine Café"
COLOURS = 64

PICTURES: tuple[tuple[str, Device], ...] = (
    ("till-invitation", DESKTOP),
    ("till-invitation", PHONE),
    ("shop-invitation", PHONE),
    ("till-connected", PHONE),
    ("denied", PHONE),
    ("missing-rights", DESKTOP),
    ("shopify-invitation", DESKTOP),
    ("bigcommerce-expected", PHONE),
    ("bigcommerce-connected", PHONE),
    ("magento-expected", DESKTOP),
)
"""Which kinds of page, on which device."""

RENAME = """names => {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode())
    for (const [own, shown] of Object.entries(names))
      walk.currentNode.nodeValue = walk.currentNode.nodeValue.replaceAll(own, shown);
}"""
"""Puts other names in the place of this machine's, which mean nothing to whoever sees the picture."""


def name_of(kind: str, device: Device) -> str:
    return f"{kind}-{device.name}.png"


def names_of(deployment: Deployment) -> dict[str, str]:
    """Tell what stands in the pictures for the addresses that the stand-ins and our own pages have here."""
    return {deployment.url: "https://tillbridge.example.com", deployment.magento_url: "https://shop.example.com"}


def write(folder: Path) -> None:
    """Take all pictures, with few colours: text on plain ground needs no more."""
    path = path_of_chromium()
    if path is None:
        sys.exit(MISSING)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as secret, chromium(path) as browser:
        tls = make_certificates(Path(secret))
        for kind, device in PICTURES:
            with arrived(browser, tls, kind, device, MERCHANT) as visit:
                visit.page.evaluate(RENAME, names_of(visit.deployment))
                taken = Image.open(io.BytesIO(visit.page.screenshot(full_page=True)))
                small = taken.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
                small.save(folder / name_of(kind, device), optimize=True)


if __name__ == "__main__":
    logger.setLevel("CRITICAL")
    os.environ |= {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "eu-central-1",
        "POWERTOOLS_TRACE_DISABLED": "true",
    }
    write(Path(sys.argv[1]) if sys.argv[1:] else FOLDER)
