"""The store's ids of categories: found in its tree, or created level by level, and remembered.

The ids live in the ``Vocabulary``, so that a known name costs no call. The tree is read whole, once, when a name is
missing: it has few pages, and names are unique below one parent only (facts/bigcommerce.md, "Catalog v3").
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tillbridge.domain.agreement import folded
from tillbridge.domain.errors import ItemRejectedError, MisconfiguredSystemError
from tillbridge.domain.planning import as_text
from tillbridge.systems.bigcommerce.api.client import BigClient, Written
from tillbridge.systems.bigcommerce.api.refusals import RefusedError
from tillbridge.systems.bigcommerce.api.wire import CategoryRow, NamedRow
from tillbridge.systems.common.pieces import in_pieces
from tillbridge.systems.common.wire import parsed
from tillbridge.systems.shop import Vocabulary

CATEGORY, TREE = "category", "tree"
ROUTE = "v3/catalog/trees/categories"
MOST = 50
Path = tuple[str, ...]


@dataclass(slots=True)
class Categories:
    """Keeps the categories of one store complete."""

    client: BigClient
    vocabulary: Vocabulary
    _ids: dict[tuple[int, str], int] | None = field(default=None, init=False)  # the tree, once it was read
    _refused: dict[str, str] = field(default_factory=dict, init=False)

    def prepare(self, paths: Iterable[Path]) -> None:
        """Make sure that every path has an id, in the fewest calls."""
        self._refused.clear()
        wanted = list(dict.fromkeys(path for path in paths if path))
        if all(self.known(path) for path in wanted):
            return
        self._find(wanted)
        for depth in range(1, max(map(len, wanted), default=0) + 1):
            level = dict.fromkeys(path[:depth] for path in wanted if len(path) >= depth)
            missing = [path for path in level if not self.known(path) and (depth == 1 or self.known(path[:-1]))]
            for piece in in_pieces(missing, MOST):
                self._create(piece)

    def known(self, path: Path) -> int | None:
        """Find a remembered id."""
        text = self.vocabulary.get(CATEGORY, as_text(path)) if path else None
        return int(text) if text else None

    def id_of(self, path: Path) -> int | None:
        """Give the id of a path; ``ItemRejectedError`` when the store refuses one of its names."""
        if not path:
            return None
        if known := self.known(path):
            return known
        above = (as_text(path[:end]) for end in range(1, len(path) + 1))
        told = next((self._refused[key] for key in above if key in self._refused), "")
        raise ItemRejectedError(
            f"The shop does not take the category {' > '.join(path)}. {told}".strip(),
            remedy="Create this category in the shop by hand under the same name, or rename it in the till.",
            code="category_refused",
            subject=self.client.subject,
        )

    def forget(self) -> None:
        """Drop the ids, because one of them no longer exists."""
        self.vocabulary.forget(CATEGORY)
        self.vocabulary.forget(TREE)
        self._ids = None

    def _tree(self) -> str:
        """Give the id of the tree that the store's own storefront shows: its first."""
        if known := self.vocabulary.get(TREE, "id"):
            return known
        listing = self.client.listed("v3/catalog/trees", {})
        rows = parsed(list[NamedRow], listing.rows, self.client.subject, "The trees")
        if not rows:
            raise MisconfiguredSystemError(
                "The store has no category tree.",
                remedy="Add a category to the store's storefront in BigCommerce.",
                code="NoCategoryTree",
                subject=self.client.subject,
            )
        tree = str(min(row.id for row in rows))
        self.vocabulary.put(TREE, {"id": tree})
        return tree

    def _read(self) -> dict[tuple[int, str], int]:
        """Read the whole tree: ids by parent and name."""
        rows = [
            row
            for listing in self.client.pages(ROUTE, {"tree_id:in": self._tree()})
            for row in parsed(list[CategoryRow], listing.rows, self.client.subject, "The list of categories")
        ]
        return {(row.parent_id, folded(row.name)): row.category_id for row in rows}

    def _find(self, wanted: Sequence[Path], *, anew: bool = False) -> None:
        """Remember the ids of what is wanted, as far as the tree has it."""
        if anew or self._ids is None:
            self._ids = self._read()
        found: dict[str, str] = {}
        for path in wanted:
            parent = 0
            for end, name in enumerate(path, start=1):
                known = self._ids.get((parent, folded(name)))
                if known is None:
                    break
                found[as_text(path[:end])], parent = str(known), known
        if found:
            self.vocabulary.put(CATEGORY, found)

    def _create(self, paths: Sequence[Path]) -> None:
        try:
            # Sent twice, a name is refused and then found in the tree: so this may be repeated.
            written = self.client.write("POST", ROUTE, [self._body(path) for path in paths], safe_to_repeat=True)
        except RefusedError as error:
            self._find(paths, anew=True)
            self._refused |= {as_text(path): error.refusal.told for path in paths if not self.known(path)}
            return
        self._learn(paths, written)

    def _body(self, path: Path) -> dict[str, object]:
        """Name tree and parent, 0 at the top: the vendor's text wants one of them, its description both."""
        return {"name": path[-1], "tree_id": int(self._tree()), "parent_id": self.known(path[:-1]) or 0}

    def _learn(self, paths: Sequence[Path], written: Written) -> None:
        rows = parsed(list[CategoryRow], written.data, self.client.subject, "The created categories")
        made = {(row.parent_id, folded(row.name)): row.category_id for row in rows}
        ids = {as_text(path): made.get((self.known(path[:-1]) or 0, folded(path[-1]))) for path in paths}
        found = {key: str(known) for key, known in ids.items() if known}
        if found:
            self.vocabulary.put(CATEGORY, found)
        if written.partly:
            self._find([path for path in paths if not self.known(path)], anew=True)
        self._refused |= {as_text(path): "" for path in paths if not self.known(path)}
