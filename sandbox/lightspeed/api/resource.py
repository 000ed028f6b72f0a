"""What a resource of the API is: its table, how its rows are shown, what may be sorted, loaded and written."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from sandbox.lightspeed.table import Table
from sandbox.lightspeed.wire import Json

R = TypeVar("R")
R_contra = TypeVar("R_contra", contravariant=True)
Nested = frozenset[str]
"""Names of the relations to load inside a relation."""


@dataclass(frozen=True, slots=True)
class Relation(Generic[R_contra]):
    """Related records that are shown on request. `load` gives None when the key is to be missing."""

    load: Callable[[R_contra, Nested], Json | None]
    many: bool = True
    nested: Mapping[str, bool] = field(default_factory=dict)
    """Relations of the related record, each with whether it is to-many."""
    in_all: bool = True
    """Whether ``load_relations=all`` includes it."""


@dataclass(frozen=True, slots=True)
class Resource(Generic[R]):
    """One kind of record. Generic over the table's rows."""

    name: str
    id_field: str
    table: Table[R]
    show: Callable[[R], dict[str, Json]]
    """The columns that every answer has, in wire order."""
    sortable: tuple[str, ...]
    relations: Mapping[str, Relation[R]] = field(default_factory=dict)
    tail: Callable[[R], Mapping[str, Json]] = lambda _: {}
    """What comes after the relations."""
    read_rights: frozenset[str] = frozenset()
    """Any one of these rights lets a client read; none at all means that every client may."""
    write_rights: frozenset[str] = frozenset()
    special: Mapping[str, Callable[[R, str], bool]] = field(default_factory=dict)
    """Query parameters that are no columns."""
    lookups: Mapping[str, Callable[[str], Iterable[int]]] = field(default_factory=dict)
    """Ids of the rows with a value in a column, for the columns that are not searched row by row."""
    searches: Mapping[str, Callable[[R], Sequence[str]]] = field(default_factory=dict)
    """What a search by a field of a relation is held against, where the relation itself does not show that field."""
    further_columns: tuple[str, ...] = ()
    """Columns that can be searched even while there are no rows."""
    behind_relations: tuple[str, ...] = ()
    """Columns that are shown after the relations."""
    archives: bool = True
    """Whether rows can be archived, in which case queries leave archived ones out unless told otherwise."""

    def relation_names(self) -> list[str]:
        """List what ``load_relations=all`` stands for, nested relations included."""
        names: list[str] = []
        for name, relation in self.relations.items():
            if relation.in_all:
                names += [name, *(f"{name}.{inner}" for inner in relation.nested)]
        return names

    def render(self, row: R, relations: Mapping[str, Nested]) -> dict[str, Json]:
        """Show a row with the relations asked for, in the resource's own order."""
        shown = self.show(row)
        for name, relation in self.relations.items():
            if name in relations:
                value = relation.load(row, relations[name])
                if value is not None:
                    shown[name] = value
        for name in self.behind_relations:
            shown[name] = shown.pop(name)
        shown.update(self.tail(row))
        return shown


def nest(names: tuple[str, ...]) -> dict[str, Nested]:
    """Group relation names: ``A``, ``A.B`` gives ``{"A": {"B"}}``. A nested name loads its parent too."""
    grouped: dict[str, set[str]] = {}
    for name in names:
        parent, _, inner = name.partition(".")
        grouped.setdefault(parent, set())
        if inner:
            grouped[parent].add(inner)
    return {parent: frozenset(inner) for parent, inner in grouped.items()}
