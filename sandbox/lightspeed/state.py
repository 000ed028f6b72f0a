"""All that one stand-in knows, guarded by one lock."""

import threading

from sandbox.common.clock import Clock, SystemClock
from sandbox.lightspeed.api.rights import rights_of
from sandbox.lightspeed.clock import ShiftedClock
from sandbox.lightspeed.limits import Limiter
from sandbox.lightspeed.oauth.authorization import Authorizations, Clients
from sandbox.lightspeed.oauth.grants import Grant, Grants
from sandbox.lightspeed.retailer import Retailer
from sandbox.lightspeed.settings import Settings


class Lightspeed:
    """The state of a stand-in. Handlers hold `lock` while they work with it."""

    def __init__(self, settings: Settings | None = None, clock: Clock | None = None) -> None:
        """Set up the retailer and the servers."""
        self.settings = settings = settings or Settings()
        self.clock = ShiftedClock(clock or SystemClock())
        self.lock = threading.RLock()
        self.api_keys = {key.key: key for key in settings.api_keys}
        self.api_keys_until = settings.api_keys_until
        self.next_host: str | None = None
        """Another scheme and host for the addresses of next pages, to see what a client does with them."""
        self.retailer = Retailer(seed=settings.seed, items=settings.items, now=self.second)
        now, rules = self.clock.now, settings.rules
        self.clients = Clients(settings.clients, now)
        self.authorizations = Authorizations(
            self.clients, seed=settings.seed, rules=rules, loopback=settings.loopback_redirects, now=now
        )
        self.grants = Grants(
            seed=settings.seed,
            account_id=settings.account_id,
            seconds=settings.token_seconds,
            rules=rules,
            now=now,
        )
        self.limiter = Limiter(
            settings.bucket_size,
            settings.drip_rate,
            now,
            burst=rules.burst_limiter,
            show_cost=rules.prices_of_2026,
        )

    def second(self) -> int:
        """Give the present epoch second: the API's times have no fractions."""
        return int(self.clock.now().timestamp())

    def may_log_in(self, employee_id: int) -> bool:
        """Tell whether an employee is there, not locked and not archived; if not, no token of theirs works."""
        row = self.retailer.employees.get(employee_id)
        return row is not None and row.columns["lockOut"] == "false" and row.columns["archived"] == "false"

    def rights_of(self, grant: Grant) -> frozenset[str]:
        """Give what a grant's tokens may do now."""
        return rights_of(grant.scopes, self.retailer.rights(grant.employee_id))
