"""Control actions on tokens, web hooks and the app: make, revoke, switch off, install, load, uninstall."""

from dataclasses import asdict, fields

from flask import Blueprint, Response, jsonify

from sandbox.bigcommerce.settings import NEEDED_SCOPES, App
from sandbox.bigcommerce.shop import Shop
from sandbox.bigcommerce.web import install
from sandbox.common.control import ControlError, control_object
from sandbox.common.json_types import JsonObject, JsonValue


def add_app_controls(blueprint: Blueprint, shop: Shop) -> None:
    """Add the actions."""
    _add_keys(blueprint, shop)
    _add_callbacks(blueprint, shop)

    @blueprint.post("/hooks_off")
    def hooks_off() -> Response:
        with shop.lock:
            for hook in shop.webhooks.values():
                hook.active = False
            shop.changes += 1
            return jsonify(off=len(shop.webhooks))

    @blueprint.post("/app")
    def register() -> Response:
        return jsonify(_register(shop, control_object()))

    @blueprint.post("/install")
    def install_app() -> Response:
        return jsonify(url=install.install_address(shop))

    @blueprint.errorhandler(install.InstallError)
    def explain(error: install.InstallError) -> tuple[Response, int]:
        return jsonify(error=str(error)), 400


def _add_callbacks(blueprint: Blueprint, shop: Shop) -> None:
    @blueprint.post("/load")
    def load() -> Response:
        return jsonify(url=install.load_address(shop, install.OWNER))

    @blueprint.post("/uninstall")
    def uninstall() -> Response:
        return jsonify(answered=install.uninstall(shop))

    @blueprint.post("/remove_user")
    def remove_user() -> Response:
        return jsonify(answered=install.call_back(shop, "remove_user", install.STAFF))


def _add_keys(blueprint: Blueprint, shop: Shop) -> None:
    @blueprint.post("/keys")
    def add_key() -> Response:
        scopes = control_object("scopes").get("scopes", list(NEEDED_SCOPES))
        account = shop.new_account(_texts("scopes", scopes))
        return jsonify(asdict(account))

    @blueprint.delete("/keys/<token>")
    def revoke_key(token: str) -> Response:
        if token not in shop.accounts:
            raise ControlError("keys: there is no such token")
        shop.delete_account(token)
        return jsonify(keys=len(shop.accounts))


def _texts(name: str, value: JsonValue) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
        raise ControlError(f"{name}: has to be a list of texts")
    return tuple(str(entry) for entry in value)


def _register(shop: Shop, changes: JsonObject) -> JsonObject:
    """Change how the app is registered; other scopes void the token it has."""
    known = {field.name for field in fields(App)}
    for name, value in changes.items():
        if name not in known:
            raise ControlError(f"{name}: no such field; there are {', '.join(sorted(known))}")
        if name != "scopes" and not isinstance(value, str):
            raise ControlError(f"{name}: has to be a text")
    with shop.lock:
        scopes = _texts("scopes", changes["scopes"]) if "scopes" in changes else shop.app.scopes
        if scopes != shop.app.scopes:
            install.forget_token(shop)
        for name, value in changes.items():
            setattr(shop.app, name, scopes if name == "scopes" else value)
        return {**asdict(shop.app), "scopes": list(scopes)}
