"""The whole state of one shop, guarded by one lock."""

import itertools
import random
import secrets
import string
import threading
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sandbox.common.clock import Clock, SystemClock
from sandbox.common.instrument import Instruments
from sandbox.magento.catalogue import standard
from sandbox.magento.catalogue.store import ProductStore
from sandbox.magento.dates import whole_seconds
from sandbox.magento.integrations import Integration, Token
from sandbox.magento.settings import Secrets, Settings, Switches
from sandbox.magento.stock.model import Inventory

if TYPE_CHECKING:
    from sandbox.magento.sales.model import Cart, Customer, Document, Order, Rule
    from sandbox.magento.web.bulk import Bulk

_SECRET_LENGTH = 32
_ALPHABET = string.ascii_lowercase + string.digits


class Shop:
    """One shop. Handlers hold `lock` while they read or write, and never while the shop calls out or waits."""

    def __init__(self, settings: Settings | None = None, clock: Clock | None = None) -> None:
        """Set up a fresh shop with one website, its default source, and the integrations of the settings."""
        self.settings = settings or Settings()
        self.switches = Switches()
        self.instruments = Instruments(clock=clock or SystemClock())
        self.lock = threading.RLock()
        self.base_url = self.settings.base_url or f"http://localhost{self.settings.base_path}"
        self._address_fixed = self.settings.base_url is not None
        seed = self.settings.seed
        self.random = random.Random(secrets.token_bytes(32) if seed is None else seed)
        self.owed = threading.local()
        self.integrations: dict[int, Integration] = {}
        self.next_integration_id = _counter(1)
        for keys in self.settings.integrations:
            self._let_in(keys)
        self.reset()

    def reset(self) -> None:
        """Empty the shop; integrations and switches stay."""
        self.next_id, self.next_row_id = _counter(1), _counter(1)
        self.next_option_id, self.next_attribute_id, self.next_set_id = _counter(10), _counter(200), _counter(10)
        self.next_category_id, self.next_stock_id = _counter(3), _counter(2)
        self.next_order_id, self.next_line_id, self.next_customer_id = _counter(1), _counter(1), _counter(1)
        self.next_invoice_id, self.next_shipment_id, self.next_creditmemo_id = _counter(1), _counter(1), _counter(1)
        self.products = ProductStore()
        self.attributes = standard.attributes()
        self.sets = standard.attribute_sets(list(self.attributes))
        self.categories = standard.categories(self.now())
        self.files: dict[str, bytes] = {}
        self.inventory = Inventory()
        self.carts: dict[str, Cart] = {}
        self.orders: dict[int, Order] = {}
        self.invoices: dict[int, Document] = {}
        self.shipments: dict[int, Document] = {}
        self.creditmemos: dict[int, Document] = {}
        self.customers: dict[int, Customer] = {}
        self.rules: dict[int, Rule] = {}
        self.bulks: dict[str, Bulk] = {}
        self.orphans: list[str] = []
        self.category_index: dict[int, list[dict[str, Any]]] = {}
        self.nonces: dict[tuple[str, str], datetime] = {}
        self.admin_tokens: dict[str, datetime] = {}
        self.changes = 0

    def _let_in(self, keys: Secrets) -> Integration:
        number = self.next_integration_id()
        token = Token("access", keys.access_token, keys.access_secret)
        integration = Integration(number, f"Integration {number}", keys.consumer_key, keys.consumer_secret)
        integration.active, integration.token = True, token
        self.integrations[number] = integration
        return integration

    def new_secrets(self) -> Integration:
        """Make an integration that was activated without a handshake: its four secrets are there to be pasted."""
        return self._let_in(Secrets(*(self.secret() for _ in range(4))))

    def secret(self) -> str:
        """Make up one secret: 32 lower-case letters and digits."""
        return "".join(self.random.choices(_ALPHABET, k=_SECRET_LENGTH))

    def fix_address(self, url: str) -> None:
        """Give `url` as the shop's own address from now on, wherever it is called at."""
        self.base_url, self._address_fixed = url, True

    def seen_at(self, url: str) -> None:
        """Take the address of a call as the shop's own, unless it was given one."""
        if not self._address_fixed:
            self.base_url = url

    def now(self) -> datetime:
        return whole_seconds(self.instruments.clock.now())

    def begin_call(self) -> None:
        """Owe nothing; what the owner did at a control action costs no time."""
        self.owed.seconds = 0.0

    def owe(self, seconds: float) -> None:
        """Note time that the call in hand takes; it is spent when no lock is held."""
        self.owed.seconds = getattr(self.owed, "seconds", 0.0) + seconds

    def pay(self) -> None:
        """Spend the time that is owed."""
        seconds, self.owed.seconds = getattr(self.owed, "seconds", 0.0), 0.0
        if seconds:
            self.instruments.clock.sleep(seconds)

    def changed(self) -> None:
        """Note that the data is no longer what it was."""
        self.changes += 1


def _counter(start: int) -> Callable[[], int]:
    return itertools.count(start).__next__
