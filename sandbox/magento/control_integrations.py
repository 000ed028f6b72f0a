"""Control actions about integrations, as the shop's owner makes them under System > Extensions > Integrations."""

from typing import Any

from flask import Blueprint, Response, jsonify

from sandbox.common.control import ControlError, control_object
from sandbox.magento.integrations import Integration
from sandbox.magento.shop import Shop
from sandbox.magento.web.handshake import activate


def add_integration_controls(blueprint: Blueprint, shop: Shop) -> None:
    """Add the actions."""

    @blueprint.get("/integrations")
    def list_integrations() -> Response:
        with shop.lock:
            return jsonify([_shown(entry) for entry in shop.integrations.values()])

    @blueprint.post("/integrations")
    def add() -> Response:
        body = control_object("name", "callback_url", "identity_url", "resources")
        with shop.lock:
            integration = _make(shop, body)
            secrets = _secrets(integration)
        return jsonify({**_shown(integration), **secrets})

    @blueprint.post("/integrations/<int:number>/activate")
    def begin(number: int) -> Response:
        """Activate or reauthorise: post to the callback URL, and say where the pop-up goes."""
        integration = _find(shop, number)
        if not integration.callback_url:
            raise ControlError(f"integration {number}: it has no callback URL, its secrets are to be pasted")
        identity_link = activate(shop, integration)
        return jsonify({**_shown(integration), "identity_link": identity_link})

    _add_endings(blueprint, shop)


def _add_endings(blueprint: Blueprint, shop: Shop) -> None:
    @blueprint.post("/integrations/<int:number>/revoke")
    def revoke(number: int) -> Response:
        integration = _find(shop, number)
        with shop.lock:
            integration.active = False
            if integration.token is not None:
                integration.token.revoked = True
            shop.changed()
        return jsonify(_shown(integration))

    @blueprint.post("/integrations/<int:number>/resources")
    def allow(number: int) -> Response:
        integration = _find(shop, number)
        with shop.lock:
            integration.resources = _resources(control_object("resources"), integration.resources)
            shop.changed()
        return jsonify(_shown(integration))

    @blueprint.delete("/integrations/<int:number>")
    def forget(number: int) -> Response:
        with shop.lock:
            del shop.integrations[_find(shop, number).id]
            shop.changed()
        return jsonify(integrations=len(shop.integrations))


def _make(shop: Shop, body: dict[str, Any]) -> Integration:
    """Make an integration: with a callback URL it waits for its activation, without one it is active at once."""
    if body.get("callback_url"):
        number = shop.next_integration_id()
        integration = Integration(
            number, "", shop.secret(), shop.secret(), str(body["callback_url"]), str(body.get("identity_url") or "")
        )
        shop.integrations[number] = integration
    else:
        integration = shop.new_secrets()
    integration.name = str(body.get("name") or f"Integration {integration.id}")
    integration.resources = _resources(body, integration.resources)
    shop.changed()
    return integration


def _resources(body: dict[str, Any], default: frozenset[str]) -> frozenset[str]:
    given = body.get("resources", list(default))
    if not isinstance(given, list) or not all(isinstance(name, str) for name in given):
        raise ControlError("resources: has to be a list of names, such as Magento_Catalog::products")
    return frozenset(given)


def _find(shop: Shop, number: int) -> Integration:
    found = shop.integrations.get(number)
    if found is None:
        raise ControlError(f"integration {number}: there is no such integration")
    return found


def _shown(integration: Integration) -> dict[str, Any]:
    return {
        "id": integration.id,
        "name": integration.name,
        "active": integration.active,
        "callback_url": integration.callback_url,
        "identity_url": integration.identity_url,
        "callback_status": integration.callback_status,
        "resources": sorted(integration.resources),
    }


def _secrets(integration: Integration) -> dict[str, str]:
    """Give the four secrets of an integration without a callback URL, as its owner sees them."""
    token = integration.token
    if integration.callback_url or token is None:
        return {}
    return {
        "consumer_key": integration.consumer_key,
        "consumer_secret": integration.consumer_secret,
        "access_token": token.token,
        "access_secret": token.secret,
    }
