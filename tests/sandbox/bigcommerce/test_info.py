"""What the store says of itself."""

from dataclasses import replace
from typing import Any

import pytest

from sandbox.bigcommerce.settings import Settings
from sandbox.bigcommerce.shop import Shop


def test_the_store_tells_how_it_was_set_up(api: Any, shop: Shop, settings: Settings) -> None:
    shop.settings = replace(settings, name="Corner", currency="EUR", weight_units="KGS", prices_include_tax=True)
    store = api.get("/v2/store")
    told = [store[name] for name in ("id", "name", "currency", "weight_units", "is_price_entered_with_tax")]
    assert told == ["sandbox1", "Corner", "EUR", "KGS", True]
    assert (store["timezone"]["name"], store["timezone"]["raw_offset"]) == ("America/New_York", -18_000)
    assert api.rows("/v3/settings/store/units-of-measurement")["weight_measurement"] == "KGS"
    assert api.rows("/v3/settings/store/profile")["store_name"] == "Corner"
    assert [row["currency_code"] for row in api.get("/v2/currencies")] == ["EUR"]


def test_time_and_taxes(api: Any) -> None:
    assert api.get("/v2/time") == {"time": 1_768_478_400}
    assert api.get("/v2/tax_classes")[0] == {"id": 0, "name": "Default Tax Class"}


@pytest.mark.parametrize(
    ("query", "ids"),
    [({}, [1]), ({"type:in": "pos,storefront"}, [1]), ({"type:in": "pos"}, []), ({"status:in": "inactive"}, [])],
)
def test_the_one_channel_is_the_storefront(api: Any, query: dict[str, str], ids: list[int]) -> None:
    assert [row["id"] for row in api.rows("/v3/channels", **query)] == ids
