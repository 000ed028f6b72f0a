"""The whole state of one store, guarded by one lock."""

import itertools
import random
import secrets
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sandbox.bigcommerce.catalogue.store import MetafieldStore, ProductStore
from sandbox.bigcommerce.dates import whole_seconds
from sandbox.bigcommerce.hooks.model import DeliveryQueue, Event, Reception, Webhook
from sandbox.bigcommerce.inventory.model import Adjustment, Level, Location
from sandbox.bigcommerce.settings import ApiAccount, App, InventorySettings, Settings, Switches
from sandbox.common.clock import Clock, SystemClock
from sandbox.common.instrument import Instruments
from sandbox.common.json_types import JsonObject

if TYPE_CHECKING:
    from sandbox.bigcommerce.catalogue.model import Brand, Category
    from sandbox.bigcommerce.sales.model import Customer, Order, Refund

_ASLEEP_AFTER = timedelta(days=90)
DEFAULT_LOCATION = 1


class Shop:
    """One store. Handlers hold `lock` while they read or write, and never while they call out or wait."""

    def __init__(self, settings: Settings | None = None, clock: Clock | None = None) -> None:
        """Set up an empty store with its first channel, category tree and location."""
        self.settings = settings or Settings()
        self.instruments = Instruments(clock=clock or SystemClock())
        self.lock = threading.RLock()
        self.home_url = "http://localhost"
        self._fill()

    def _fill(self) -> None:
        seed = self.settings.seed
        self.random = random.Random(secrets.token_bytes(32) if seed is None else seed)
        self.switches, self.inventory_settings, self.app = Switches(), InventorySettings(), App()
        self.next_id = _counter(101)
        self.next_order_id = _counter(1001)
        self.accounts = {account.token: account for account in self.settings.accounts}
        self.codes: dict[str, str] = {}
        """Authorization codes that were not used yet, with the scopes they stand for."""
        self.calls: list[datetime] = []
        """When the calls of the quota's present window came."""
        self.products = ProductStore()
        self.categories: dict[int, Category] = {}
        self.brands: dict[int, Brand] = {}
        self.metafields = MetafieldStore()
        self.locations = {DEFAULT_LOCATION: Location(DEFAULT_LOCATION, "BC-LOCATION-1", "Default location", self.now())}
        self.levels: dict[tuple[int, int], Level] = {}
        """Stock by variant (a product's base variant where it is tracked by product) and location."""
        self.adjustments: list[Adjustment] = []
        """Accepted stock adjustments that do not show yet."""
        self.orders: dict[int, Order] = {}
        self.refunds: dict[int, Refund] = {}
        self.customers: dict[int, Customer] = {}
        self.webhooks: dict[int, Webhook] = {}
        self.receptions: dict[tuple[str, str], Reception] = {}
        self.pending = DeliveryQueue()
        self.changes = 0

    def reset(self) -> None:
        """Forget everything but the settings, faults included; calls stay in the ledger."""
        with self.lock:
            self.instruments.faults.clear()
            self._fill()

    def now(self) -> datetime:
        """Give the present moment at the grain of the store's database."""
        return whole_seconds(self.instruments.clock.now())

    def seen_at(self, url: str) -> None:
        """Take `url` for the address at which the store's pictures are served."""
        self.home_url = url

    def emit(self, scope: str, data: JsonObject) -> None:
        """Note that something happened; hooks on it wait for the next round of deliveries."""
        self.changes += 1
        now = self.now()
        for hook in self.webhooks.values():
            self.put_to_sleep(hook, now)
            ready = now >= hook.created + timedelta(seconds=self.switches.hook_delay_seconds)
            if hook.active and ready and hook.listens_to(scope):
                hook.last_event = now
                self.pending.add(Event(hook.id, scope, data, now), self.reception(hook).open_from(now))

    def reception(self, hook: Webhook) -> Reception:
        """Give how well a hook's host takes deliveries."""
        return self.receptions.setdefault(hook.address, Reception())

    @staticmethod
    def put_to_sleep(hook: Webhook, now: datetime) -> None:
        """Switch a hook off that had nothing to send for 90 days."""
        if hook.active and now - hook.last_event >= _ASLEEP_AFTER:
            hook.active = False

    def new_account(self, scopes: tuple[str, ...], client: tuple[str, str] | None = None) -> ApiAccount:
        """Make up a token and let it in; `client` is the id and secret of the app, for tokens made by installing it."""
        with self.lock:
            client_id, client_secret = client or (self.secret(31), self.secret(64))
            account = ApiAccount(self.secret(31), client_id, client_secret, scopes, app=client is not None)
            self.accounts[account.token] = account
            return account

    def delete_account(self, token: str) -> None:
        """Let a token in no longer; the web hooks of its account go with it unless another token shares them."""
        with self.lock:
            account = self.accounts.pop(token)
            if all(other.client_id != account.client_id for other in self.accounts.values()):
                self.webhooks = {
                    hook.id: hook for hook in self.webhooks.values() if hook.client_id != account.client_id
                }

    def secret(self, length: int) -> str:
        """Make up a text of letters and digits."""
        return "".join(self.random.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=length))


def _counter(start: int) -> Callable[[], int]:
    return itertools.count(start).__next__
