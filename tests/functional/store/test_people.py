"""Merchants and their connections."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.fakes.clock import NOON
from tests.fakes.people import connection, merchant
from tests.fakes.repositories import Repositories
from tillbridge.domain.errors import InputError, NotFoundError
from tillbridge.domain.merchant import ConnectionState, System
from tillbridge.domain.settings import MerchantSettings, Selection
from tillbridge.store.connections import FLEET_SHARDS


def test_a_merchant_is_found_again(stores: Repositories) -> None:
    wanted = merchant(name="Zoë's Läden 🏕️", settings=MerchantSettings(selection=Selection.TAG, send_images=False))
    stores.merchants.add(wanted)
    assert stores.merchants.get("m1") == wanted


def test_merchants_are_listed_by_id(stores: Repositories) -> None:
    for merchant_id in ("m2", "m10", "m1"):
        stores.merchants.add(merchant(merchant_id))
    assert [one.merchant_id for one in stores.merchants.list()] == ["m1", "m10", "m2"]


def test_an_id_is_taken_once(stores: Repositories) -> None:
    stores.merchants.add(merchant())
    with pytest.raises(InputError) as refused:
        stores.merchants.add(merchant(name="Somebody else"))
    assert refused.value.field == "merchant"
    assert stores.merchants.get("m1").name == "Northfell Outdoor"


def test_adding_again_after_a_lost_answer_is_no_error(stored: Repositories) -> None:
    stored.merchants.add(merchant())
    stored.merchants.add(merchant())
    assert stored.merchants.get("m1") == merchant()


def test_settings_are_replaced(stores: Repositories) -> None:
    stores.merchants.add(merchant())
    changed = merchant(settings=MerchantSettings(sale_price_level="3"))
    stores.merchants.save(changed)
    assert stores.merchants.get("m1") == changed


def test_nobody_comes_into_being_by_saving(stores: Repositories) -> None:
    with pytest.raises(NotFoundError):
        stores.merchants.save(merchant())
    with pytest.raises(NotFoundError):
        stores.merchants.get("m1")
    assert list(stores.merchants.list()) == []


def test_a_connection_is_found_by_id(stores: Repositories) -> None:
    stores.merchants.add(merchant())
    wanted = connection(
        account_name="Nørth 🛒",
        address="https://c1.example/shop",
        state=ConnectionState.TROUBLED,
        cause="It is down.",
        remedy="Wait.",
        retry_at=NOON,
        traits={"version": "10.0.2", "currency": "EUR"},
    )
    stores.connections.add(wanted)
    assert stores.connections.get("c1") == wanted


def test_an_unknown_connection(stores: Repositories) -> None:
    with pytest.raises(NotFoundError):
        stores.connections.get("c1")
    with pytest.raises(NotFoundError):
        stores.connections.save(connection())
    with pytest.raises(NotFoundError):
        stores.connections.save(connection(state=ConnectionState.DISCONNECTED))


def test_a_connection_needs_its_merchant(stored: Repositories) -> None:
    with pytest.raises(NotFoundError) as refused:
        stored.connections.add(connection())
    assert refused.value.field == "merchant"
    assert list(stored.connections.list()) == []


def test_connections_of_a_merchant_come_oldest_first(stores: Repositories) -> None:
    stores.merchants.add(merchant())
    stores.connections.add(connection("c1", created_at=NOON + timedelta(days=1)))
    stores.connections.add(connection("c2", system=System.LIGHTSPEED, account_id="797"))
    assert [one.connection_id for one in stores.connections.of_merchant("m1")] == ["c2", "c1"]


def test_the_whole_fleet_is_listed(stores: Repositories) -> None:
    ids = {f"c{number}" for number in range(3 * FLEET_SHARDS)}
    stores.merchants.add(merchant())
    for connection_id in ids:
        stores.connections.add(connection(connection_id))
    listed = [one.connection_id for one in stores.connections.list()]
    assert set(listed) == ids
    assert len(listed) == len(ids)


def test_an_account_is_connected_once_per_merchant(stores: Repositories) -> None:
    for merchant_id in ("m1", "m2"):
        stores.merchants.add(merchant(merchant_id))
    stores.connections.add(connection("c1", account_id="797"))
    with pytest.raises(InputError) as refused:
        stores.connections.add(connection("c2", account_id="797"))
    assert refused.value.field == "account"
    stores.connections.add(connection("c3", "m2", account_id="797"))
    stores.connections.add(connection("c4", account_id="797", system=System.LIGHTSPEED))
    assert {one.connection_id for one in stores.connections.list()} == {"c1", "c3", "c4"}


def test_a_disconnected_connection_leaves_the_lists_and_frees_its_account(stores: Repositories) -> None:
    stores.merchants.add(merchant())
    stores.connections.add(connection("c1", account_id="797"))
    stores.connections.save(connection("c1", account_id="797", state=ConnectionState.DISCONNECTED))
    assert list(stores.connections.of_merchant("m1")) == []
    assert list(stores.connections.list()) == []
    assert stores.connections.get("c1").state is ConnectionState.DISCONNECTED
    stores.connections.add(connection("c2", account_id="797"))
    assert [one.connection_id for one in stores.connections.list()] == ["c2"]


def test_disconnecting_twice_leaves_the_later_connection_alone(stores: Repositories) -> None:
    gone = connection("c1", account_id="797", state=ConnectionState.DISCONNECTED)
    stores.merchants.add(merchant())
    stores.connections.add(connection("c1", account_id="797"))
    stores.connections.save(gone)
    stores.connections.add(connection("c2", account_id="797"))
    stores.connections.save(replace(gone, cause="again"))
    assert stores.connections.get("c1").cause == "again"
    with pytest.raises(InputError):
        stores.connections.add(connection("c3", account_id="797"))


def test_a_worker_that_began_before_cannot_revive_a_disconnected_connection(stores: Repositories) -> None:
    stores.merchants.add(merchant())
    stores.connections.add(connection())
    stores.connections.save(connection(state=ConnectionState.DISCONNECTED))
    stores.connections.save(connection(state=ConnectionState.TROUBLED))
    assert stores.connections.get("c1").state is ConnectionState.DISCONNECTED
    assert list(stores.connections.list()) == []


def test_a_saved_connection_keeps_its_place_in_the_fleet(stores: Repositories) -> None:
    stores.merchants.add(merchant())
    stores.connections.add(connection())
    broken = connection(state=ConnectionState.BROKEN, cause="No right.", remedy="Give it.")
    stores.connections.save(broken)
    assert list(stores.connections.list()) == [broken]


@pytest.mark.parametrize("bad", ["", "m1#STOCK", "a b", "x" * 65, "ü", "m1\n"])
def test_an_id_that_could_name_other_rows_is_refused(stored: Repositories, bad: str) -> None:
    """# invariant 5"""
    with pytest.raises(InputError):
        stored.merchants.get(bad)
    with pytest.raises(InputError):
        stored.connections.get(bad)
    with pytest.raises(InputError):
        stored.mirror.items(bad, ["1"])
