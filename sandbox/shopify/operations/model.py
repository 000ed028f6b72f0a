"""Bulk operations and staged uploads, as the shop keeps them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

LASTING = timedelta(days=7)
"""How long a result can be fetched (facts/shopify.md, section 9)."""


@dataclass(slots=True)
class StagedUpload:
    """A place where an app may put a file, and the file once it is there."""

    key: str
    resource: str
    filename: str
    mime_type: str
    method: str
    parameters: Mapping[str, str]
    """What a form has to repeat."""
    content: bytes | None = None

    @property
    def lines(self) -> list[bytes]:
        """Give the lines of what was put here."""
        return [line for line in (self.content or b"").splitlines() if line.strip()]


@dataclass(slots=True)
class BulkOperation:
    """A bulk query or mutation. It begins with its work when `due` has come; until then it is CREATED or RUNNING."""

    id: int
    type: str
    query: str
    client_id: str
    scopes: frozenset[str]
    created_at: datetime
    due: datetime
    upload_key: str | None = None
    group_objects: bool = False
    status: str = "CREATED"
    error_code: str | None = None
    completed_at: datetime | None = None
    object_count: int = 0
    root_object_count: int = 0
    told: list[dict[str, Any]] = field(default_factory=list)
    """What has been done so far, a row for each line."""
    result: bytes | None = None

    def expired(self, now: datetime) -> bool:
        """Tell whether its result can no longer be fetched."""
        return self.completed_at is not None and now >= self.completed_at + LASTING

    @property
    def file_size(self) -> int | None:
        return None if self.result is None else len(self.result)
