"""The composition root of moving credentials: used by ``oauth_callback``, ``token_refresh`` and ``operator``.

What speaks to remote systems is loaded when it is first needed.
"""

from collections.abc import Callable
from functools import partial

from tillbridge.domain.connecting import Found
from tillbridge.domain.grant import Secret, TokenPair
from tillbridge.domain.merchant import Connection, Merchant, System
from tillbridge.domain.shop_keys import ShopKeys
from tillbridge.domain.vendor_events import Strategy
from tillbridge.flows.connect_address import shop_address
from tillbridge.flows.connect_invite import Invited
from tillbridge.flows.migrate_anew import AuthorisesAnew
from tillbridge.flows.migrate_book import MigrationBook
from tillbridge.flows.migrate_exchange import ExchangesOld
from tillbridge.flows.migrate_import import Import
from tillbridge.flows.migrate_ports import Brought, Case
from tillbridge.flows.migrate_rehearse import Rehearsal
from tillbridge.flows.migrate_steps import Mover
from tillbridge.flows.operate.migration import MigrationDesk
from tillbridge.flows.operate.register import Register
from tillbridge.flows.ports import Deadline
from tillbridge.runtime.container import Container
from tillbridge.runtime.grant_parts import Parts
from tillbridge.systems.till import Till, TillAccount


def mover(parts: Parts, invite: Callable[[Merchant, System, str], Invited]) -> Mover:
    """Put together what takes a migration from step to step."""
    credentials = parts.credentials
    return Mover(
        book=MigrationBook(credentials.migrations, parts.connections, parts.settings.calendar, parts.clock),
        strategies={
            Strategy.ANEW: AuthorisesAnew(invite, parts.merchants, partial(_tills, parts)),
            Strategy.EXCHANGE: ExchangesOld(
                exchange=partial(_exchange, parts),
                access=partial(_access, parts),
                identify=partial(_whose, parts),
                credentials=credentials.keeper,
                grants=credentials.keeper,
            ),
        },
        credentials=credentials.keeper,
        outbox=parts.outbox,
        lanes=parts.lanes,
    )


def desk(parts: Container, register: Register, moving: Mover, brought: Brought) -> MigrationDesk:
    """Put the operator's desk together."""
    credentials, local = parts.credentials, parts.settings.local
    return MigrationDesk(
        register=register,
        mover=moving,
        rehearsal=Rehearsal(moving, parts.merchants, partial(_look, parts)),
        bring_in=Import(
            merchants=parts.merchants,
            connections=parts.connections,
            migrations=credentials.migrations,
            links=parts.links,
            shelves=parts.shelves,
            marks=parts.marks,
            lanes=parts.lanes,
            grants=credentials.keeper,
            credentials=credentials.keeper,
            brought=brought,
            account_of=partial(_account_of, parts),
            form=partial(shop_address, local=local),
            prove_shop=partial(_prove_shop, parts),
            clock=parts.clock,
        ),
    )


def _tills(parts: Parts, connection: Connection, deadline: Deadline) -> tuple[Till, Till]:
    from tillbridge.runtime.first_contact import till_with  # noqa: PLC0415
    from tillbridge.systems.lightspeed import OldKey  # noqa: PLC0415

    credentials = parts.credentials
    old = OldKey(credentials.serving.of(connection).read)
    new = credentials.tokens(connection.place, deadline)
    return till_with(parts, old, connection.account_id), till_with(parts, new, connection.account_id)


def _exchange(parts: Parts, connection: Connection, old: Secret) -> TokenPair:
    """Have a Shopify shop exchange a token of our app that never ends for a pair that does."""
    return parts.credentials.token_exchange.exchange(connection.connection_id, connection.account_id, old)


def _access(parts: Parts, connection: Connection, deadline: Deadline) -> Secret:
    return Secret(parts.credentials.tokens(connection.place, deadline).current())


def _whose(parts: Parts, connection: Connection, token: Secret) -> str:
    from tillbridge.runtime.shopify_account import ShopifyAccount  # noqa: PLC0415

    return ShopifyAccount(parts.credentials).identify(connection.account_id, token).account_id


def _look(parts: Parts, case: Case, deadline: Deadline) -> None:
    """Look at a till through the credential that serves it."""
    from tillbridge.runtime.first_contact import till_with  # noqa: PLC0415

    connection = case.connection
    till_with(parts, parts.credentials.of_till(connection, deadline), connection.account_id).account()


def _account_of(parts: Parts, key: Secret) -> TillAccount:
    from tillbridge.runtime.first_contact import till_with  # noqa: PLC0415
    from tillbridge.systems.lightspeed import OldKey  # noqa: PLC0415

    return till_with(parts, OldKey(key.reveal)).account()


def _prove_shop(parts: Parts, address: str, keys: ShopKeys) -> Found:
    from tillbridge.runtime.first_contact import check_address, prove  # noqa: PLC0415

    check_address(parts.credentials.policy(http=parts.settings.local), address)
    return prove(parts, address, keys)
