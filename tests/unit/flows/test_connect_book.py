"""The same account is connected again."""

from dataclasses import replace

import pytest

from tests.fakes.stores import FakeConnections, FakeLanes, FakeOutbox
from tests.fakes.world import SHOP, World
from tillbridge.domain.connecting import Found
from tillbridge.domain.mail import MailKind
from tillbridge.domain.merchant import ConnectionState, Place, System
from tillbridge.flows.connect_book import ConnectionBook

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (ConnectionState.BROKEN, ConnectionState.ACTIVE),
        (ConnectionState.TROUBLED, ConnectionState.ACTIVE),
        (ConnectionState.PAUSED, ConnectionState.PAUSED),
    ],
)
def test_a_new_grant_mends_a_connection_but_ends_no_pause(before: ConnectionState, after: ConnectionState) -> None:
    world = World()
    known = replace(world.memory.connections[SHOP], state=before, cause="So it is.", traits={"version": "9"})
    world.memory.connections[SHOP] = known
    book = ConnectionBook(FakeConnections(world.memory), FakeLanes(), FakeOutbox(world.memory), world.clock)
    found = Found(account_id=known.account_id, name="Shop", address="", traits={"version": "10"})
    connected = book.put(book.choose(Place("m1", System.WOOCOMMERCE, "new"), found))
    assert connected.renewed
    renewed = world.memory.connections[SHOP]
    assert (renewed.state, renewed.traits) == (after, {"version": "10"})
    assert bool(renewed.cause) is (after is ConnectionState.PAUSED)
    assert [posted.mail.kind for posted in world.memory.mails.values()] == (
        [MailKind.RECOVERED] if before is ConnectionState.BROKEN else []
    )
