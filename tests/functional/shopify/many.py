"""Enough products for bulk operations, and what must have become of them whatever happened."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from sandbox.common.server import TlsFiles
from sandbox.shopify.settings import Lags, Limits, Settings
from tests.functional.shopify.storefront import APP, Storefront
from tests.unit.systems.woocommerce.samples import mug, shirt
from tillbridge.domain.errors import RetryLaterError
from tillbridge.domain.product import Product, ProductOutcome

MANY = 5


def settings(tls: TlsFiles, *, line: float = 2, limits: Limits | None = None) -> Settings:
    return Settings(apps=(APP,), ca_file=str(tls.ca), lags=Lags(line=line), limits=limits or Limits())


def assortment(front: Storefront) -> list[Product]:
    """Six products, with everything that takes a call."""
    whole = shirt(colours=("Black",))
    shown = tuple(replace(entry, image=front.gallery.picture(f"v-{entry.item_id}")) for entry in whole.variants)
    pictures = (front.gallery.picture("front"), front.gallery.picture("back"))
    return [
        *(mug(str(number), category_path=("Kitchen", "Mugs"), brand="Northfell") for number in range(1, 5)),
        mug("5", images=(front.gallery.picture("mug"),)),
        replace(whole, images=pictures, variants=shown),
    ]


def operations(front: Storefront, of: str = "PutProducts") -> list[str]:
    """The states of the operations that were ever run."""
    return [row.status for row in front.state.bulk.values() if of in row.query]


def singly(front: Storefront) -> int:
    """How many products were created by a call of their own."""
    return len(front.calls("productSet"))


def push_until_done(front: Storefront, products: Sequence[Product], at_most: int = 5) -> None:
    """Push as the queue does: a run that the shop failed is asked for again, and a product that failed too."""
    for _ in range(at_most):
        front.settle()
        try:
            if not front.push(*products):
                return
        except RetryLaterError:
            continue
    assert front.push(*products) == {}, "the shop has recovered, but the products never went through"


def stop_at_first_look(front: Storefront, products: Sequence[Product]) -> None:
    """Push until the shop says that it is at work, as a worker does whose time is up."""
    adapter = front.shop()
    write = adapter.write_products

    def until_at_work(writes: Any) -> Iterator[tuple[ProductOutcome, ...]]:
        for batch in write(writes):
            if not batch:
                return
            yield batch

    adapter.write_products = until_at_work  # type: ignore[method-assign]
    assert front.push(*products, shop=adapter) == {}


def assert_whole(front: Storefront) -> None:
    front.settle()
    assert front.skus() == {f"MUG-{number}": 1 for number in range(1, 6)} | {
        "SHIRT-7-Black-S": 1,
        "SHIRT-7-Black-M": 1,
    }
    by_name = {shown.name: shown for shown in front.shown()}
    assert len(by_name) == 6
    assert all(shown.on_sale for shown in by_name.values())
    assert by_name["Mug 5"].images == ("mug",)
    assert by_name["Shirt 7"].images[:2] == ("front", "back")
    assert {entry.image for entry in by_name["Shirt 7"].variants} == {"v-700", "v-701"}
    assert {one.stock[front.place] for shown in by_name.values() for one in shown.variants} == {5}
    assert all(link.created_by_us and link.attempted_at is None for link in front.links.values())
