"""The works that authorise, renew, exchange, switch and end a grant: what comes before them, and who goes on after."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta

from sandbox.lightspeed.settings import Rules
from tests.fakes.clock import FakeDeadline
from tests.proof.granted import LIMITED, OTHER_ACCOUNT, House, Process
from tillbridge.domain.errors import InputError, MissingRightError, TillbridgeError
from tillbridge.domain.mail import MailKind
from tillbridge.domain.merchant import ConnectionState, System
from tillbridge.domain.migration import Stage
from tillbridge.grants.timing import KEEP_ALIVE

VENDORS: dict[str, Rules] = {
    "2026": replace(Rules.of(2026), reuse_ends_grant=True),
    "2024": replace(Rules.of(2024), reuse_ends_grant=True),
}
"""By the year of their rotation: the old refresh token dies with the new pair's first use (2026), or at once (2024).

Both kill the access token when it is renewed early, limit attempts, and end the whole grant when a dead refresh token
comes again, which is harder than what this vendor says of itself.
"""


@dataclass(frozen=True, slots=True)
class Work:
    """Work to disturb, what comes before it, and how a person or time goes on; ``ends`` with no connection left."""

    prepare: Callable[[House], object]
    do: Callable[[House, Process], object]
    again: Callable[[House], object]
    ends: bool = False


def _nothing(_: House) -> None:
    """Do nothing: time alone goes on."""


def _connected(house: House) -> None:
    house.connect()
    house.clock.advance(minutes=10)


def _revoked(house: House) -> None:
    """Let the merchant end the grant in the till, and have that noticed."""
    _connected(house)
    for grant in house.till.grants.all.values():
        house.till.grants.revoke(grant)
    house.minute()
    house.clock.advance(minutes=1)


def _due(house: House) -> None:
    house.connect()
    house.clock.advance(minutes=45)


def _ended(house: House) -> None:
    house.connect()
    house.clock.advance(minutes=61)


def _refused(house: House) -> None:
    """Let the access token alone be revoked."""
    _connected(house)
    for grant in house.till.grants.all.values():
        house.till.grants.revoke(grant, only_access=True)


def _paused(house: House) -> None:
    """Let the operator pause the connection for as long as a refresh token may be left alone."""
    house.connect()
    one = house.only()
    house.memory.connections[one.connection_id] = replace(one, state=ConnectionState.PAUSED)
    house.clock.time += KEEP_ALIVE + timedelta(hours=1)


def _brought_in(house: House) -> None:
    house.bring_in()


def _authorised(house: House) -> None:
    house.bring_in()
    house.connect()
    house.clock.advance(minutes=1)


def _authorise(_: House, process: Process) -> None:
    process.authorise()


def _authorise_another_account(house: House, process: Process) -> None:
    """Approve while logged in to another account; the tills' own answers say whose a token is."""
    settings = house.till.settings
    house.till.settings = replace(settings, account_id=OTHER_ACCOUNT)
    try:
        process.authorise()
    except InputError as refused:
        if refused.code != "OtherAccount":
            raise
    finally:
        house.till.settings = settings


def _authorise_without_rights(_: House, process: Process) -> None:
    with suppress(MissingRightError):
        process.authorise(LIMITED)


def _refresh_round(_: House, process: Process) -> None:
    process.round.run(FakeDeadline())


def _worker(house: House, process: Process) -> None:
    process.work(house.only())


def _exchange(_: House, process: Process) -> None:
    process.migrations_round.run(FakeDeadline())


def _switch(_: House, process: Process) -> None:
    process.switch()


def _disconnect(house: House, process: Process) -> None:
    process.ending.end(house.only())


def _authorise_again(house: House) -> None:
    house.connect()


def _authorise_if_asked(house: House) -> None:
    """Follow the mail's link, if there was one."""
    if any(posted.mail.kind is MailKind.RECONNECT for posted in house.memory.mails.values()):
        house.connect()


def _disconnect_if_there(house: House) -> None:
    for one in house.live():
        house.process().ending.end(one)


def _until_switched(house: House) -> None:
    """Let the merchant and the operator do what is left."""
    for _ in range(8):
        stage = house.memory.migrations["c1"].stage
        if stage is Stage.SWITCHED:
            return
        with suppress(TillbridgeError):
            if stage in {Stage.KEY_ONLY, Stage.INVITED}:
                house.connect()
            else:
                house.process().switch()
        house.minute()


WORKS: dict[str, Work] = {
    "authorise": Work(_nothing, _authorise, _authorise_again),
    "authorise again": Work(_connected, _authorise, _authorise_again),
    "authorise after the end": Work(_revoked, _authorise, _authorise_again),
    "another account": Work(_connected, _authorise_another_account, _authorise_again),
    "too few rights": Work(_connected, _authorise_without_rights, _authorise_again),
    "refresh when due": Work(_due, _refresh_round, _authorise_if_asked),
    "refresh in a worker": Work(_ended, _worker, _authorise_if_asked),
    "refresh on a 401": Work(_refused, _worker, _authorise_if_asked),
    "keep alive": Work(_paused, _refresh_round, _authorise_if_asked),
    "exchange": Work(lambda house: house.bring_in(System.WOOCOMMERCE), _exchange, _nothing),
    "authorise beside a key": Work(_brought_in, _authorise, _until_switched),
    "switch": Work(_authorised, _switch, _until_switched),
    "disconnect": Work(_connected, _disconnect, _disconnect_if_there, ends=True),
}
