"""The demo's look at each of the four shops, on what our own adapters have put there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from local.demo import fronts
from local.demo.web import ask
from sandbox.common.certificates import make_certificates
from tests.conformance.fronts import FRONTS
from tests.functional.bigcommerce.storefront import HASH, OURS
from tests.functional.shopify.storefront import APP
from tests.functional.woocommerce.storefront import KEY
from tests.unit.systems.woocommerce.samples import mug, shirt


@dataclass
class Stage:
    """Reads a WooCommerce shop as the demo's stage does."""

    shop_url: str
    ca: Path
    shop_key: tuple[str, str] = (KEY.key, KEY.secret)

    def shop(self, path: str, **params: str) -> Any:
        return ask(self.ca, "GET", f"{self.shop_url}/wp-json/wc/v3{path}", params=params, auth=self.shop_key)


def _woocommerce(opened: Any, ca: Path) -> fronts.Front:
    stage: Any = Stage(opened.url, ca)
    return fronts.WooCommerce(stage)


def _shopify(opened: Any, ca: Path) -> fronts.Front:
    return fronts.Shopify(ca, {"tls_url": opened.url, "access_token": opened.state.issue(APP).value})


def _bigcommerce(opened: Any, ca: Path) -> fronts.Front:
    return fronts.BigCommerce(ca, {"tls_url": opened.url, "store_hash": HASH, "token": OURS.token})


def _magento(opened: Any, ca: Path) -> fronts.Front:
    return fronts.Magento(ca, {"tls_url": opened.url})


LOOKS: Mapping[str, Callable[[Any, Path], fronts.Front]] = {
    "woocommerce": _woocommerce,
    "shopify": _shopify,
    "bigcommerce": _bigcommerce,
    "magento": _magento,
}


@pytest.mark.parametrize("system", sorted(FRONTS))
def test_products_and_variants_are_seen_with_stock_and_price(
    system: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fronts, "PAGE", 2)  # so that whatever is listed takes several pages
    tls = make_certificates(tmp_path)
    with FRONTS[system](tls) as opened:
        opened.push(mug("1"), mug("2"), mug("3"), shirt(), mug("4", of_variant={"quantity": None}))
        items = [known.item_id for link in opened.links.values() for known in link.variants]
        opened.put_stock({item_id: quantity for quantity, item_id in enumerate(items) if item_id != "4"})
        opened.settle()
        shown = {variant.sku: variant for product in opened.shown() for variant in product.variants}
        front = LOOKS[system](opened, Path(str(tls.ca)))
        rows = front.by_sku()

        assert set(rows) == set(shown)
        assert len(rows) > len(("MUG-1", "MUG-2", "MUG-3"))
        for sku, row in rows.items():
            assert row["stock_quantity"] == (None if sku == "MUG-4" else shown[sku].stock[opened.place])
            assert shown[sku].regular_price == Decimal(row["regular_price"])
        two = {"MUG-1": rows["MUG-1"]["stock_quantity"], "SHIRT-7-Black-S": rows["SHIRT-7-Black-S"]["stock_quantity"]}
        assert front.quantities([*two, "NOWHERE"]) == two
