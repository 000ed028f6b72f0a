"""The state of one shop."""

import random
import secrets
import threading
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sandbox.common.clock import Clock, SystemClock
from sandbox.common.instrument import Instruments
from sandbox.shopify.catalogue.model import (
    Collection,
    FileRow,
    Metafield,
    MetafieldDefinition,
    Product,
    ProductDeleteOperation,
    ProductSetOperation,
    ProductVariant,
    Publication,
)
from sandbox.shopify.hooks.model import Subscriptions, WebhookSubscription
from sandbox.shopify.ids import Numbers
from sandbox.shopify.settings import App, Settings, Switches
from sandbox.shopify.stock.model import InventoryAdjustmentGroup, InventoryItem, InventoryLevel, Location
from sandbox.shopify.web.throttle import Bucket
from sandbox.shopify.web.tokens import Token, TokenStore

if TYPE_CHECKING:
    from sandbox.shopify.operations.model import BulkOperation, StagedUpload
    from sandbox.shopify.sales.model import Customer, Fulfillment, FulfillmentOrder, Order, Refund
    from sandbox.shopify.web.idempotency import Attempt
    from sandbox.shopify.web.index import Index


class Shop:
    """One shop. Handlers hold `lock` while they read or write, and never while they wait."""

    def __init__(self, settings: Settings | None = None, clock: Clock | None = None) -> None:
        """Set up an empty shop with its locations, channels and registered apps."""
        self.settings = settings or Settings()
        self.switches = Switches()
        self.instruments = Instruments(clock=clock or SystemClock())
        self.lock = threading.RLock()
        self.home_url = self.settings.home_url or "http://localhost"
        self._address_fixed = self.settings.home_url is not None
        self.apps: dict[str, App] = {app.client_id: app for app in self.settings.apps}
        self.old_secrets: dict[str, str] = {}
        """Secrets before the last rotation, with which web hooks are signed for up to an hour more."""
        self.uninstalled: set[str] = set()
        """Apps that the merchant has thrown out; they come back through the consent page."""
        self.tokens = TokenStore()
        self.reset()

    def reset(self) -> None:
        """Forget everything but the apps and their tokens."""
        seed = self.settings.seed
        self.random = random.Random(secrets.token_bytes(32) if seed is None else seed)
        self.numbers = Numbers()
        self.created = self.now()
        self.products: dict[int, Product] = {}
        self.variants: dict[int, ProductVariant] = {}
        self.items: dict[int, InventoryItem] = {}
        self.levels: dict[tuple[int, int], InventoryLevel] = {}
        self.adjustments: dict[int, InventoryAdjustmentGroup] = {}
        self.locations: dict[int, Location] = {}
        self.publications: dict[int, Publication] = {}
        self.collections: dict[int, Collection] = {}
        self.files: dict[int, FileRow] = {}
        self.metafields: dict[tuple[str, str, str], Metafield] = {}
        self.owners_by_value: dict[tuple[str, str, str, str], str] = {}
        """Owners of metafields by owner type, namespace, key and value."""
        self.handles: dict[str, int] = {}
        """Products by handle."""
        self.definitions: dict[int, MetafieldDefinition] = {}
        self.product_operations: dict[int, ProductSetOperation | ProductDeleteOperation] = {}
        self.uploads: dict[str, StagedUpload] = {}
        self.bulk: dict[int, BulkOperation] = {}
        self.orders: dict[int, Order] = {}
        self.refunds: dict[int, Refund] = {}
        self.fulfillments: dict[int, Fulfillment] = {}
        self.fulfillment_orders: dict[int, FulfillmentOrder] = {}
        self.customers: dict[int, Customer] = {}
        self.subscriptions = Subscriptions()
        self.buckets: dict[str, Bucket] = {}
        self.attempts: dict[tuple[str, str], Attempt] = {}
        self.keys_in_flight: set[tuple[str, str]] = set()
        self.indexes: dict[str, Index[Any]] = {}
        self.changes = 0
        self._furnish()

    def _furnish(self) -> None:
        now = self.now()
        for place in self.settings.places:
            number = self.numbers.next("Location")
            self.locations[number] = Location(
                number, place.name, now, now, True, place.fulfillment_service, place.fulfills_online_orders
            )
        for name in self.settings.channels:
            number = self.numbers.next("Publication")
            self.publications[number] = Publication(number, name)
        for app in self.apps.values():
            if app.compliance_uri:
                self._configure_compliance(app, now)

    def _configure_compliance(self, app: App, now: datetime) -> None:
        for topic in ("CUSTOMERS_DATA_REQUEST", "CUSTOMERS_REDACT", "SHOP_REDACT"):
            number = self.numbers.next("WebhookSubscription")
            self.subscriptions.rows[number] = WebhookSubscription(
                number, app.client_id, topic, app.compliance_uri, now, now, by_api=False
            )

    def seen_at(self, url: str) -> None:
        """Take `url` for the address of the shop's files unless one is fixed."""
        if not self._address_fixed:
            self.home_url = url

    def fix_address(self, url: str) -> None:
        """Give `url` as the address of the shop's files from now on."""
        self.home_url, self._address_fixed = url, True

    def now(self) -> datetime:
        """Give the present moment at the grain of the API."""
        return self.instruments.clock.now().replace(microsecond=0)

    def spend(self, seconds: float) -> None:
        """Let time pass; the lock must not be held."""
        if seconds:
            self.instruments.clock.sleep(seconds)

    def bucket_of(self, app: App) -> Bucket:
        """Give an app's bucket of cost points, filled up to now."""
        now = self.instruments.clock.now()
        bucket = self.buckets.setdefault(app.client_id, Bucket.full(self.settings.limits, now))
        bucket.refill(now)
        return bucket

    def made_up(self, prefix: str) -> str:
        """Make up a token."""
        return f"{prefix}{self.random.getrandbits(128):032x}"

    def issue(self, app: App, scopes: tuple[str, ...] | None = None) -> Token:
        """Give an app a token that never expires, as apps made in the shop's own admin have."""
        with self.lock:
            return self.tokens.add(Token(self.made_up("shpat_"), app, app.scopes if scopes is None else scopes))

    def register_made_up_app(self) -> App:
        """Register an app with made-up credentials."""
        with self.lock:
            app = App(f"{self.random.getrandbits(128):032x}", self.made_up("shpss_"))
            self.apps[app.client_id] = app
            return app

    def rotate_secret(self, client_id: str) -> App:
        """Give an app a new secret; the old one still signs web hooks until it is forgotten."""
        with self.lock:
            app = self.apps[client_id]
            self.old_secrets[client_id] = app.secret
            renewed = replace(app, secret=self.made_up("shpss_"))
            self.apps[client_id] = renewed
            self.tokens.replace_app(renewed)
            return renewed

    def forget_subscriptions(self, client_id: str) -> None:
        """Delete the subscriptions that an app made by the API."""
        for row in list(self.subscriptions.rows.values()):
            if row.client_id == client_id and row.by_api:
                del self.subscriptions.rows[row.id]

    def summary(self) -> Mapping[str, int]:
        """Count what there is."""
        return {
            "products": len(self.products),
            "variants": len(self.variants),
            "orders": len(self.orders),
            "customers": len(self.customers),
            "webhooks": len(self.subscriptions.rows),
            "waiting_deliveries": len(self.subscriptions.waiting),
            "changes": self.changes,
        }
