"""Who is or was connected to an account at a vendor, in memory and in a table."""

from dataclasses import replace

import pytest

from tests.fakes.people import connection, merchant
from tests.fakes.repositories import Repositories
from tillbridge.domain.merchant import ConnectionState, System

NAME = "anns.myshopify.com"
SHOP = connection("c1", system=System.SHOPIFY, account_id=NAME)


@pytest.fixture
def known(stores: Repositories) -> Repositories:
    for merchant_id in ("m1", "m2"):
        stores.merchants.add(merchant(merchant_id))
    stores.connections.add(SHOP)
    return stores


def found(stores: Repositories, account: str = NAME, system: System = System.SHOPIFY) -> list[str]:
    return sorted(one.connection_id for one in stores.connections.of_account(system, account))


def test_an_account_leads_to_its_connection_as_it_is_now(known: Repositories) -> None:
    assert list(known.connections.of_account(System.SHOPIFY, NAME)) == [SHOP]
    broken = replace(SHOP, state=ConnectionState.BROKEN, cause="It was uninstalled.")
    known.connections.save(broken)
    assert list(known.connections.of_account(System.SHOPIFY, NAME)) == [broken]


def test_every_merchants_connections_are_found(known: Repositories) -> None:
    """A vendor's call names a shop and no merchant."""
    known.connections.add(connection("c2", "m2", system=System.SHOPIFY, account_id=NAME))
    assert found(known) == ["c1", "c2"]


def test_one_that_was_disconnected_is_still_found_beside_its_successor(known: Repositories) -> None:
    known.connections.save(replace(SHOP, state=ConnectionState.DISCONNECTED))
    assert found(known) == ["c1"]
    known.connections.add(replace(SHOP, connection_id="c3"))
    assert found(known) == ["c1", "c3"]


@pytest.mark.parametrize(
    ("account", "system"),
    [
        ("other.myshopify.com", System.SHOPIFY),
        (NAME.upper(), System.SHOPIFY),
        (f"{NAME}/x", System.SHOPIFY),
        (NAME, System.BIGCOMMERCE),
        ("", System.SHOPIFY),
        ("é#~%/" * 100, System.SHOPIFY),
    ],
)
def test_no_other_account_leads_to_it(known: Repositories, account: str, system: System) -> None:  # invariant 5
    assert found(known, account, system) == []


def test_the_account_of_a_system_is_not_taken_for_another_systems(known: Repositories) -> None:
    known.connections.add(connection("c4", system=System.LIGHTSPEED, account_id="797"))
    known.connections.add(connection("c5", system=System.BIGCOMMERCE, account_id="797"))
    assert found(known, "797", System.LIGHTSPEED) == ["c4"]
    assert found(known, "797", System.BIGCOMMERCE) == ["c5"]
