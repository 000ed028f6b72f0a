"""BigCommerce's own OpenAPI specs as judges of requests and answers (facts/bigcommerce.md, "Using the official specs").

The specs contradict the API's own documentation and the answers of real stores in a few points. Each is mended here by
a function of its own, before the spec is read; nothing else is let through.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import yaml
from openapi_core import Config, OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.testing import MockRequest, MockResponse

HOST = "https://api.bigcommerce.com"
_FILES = (
    (r"/v3/catalog/products/\d+/options", "product-variant-options_catalog.v3.yml"),
    (r"/v3/catalog/products/\d+/variants", "product-variants_catalog.v3.yml"),
    (r"/v3/catalog/variants", "product-variants_catalog.v3.yml"),
    (r"/v3/catalog/products", "products_catalog.v3.yml"),
    (r"/v3/catalog/trees", "category-trees_catalog.v3.yml"),
    (r"/v3/catalog/brands", "brands_catalog.v3.yml"),
    (r"/v3/inventory/locations/\d+/items", "inventory.v3.yml"),
    (r"/v3/inventory/locations", "locations.v3.yml"),
    (r"/v3/inventory", "inventory.v3.yml"),
    (r"/v3/settings", "settings.v3.yml"),
    (r"/v3/channels", "channels.v3.yml"),
    (r"/v3/hooks", "webhooks.v3.yml"),
    (r"/v3/customers", "customers.v3.yml"),
    (r"/v3/orders", "orders.v3.yml"),
    (r"/v2/orders|/v2/order_statuses", "orders.v2.oas2.yml"),
    (r"/v2/store|/v2/time", "store_information.v2.yml"),
)
"""Not tax classes and currencies: the folder has no specs of them, and that of tax classes is no valid OpenAPI."""
_CONFIG = Config(
    spec_validator_cls=None,  # type: ignore[arg-type]
    extra_media_type_deserializers={"application/problem+json": lambda body, **_: json.loads(body)},
)
"""The specs are taken as they are, one of them being no valid OpenAPI; the Prism and this library read them all."""
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The fast one where libyaml is there."""
Spec = dict[str, Any]
HEADERS = {"X-Auth-Token": "token", "Accept": "application/json", "Content-Type": "application/json"}


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and the answer to it; ``target`` is the path below ``/stores/{hash}`` with the query."""

    method: str
    target: str
    body: object = None
    status: int = 200
    answer: bytes = b""
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=lambda: HEADERS)  # of the request

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))


@dataclass
class Specs:
    """The specs of a folder, each read once when it is first needed."""

    folder: Path
    _read: dict[str, tuple[Spec, OpenAPI]] = field(default_factory=dict)

    def check_request(self, exchange: Exchange) -> None:
        """Hold a request against its spec; fails the test, telling what is wrong."""
        with _told(exchange):
            self._spec(exchange)[1].validate_request(_request(exchange))

    def check_answer(self, exchange: Exchange) -> None:
        """Hold an answer against its spec; fails the test, telling what is wrong."""
        content, judge = self._spec(exchange)
        with _told(exchange):
            answer = MockResponse(exchange.answer, exchange.status, content_type=exchange.content_type)
            judge.validate_response(_request(exchange), answer)
        if exchange.answer:
            path = _template(content, exchange)
            response = _followed(
                content, content["paths"][path][exchange.method.lower()]["responses"][str(exchange.status)]
            )
            schema = response["content"][exchange.content_type].get("schema", {})
            unknown = sorted(set(_unknown(content, [schema], json.loads(exchange.answer))) - UNDOCUMENTED)
            if unknown:
                pytest.fail(f"{exchange.method} {exchange.target} shows fields that the spec does not have: {unknown}")

    def route(self, exchange: Exchange) -> str:
        """Name the route of a request as its spec spells it, as in ``GET v3/catalog/products``."""
        content, _ = self._spec(exchange)
        return f"{exchange.method} {exchange.target[1:3]}{_template(content, exchange)}"

    def made_up(self, exchange: Exchange) -> set[str]:
        """Name the parameters and fields of a request that its spec does not have."""
        content, _ = self._spec(exchange)
        path = content["paths"][_template(content, exchange)]
        operation = path[exchange.method.lower()]
        described = [*path.get("parameters", ()), *operation.get("parameters", ())]
        names = set(exchange.query).difference(_followed(content, one)["name"] for one in described)
        if exchange.body is None:
            return names
        return names.union(_unknown(content, [_schema(content, operation["requestBody"])], exchange.body))

    def _spec(self, exchange: Exchange) -> tuple[Spec, OpenAPI]:
        name = next((name for start, name in _FILES if re.match(start, exchange.target)), None)
        assert name is not None, f"no spec describes {exchange.target}"
        if name not in self._read:
            content = yaml.load((self.folder / name).read_text(), _LOADER)  # noqa: S506 - a safe loader
            for mend in (*FACTS.get(name, ()), *BESIDES.get(name, ()), _empty_answers):
                mend(content)
            self._read[name] = content, OpenAPI.from_dict(content, config=_CONFIG)
        return self._read[name]


def _request(exchange: Exchange) -> MockRequest:
    parts = urlsplit(exchange.target)
    return MockRequest(
        HOST,
        exchange.method.lower(),
        f"/stores/abc123{parts.path}",
        args=exchange.query,
        headers=dict(exchange.headers),
        data=b"" if exchange.body is None else json.dumps(exchange.body).encode(),
        content_type=exchange.headers.get("Content-Type", ""),
    )


def _template(spec: Spec, exchange: Exchange) -> str:
    """Find the spec's own spelling of a path."""
    path = urlsplit(exchange.target).path.removeprefix("/v3").removeprefix("/v2")
    fitting: list[str] = [known for known in spec["paths"] if re.fullmatch(re.sub(r"\{\w+\}", r"\\d+", known), path)]
    return min(fitting, key=lambda known: str(known).count("{"))


