"""The composition root of connecting: used by ``oauth_callback`` and, for invitations and keys, by ``operator``.

What speaks to remote systems is loaded when it is first needed: the pages before that answer sooner.
"""

import secrets
from dataclasses import dataclass
from functools import cache, partial

from tillbridge.domain.connecting import Found
from tillbridge.domain.grant import ShopKeys, TokenPair
from tillbridge.flows.connect_book import ConnectionBook
from tillbridge.flows.connect_invite import Reception
from tillbridge.flows.connect_shop import ShopDoor
from tillbridge.flows.connect_till import TillDoor
from tillbridge.flows.disconnect import Ending
from tillbridge.flows.migrate_steps import Mover
from tillbridge.grants.authorise import Authorisation
from tillbridge.grants.keys import hand_off_link
from tillbridge.grants.pending import PendingBox
from tillbridge.grants.store_connecting import StoredAttempts, StoredInvitations
from tillbridge.runtime import aws, migrating
from tillbridge.runtime.grant_parts import GrantParts, Parts
from tillbridge.runtime.settings import Settings
from tillbridge.systems.till import Till


@dataclass(frozen=True, slots=True)
class Doors:
    """Everything that connects and disconnects."""

    reception: Reception
    till: TillDoor
    shop: ShopDoor
    ending: Ending
    pending: PendingBox
    mover: Mover
    local: bool


@cache
def doors() -> Doors:
    """Build the doors once per process."""
    return build(GrantParts(Settings.from_env()))


def build(parts: Parts) -> Doors:
    """Put the doors together from a deployment's parts."""
    settings, credentials, clock = parts.settings, parts.credentials, parts.clock
    grants = credentials.keeper
    book = ConnectionBook(parts.connections, parts.lanes, parts.outbox, clock)
    reception = Reception(
        invitations=StoredInvitations(aws.dynamodb(), settings.table),
        attempts=StoredAttempts(aws.dynamodb(), settings.table),
        merchants=parts.merchants,
        clock=clock,
        new_token=partial(secrets.token_urlsafe, 32),
        sign=credentials.link_signer,
        public_url=settings.public_url,
    )
    mover = migrating.mover(parts, reception.invite)
    till = TillDoor(
        reception=reception,
        authoriser=Authorisation(credentials.lightspeed_server, credentials.apps),
        till_of=partial(_till_of, parts),
        grants=grants,
        book=book,
        authorised=mover.authorised,
    )
    shop = ShopDoor(
        reception=reception,
        check_address=partial(_check_address, parts),
        hand_off_link=partial(hand_off_link, settings.public_url),
        prove=partial(_prove, parts),
        grants=grants,
        book=book,
        local=settings.local,
    )
    pending = PendingBox(credentials.secrets, settings.secret_prefix)
    return Doors(reception, till, shop, Ending(parts.connections, grants, clock), pending, mover, settings.local)


def _check_address(parts: Parts, address: str) -> None:
    from tillbridge.runtime.first_contact import check_address  # noqa: PLC0415

    check_address(parts.credentials.policy(http=parts.settings.local), address)


def _till_of(parts: Parts, pair: TokenPair) -> Till:
    from tillbridge.runtime.first_contact import till_of  # noqa: PLC0415

    return till_of(parts, pair)


def _prove(parts: Parts, address: str, keys: ShopKeys) -> Found:
    from tillbridge.runtime.first_contact import prove  # noqa: PLC0415

    return prove(parts, address, keys)
