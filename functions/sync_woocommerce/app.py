"""Placeholder that proves the queue mapping: accepts every message."""

from __future__ import annotations


def handler(_event: dict[str, object], _context: object) -> dict[str, object]:
    return {"batchItemFailures": []}
