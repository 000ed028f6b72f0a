"""Placeholder that proves the route: answers with its own name."""

from __future__ import annotations


def handler(_event: dict[str, object], _context: object) -> dict[str, object]:
    return {"statusCode": 200, "headers": {"content-type": "text/plain"}, "body": "oauth_callback"}
