"""What BigCommerce's own descriptions say of a request: its route, its parameters, the fields of its body.

The descriptions are wrong in some places, which the facts name (facts/bigcommerce.md, "Using the official specs in
tests"): these alone are mended beforehand, one by one.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import yaml
from openapi_core import OpenAPI
from openapi_core.datatypes import RequestParameters
from werkzeug.datastructures import Headers, ImmutableMultiDict

from tests.functional.bigcommerce.storefront import HASH
from tillbridge.systems.http import Request

HOST = "https://api.bigcommerce.com"
FILES = (
    "products_catalog.v3.yml",
    "product-variants_catalog.v3.yml",
    "product-variant-options_catalog.v3.yml",
    "category-trees_catalog.v3.yml",
    "inventory.v3.yml",
    "locations.v3.yml",
    "settings.v3.yml",
    "webhooks.v3.yml",
    "orders.v2.oas2.yml",
    "orders.v3.yml",
    "store_information.v2.yml",
)


@dataclass
class Asked:
    """A request as the validator takes it; it fills in what it finds in the path."""

    request: Request
    host_url: str = HOST
    parameters: RequestParameters = field(init=False)

    def __post_init__(self) -> None:
        query, header = ImmutableMultiDict(self.request.params), Headers(dict(self.request.headers))
        self.parameters = RequestParameters(query=query, header=header)

    @property
    def path(self) -> str:
        return urlsplit(self.request.url).path

    @property
    def method(self) -> str:
        return self.request.method.lower()

    @property
    def content_type(self) -> str:
        return self.request.headers.get("Content-Type", "")

    @property
    def body(self) -> bytes | None:
        return self.request.data if isinstance(self.request.data, bytes) else None


class Route(NamedTuple):
    """What a description says of one route and method."""

    version: str
    pattern: str
    operation: Mapping[str, Any]
    shared: Mapping[str, Any]
    spec: Mapping[str, Any]
    api: OpenAPI


class Descriptions:
    """The vendor's descriptions, mended where the facts say that they are wrong."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cache  # noqa: B019  one of these per session
    def load(self, name: str) -> tuple[Mapping[str, Any], OpenAPI]:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        spec = yaml.load((self.folder / name).read_text(), Loader=loader)  # noqa: S506  a safe one
        if name in MEND:
            MEND[name](spec)
        return spec, OpenAPI.from_dict(spec)

    def route(self, request: Request) -> Route:
        version, path = split(request)
        for name in FILES:
            if f".{version}." in name:
                spec, api = self.load(name)
                for pattern, shared in sorted(spec["paths"].items(), key=lambda entry: entry[0].count("{")):
                    if re.fullmatch(re.sub(r"\{[^}]*\}", "[^/]+", pattern), path) and request.method.lower() in shared:
                        return Route(version, pattern, shared[request.method.lower()], shared, spec, api)
        raise AssertionError(f"the vendor describes no {request.method} {path}")


def split(request: Request) -> tuple[str, str]:
    """Give version and path of a request below the store."""
    below = urlsplit(request.url).path.partition(f"/stores/{HASH}/")[2]
    version, _, path = below.partition("/")
    return version, f"/{path}"


def comma_lists(spec: dict[str, Any]) -> None:
    """Lists of ids are described as one integer."""
    for parameter in every(spec, "parameters"):
        if parameter.get("name") in {"variant_id:in", "product_id:in", "location_id:in"}:
            parameter["schema"] = {"type": "string", "pattern": r"^\d+(,\d+)*$"}


def directions(spec: dict[str, Any]) -> None:
    """The text has :asc and :desc behind what orders are sorted by, the list of choices has not."""
    for parameter in every(spec, "parameters"):
        if parameter.get("name") == "sort":
            choices = parameter["schema"]["enum"]
            parameter["schema"]["enum"] = [*choices, *(f"{one}:{way}" for one in choices for way in ("asc", "desc"))]


def ids(spec: dict[str, Any]) -> None:
    """Variants that are created with their product are to have ids already, and a batch may not name its products."""
    for schema in every(spec, "schemas"):
        if {"id", "product_id"} <= set(schema.get("required", ())):
            schema["required"] = [name for name in schema["required"] if name not in {"id", "product_id"}] or ["sku"]
    for schema in every(spec, "properties"):
        if isinstance(schema.get("id"), dict):
            schema["id"].pop("readOnly", None)


MEND: Mapping[str, Callable[[dict[str, Any]], None]] = {
    "inventory.v3.yml": comma_lists,
    "orders.v2.oas2.yml": directions,
    "products_catalog.v3.yml": ids,
}
"""What the facts name, and nothing else."""


def every(node: Any, key: str) -> Iterator[dict[str, Any]]:
    """Go through all dictionaries that stand under a key, or in a list or dictionary there."""
    if isinstance(node, dict):
        for name, value in node.items():
            if name == key:
                values = value if isinstance(value, list) else [value, *value.values()]
                yield from (one for one in values if isinstance(one, dict))
            yield from every(value, key)
    elif isinstance(node, list):
        for value in node:
            yield from every(value, key)


def parameters(route: Route) -> list[Mapping[str, Any]]:
    """List the parameters of a route, those that all its methods share included."""
    return [*route.shared.get("parameters", ()), *route.operation.get("parameters", ())]


def resolved(spec: Mapping[str, Any], node: Mapping[str, Any]) -> Mapping[str, Any]:
    """Follow references."""
    while "$ref" in node:
        found: Any = spec
        for part in node["$ref"].removeprefix("#/").split("/"):
            found = found[part.replace("~1", "/")]
        node = found
    return node


def unknown(spec: Mapping[str, Any], schema: Mapping[str, Any], value: Any) -> Iterator[str]:
    """Name the fields of a body that its schema does not have."""
    parts = list(flat(spec, schema))
    if isinstance(value, list):
        inner = [part["items"] for part in parts if "items" in part]
        yield from (name for entry in value for name in unknown(spec, {"allOf": inner}, entry))
    elif isinstance(value, dict) and not any(part.get("additionalProperties") for part in parts):
        for name, entry in value.items():
            described = [part["properties"][name] for part in parts if name in part.get("properties", {})]
            yield from unknown(spec, {"allOf": described}, entry) if described else [name]


def flat(spec: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Give a schema and all that it is composed of."""
    schema = resolved(spec, schema)
    yield schema
    for kind in ("allOf", "oneOf", "anyOf"):
        for part in schema.get(kind, ()):
            yield from flat(spec, part)
