"""What a look at the shop found of products that were to be created."""

from dataclasses import dataclass, field
from typing import Generic, TypeVar

from tillbridge.systems.common.progress import ProductProgress

Progress = TypeVar("Progress", bound=ProductProgress)


@dataclass(slots=True)
class Looked(Generic[Progress]):
    """What became of products that were to be created: to create, to complete, or settled already."""

    fresh: list[Progress] = field(default_factory=list)
    adopted: list[Progress] = field(default_factory=list)
    settled: list[Progress] = field(default_factory=list)
