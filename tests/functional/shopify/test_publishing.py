"""Many products go on sale in one call; where the shop does not take it, one by one."""

import pytest

from sandbox.shopify.catalogue import collections
from tests.conformance.front import codes
from tests.functional.shopify.storefront import Storefront
from tests.unit.systems.woocommerce.samples import mug, shirt
from tillbridge.domain.product import Product, Visibility

MANY = 52
"""More than one call takes, and more than one group."""


def assortment() -> list[Product]:
    return [mug(str(number)) for number in range(1, MANY)] + [shirt()]


def assert_all_on_sale(front: Storefront) -> None:
    assert [shown.on_sale for shown in front.shown()] == [True] * MANY
    assert {link.fields["visibility"] for link in front.links.values()} == {"published"}


def test_fifty_products_are_published_in_one_call(front: Storefront) -> None:
    assert not codes(front.push(*assortment(), mug("99", visibility=Visibility.DRAFT)))

    assert len(front.calls("publicationUpdate")) == 2
    assert front.calls("publishablePublish") == []
    assert {shown.name: shown.on_sale for shown in front.shown()}.pop("Mug 99") is False
    assert sum(shown.on_sale for shown in front.shown()) == MANY


@pytest.mark.parametrize("code", ["ACCESS_DENIED", "CANNOT_MODIFY_APP_CATALOG_PUBLICATION", "PUBLICATION_NOT_FOUND"])
def test_who_may_not_edit_catalogues_publishes_one_by_one(front: Storefront, code: str) -> None:
    front.control("switches", refuse_catalogs=code)

    assert not codes(front.push(*assortment()))

    assert_all_on_sale(front)
    assert len(front.calls("publicationUpdate")) == 1, "it is not asked again and again"
    assert len(front.calls("publishablePublish")) == MANY


def test_a_publication_that_is_locked_is_asked_again_with_the_next_products(front: Storefront) -> None:
    front.control("switches", refuse_catalogs="PUBLICATION_LOCKED")

    assert not codes(front.push(*assortment()))

    assert_all_on_sale(front)
    assert len(front.calls("publicationUpdate")) == 2


def test_what_is_not_on_sale_although_nobody_objected_is_published_by_itself(
    front: Storefront, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collections, "_listed", lambda *_: [])

    assert not codes(front.push(*assortment()))

    assert_all_on_sale(front)
    assert len(front.calls("publishablePublish")) == MANY
