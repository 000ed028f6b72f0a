"""Puts the stand-in together."""

from flask import Flask

from sandbox.common.instrument import Instruments, instrument
from sandbox.lightspeed.api.page_form import LightspeedPages
from sandbox.lightspeed.api.registry import endpoints
from sandbox.lightspeed.api.routes import api_blueprint, public_url
from sandbox.lightspeed.control import add_controls
from sandbox.lightspeed.data.images import image_of
from sandbox.lightspeed.oauth.server import current_blueprint, deprecated_blueprint
from sandbox.lightspeed.page import add_page
from sandbox.lightspeed.pictures import BASE_PATH, pictures_blueprint
from sandbox.lightspeed.state import Lightspeed


def build_app(state: Lightspeed, instruments: Instruments | None = None) -> Flask:
    """Build the application over `state`; give `instruments` to read its ledger or plan its faults in process."""
    app = Flask("sandbox.lightspeed")
    instruments = instruments or Instruments(clock=state.clock)
    settings = state.settings
    if settings.rules.current_server:
        app.register_blueprint(current_blueprint(state))
    app.register_blueprint(deprecated_blueprint(state))
    app.register_blueprint(api_blueprint(state, endpoints(state.retailer, lambda: public_url(state) + BASE_PATH)))
    app.register_blueprint(pictures_blueprint(settings.seed, lambda name: image_of(settings.seed, name)))
    add_controls(app, state, instruments)
    add_page(app, state, instruments)
    instrument(app, instruments, LightspeedPages())
    return app
