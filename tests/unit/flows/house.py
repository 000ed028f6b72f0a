"""The vendor in memory, who outlives each of our processes: keys until their day, grants, and a till per account."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from tests.fakes.clock import FakeClock
from tests.fakes.crash import Crash
from tests.fakes.till import FakeTill
from tests.unit.domain.samples import REFERENCE, item
from tillbridge.domain.errors import UnauthorisedError
from tillbridge.domain.grant import Secret, TokenPair
from tillbridge.domain.stock import StockLevel
from tillbridge.systems.till import TillAccount


def no_fault(_: str) -> None:
    """Let every call through."""


@dataclass
class House:
    """The vendor: keys until their day, grants side by side, and a till per account."""

    clock: FakeClock
    keys: dict[str, str] = field(default_factory=dict)  # key -> account
    keys_until: datetime = datetime(2017, 1, 1, tzinfo=UTC)
    accounts: dict[str, TillAccount] = field(default_factory=dict)
    tills: dict[str, FakeTill] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    access: dict[str, str] = field(default_factory=dict)  # access token -> account
    fault: Callable[[str], None] = no_fault
    asked: list[str] = field(default_factory=list)  # "key" or "token", in the order of calls
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    def open(self, account: str, key: str, items: int = 3) -> None:
        """Open an account with a key and some items."""
        self.keys[key] = account
        self.accounts[account] = TillAccount(account, f"Shop {account}")
        till = self.tills[account] = FakeTill(self.clock, reference_lists=REFERENCE, page_size=100)
        for number in range(1, items + 1):
            till.put(item(str(number)), StockLevel(str(number), "1", Decimal(5), Decimal(5), self.clock.now()))

    def by_key(self, key: str) -> str:
        self.fault("till by key")
        self.asked.append("key")
        if key not in self.keys or self.clock.now() >= self.keys_until:
            raise UnauthorisedError("Lightspeed does not accept the API key any more.", code="KeyRefused")
        return self.keys[key]

    def by_token(self, access: str) -> str:
        self.fault("till by token")
        self.asked.append("token")
        if access not in self.access:
            raise UnauthorisedError("The vendor no longer takes the authorisation.", code="GrantDead")
        return self.access[access]

    def approve(self, account: str) -> str:
        code = f"code-{next(self.numbers)}"
        self.codes[code] = account
        return code

    def issue(self, code: str) -> TokenPair:
        self.fault("token server")
        if code not in self.codes:
            raise UnauthorisedError("The code is not known.")
        return self.pair(self.codes.pop(code))

    def pair(self, account: str) -> TokenPair:
        number, now = next(self.numbers), self.clock.now()
        self.access[f"access-{number}"] = account
        return TokenPair(Secret(f"access-{number}"), Secret(f"refresh-{number}"), now, now + timedelta(hours=1))

    def end_grants(self, account: str) -> None:
        """Let the merchant revoke whatever was authorised."""
        self.access = {token: owner for token, owner in self.access.items() if owner != account}

    def revoke(self, connection_id: str, token: Secret) -> None:
        self.access.pop(token.reveal().replace("refresh", "access"), None)


@dataclass(frozen=True)
class Seen:
    """A till as one credential shows it."""

    house: House
    account_of: Callable[[], str]

    def account(self) -> TillAccount:
        return self.house.accounts[self.account_of()]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.house.tills[self.account_of()], name)


@dataclass
class FakeAuthoriser:
    house: House
    crash: Crash

    def rights(self, *, selling: bool = False) -> dict[str, str]:
        return {}

    def link(self, state: str, browser: str, *, selling: bool = False) -> str:
        return f"https://vendor.example/authorize?state={state}"

    def exchange(self, code: str, state: str, browser: str) -> TokenPair:
        self.crash.step("before exchange")
        pair = self.house.issue(code)
        self.crash.step("after exchange")
        return pair

    def revoke(self, pair: TokenPair) -> None:
        self.house.revoke("", pair.refresh)
