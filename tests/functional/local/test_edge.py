from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from flask import Flask, Response, request

from local.ca import tls_files
from local.edge import build_edge
from sandbox.common.server import serve


@pytest.fixture
def stage() -> Iterator[str]:
    app = Flask("stage")

    @app.route("/stage/<path:path>", methods=["GET", "POST"])
    def answer(path: str) -> Response:
        if path == "away":
            return Response(status=302, headers=[("Location", "https://shop.example/?a=1&b=2")])
        seen = [
            request.method,
            request.environ["REQUEST_URI"],
            request.get_data(as_text=True),
            request.headers["X-Forwarded-Proto"],
        ]
        cookies = [("Set-Cookie", "one=1"), ("Set-Cookie", "two=2")]
        return Response("|".join(seen), headers=[*cookies, ("X-Sent", request.headers.get("X-Sent", ""))])

    with serve(app) as server:
        yield server.url + "/stage"


@pytest.fixture
def edge(stage: str, tmp_path: Path) -> Iterator[tuple[str, str]]:
    tls = tls_files(tmp_path)
    with serve(build_edge(stage), tls=tls) as server:
        yield server.url, str(tls.ca)


def test_a_request_arrives_as_it_was_sent(edge: tuple[str, str]) -> None:
    url, ca = edge
    answer = requests.post(
        f"{url}/a%20b/c?x=1%2B1&y=%C3%A9", data="k=v", headers={"X-Sent": "this"}, verify=ca, timeout=5
    )
    assert answer.status_code == 200
    assert answer.text == "POST|/stage/a%20b/c?x=1%2B1&y=%C3%A9|k=v|https"
    assert answer.headers["X-Sent"] == "this"
    assert answer.cookies.get_dict() == {"one": "1", "two": "2"}


def test_a_redirect_is_for_the_browser_to_follow(edge: tuple[str, str]) -> None:
    url, ca = edge
    answer = requests.get(f"{url}/away", verify=ca, timeout=5, allow_redirects=False)
    assert (answer.status_code, answer.headers["Location"]) == (302, "https://shop.example/?a=1&b=2")


def test_a_cloud_that_has_gone_is_said_to_have_gone(tmp_path: Path) -> None:
    tls = tls_files(tmp_path)
    with serve(build_edge("http://127.0.0.1:9"), tls=tls) as server:
        answer = requests.get(f"{server.url}/x", verify=str(tls.ca), timeout=5)
    assert answer.status_code == 502
    assert "make up" in answer.text
