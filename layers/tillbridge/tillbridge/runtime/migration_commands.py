"""The commands of ``tillbridge migrate``: what each takes and answers; see ``operator_commands``."""

from typing import Annotated

from pydantic import Field

from tillbridge.domain.product import ListingRef
from tillbridge.domain.vendor_events import LIGHTSPEED_KEYS
from tillbridge.flows.migrate_file import BroughtLink
from tillbridge.flows.migrate_import import Newcomer
from tillbridge.flows.operate.migration import Whom
from tillbridge.flows.operate.migration_answers import (
    BoardAnswer,
    CheckedAnswer,
    EventAnswer,
    ImportedAnswer,
    KeptLinksAnswer,
    MigrationAnswer,
)
from tillbridge.runtime.operator_types import (
    Address,
    Arguments,
    Command,
    MerchantId,
    Name,
    Nonce,
    Nothing,
)

MOST_LINKS = 2000
EventName = Annotated[
    str, Field(pattern=r"^[a-z0-9-]{1,64}$", description="`tillbridge migrate calendar` shows the events.")
]
Number = Annotated[str, Field(pattern=r"^[0-9]{1,19}$", description="Give the till's own number.")]
Email = Annotated[
    str, Field(pattern=r"^[^@\s]{1,64}@[^@\s]{1,254}$", description="Give one address, like a@example.com.")
]


class NameEvent(Arguments):
    """An event of a vendor."""

    event: EventName = LIGHTSPEED_KEYS.name


class OfEvent(NameEvent):
    """One merchant of an event, or everybody beginning at ``after``."""

    merchant: MerchantId | None = None
    after: MerchantId | None = None

    @property
    def whom(self) -> Whom:
        """Say whom a step is for."""
        return Whom(self.event, self.merchant, self.after)


class BringIn(NameEvent):
    """A merchant to bring in; the secrets wait in the vault under ``pending``."""

    merchant: MerchantId
    name: Name | None = None
    email: Email | None = None
    account: Number | None = None
    address: Address | None = None
    pending: Nonce

    @property
    def newcomer(self) -> Newcomer:
        """Say who comes."""
        return Newcomer(
            merchant_id=self.merchant,
            name=self.name or "",
            email=self.email or "",
            account=self.account or "",
            address=self.address or "",
            pending=self.pending,
        )


class OneLink(Arguments):
    """An item and its listing."""

    item: Number
    matrix: Number | None = None
    listing: Annotated[str, Field(pattern=r"^[0-9]{1,19}(/[0-9]{1,19})?$", description="Write 17, or 17/18.")]


class BringLinks(BringIn):
    """Links of a merchant who is brought in next; all variants of a matrix come together."""

    links: tuple[OneLink, ...] = Field(max_length=MOST_LINKS, description=f"Give at most {MOST_LINKS} links.")

    @property
    def brought(self) -> list[BroughtLink]:
        """List the links."""
        split = ((link, link.listing.partition("/")) for link in self.links)
        return [BroughtLink(0, link.item, link.matrix or "", ListingRef(parts[0], parts[2])) for link, parts in split]


CHECK = Command("migrate-check", BringIn, CheckedAnswer)
LINKS = Command("migrate-links", BringLinks, KeptLinksAnswer)
IMPORT = Command("migrate-import", BringIn, ImportedAnswer)
BOARD = Command("migrate-board", NameEvent, BoardAnswer)
CALENDAR = Command("migrate-calendar", Nothing, tuple[EventAnswer, ...])
INVITE = Command("migrate-invite", OfEvent, tuple[MigrationAnswer, ...])
VERIFY = Command("migrate-verify", OfEvent, tuple[MigrationAnswer, ...])
REHEARSE = Command("migrate-rehearse", OfEvent, tuple[MigrationAnswer, ...])
SWITCH = Command("migrate-switch", OfEvent, tuple[MigrationAnswer, ...])
BACK = Command("migrate-back", OfEvent, tuple[MigrationAnswer, ...])
RETIRE = Command("migrate-retire", OfEvent, tuple[MigrationAnswer, ...])
MIGRATE = (CHECK, LINKS, IMPORT, BOARD, CALENDAR, INVITE, VERIFY, REHEARSE, SWITCH, BACK, RETIRE)
