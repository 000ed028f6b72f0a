"""The shop's own description of its API (Swagger 2.0) as JSON Schema, and where real answers differ from it.

Used for both sides: what the stand-in takes and answers, and what our adapter asks.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema

FILE = Path("magento") / "open-source-2.4.7-p3.swagger.json"


class Description:
    """The operations and types of Magento Open Source 2.4.7-p3."""

    def __init__(self, contracts: Path) -> None:
        document = json.loads((contracts / FILE).read_text())
        self.types: dict[str, Any] = document["definitions"]
        self.paths: dict[str, Any] = {}
        for path, operations in document["paths"].items():  # some are there twice, with and without a slash at the end
            self.paths.setdefault(path.rstrip("/"), {}).update(operations)
        self._definitions = {
            strict: {name: self._type(name, strict=strict) for name in self.types} for strict in (True, False)
        }

    def operation(self, method: str, rule: str) -> Any:
        """Give the operation of a route as the description spells it; None when there is none."""
        return self.paths.get(rule, {}).get(method.lower())

    def rule_of(self, method: str, path: str) -> str:
        """Find the route that a path, ``/V1/...``, leads to; words count for more than names."""
        parts = path.strip("/").split("/")
        rules = [rule for rule in self.paths if self.operation(method, rule) and _leads(rule, parts)]
        assert rules, f"the shop has no {method} {path}"
        return min(rules, key=lambda rule: [part.startswith("{") for part in rule.split("/")])

    def arguments(self, method: str, rule: str) -> dict[str, str]:
        """Give the types of an operation's body, in the spelling of the stand-in."""
        body = next((row for row in self.operation(method, rule).get("parameters", ()) if row["in"] == "body"), None)
        if body is None:
            return {}
        required = body["schema"].get("required", [])
        return {
            name: short(schema) + ("" if name in required else "?")
            for name, schema in body["schema"]["properties"].items()
        }

    def check_body(self, method: str, rule: str, body: object) -> None:
        """Hold a request against the description: every type right, nothing unknown, no argument left out.

        What a type requires of its fields is left alone: the shop itself takes ``{"qty": 42}`` for a stock item.
        """
        parameters = self.operation(method, rule).get("parameters", ())
        schema = next((row["schema"] for row in parameters if row["in"] == "body"), None)
        if schema is None:
            assert not body, f"{method} {rule} takes no body"
            return
        self._check(f"{method} {rule}", body, schema, strict=True)

    def check_query(self, method: str, rule: str, names: list[str]) -> None:
        """Hold the names of a query against the description, which has lists for their first row only."""
        known = {row["name"] for row in self.operation(method, rule).get("parameters", ()) if row["in"] == "query"}
        for name in names:
            listed = re.sub(r"\[\d+\]", "[0]", name)
            bare = re.sub(r"\[\d+\]$", "", name)
            assert {listed, bare, _camel(listed)} & known or name == "fields", f"{method} {rule} takes no {name}"

    def check_answer(self, method: str, rule: str, answer: object) -> None:
        """Hold an answer against the description: no unknown field, and every known one of its type."""
        schema = self.operation(method, rule)["responses"].get("200", {}).get("schema")
        if schema is None:
            assert answer in ([], None)
            return
        self._check(f"the answer to {method} {rule}", answer, schema, strict=False)

    def _check(self, what: str, instance: object, schema: Mapping[str, Any], *, strict: bool) -> None:
        whole = {**_node(schema, strict=strict), "$defs": self._definitions[strict]}
        validator = jsonschema.Draft202012Validator(whole)
        wrong = [f"{error.json_path}: {error.message:.200}" for error in validator.iter_errors(instance)]
        assert not wrong, "\n".join([f"{what} is not as described:", *wrong])

    def _type(self, name: str, *, strict: bool) -> dict[str, Any]:
        definition = self.types[name]
        differing = {} if strict else DIFFERENT.get(name, {})
        properties = {
            field: differing.get(field) or _node(inner, strict=strict)
            for field, inner in definition.get("properties", {}).items()
        }
        if name == "framework-attribute-interface":
            properties["value"] = {}
        return {"type": ["object", "null"], "properties": properties, "additionalProperties": False}


_NOTHING = {"type": "null"}
_TEXT, _NUMBER = {"type": ["string", "null"]}, {"type": ["integer", "null"]}
_OPERATION = {"result_message": _TEXT, "error_code": _NUMBER, "result_serialized_data": _TEXT}
DIFFERENT: dict[str, dict[str, Any]] = {
    "sales-data-order-payment-interface": {"account_status": _NOTHING, "cc_last4": _NOTHING},
    "sales-data-order-item-interface": {"base_cost": _NOTHING},
    "sales-data-creditmemo-item-interface": {"base_cost": _NOTHING},
    "sales-data-shipment-track-interface": {"qty": _NOTHING, "weight": _NOTHING, "description": _NOTHING},
    "catalog-inventory-data-stock-item-interface": {"low_stock_date": _TEXT},
    "asynchronous-operations-data-summary-operation-status-interface": _OPERATION,
    "asynchronous-operations-data-operation-interface": _OPERATION,
}
"""Fields whose real values break the description (facts/magento.md, section 8)."""


def _leads(rule: str, parts: list[str]) -> bool:
    wanted = rule.strip("/").split("/")
    return len(wanted) == len(parts) and all(
        word.startswith("{") or word == unquote(part) for word, part in zip(wanted, parts, strict=True)
    )


def _camel(name: str) -> str:
    return re.sub(r"_(\w)", lambda match: match[1].upper(), name)


def short(schema: Mapping[str, Any]) -> str:
    """Write a type as the stand-in's tables do."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    kind = schema.get("type")
    if kind == "array":
        return f"[{short(schema['items'])}]"
    return {"integer": "int", "number": "float", "string": "str", "boolean": "bool"}.get(str(kind), "any")


def _node(schema: Mapping[str, Any], *, strict: bool) -> dict[str, Any]:
    """Turn a type into JSON Schema; PHP takes and gives numbers, texts and null more freely than it says."""
    if "$ref" in schema:
        return {"$ref": f"#/$defs/{schema['$ref'].rpartition('/')[2]}"}
    kind = schema.get("type")
    if kind == "array":
        return {"type": "array", "items": _node(schema["items"], strict=strict)}
    if kind == "object" or "properties" in schema:
        inner = {name: _node(value, strict=strict) for name, value in schema.get("properties", {}).items()}
        return {"type": "object", "properties": inner, "required": schema.get("required", []),
                "additionalProperties": False}  # fmt: skip
    if kind == "integer" and not strict:
        return {"anyOf": [{"type": "integer"}, {"type": "string", "pattern": r"^\d+$"}]}
    return {"type": [kind, "null"] if strict else kind} if kind else {}
