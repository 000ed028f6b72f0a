"""What ``item`` answers: what the till says of an item, and what each shop should show, acknowledged and shows.

*desired* is what the shop should show, *known* what it last acknowledged, *observed* what it showed just now.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from tillbridge.domain.merchant import ConnectionState, Lane, System
from tillbridge.domain.settings import Owner
from tillbridge.domain.stock import Quantity, StockMode
from tillbridge.flows.operate.answers import Term


class Step(StrEnum):
    """How one value of one shop stands."""

    IN_STEP = "in step"
    PENDING = "pending"  # it differs and will be written
    FAILING = "failing"  # it differs and the last try did not go through
    DRIFT = "changed in the shop"  # the shop shows something else than it acknowledged
    LEFT = "left to the shop"  # it differs, and the shop decides
    UNTRACKED = "not tracked"  # the till keeps no stock of it
    NOT_LISTED = "not in the shop"
    NOT_WANTED = "not wanted"  # it should not be on sale


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceAnswer:
    """A price of the till."""

    level: str
    name: str
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelAnswer:
    """The stock at one location of the till; ``counted`` when it is part of what some shop shows."""

    location: str
    name: str
    on_hand: Decimal
    sellable: Decimal
    updated_at: datetime
    counted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TillItem:
    """An item as last read from the till."""

    item: str
    product: str
    description: str
    system_sku: str
    custom_sku: str
    manufacturer_sku: str
    upc: str
    ean: str
    item_type: str
    archived: bool
    gone: bool  # the till no longer has it: deleted, or merged into another item
    publish_to_web: bool
    matrix: str | None
    options: tuple[str, ...]
    prices: tuple[PriceAnswer, ...]
    stock: tuple[LevelAnswer, ...]
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonAnswer:
    """Why something is not shown, or failed, and what to do."""

    code: str
    happened: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StockInShop:
    """The stock of an item in a shop; ``terms`` add up to ``desired`` before it is rounded down.

    It is never below 0 unless backorders are allowed; ``mode`` says what becomes of the locations that count, and
    ``rule`` the same in words.
    """

    step: Step
    desired: Quantity | None
    known: Quantity | None
    observed: Quantity | None
    mode: StockMode
    rule: str
    terms: tuple[Term, ...]
    missing: tuple[str, ...]  # locations whose stock was never read: nothing is written until it was
    sent_at: datetime | None
    acknowledged_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldInShop:
    """One field of an item's listing; ``terms`` tell where a price comes from."""

    name: str
    owner: Owner
    step: Step
    desired: str | None
    known: str | None
    observed: str | None
    terms: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAnswer:
    """A look that waits: since when, until when, and after how many failures."""

    lane: Lane
    key: str
    since: datetime
    due_at: datetime
    tries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemInShop:
    """An item in one shop. ``reasons`` say why it is withheld or blocked, or what failed.

    ``observed_at`` is empty when the shop could not be asked; ``unobserved`` says why. ``verified_at`` is when a
    reconcile last saw the whole listing equal to the till.
    """

    connection: str
    system: System
    name: str
    state: ConnectionState
    listing: str
    wanted: str  # "shown", "withheld", "blocked"
    reasons: tuple[ReasonAnswer, ...]
    waiting: tuple[LookAnswer, ...]
    stock: StockInShop
    fields: tuple[FieldInShop, ...]
    acknowledged_at: datetime | None
    verified_at: datetime | None
    observed_at: datetime | None
    unobserved: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemAnswer:
    """An item in the till and in every shop."""

    merchant: str
    till: TillItem
    shops: tuple[ItemInShop, ...]
