"""Bulk operations and staged uploads, as the shop keeps them."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(slots=True)
class StagedUpload:
    """A place where an app may put a file, and the file once it is there."""

    key: str
    resource: str
    filename: str
    mime_type: str
    method: str
    content: bytes | None = None


@dataclass(slots=True)
class BulkOperation:
    """A bulk query or mutation. It runs when `due` has come; until then it is CREATED or RUNNING."""

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
    result: bytes | None = None

    @property
    def file_size(self) -> int | None:
        return None if self.result is None else len(self.result)