def _unknown(spec: Spec, schemas: list[Spec], value: Any, place: str = "") -> Iterator[str]:
    """Name the fields of a body that none of the schemas it may follow knows."""
    parts = [part for schema in schemas for part in _alternatives(spec, schema)]
    if isinstance(value, list):
        inner = [part["items"] for part in parts if "items" in part]
        for row in value if inner else ():
            yield from _unknown(spec, inner, row, place)
    if isinstance(value, dict) and any(part.get("properties") for part in parts):
        for name, deeper in value.items():
            known = [part["properties"][name] for part in parts if name in part.get("properties", {})]
            if not known and not any(part.get("additionalProperties") for part in parts):
                yield f"{place}.{name}".lstrip(".")
            yield from _unknown(spec, known, deeper, f"{place}.{name}")


def _alternatives(spec: Spec, schema: Spec) -> Iterator[Spec]:
    schema = _followed(spec, schema)
    yield schema
    for kind in ("allOf", "anyOf", "oneOf"):
        for part in schema.get(kind, ()):
            yield from _alternatives(spec, part)


class _told:  # noqa: N801 - reads as a statement
    """Turn a complaint of openapi-core into one sentence per cause."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, OpenAPIError):
            causes = "; ".join(_causes(error))
            pytest.fail(f"{self._exchange.method} {self._exchange.target}: {causes}")


def _causes(error: BaseException) -> Iterator[str]:
    """Name the innermost causes; openapi-core's own sentences repeat whole bodies."""
    found = [cause for inner in getattr(error, "schema_errors", ()) for cause in _places(inner)]
    if not found and error.__cause__ is not None:
        found = list(_causes(error.__cause__))
    yield from found or [f"{type(error).__name__}: {str(error)[:300]}"]


def _places(error: Any, above: str = "") -> Iterator[str]:
    place = f"{above}/{'/'.join(str(part) for part in error.path)}".rstrip("/")
    if not error.context:
        yield f"{place or 'body'}: {error.message[:300]}"
    for inner in error.context or ():
        yield from _places(inner, place)


# --- what the specs have wrong ---------------------------------------------------------------------------------------


def _lists_of_ids(spec: Spec) -> None:
    """``variant_id:in`` and its like are typed as one integer, though they take a list separated by commas."""
    for parameter in _every(spec, lambda node: str(node.get("name", "")).endswith("_id:in") and "schema" in node):
        parameter["schema"] = {"type": "string"}


def _directions(spec: Spec) -> None:
    """``sort`` of the orders lists fields only; its own text has them with ``:asc`` and ``:desc``."""
    for parameter in _every(spec, lambda node: node.get("name") == "sort" and "schema" in node):
        names = parameter["schema"]["enum"]
        parameter["schema"]["enum"] = [*names, *(f"{name}:{way}" for name in names for way in ("asc", "desc"))]


def _empty_lists(spec: Spec) -> None:
    """An empty list of v2 is 204 without a body; the spec has only 200."""
    for path in spec["paths"].values():
        if "get" in path:
            path["get"]["responses"].setdefault("204", {"description": "nothing"})


