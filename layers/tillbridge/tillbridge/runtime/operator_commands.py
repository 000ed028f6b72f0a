"""The operator function's contract: the commands, what each takes, and what it answers.

An event is ``{"command": name, "arguments": {...}}`` and carries no secret (invariant 5). An answer is
``{"ok": true, "result": ...}``, with ``"following"`` when a list goes on, or
``{"ok": false, "error": {"code", "family", "happened", "remedy", "subject", "field"}}``.
The command line checks with these models before it asks, and reads the answers back with them.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from tillbridge.domain.errors import BrokenConnectionError, InputError, NotFoundError, RetryLaterError, TillbridgeError
from tillbridge.domain.judging import LinkState
from tillbridge.domain.merchant import Lane, System
from tillbridge.flows.operate.answers import (
    ConnectionAnswer,
    InvitationAnswer,
    MailAnswer,
    MerchantAnswer,
    MerchantStatus,
    ProblemAnswer,
    QueueAnswer,
    RedriveAnswer,
    RetriedAnswer,
    SettingsAnswer,
    SyncAnswer,
)
from tillbridge.flows.operate.compliance_answers import ComplianceAnswer
from tillbridge.flows.operate.hold_answers import HoldAnswer
from tillbridge.flows.operate.item_answers import ItemAnswer
from tillbridge.flows.operate.link_answers import DecidedAnswer, LinkAnswer
from tillbridge.flows.operate.preview_answers import PreviewRound
from tillbridge.runtime.migration_commands import MIGRATE
from tillbridge.runtime.operator_types import (
    Address,
    Arguments,
    Command,
    ConnectionId,
    Deed,
    Email,
    HoldId,
    Key,
    MerchantId,
    Name,
    Nonce,
    Nothing,
    Person,
    Place,
    QueueName,
    RequestId,
    SettingChanges,
    Sku,
)
from tillbridge.runtime.order_commands import ORDERS

A = TypeVar("A", bound=Arguments)
R = TypeVar("R")


MOST_DECISIONS = 2000
Text = Annotated[str, Field(max_length=300)]


class AddMerchant(Arguments):
    """A new merchant."""

    merchant: MerchantId
    name: Name
    email: Email = ""


class ChangeContact(Arguments):
    """Where mails about a merchant's connections go; "" for nowhere."""

    merchant: MerchantId
    email: Email


class ChangeSettings(Arguments):
    """Settings to change, all or none; with none they are only shown."""

    merchant: MerchantId
    changes: SettingChanges = Field(default_factory=dict)


class Invite(Arguments):
    """Make a link for connecting a system."""

    merchant: MerchantId | None = None
    system: System
    address: Address | None = None


class ConnectWithKeys(Arguments):
    """Connect a shop with keys that wait in the vault under ``pending``."""

    merchant: MerchantId | None = None
    system: System
    address: Address
    pending: Nonce


class ShowMany(Arguments):
    """One merchant, or everybody beginning at ``after``."""

    merchant: MerchantId | None = None
    after: MerchantId | None = None


class ShowHolds(ShowMany):
    """The holds that wait, or those that were dropped lately."""

    dropped: bool = False


class ShowPortion(Arguments):
    """A list that goes on within a merchant (``flows/operate/paging.py``), beginning behind ``after``."""

    merchant: MerchantId | None = None
    after: Place | None = None


class Preview(Arguments):
    """What a sync would write, after changes of settings that are not kept."""

    merchant: MerchantId | None = None
    shop: ConnectionId | None = None
    changes: SettingChanges = Field(default_factory=dict)
    after: Place | None = None


class ShowLinks(ShowPortion):
    """Links, all of them or those of one state."""

    state: LinkState | None = Field(default=None, description=f"Use one of {', '.join(LinkState)}.")


