"""Reads the till's headers that tell how full its bucket is (facts/lightspeed.md, A2). Pure."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from tillbridge.systems.http.allowance import Allowance


def read_headers(known: Allowance | None, headers: Mapping[str, str], now: datetime) -> Allowance:
    """Take over what an answer's headers say; what they leave out stays as known."""
    before = known or Allowance(now)
    fresh = replace(before, at=now, level=before.level_at(now), burst=0.0)
    if level := _fraction(headers.get("X-LS-API-Bucket-Level", "")):
        fresh = replace(fresh, level=level[0], size=level[1])
    if burst := _fraction(headers.get("X-LS-API-Burst-Level", "")):
        fresh = replace(fresh, burst=burst[0], burst_limit=burst[1])
    if drip := _number(headers.get("X-LS-API-Drip-Rate", "")):
        fresh = replace(fresh, drip=drip)
    return fresh


def _fraction(text: str) -> tuple[float, float] | None:
    """Read ``75.898/90``."""
    used, slash, most = text.partition("/")
    if not slash or not (limit := _number(most)):
        return None
    level = _number(used)
    return None if level is None else (level, limit)


def _number(text: str) -> float | None:
    """Read a number that is not negative; ``None`` for everything else, ``nan`` and ``inf`` included."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if 0 <= number < float("inf") else None