def _new_variants(spec: Spec) -> None:
    """``variants`` of a new product have the shape of a change: they demand the ids that creating gives."""
    for part in _parts(spec, _body(spec, "/catalog/products", "post")["properties"]["variants"]["items"]):
        part["required"] = [name for name in part.get("required", ()) if name not in {"id", "product_id"}]


def _batch_ids(spec: Spec) -> None:
    """A batch of changed products names each by ``id``, which the spec marks as read-only."""
    for part in _parts(spec, _body(spec, "/catalog/products", "put")["items"]):
        part.get("properties", {}).get("id", {}).pop("readOnly", None)


def _pictures(spec: Spec) -> None:
    """The two shapes of a picture's answer demand nothing, so every picture has both; ``oneOf`` never holds."""
    for path in ("/catalog/products/{product_id}/images", "/catalog/products/{product_id}/images/{image_id}"):
        for method in ("post", "put"):
            if method in spec["paths"][path]:
                data = _answer(spec, path, method)["properties"]["data"]
                data["anyOf"] = data.pop("oneOf")


def _inherited_values(spec: Spec) -> None:
    """A variant's price that is null is its product's; the list and the batch of variants know no null."""
    for method in ("get", "put"):
        for part in _parts(spec, _answer(spec, "/catalog/variants", method)["properties"]["data"]["items"]):
            for name in {*_INHERITED, "sku_id"} & set(part.get("properties", {})):
                part["properties"][name]["nullable"] = True


_INHERITED = (
    "cost_price", "price", "sale_price", "retail_price", "weight", "width", "height", "depth",
    "fixed_cost_shipping_price",
)  # fmt: skip


def _consignments(spec: Spec) -> None:
    """Links and the things they lead to demand nothing, so each is both; ``oneOf`` never holds."""
    for node in _every(spec["components"], lambda node: "oneOf" in node):
        node["anyOf"] = node.pop("oneOf")


def _identities(spec: Spec) -> None:
    """The three shapes of an identity demand nothing, so each is all of them; ``oneOf`` never holds."""
    for node in _every(spec, lambda node: "oneOf" in node.get("identity", {})):
        node["identity"]["anyOf"] = node["identity"].pop("oneOf")


def _empty_answers(spec: Spec) -> None:
    """Some answers 204 are described with a body, which none has."""
    for node in _every(spec["paths"], lambda node: "204" in node):
        node["204"].pop("content", None)


FACTS: Mapping[str, tuple[Callable[[Spec], None], ...]] = {
    "inventory.v3.yml": (_lists_of_ids,),
    "locations.v3.yml": (_lists_of_ids,),
    "orders.v2.oas2.yml": (_directions, _empty_lists),
    "products_catalog.v3.yml": (_new_variants, _batch_ids, _pictures),
    "product-variants_catalog.v3.yml": (_inherited_values,),
}
"""The faults that facts/bigcommerce.md names, by file."""
BESIDES: Mapping[str, tuple[Callable[[Spec], None], ...]] = {
    "inventory.v3.yml": (_identities,),
    "orders.v2.oas2.yml": (_consignments,),
}
"""Further ones, each of which no request or answer could satisfy; `_empty_answers` is one of all files."""
UNDOCUMENTED = {"data.variants", "data.options.name", "meta.pagination"}
"""Fields that some answer of the specs lacks: products with ``include=variants``, the name of an option among its
product's parts, and the pages of a variant's metafields."""


def _every(node: Any, chosen: Callable[[Spec], bool]) -> Iterator[Spec]:
    """Find the objects that are chosen, however deep."""
    if isinstance(node, dict):
        if chosen(node):
            yield node
        for inner in list(node.values()):
            yield from _every(inner, chosen)
    elif isinstance(node, list):
        for inner in node:
            yield from _every(inner, chosen)


def _followed(spec: Spec, node: Spec) -> Spec:
    while "$ref" in node:
        target: Any = spec
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        node = target
    return node


def _parts(spec: Spec, schema: Spec) -> Iterator[Spec]:
    """Give a schema and all that it is put together from."""
    schema = _followed(spec, schema)
    yield schema
    for part in schema.get("allOf", ()):
        yield from _parts(spec, part)


def _schema(spec: Spec, holder: Spec) -> Spec:
    return _followed(spec, _followed(spec, holder)["content"]["application/json"]["schema"])


def _body(spec: Spec, path: str, method: str) -> Spec:
    return _schema(spec, spec["paths"][path][method]["requestBody"])


def _answer(spec: Spec, path: str, method: str) -> Spec:
    return _schema(spec, spec["paths"][path][method]["responses"]["200"])
