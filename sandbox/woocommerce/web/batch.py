"""Batches: up to 100 items in one call, each with its own answer or error (facts/woocommerce.md, "Errors").

Items are handed to the single routes' handlers unchecked, and ``delete`` always deletes for good: both as in the
10.0.2 plugin code, ``WC_REST_Controller::batch_items``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sandbox.common.json_types import JsonObject, JsonValue
from sandbox.woocommerce.shop import Shop
from sandbox.woocommerce.web.api import Handler
from sandbox.woocommerce.web.errors import RestError
from sandbox.woocommerce.web.schema import Args, prepare
from sandbox.woocommerce.web.wire import Answer, Params, as_list, as_whole

_LIMIT = 100


@dataclass(frozen=True, slots=True)
class BatchOf:
    """Handles the batches of one kind of resource."""

    create: Handler
    update: Handler
    delete: Handler
    creation_args: Args
    """Where the defaults of new items come from."""
    path_args: tuple[str, ...] = ()
    """Arguments of the address that every item gets too."""

    def __call__(self, shop: Shop, params: Params) -> Answer:
        """Answer a batch, always 200 unless it is too large."""
        items = {action: as_list(params.get(action)) for action in ("create", "update", "delete")}
        if sum(map(len, items.values())) > _LIMIT:
            message = f"Unable to take more than {_LIMIT} items in one request."
            raise RestError("woocommerce_rest_request_entity_too_large", message, 413)
        in_path = {name: params.get(name) for name in self.path_args}
        effects: list[Callable[[], None]] = []
        run = _Runner(shop, effects)
        body: JsonObject = {}
        if items["create"]:
            defaults = self._defaults()
            body["create"] = [run(self.create, {**defaults, **_object(item), **in_path}, 0) for item in items["create"]]
        if items["update"]:
            updates = [_object(item) for item in items["update"]]
            body["update"] = [run(self.update, {**item, **in_path}, item.get("id")) for item in updates]
        if items["delete"]:
            ids = [as_whole(item) for item in items["delete"] if as_whole(item)]
            body["delete"] = [run(self.delete, {"id": number, "force": True, **in_path}, number) for number in ids]

        def settle() -> None:
            for effect in effects:
                effect()

        return Answer(body, after=settle)

    def _defaults(self) -> JsonObject:
        optional = {name: arg for name, arg in self.creation_args.items() if not arg.required}
        return prepare(optional, {})


@dataclass(frozen=True, slots=True)
class _Runner:
    """Runs one item after the other; a refusal becomes the item's own error."""

    shop: Shop
    effects: list[Callable[[], None]]

    def __call__(self, handler: Handler, values: JsonObject, item_id: JsonValue) -> JsonValue:
        try:
            answer = handler(self.shop, Params(values))
        except RestError as error:
            return {"id": item_id, "error": error.body()}
        if answer.after is not None:
            self.effects.append(answer.after)
        return answer.body


def _object(item: JsonValue) -> JsonObject:
    return dict(item) if isinstance(item, Mapping) else {}
