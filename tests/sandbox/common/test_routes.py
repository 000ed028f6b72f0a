"""The rules of stand-ins in tests: they match as Flask's do, and give addresses to whoever asks."""

from flask import Flask, url_for

from tests.fakes.routes import OneWayRule


def test_an_address_is_found_and_made() -> None:
    app = Flask(__name__)
    assert app.url_rule_class is OneWayRule

    @app.get("/things/<int:number>")
    def thing(number: int) -> str:
        return url_for("thing", number=number + 1, colour="red")

    assert app.test_client().get("/things/1").text == "/things/2?colour=red"
