"""What a look at the shop found of products that were to be created."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from tillbridge.systems.common.linking import Linkable, Ours, Row, Taken, Verdict
from tillbridge.systems.common.progress import ProductProgress

Progress = TypeVar("Progress", bound=ProductProgress)


@dataclass(slots=True)
class Looked(Generic[Progress]):
    """What became of products that were to be created: to create, to complete, or settled already."""

    fresh: list[Progress] = field(default_factory=list)
    adopted: list[Progress] = field(default_factory=list)
    settled: list[Progress] = field(default_factory=list)

    def sort(
        self, progresses: Iterable[Progress], judge: Callable[[Progress], Verdict[Row]]
    ) -> tuple[list[tuple[Progress, Linkable[Row]]], list[tuple[Progress, str]]]:
        """Note what is new and what is refused; returns what is to be linked, and what is ours with its listing."""
        linkable: list[tuple[Progress, Linkable[Row]]] = []
        ours: list[tuple[Progress, str]] = []
        for progress in progresses:
            match judge(progress):
                case Linkable() as verdict:
                    linkable.append((progress, verdict))
                case Ours(product_id):
                    ours.append((progress, product_id))
                case Taken(error):
                    progress.fail(error)
                    self.settled.append(progress)
                case _:
                    self.fresh.append(progress)
        return linkable, ours
