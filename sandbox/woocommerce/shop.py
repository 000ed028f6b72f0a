"""The whole state of one shop, guarded by one lock."""

import itertools
import random
import secrets
import threading
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from sandbox.common.clock import Clock, SystemClock
from sandbox.common.instrument import Instruments
from sandbox.woocommerce.catalogue.store import ProductStore
from sandbox.woocommerce.catalogue.terms_store import TermStore
from sandbox.woocommerce.dates import whole_seconds
from sandbox.woocommerce.hooks.model import DeliveryQueue, Pending, Webhook
from sandbox.woocommerce.sales.model import Customer, Order
from sandbox.woocommerce.settings import ApiKey, Settings, Switches

if TYPE_CHECKING:
    from sandbox.woocommerce.catalogue.model import Image

_OWNER_EMAIL = "owner@shop.invalid"


class Shop:
    """One shop. Handlers hold `lock` while they read or write, and never while they call out or wait."""

    def __init__(self, settings: Settings | None = None, clock: Clock | None = None) -> None:
        """Set up an empty shop whose one user is its administrator."""
        self.settings = settings or Settings()
        self.switches = Switches()
        self.instruments = Instruments(clock=clock or SystemClock())
        self.lock = threading.RLock()
        self.home_url = self.settings.home_url or f"http://localhost{self.settings.base_path}"
        self._address_fixed = self.settings.home_url is not None
        seed = self.settings.seed
        self.random = random.Random(secrets.token_bytes(32) if seed is None else seed)
        # posts (products, pictures, orders) share one row of ids, as in WordPress; the others have their own
        self.next_post_id, self.next_row_id, self.next_user_id = _counter(10), _counter(1), _counter(1)
        self.next_attribute_id, self.next_webhook_id, self.next_key_id = _counter(1), _counter(1), _counter(1)
        self.next_order_number = _counter(1001)
        self.keys = {key.key: key for key in self.settings.keys}
        self.nonces: dict[tuple[str, str], int] = {}
        self.products = ProductStore()
        self.terms = TermStore(_counter(15))
        self.images: dict[int, Image] = {}
        self.image_paths: dict[str, int] = {}
        self.orders: dict[int, Order] = {}
        self.customers: dict[int, Customer] = {}
        self.webhooks: dict[int, Webhook] = {}
        self.pending = DeliveryQueue()
        self.changes = 0
        self._add_owner()

    def _add_owner(self) -> None:
        now = self.now()
        owner = Customer(self.next_user_id(), now, now, _OWNER_EMAIL, "owner", role="administrator")
        self.customers[owner.id] = owner

    def fix_address(self, url: str) -> None:
        """Give `url` as the shop's own address from now on, wherever it is called at."""
        self.home_url, self._address_fixed = url, True

    def seen_at(self, url: str) -> None:
        """Take `url` for the shop's own address unless one is fixed."""
        if not self._address_fixed:
            self.home_url = url

    def now(self) -> datetime:
        """Give the present moment at the grain of the shop's database."""
        return whole_seconds(self.instruments.clock.now())

    def spend(self, seconds: float) -> None:
        """Let work take its time; the lock must not be held."""
        if seconds:
            self.instruments.clock.sleep(seconds)

    def emit(self, topic: str, object_id: int) -> None:
        """Note that something happened; hooks on it wait for cron, merged with one already waiting."""
        self.changes += 1
        now = self.now()
        for hook in self.webhooks.values():
            if hook.status == "active" and hook.topic == topic:
                self.pending.add(Pending(hook.id, object_id), now)

    def new_key(self, role: str = "administrator", permissions: str = "read_write") -> ApiKey:
        """Make up a key and let it in."""
        with self.lock:
            key = ApiKey(
                f"ck_{self.random.getrandbits(160):040x}",
                f"cs_{self.random.getrandbits(160):040x}",
                permissions,
                role,
                self.next_key_id(),
            )
            self.keys[key.key] = key
            return key

    def delete_key(self, key: ApiKey) -> None:
        """Let a key in no longer."""
        with self.lock:
            self.keys.pop(key.key, None)


def _counter(start: int) -> Callable[[], int]:
    return itertools.count(start).__next__
