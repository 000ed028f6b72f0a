"""Turns a request for a resource into a job whose price is known before anything is done."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar
from urllib.parse import parse_qsl

from sandbox.lightspeed.api.body import Body
from sandbox.lightspeed.api.cost import act_cost, read_cost, relations_cost, write_cost
from sandbox.lightspeed.api.errors import no_such_row, not_allowed
from sandbox.lightspeed.api.paging import count_rows, find_page, page_links
from sandbox.lightspeed.api.query import parse_query, parse_relations
from sandbox.lightspeed.api.resource import Nested, Resource, nest
from sandbox.lightspeed.wire import Json, one_or_many

R = TypeVar("R")
ONE: Mapping[str, Json] = {"count": "1"}


@dataclass(frozen=True, slots=True)
class Job:
    """What a request costs in drips, and how to answer it. `run` raises ApiError."""

    cost: float
    run: Callable[[], Json]


class Endpoint(Protocol):
    """A resource as the routes see it."""

    @property
    def name(self) -> str:
        """The resource's name."""

    def rights(self, method: str) -> frozenset[str]:
        """Give the rights of which any one is enough; none at all means that everybody may."""

    def read_many(self, raw_query: str, url: str) -> Job:
        """Prepare a list. Raises ApiError."""

    def read_one(self, row_id: str, raw_query: str) -> Job:
        """Prepare one record. Raises ApiError."""

    def write(self, method: str, row_id: str | None, body: Body, raw_query: str = "", act: str = "") -> Job:
        """Prepare a write, or an act such as a refund. Raises ApiError."""


@dataclass(frozen=True, slots=True)
class Writers(Generic[R]):
    """How a resource is written, as far as it can be. Each gives the answer's record and may raise ApiError."""

    create: Callable[[Body], Json] | None = None
    update: Callable[[R, Body], Json] | None = None
    archive: Callable[[R], Json] | None = None
    acts: Mapping[tuple[str, str], Callable[[R, Body], Json]] = field(default_factory=dict)
    """What else can be done to a record, by method and by the name behind its address."""
    find: Callable[[str], R | None] | None = None
    """Finds a record by another number than its id, for acts."""


class ResourceEndpoint(Generic[R]):
    """An endpoint over a resource."""

    def __init__(self, resource: Resource[R], writers: Writers[R] | None = None) -> None:
        """Serve `resource`, which can only be read unless there are `writers`."""
        self._resource = resource
        self._writers: Writers[R] = writers or Writers()

    @property
    def name(self) -> str:
        """The resource's name."""
        return self._resource.name

    def rights(self, method: str) -> frozenset[str]:
        """Give the rights of which any one is enough."""
        return self._resource.read_rights if method == "GET" else self._resource.write_rights

    def read_many(self, raw_query: str, url: str) -> Job:
        """Prepare a list or a count."""
        query = parse_query(self._resource, raw_query)
        cost = read_cost(self._resource, query.relations, query)
        if query.count:
            return Job(cost, lambda: {"@attributes": {"count": str(count_rows(self._resource, query))}})

        def run() -> Json:
            page = find_page(self._resource, query)
            relations = nest(query.relations)
            rows = [self._resource.render(row, relations) for row in page.rows]
            attributes = page_links(self._resource, query, page, url)
            return {"@attributes": attributes, **({self.name: one_or_many(rows)} if rows else {})}

        return Job(cost, run)

    def read_one(self, row_id: str, raw_query: str) -> Job:
        """Prepare one record."""
        given = dict(parse_qsl(raw_query, keep_blank_values=True))
        relations = parse_relations(self._resource, raw_query, given)
        return Job(
            read_cost(self._resource, relations, None),
            lambda: self._single(self._resource.render(self._row(row_id), nest(relations))),
        )

    def write(self, method: str, row_id: str | None, body: Body, raw_query: str = "", act: str = "") -> Job:
        """Prepare a write, or an act. Relations may be asked for as in reading (``tutorials/reservations``)."""
        given = dict(parse_qsl(raw_query, keep_blank_values=True))
        relations = parse_relations(self._resource, raw_query, given)
        cost = act_cost(act, body) if act else write_cost(self.name, method, body)

        def run() -> Json:
            record = self._acted(method, act, row_id or "", body) if act else self._written(method, row_id, body)
            return self._single(self._with_relations(record, nest(relations)))

        return Job(round(cost + relations_cost(self._resource, relations), 4), run)

    def _with_relations(self, record: Json, relations: Mapping[str, Nested]) -> Json:
        """Add to an answer what was asked for and would not be shown unasked."""
        if not relations or not isinstance(record, Mapping):
            return record
        row = self._row(str(record[self._resource.id_field]))
        loaded = {name: self._resource.relations[name].load(row, nested) for name, nested in relations.items()}
        return {**record, **{name: value for name, value in loaded.items() if value is not None}}

    def _acted(self, method: str, act: str, row_id: str, body: Body) -> Json:
        run = self._writers.acts.get((method, act))
        if run is None:
            raise not_allowed(method, f"{self.name}/{act}")
        found = self._writers.find(row_id) if self._writers.find else None
        return run(found if found is not None else self._row(row_id), body)

    def _written(self, method: str, row_id: str | None, body: Body) -> Json:
        writers = self._writers
        if method == "POST" and row_id is None and writers.create is not None:
            return writers.create(body)
        if method == "PUT" and row_id is not None and writers.update is not None:
            return writers.update(self._row(row_id), body)
        if method == "DELETE" and row_id is not None and writers.archive is not None:
            return writers.archive(self._row(row_id))
        raise not_allowed(method, self.name)

    def _row(self, row_id: str) -> R:
        row = self._resource.table.get(int(row_id)) if row_id.isdecimal() else None
        if row is None:
            raise no_such_row(self.name, row_id)
        return row

    def _single(self, record: Json) -> Json:
        return {"@attributes": ONE, self.name: record}
