"""What is kept of an operation that is under way, so that whoever comes after a killed worker goes on with it."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime

from tillbridge.systems.shop import Vocabulary
from tillbridge.systems.shopify.api.bulk import Started

KIND, NAME = "bulk", "batch"


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Products that are made together. ``lines`` holds a digest of what was sent by product key, in the file's order.

    ``publish`` follows ``create`` once its results are known; ``published`` are the keys of its lines.
    """

    lines: Mapping[str, str]
    create: Started
    publish: Started | None = None
    published: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class BatchMemory:
    """Keeps one batch with the vocabulary, which outlives a run."""

    vocabulary: Vocabulary

    def load(self) -> Batch | None:
        """Give what was kept; ``None`` when there is nothing, or nothing that can be read."""
        text = self.vocabulary.get(KIND, NAME)
        return _read(text) if text else None

    def keep(self, batch: Batch) -> None:
        """Keep a batch in the place of the one before."""
        self.vocabulary.put(KIND, {NAME: json.dumps(asdict(batch), default=str, separators=(",", ":"))})

    def forget(self) -> None:
        """Keep nothing any more: our own key in each product decides from here on."""
        self.vocabulary.forget(KIND)


def _read(text: str) -> Batch | None:
    try:
        said = json.loads(text)
        publish = said["publish"]
        return Batch(
            lines=dict(said["lines"]),
            create=_started(said["create"]),
            publish=_started(publish) if publish else None,
            published=tuple(said["published"]),
        )
    except (ValueError, KeyError, TypeError):
        return None


def _started(said: Mapping[str, str]) -> Started:
    return Started(path=said["path"], since=datetime.fromisoformat(said["since"]), number=said["number"])
