from dataclasses import replace

import pytest

from tests.fakes.world import SHOP
from tests.unit.flows.operate.office import FOREIGN, Office
from tillbridge.domain.errors import InputError, NotFoundError, UnauthorisedError
from tillbridge.domain.grant import Secret
from tillbridge.domain.merchant import ConnectionState, System
from tillbridge.domain.shop_keys import ShopKeys

NONCE = "n" * 24
KEYS = ShopKeys.woocommerce(Secret("ck_live"), Secret("cs_live"))
ADDRESS = "https://shop.example.com"


def test_an_invitation_is_a_link_that_ends(office: Office) -> None:
    answer = office.desks().connections.invite_to("m1", System.LIGHTSPEED, None)
    assert answer.link == "https://bridge.example/connect/lightspeed?invitation=token-of-m1"
    assert answer.expires_at > office.world.clock.now()


def test_the_address_of_a_shop_goes_along_in_its_one_form(office: Office) -> None:
    desk = office.desks().connections
    desk.invite_to("m1", System.WOOCOMMERCE, "Shop.Example.com/")
    desk.invite_to("m1", System.WOOCOMMERCE, None)
    assert office.addresses == ["https://shop.example.com", ""]


@pytest.mark.parametrize(
    ("system", "address"),
    [
        (System.LIGHTSPEED, "https://shop.example.com"),
        (System.WOOCOMMERCE, "http://shop.example.com"),
        (System.WOOCOMMERCE, "https://user:password@shop.example.com"),
        (System.WOOCOMMERCE, "not an address"),
    ],
)
def test_an_address_that_cannot_be_is_refused_at_once(  # invariant 7
    office: Office, system: System, address: str
) -> None:
    with pytest.raises(InputError) as caught:
        office.desks().connections.invite_to("m1", system, address)
    assert caught.value.field == "address"
    assert office.addresses == []


def test_keys_are_taken_from_where_they_wait_and_connect_the_shop(office: Office) -> None:
    office.pending.keys[NONCE] = KEYS
    answer = office.desks().connections.connect_with_keys("m2", System.WOOCOMMERCE, ADDRESS, NONCE)
    assert (answer.merchant, answer.address, answer.state) == ("m2", ADDRESS, ConnectionState.ACTIVE)
    assert office.connected_with == [KEYS]
    assert office.pending.keys == {}
    assert "live" not in repr(answer)  # invariant 5


def test_keys_that_do_not_work_are_gone_too(office: Office) -> None:  # invariant 5
    office.pending.keys[NONCE] = KEYS
    office.refusal = UnauthorisedError("The shop refused the key.", remedy="Make a new one.")
    with pytest.raises(UnauthorisedError):
        office.desks().connections.connect_with_keys("m2", System.WOOCOMMERCE, ADDRESS, NONCE)
    assert office.pending.keys == {}


def test_a_till_takes_no_keys_and_leaves_them_where_they_are(office: Office) -> None:
    office.pending.keys[NONCE] = KEYS
    with pytest.raises(InputError) as caught:
        office.desks().connections.connect_with_keys("m2", System.LIGHTSPEED, ADDRESS, NONCE)
    assert caught.value.field == "system"
    assert NONCE in office.pending.keys


def test_the_merchant_is_checked_before_the_keys_are_taken(office: Office) -> None:  # invariant 7
    office.pending.keys[NONCE] = KEYS
    with pytest.raises(NotFoundError):
        office.desks().connections.connect_with_keys("nobody", System.WOOCOMMERCE, ADDRESS, NONCE)
    assert NONCE in office.pending.keys


def test_what_could_be_better_is_told_of_connections_that_work(office: Office) -> None:
    broken = office.world.memory.connections[SHOP]
    office.world.memory.connections[SHOP] = replace(broken, cause="It is down.")
    desk = replace(office.desks().connections, note=lambda one: f"{one.connection_id} could be faster.")

    causes = {one.connection: one.cause for one in desk.list(None, None, office.deadline).rows}

    assert causes == {"till": "till could be faster.", SHOP: "It is down.", FOREIGN: f"{FOREIGN} could be faster."}


def test_connections_are_listed_by_merchant_or_all(office: Office) -> None:
    desk = office.desks().connections
    assert [one.connection for one in desk.list("m2", None, office.deadline).rows] == [FOREIGN]
    assert [one.connection for one in desk.list(None, None, office.deadline).rows] == ["till", SHOP, FOREIGN]


def test_a_connection_ends_for_its_own_merchant_only(office: Office) -> None:  # invariant 5
    desk = office.desks().connections
    with pytest.raises(NotFoundError):
        desk.disconnect("m1", FOREIGN)
    assert office.world.memory.connections[FOREIGN].state is ConnectionState.ACTIVE
    assert desk.disconnect("m2", FOREIGN).state is ConnectionState.DISCONNECTED