class DecisionLine(BaseModel):
    """One line of a file of decisions; what its texts mean is checked against the merchant's own rows."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    line: int = Field(ge=1, le=10_000_000)
    connection: Text = ""
    product: Text = ""
    item: Text = ""
    listing: Text = ""
    action: Text = ""


class LoadLinks(Arguments):
    """Decisions about links, all or none."""

    merchant: MerchantId | None = None
    rows: tuple[DecisionLine, ...] = Field(
        min_length=1,
        max_length=MOST_DECISIONS,
        description=f"Load 1 to {MOST_DECISIONS} lines with an action at once.",
    )


class NameConnection(Arguments):
    """One connection of a merchant."""

    merchant: MerchantId | None = None
    connection: ConnectionId


class StartSync(Arguments):
    """Look now."""

    merchant: MerchantId | None = None
    full: bool = False
    lane: Literal[Lane.STOCK, Lane.CATALOGUE] | None = None


class ExplainItem(Arguments):
    """An item by SKU or key."""

    merchant: MerchantId | None = None
    sku: Sku


class Retry(Arguments):
    """What to look at again: these keys, or everything that fails when there is none."""

    merchant: MerchantId | None = None
    keys: tuple[Key, ...] = Field(
        default=(), max_length=100, description="Give at most 100 keys that look like I42, M7 or 42."
    )


class NameHold(Arguments):
    """A plan that waits for a person."""

    merchant: MerchantId | None = None
    hold: HoldId


class NameQueue(Arguments):
    """A queue."""

    queue: QueueName


class ShowRequests(Arguments):
    """The requests of vendors that are open, or those that were settled lately as well."""

    everything: bool = False


class NameRequest(Arguments):
    """A request of a vendor, by the beginning of its id."""

    request: RequestId


class SettleRequest(NameRequest):
    """Who has settled a request of a vendor, and what was done."""

    by: Person
    what: Deed


ADD_MERCHANT = Command("merchant-add", AddMerchant, MerchantAnswer)
CONTACT = Command("merchant-contact", ChangeContact, MerchantAnswer)
LIST_MERCHANTS = Command("merchant-list", Nothing, tuple[MerchantAnswer, ...])
SETTINGS = Command("merchant-settings", ChangeSettings, SettingsAnswer)
INVITE = Command("connect", Invite, InvitationAnswer)
CONNECT_WITH_KEYS = Command("connect-with-keys", ConnectWithKeys, ConnectionAnswer)
CONNECTIONS = Command("connections", ShowMany, tuple[ConnectionAnswer, ...])
DISCONNECT = Command("disconnect", NameConnection, ConnectionAnswer)
PAUSE = Command("pause", NameConnection, ConnectionAnswer)
RESUME = Command("resume", NameConnection, ConnectionAnswer)
PREVIEW = Command("preview", Preview, tuple[PreviewRound, ...])
SYNC = Command("sync", StartSync, SyncAnswer)
STATUS = Command("status", ShowMany, tuple[MerchantStatus, ...])
ITEM = Command("item", ExplainItem, tuple[ItemAnswer, ...])
ERRORS = Command("errors", ShowMany, tuple[ProblemAnswer, ...])
LINKS = Command("links", ShowLinks, tuple[LinkAnswer, ...])
LOAD_LINKS = Command("links-load", LoadLinks, tuple[DecidedAnswer, ...])
RETRY = Command("retry", Retry, tuple[RetriedAnswer, ...])
HOLDS = Command("holds", ShowHolds, tuple[HoldAnswer, ...])
RELEASE = Command("release", NameHold, HoldAnswer)
DROP = Command("drop", NameHold, HoldAnswer)
QUEUES = Command("queues", Nothing, tuple[QueueAnswer, ...])
REDRIVE = Command("redrive", NameQueue, RedriveAnswer)
MAILS = Command("mail-list", ShowMany, tuple[MailAnswer, ...])
REQUESTS = Command("compliance-list", ShowRequests, tuple[ComplianceAnswer, ...])
REQUEST = Command("compliance-show", NameRequest, ComplianceAnswer)
SETTLE = Command("compliance-done", SettleRequest, ComplianceAnswer)
_EVERY: tuple[Command[Any, Any], ...] = (
    *(ADD_MERCHANT, CONTACT, LIST_MERCHANTS, SETTINGS, INVITE, CONNECT_WITH_KEYS, CONNECTIONS, DISCONNECT),
    *(PAUSE, RESUME),
    *(PREVIEW, SYNC, STATUS, ITEM, ERRORS, LINKS, LOAD_LINKS, RETRY, HOLDS, RELEASE, DROP, QUEUES, REDRIVE),
    MAILS,
    *(REQUESTS, REQUEST, SETTLE),
    *MIGRATE,
    *ORDERS,
)
COMMANDS: Mapping[str, Command[Any, Any]] = {command.name: command for command in _EVERY}


class Event(BaseModel):
    """What the function is invoked with."""

    model_config = ConfigDict(extra="forbid")

    command: str = Field(max_length=64)
    arguments: dict[str, Any] = Field(default_factory=dict, max_length=20)


def read_event(event: object) -> tuple[str, Mapping[str, Any]]:
    """Verify the envelope and that the command exists; ``InputError``."""
    try:
        read = Event.model_validate(event)
    except ValidationError as error:
        raise _refused(error, "event", Event) from None
    if read.command not in COMMANDS:
        raise InputError(
            "command", f"There is no command {read.command!r}.", remedy=f"Use one of {', '.join(COMMANDS)}."
        )
    return read.command, read.arguments


def read_arguments(command: Command[A, R], arguments: Mapping[str, Any]) -> A:
    """Verify a command's arguments; ``InputError`` names the first field that is wrong and says what it may be."""
    try:
        return command.arguments.model_validate(dict(arguments))
    except ValidationError as error:
        raise _refused(error, "arguments", command.arguments) from None


def render(command: Command[A, R], answer: R) -> Any:  # noqa: ANN401 - JSON
    """Turn an answer into JSON values: decimals and times as text."""
    return TypeAdapter(command.answer).dump_python(answer, mode="json")


def read_answer(command: Command[A, R], result: object) -> R:
    """Verify what the function answered; ``ValueError`` when it comes from another version."""
    return TypeAdapter(command.answer).validate_python(result)


def family_of(error: TillbridgeError) -> str:
    """Name the family of an error, by which the command line chooses its exit code."""
    match error:
        case NotFoundError():
            return "not_found"
        case InputError():
            return "input"
        case RetryLaterError():
            return "retry_later"
        case BrokenConnectionError():
            return "broken_connection"
        case _:
            return "rejected"


PLAIN = {
    "missing": "It is missing.",
    "string_pattern_mismatch": "It does not have the right form.",
    "string_unicode": "It has characters that cannot be shown.",
}


def _refused(error: ValidationError, whole: str, model: type[BaseModel]) -> InputError:
    """Tell the first thing that is wrong, without repeating what was given: it could be anything."""
    first = error.errors(include_input=False, include_url=False, include_context=False)[0]
    name = str(first["loc"][0]) if first["loc"] else whole
    if first["type"] == "extra_forbidden":
        known = ", ".join(model.model_fields) or "no field"
        return InputError(name, "There is no such field.", remedy=f"Use {known}.")
    happened = PLAIN.get(first["type"], first["msg"].removeprefix("Value error, "))
    told = model.model_fields.get(name)
    return InputError(name, happened, remedy=(told and told.description) or "See `tillbridge --help`.")
