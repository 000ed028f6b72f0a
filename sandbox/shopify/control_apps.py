"""Control actions on apps: install, uninstall, scopes, secrets, tokens, compliance topics."""

from flask import Blueprint, Response, jsonify

from sandbox.common.control import ControlError, control_object
from sandbox.common.json_types import JsonObject
from sandbox.shopify.control_body import Body
from sandbox.shopify.hooks.deliveries import COMPLIANCE, send_compliance
from sandbox.shopify.hooks.emitting import emit
from sandbox.shopify.info import SHOP_ID
from sandbox.shopify.settings import App
from sandbox.shopify.shop import Shop


def add_app_controls(blueprint: Blueprint, shop: Shop) -> None:
    """Add the actions. Each names an app by its ``client_id``; without one, the only app is meant."""
    _add_tokens(blueprint, shop)
    _add_secrets(blueprint, shop)
    _add_installation(blueprint, shop)


def _add_tokens(blueprint: Blueprint, shop: Shop) -> None:
    @blueprint.post("/token")
    def new_token() -> Response:
        """Make a lasting token, as apps made in the shop's own admin have."""
        body = Body(control_object("client_id", "scopes"))
        scopes = tuple(body.words("scopes")) or None
        return jsonify(access_token=shop.issue(_app(shop, body), scopes).value)

    @blueprint.post("/revoke")
    def revoke() -> Response:
        """End a token, or with ``refresh`` all refresh tokens of an app."""
        body = Body(control_object("client_id", "token", "refresh"))
        with shop.lock:
            if body.flag("refresh"):
                return jsonify(revoked=shop.tokens.revoke_refresh(_app(shop, body).client_id))
            return jsonify(revoked=int(shop.tokens.revoke(body.text("token"))))

    @blueprint.post("/expire")
    def expire() -> Response:
        """Let the expiring access tokens of an app run out now."""
        with shop.lock:
            app = _app(shop, Body(control_object("client_id")))
            return jsonify(expired=shop.tokens.expire(app.client_id, shop.now()))

    @blueprint.post("/bucket")
    def set_bucket() -> Response:
        """Leave an app so many cost points, as if it had spent the others."""
        body = Body(control_object("client_id", "available"))
        with shop.lock:
            bucket = shop.bucket_of(_app(shop, body))
            bucket.level = min(bucket.limits.bucket, body.whole("available"))
            return jsonify(available=bucket.level)


def _add_installation(blueprint: Blueprint, shop: Shop) -> None:
    @blueprint.post("/uninstall")
    def uninstall() -> Response:
        """Uninstall an app: its tokens are dead before the hook tells of it, its subscriptions go with it."""
        with shop.lock:
            app = _app(shop, Body(control_object("client_id")))
            emit(shop, "APP_UNINSTALLED", lambda: _shop_body(shop), app.client_id)
            ended = shop.tokens.revoke_app(app.client_id)
            shop.uninstalled.add(app.client_id)
            shop.forget_subscriptions(app.client_id)
            return jsonify(revoked=ended)

    @blueprint.post("/scopes")
    def change_scopes() -> Response:
        """Change what an app's tokens may do."""
        body = Body(control_object("client_id", "scopes"))
        with shop.lock:
            app, scopes = _app(shop, body), tuple(body.words("scopes"))
            before = next((token.scopes for token in shop.tokens.of_app(app.client_id)), ())
            shop.tokens.change_scopes(app.client_id, scopes)
            told: JsonObject = {"previous": list(before), "current": list(scopes), "updated_at": f"{shop.now():%FT%TZ}"}
            emit(shop, "APP_SCOPES_UPDATE", lambda: told, app.client_id)
            return jsonify(told)


def _add_secrets(blueprint: Blueprint, shop: Shop) -> None:
    @blueprint.post("/rotate-secret")
    def rotate_secret() -> Response:
        """Give an app a new secret; web hooks are signed with the old one until ``/forget-secret``."""
        return jsonify(secret=shop.rotate_secret(_app(shop, Body(control_object("client_id"))).client_id).secret)

    @blueprint.post("/forget-secret")
    def forget_secret() -> Response:
        with shop.lock:
            known = shop.old_secrets.pop(_app(shop, Body(control_object("client_id"))).client_id, None)
        return jsonify(forgotten=known is not None)

    @blueprint.post("/compliance")
    def compliance() -> Response:
        """Queue one of the compliance topics for the apps whose configuration wants them."""
        body = control_object("topic", "customer", "orders_requested", "orders_to_redact", "data_request")
        topic = str(body.pop("topic", "")).upper().replace("/", "_")
        if topic not in COMPLIANCE:
            raise ControlError(f"topic: {topic!r} is none of {', '.join(COMPLIANCE)}")
        send_compliance(shop, topic, body)
        return jsonify(waiting=len(shop.subscriptions.waiting))


def _app(shop: Shop, body: Body) -> App:
    name = body.text("client_id")
    if not name and len(shop.apps) == 1:
        return next(iter(shop.apps.values()))
    app = shop.apps.get(name)
    if app is None:
        raise ControlError(f"client_id: {name!r} is none of {', '.join(shop.apps)}")
    return app


def _shop_body(shop: Shop) -> JsonObject:
    settings = shop.settings
    return {
        "id": SHOP_ID,
        "name": settings.name,
        "domain": settings.domain,
        "myshopify_domain": settings.domain,
        "currency": settings.currency,
        "iana_timezone": settings.time_zone,
    }
