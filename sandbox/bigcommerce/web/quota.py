"""The quota of 30 seconds that all accounts of a store share (facts/bigcommerce.md, "Limits")."""

from datetime import timedelta

from sandbox.bigcommerce.shop import Shop
from sandbox.bigcommerce.web.errors import ApiError

_WINDOW = timedelta(seconds=30)


class UsedUpError(ApiError):
    """The quota of this window is used up; `headers` say when the next one begins."""

    def __init__(self, headers: dict[str, str]) -> None:
        super().__init__(429, "The quota of this window is used up.")
        self.headers = headers


def take(shop: Shop) -> dict[str, str]:
    """Count a call; gives the headers that say what is left. Raises UsedUpError."""
    with shop.lock:
        now = shop.instruments.clock.now()
        if not shop.calls or now - shop.calls[0] >= _WINDOW:
            shop.calls = [now]
        else:
            shop.calls.append(now)
        quota, used = shop.settings.quota, len(shop.calls)
        left = shop.calls[0] + _WINDOW - now
    headers = {
        "X-Rate-Limit-Time-Window-Ms": str(_milliseconds(_WINDOW)),
        "X-Rate-Limit-Time-Reset-Ms": str(_milliseconds(left)),
        "X-Rate-Limit-Requests-Quota": str(quota),
        "X-Rate-Limit-Requests-Left": str(max(quota - used, 0)),
    }
    if used > quota:
        raise UsedUpError(headers)
    return headers


def _milliseconds(span: timedelta) -> int:
    return -(-span // timedelta(milliseconds=1))
