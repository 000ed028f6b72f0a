"""Metafields of products, variants and brands (facts/bigcommerce.md, "Catalog v3" and "Hosts, auth").

Those with the permission set ``app_only`` are there only for the account that made them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sandbox.bigcommerce import dates
from sandbox.bigcommerce.catalogue import forms
from sandbox.bigcommerce.catalogue.model import Metafield
from sandbox.bigcommerce.shop import Shop
from sandbox.bigcommerce.web.errors import ApiError, conflict, invalid, not_found
from sandbox.bigcommerce.web.fields import check
from sandbox.bigcommerce.web.paging import by_ids, by_text, cut, known_filters, page
from sandbox.bigcommerce.web.wire import NOTHING, Answer, Call, data, whole
from sandbox.common.json_types import JsonObject, JsonValue

_MOST = 250
_NEEDED = ("permission_set", "namespace", "key", "value")
_FINDERS: Mapping[str, Callable[[Shop, int], object]] = {
    "product": lambda shop, number: shop.products.get(number),
    "variant": lambda shop, number: shop.products.with_variant(number),
    "brand": lambda shop, number: shop.brands.get(number),
}
_FILTERS = {"key", "key:in", "namespace", "namespace:in", "resource_id:in"}


@dataclass(frozen=True, slots=True)
class MetafieldRoutes:
    """The routes of one kind of thing; `id_name` is what the address calls its id."""

    kind: str
    id_name: str

    def list_own(self, shop: Shop, call: Call) -> Answer:
        """Answer a page of one thing's metafields."""
        with shop.lock:
            rows = shop.metafields.of(self.kind, self._owner(shop, call))
            return self._page(call, self._shown(call, rows), one_as_json)

    def list_all(self, shop: Shop, call: Call) -> Answer:
        """Answer a page of the metafields of all things of this kind."""
        with shop.lock:
            return self._page(call, self._shown(call, shop.metafields.of_kind(self.kind)), as_json)

    @staticmethod
    def _page(call: Call, rows: list[Metafield], write: Callable[[Metafield], JsonObject]) -> Answer:
        known_filters(call, _FILTERS)
        rows = by_text(call, rows, "key", lambda row: row.key)
        rows = by_text(call, rows, "namespace", lambda row: row.namespace)
        rows = by_ids(call, rows, "resource_id", lambda row: row.resource_id)
        if call.query.get("direction") == "desc":
            rows.reverse()
        return page(call, rows, lambda row: cut(call, write(row)))

    @staticmethod
    def _shown(call: Call, rows: list[Metafield]) -> list[Metafield]:
        return [row for row in rows if row.shown_to(call.account.client_id)]

    def read(self, shop: Shop, call: Call) -> Answer:
        """Answer one metafield."""
        with shop.lock:
            return data(one_as_json(self._found(shop, call)))

    def create(self, shop: Shop, call: Call) -> Answer:
        """Give one thing a metafield."""
        body = call.record()
        with shop.lock:
            return data(one_as_json(self._make(shop, call, self._owner(shop, call), body)))

    def create_some(self, shop: Shop, call: Call) -> Answer:
        """Give several things metafields: all of them or, when one is refused, none."""
        rows = call.records()
        made: list[Metafield] = []
        troubles: list[JsonValue] = []
        with shop.lock:
            for row in rows:
                try:
                    made.append(self._make(shop, call, self._known(shop, whole(row.get("resource_id"))), row))
                except ApiError as error:
                    troubles.append({**error.body(), "status": 422})
            if troubles:
                for field in made:
                    del shop.metafields[field.id]
                made = []
            return _batch([as_json(field) for field in made], troubles, len(rows))

    def _make(self, shop: Shop, call: Call, owner_id: int, body: JsonObject) -> Metafield:
        values = {name: str(value) for name, value in check(forms.METAFIELD, body, _NEEDED).items()}
        mine = [row for row in shop.metafields.of(self.kind, owner_id) if row.owner == call.account.client_id]
        if any((row.namespace, row.key) == (values["namespace"], values["key"]) for row in mine):
            raise conflict("key", f"There is a metafield {values['key']!r} already.")
        if len(mine) >= _MOST:
            raise invalid("key", f"an account has {_MOST} metafields at most with one thing")
        now = shop.now()
        row = Metafield(
            shop.next_id(), self.kind, owner_id, call.account.client_id, created=now, modified=now, **values
        )
        shop.metafields[row.id] = row
        return row

    def update(self, shop: Shop, call: Call) -> Answer:
        """Change one metafield."""
        body = call.record()
        with shop.lock:
            return data(one_as_json(self._change(shop, call, self._found(shop, call), body)))

    def update_some(self, shop: Shop, call: Call) -> Answer:
        """Change several metafields, each named by ``id``."""
        rows = call.records()
        made: list[JsonValue] = []
        troubles: list[JsonValue] = []
        with shop.lock:
            known = {row.id: row for row in self._shown(call, shop.metafields.of_kind(self.kind))}
            for body in rows:
                row = known.get(whole(body.get("id")))
                if row is None:
                    troubles.append(invalid("id", f"there is no metafield {body.get('id')}").body())
                else:
                    made.append(as_json(self._change(shop, call, row, body)))
        return _batch(made, troubles, len(rows))

    @staticmethod
    def _change(shop: Shop, call: Call, row: Metafield, body: JsonObject) -> Metafield:
        if not row.written_by(call.account.client_id):
            raise ApiError(403, "This metafield belongs to another API account.")
        for name, value in check(forms.METAFIELD, body).items():
            setattr(row, name, value)
        row.modified = shop.now()
        return row

    def delete(self, shop: Shop, call: Call) -> Answer:
        """Delete one metafield."""
        with shop.lock:
            row = self._found(shop, call)
            if not row.written_by(call.account.client_id):
                raise ApiError(403, "This metafield belongs to another API account.")
            del shop.metafields[row.id]
            return NOTHING

    def delete_some(self, shop: Shop, call: Call) -> Answer:
        """Delete metafields by their ids."""
        ids = [whole(entry) for entry in call.rows()]
        with shop.lock:
            shown = self._shown(call, shop.metafields.of_kind(self.kind))
            mine = {row.id for row in shown if row.written_by(call.account.client_id)}
            gone = [number for number in ids if number in mine]
            for number in gone:
                del shop.metafields[number]
        troubles = [invalid("id", f"there is no metafield {number}").body() for number in ids if number not in gone]
        return _batch(list(gone), list(troubles), len(ids))

    def _owner(self, shop: Shop, call: Call) -> int:
        return self._known(shop, call.path[self.id_name])

    def _known(self, shop: Shop, owner_id: int) -> int:
        if _FINDERS[self.kind](shop, owner_id) is None:
            raise not_found(self.kind)
        return owner_id

    def _found(self, shop: Shop, call: Call) -> Metafield:
        owner_id = self._owner(shop, call)
        for row in self._shown(call, shop.metafields.of(self.kind, owner_id)):
            if row.id == call.path["metafield_id"]:
                return row
        raise not_found("metafield")


def _batch(made: list[JsonValue], troubles: list[JsonValue], total: int) -> Answer:
    """Answer a batch; one that is refused in part answers 422, with what was done beside it."""
    counts: JsonObject = {"total": total, "success": len(made), "failed": total - len(made)}
    return Answer({"data": made, "errors": troubles, "meta": counts}, 422 if troubles else 200)


def one_as_json(row: Metafield) -> JsonObject:
    """Write a metafield as the routes of one thing do: no empty description, and no owner where it is a variant's."""
    absent = {"owner_client_id"} if row.resource_type == "variant" else set[str]()
    return {name: value for name, value in as_json(row).items() if name not in absent and value != ""}


def as_json(row: Metafield) -> JsonObject:
    """Write a metafield as the API does."""
    return {
        "id": row.id,
        "key": row.key,
        "value": row.value,
        "namespace": row.namespace,
        "permission_set": row.permission_set,
        "resource_type": row.resource_type,
        "resource_id": row.resource_id,
        "description": row.description,
        "date_created": dates.iso(row.created),
        "date_modified": dates.iso(row.modified),
        "owner_client_id": row.owner,
    }
