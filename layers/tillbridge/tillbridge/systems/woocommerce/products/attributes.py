"""Global attributes of a shop: those it has are used, missing ones are created."""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence

from tillbridge.domain.agreement import folded
from tillbridge.systems.common.pieces import in_pieces
from tillbridge.systems.common.wire import parsed
from tillbridge.systems.shop import Vocabulary
from tillbridge.systems.woocommerce.api.batch_call import write_batch
from tillbridge.systems.woocommerce.api.client import PAGE, WooClient
from tillbridge.systems.woocommerce.api.refusals import Refusal
from tillbridge.systems.woocommerce.api.wire import TermRow

KIND = "attribute"
ROUTE = "products/attributes"
LONGEST_SLUG = 28
"""Without its ``pa_`` (facts/woocommerce.md, "Products")."""

_NOT_IN_SLUGS = re.compile(r"[^a-z0-9]+")
_HASH_LENGTH = 6


class Attributes:
    """Finds and creates the attributes of one shop."""

    def __init__(self, client: WooClient, vocabulary: Vocabulary) -> None:
        self._client, self._vocabulary = client, vocabulary

    def ensure(self, names: Iterable[str]) -> dict[str, Refusal]:
        """Make sure that each name has an id; returns the refusals by name.

        A merchant's own attribute of that name is used. The list of attributes has no pages.
        """
        missing = [name for name in dict.fromkeys(names) if self._vocabulary.get(KIND, name) is None]
        if not missing:
            return {}
        missing = self._find(missing)
        refused = self._create(missing, slug)
        if refused:  # the name is reserved, its slug is taken, or somebody was faster
            missing = self._find(list(refused))
            refused = self._create(missing, slug_with_hash)
        return refused

    def _find(self, names: Sequence[str]) -> list[str]:
        """Remember the attributes that exist; returns the names that do not."""
        said = self._client.read(ROUTE)
        rows = parsed(list[TermRow], said, self._client.subject, "The list of attributes")
        ids: dict[str, int] = {}
        for row in sorted(rows, key=lambda row: row.id):
            ids.setdefault(folded(row.name), row.id)
        found = {name: str(ids[folded(name)]) for name in names if folded(name) in ids}
        if found:
            self._vocabulary.put(KIND, found)
        return [name for name in names if name not in found]

    def _create(self, names: Sequence[str], slug_of: Callable[[str], str]) -> dict[str, Refusal]:
        refused: dict[str, Refusal] = {}
        for piece in in_pieces(names, PAGE):
            bodies = [{"name": name, "slug": slug_of(name)} for name in piece]
            # Sent twice, a name is refused and then found in the list: so this may be repeated.
            answer = write_batch(self._client, ROUTE, TermRow, create=bodies, repeatable=True)
            results = list(zip(piece, answer.created, strict=True))
            created = {name: str(result.id) for name, result in results if isinstance(result, TermRow)}
            if created:
                self._vocabulary.put(KIND, created)
            refused |= {name: result for name, result in results if isinstance(result, Refusal)}
        return refused


def slug(name: str) -> str:
    """Make a short name of an attribute's name; one that has no Latin letters gets a hash instead."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return _NOT_IN_SLUGS.sub("-", plain)[:LONGEST_SLUG].strip("-") or slug_with_hash(name)


def slug_with_hash(name: str) -> str:
    """Make a short name that no other attribute has, for names that WordPress keeps to itself ("type", "order")."""
    digest = hashlib.sha256(name.encode()).hexdigest()[:_HASH_LENGTH]
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    beginning = _NOT_IN_SLUGS.sub("-", plain)[: LONGEST_SLUG - _HASH_LENGTH - 1].strip("-") or "option"
    return f"{beginning}-{digest}"
