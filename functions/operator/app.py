"""Placeholder that proves the deployment: answers with its own name."""

from __future__ import annotations


def handler(_event: dict[str, object], _context: object) -> dict[str, object]:
    return {"function": "operator"}
