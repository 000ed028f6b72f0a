import pytest

from tests.unit.systems.woocommerce.scripted import ScriptedSender, answer
from tillbridge.domain.product import ListingRef
from tillbridge.systems.woocommerce.api.catalogue import Catalogue
from tillbridge.systems.woocommerce.api.client import WooClient
from tillbridge.systems.woocommerce.api.keys import ApiKeys
from tillbridge.systems.woocommerce.observe import observe

REF = ListingRef("7")


@pytest.mark.parametrize(
    ("stock", "shown"), [(5, 5), (-3, -3), ("2.5", 2), (None, None), ("1e999999999", None), ("-1e13", None)]
)
def test_a_figure_that_no_goods_come_in_is_no_figure(stock: object, shown: int | None) -> None:  # invariant 7
    row = {"id": 7, "type": "simple", "manage_stock": True, "stock_quantity": stock}
    catalogue = Catalogue(WooClient(ScriptedSender([answer([row])]), "https://shop.test", ApiKeys("ck_1", "cs_1")))

    assert observe(catalogue, [REF], {})[REF].quantity == shown
