"""How a store is set up, and what can be switched while it runs."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo

STANDARD_QUOTA = 150
"""Calls in a window on the plans Standard and Plus (facts/bigcommerce.md, "Limits")."""
NEEDED_SCOPES = (
    "store_v2_products",
    "store_v2_orders",
    "store_v2_transactions",
    "store_v2_customers",
    "store_inventory",
    "store_locations",
    "store_v2_information_read_only",
    "store_channel_settings_read_only",
)


@dataclass(frozen=True, slots=True)
class ApiAccount:
    """One API account: what it made (web hooks, ``app_only`` metafields) only it can see."""

    token: str
    client_id: str = "clientofthestore"
    client_secret: str = "secretofthestore"  # noqa: S105  made up
    scopes: tuple[str, ...] = NEEDED_SCOPES
    app: bool = False
    """Whether it came by installing the app, rather than from the merchant's panel."""

    def may(self, scope: str, *, write: bool) -> bool:
        """Tell whether the account has a scope, for writing or at least for reading."""
        return scope.removesuffix("_read_only") in self.scopes or (not write and _reading(scope) in self.scopes)


def _reading(scope: str) -> str:
    return f"{scope.removesuffix('_read_only')}_read_only"


@dataclass(slots=True)
class App:
    """The app as registered in the developer portal: its credentials and the addresses the store calls."""

    client_id: str = "clientoftheapp"
    client_secret: str = "secretoftheappthatisaslongasrealones"  # noqa: S105  made up
    scopes: tuple[str, ...] = NEEDED_SCOPES
    auth_callback: str = ""
    load_callback: str = ""
    uninstall_callback: str = ""
    remove_user_callback: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a merchant chose when setting up the store."""

    name: str = "Stand-in store"
    store_hash: str = "sandbox1"
    time_zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("America/New_York"))
    currency: str = "USD"
    weight_units: Literal["LBS", "Ounces", "KGS", "Grams", "Tonnes"] = "LBS"
    prices_include_tax: bool = False
    tax_percent: Decimal | None = None
    """The rate of tax; without it, the store calculates none."""
    coupons: dict[str, Decimal] = field(default_factory=lambda: {"tenoff": Decimal(10)})
    """Percentage off per coupon code."""
    accounts: tuple[ApiAccount, ...] = ()
    quota: int = STANDARD_QUOTA
    """Calls of all accounts together in a window of 30 seconds."""
    settle_seconds: float = 2
    """How long an accepted stock adjustment takes to show."""
    callback_seconds: float = 20
    """How long others may take to answer the store."""
    any_port: bool = False
    """Whether web hooks may go to other ports than 443, which the real one refuses; for use on one machine."""
    ca_file: str | None = None
    """Authority to trust when fetching pictures and calling others; the system's without it."""
    seed: int | None = 0
    """Seed of made-up keys; None draws them from the system's randomness."""


@dataclass(slots=True)
class Switches:
    """Conditions that tests and demos turn on and off while the store runs."""

    maintenance: bool = False
    """Every call answers 503, as for a store that is suspended or being moved."""
    overload: bool = False
    """Every call answers 429 without the headers of the quota: the platform itself is short of breath."""
    locked: bool = False
    """Writes answer 423."""
    plan_limit: bool = False
    """New products answer 507."""
    inventory_part_fails: bool = False
    """Products and variants are saved without their stock fields, and the answer is 207."""
    categories_needed: bool = False
    """New products need categories, as while the store's V2 product experience is on."""
    hook_delay_seconds: float = 0
    """How long a new web hook takes to work; up to a minute on the real one."""


@dataclass(slots=True)
class InventorySettings:
    """What the store does to stock by itself (facts/bigcommerce.md, "Inventory v3")."""

    update_stock_behavior: str = "order_placed"
    """``order_placed`` or ``order_completed_or_shipped``."""
    edit_order_stock_adjustment: bool = True
    refund_order_stock_adjustment: bool = True
    product_out_of_stock_behavior: str = "do_nothing"
    option_out_of_stock_behavior: str = "do_nothing"
    stock_level_display: str = "dont_show"
    default_out_of_stock_message: str = "Out of stock"
    hide_in_product_filtering: bool = False
    show_pre_order_stock_levels: bool = False
    show_out_of_stock_message: bool = True
