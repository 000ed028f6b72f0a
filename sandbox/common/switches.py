"""The control action that turns the conditions of a stand-in on and off while it runs."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from types import MappingProxyType
from typing import TYPE_CHECKING

from flask import Blueprint, Response, jsonify

from sandbox.common.control import ControlError, control_object
from sandbox.common.json_types import JsonObject, JsonValue

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def add_switches(
    blueprint: Blueprint, switches: "DataclassInstance", words: Mapping[str, Sequence[str]] = MappingProxyType({})
) -> None:
    """Add the action; `words` names what switches that are words may say."""

    @blueprint.get("/switches")
    def show_switches() -> Response:
        return jsonify(asdict(switches))

    @blueprint.post("/switches")
    def turn_switches() -> Response:
        turn(switches, control_object(), words)
        return jsonify(asdict(switches))


def turn(
    switches: "DataclassInstance", changes: JsonObject, words: Mapping[str, Sequence[str]] = MappingProxyType({})
) -> None:
    """Turn switches; all are checked before any is turned."""
    known = {field.name: type(getattr(switches, field.name)) for field in fields(switches)}
    for name, value in changes.items():
        if name not in known:
            raise ControlError(f"{name}: no such switch; there are {', '.join(known)}")
        if not _fits(value, known[name]):
            raise ControlError(f"{name}: has to be a {known[name].__name__}")
        if name in words and value not in words[name]:
            raise ControlError(f"{name}: {value!r} is none of {', '.join(words[name])}")
    for name, value in changes.items():
        setattr(switches, name, value)


def _fits(value: JsonValue, kind: type) -> bool:
    """Tell whether JSON's value is of a switch's kind; a whole number serves as seconds."""
    return type(value) is kind or (kind is float and type(value) is int)
