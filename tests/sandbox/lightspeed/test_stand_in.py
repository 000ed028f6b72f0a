"""The stand-in as a whole: control actions, page, pictures, faults and the command line."""

import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import requests
from PIL import Image

from sandbox.common.faults import Fault
from sandbox.common.server import serve
from sandbox.lightspeed.app import build_app
from tests.sandbox.lightspeed.support import CLIENT, Till, body


@pytest.mark.parametrize(
    ("action", "fields", "word"),
    [
        ("sell", {}, "item"),
        ("sell", {"item": 9999}, "9999"),
        ("sell", {"item": 1, "shop": 3}, "shop"),
        ("sell", {"item": 1, "amount": 2}, "amount"),
        ("receive", {"item": 1, "quantity": "many"}, "quantity"),
        ("edit", {"item": 1, "colour": "red"}, "colour"),
        ("edit", {"item": 1, "tags": ["nothing"]}, "tags"),
        ("prices", {"item": 1, "level": "Wholesale", "amount": 1}, "level"),
        ("prices", {"item": 1, "amount": "dear"}, "amount"),
        ("add-item", {}, "description"),
        ("advance", {"seconds": -1}, "seconds"),
        ("revoke", {"grant": 7}, "grant"),
        ("employee", {"employee": 7, "locked": True}, "employee 7"),
        ("employee", {"employee": 1, "locked": "yes"}, "locked"),
        ("employee", {"employee": 1, "rights": ["fly"]}, "fly"),
        ("client", {"id": "new"}, "secret"),
        ("bucket", {"size": 0}, "size"),
        ("api-keys", {"until": "tomorrow"}, "until"),
        ("api-keys", {"until": "2026-02-01T00:00:00"}, "until"),
    ],
)
def test_wrong_control_actions_name_the_field(till: Till, action: str, fields: dict[str, object], word: str) -> None:
    answer = till.http.post(f"/_sandbox/{action}", json=fields)
    assert answer.status_code == 400
    assert word in body(answer)["error"]


def test_control_calls_are_not_counted_and_cost_is(connected: Till) -> None:
    connected.instruments.ledger.reset()
    connected.control("sell", item=1)
    connected.rows("Item", load_relations='["ItemShops"]')
    connected.rows("ItemShop")
    assert connected.instruments.ledger.by_route() == {"GET Item": 1, "GET ItemShop": 1}
    assert connected.instruments.ledger.cost == pytest.approx(2.4)
    calls = body(connected.http.get("/_sandbox/calls"))
    assert (calls["total"], calls["cost"]) == (2, pytest.approx(2.4))


def test_the_summary_changes_with_the_data(connected: Till) -> None:
    before = body(connected.http.get("/_sandbox/state"))
    connected.control("sell", item=1)
    after = body(connected.http.get("/_sandbox/state"))
    assert after["changes"] > before["changes"]
    assert after["sales"] == 1


def test_the_clock_can_be_advanced(connected: Till) -> None:
    connected.control("advance", seconds=3600)
    assert connected.call("GET", "Item.json").status_code == 401


def test_the_life_of_tokens_can_be_changed(till: Till) -> None:
    till.control("token-life", seconds=60)
    assert till.connect()["expires_in"] == 60


def test_clients_can_be_registered_while_running(till: Till) -> None:
    till.control("client", id="new", secret="s", redirect_uri="https://new.example/")
    assert till.ask(client_id="new").status_code == 200


def test_items_and_grants_are_listed_without_secrets(connected: Till) -> None:
    items = json.loads(connected.http.get("/_sandbox/items?limit=3").data)
    assert [item["itemID"] for item in items] == ["1", "2", "3"]
    grants = connected.http.get("/_sandbox/grants").get_data(as_text=True)
    assert connected.token not in grants
    assert CLIENT.secret not in grants


def test_the_page_shows_stock_grants_and_calls_but_no_token(connected: Till) -> None:
    connected.control("sell", item=45, shop=2)
    connected.rows("Item")
    page = connected.http.get("/").get_data(as_text=True)
    for text in ("Alder &amp; Quay", "Sell one", "Stock that changed last", "client-1", "182255/client-1", "Old Town"):
        assert text in page
    assert "/API/V3/Account/182255/Item.json" in page
    assert connected.token not in page
    assert "&lt;b&gt;3/4" in page  # names are escaped


@pytest.mark.parametrize(("extension", "kind"), [("jpg", "JPEG"), ("png", "PNG")])
def test_pictures_are_real_public_and_repeat(connected: Till, extension: str, kind: str) -> None:
    image = connected.rows("Image", limit="1")[0]
    address = f"{image['baseImageURL']}{image['publicID']}.{extension}"
    first, second = connected.http.get(address), connected.http.get(address)
    assert first.data == second.data
    picture = Image.open(io.BytesIO(first.data))
    assert (picture.format, picture.size) == (kind, (320, 320))
    small = connected.http.get(f"{image['baseImageURL']}w_30,h_20,c_limit/{image['publicID']}.{extension}")
    assert Image.open(io.BytesIO(small.data)).size == (30, 20)


def test_pictures_differ_and_unknown_ones_are_404(connected: Till) -> None:
    rows = connected.rows("Image", limit="20")
    names = [row["publicID"] for row in rows]
    pictures = {connected.http.get(f"/image/upload/{name}.png").data for name in names}
    assert len(pictures) == len(names)
    assert connected.http.get("/image/upload/0123456789ab00000001.png").status_code == 404
    assert connected.http.get("/image/upload/short.png").status_code == 404


def test_pictures_of_an_item_and_of_a_matrix(connected: Till) -> None:
    assert {row["itemID"] for row in connected.rows("Item/28/Image")} == {"28"}
    matrix_rows = connected.rows("ItemMatrix/1/Image")
    assert {row["itemMatrixID"] for row in matrix_rows} == {"1"}
    assert [row["ordering"] for row in matrix_rows] == [str(number) for number in range(len(matrix_rows))]
    assert connected.get(f"Image/{matrix_rows[0]['imageID']}.json")["Image"] == matrix_rows[0]


def test_faults_strike_the_api_as_asked(connected: Till) -> None:
    retry = Fault("status", path="/Item", status=400, body='{"message":"Please try again later."}')
    connected.instruments.faults.add(retry)
    answer = connected.call("GET", "Item.json")
    assert (answer.status_code, body(answer)["message"]) == (400, "Please try again later.")
    assert connected.call("GET", "Item.json").status_code == 200


def test_a_page_can_break_off_half_way(connected: Till) -> None:
    with serve(build_app(connected.state)) as server, requests.Session() as http:
        http.trust_env = False
        http.headers["Authorization"] = f"Bearer {connected.token}"
        http.post(f"{server.url}/_sandbox/faults", json={"kind": "truncate", "path": "/Item.json"})
        with pytest.raises(requests.exceptions.ChunkedEncodingError):
            http.get(f"{server.url}/API/V3/Account/182255/Item.json")
        assert http.get(f"{server.url}/API/V3/Account/182255/Item.json").status_code == 200


def run(arguments: list[str], environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "sandbox.lightspeed", *arguments],
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )


def test_help_names_the_options() -> None:
    shown = run(["--help"]).stdout
    for option in ("--items", "--seed", "--redirect-uri", "--token-life", "--bucket-size", "--rules", "--tls-port"):
        assert option in shown
    assert "SANDBOX_LIGHTSPEED_CLIENT_SECRET" in shown


@pytest.mark.parametrize(
    ("arguments", "environment", "word"),
    [
        (["--items", "0"], {}, "--items"),
        (["--rules", "1999"], {}, "--rules"),
        (["--api-keys-until", "soon"], {}, "--api-keys-until"),
        (["--api-keys-until", "2026-01-01T00:00:00"], {}, "offset"),
        ([], {"SANDBOX_LIGHTSPEED_CLIENT_ID": "c"}, "SANDBOX_LIGHTSPEED_CLIENT_SECRET"),
    ],
)
def test_wrong_options_are_named(arguments: list[str], environment: dict[str, str], word: str) -> None:
    ended = run(arguments, environment)
    assert ended.returncode == 2
    assert word in ended.stderr


def test_the_command_serves_says_where_and_ends_cleanly(tmp_path: Path) -> None:
    ready = tmp_path / "ready.json"
    environment = {
        **os.environ,
        "SANDBOX_LIGHTSPEED_CLIENT_ID": "c",
        "SANDBOX_LIGHTSPEED_CLIENT_SECRET": "s",
        "SANDBOX_LIGHTSPEED_API_KEY": "k",
    }
    arguments = ["--ready-file", str(ready), "--redirect-uri", "https://c.example/", "--api-keys-until", "never"]
    command = [sys.executable, "-m", "sandbox.lightspeed", *arguments]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as process:
        try:
            while not ready.exists():
                assert process.poll() is None
            _check_ready(json.loads(ready.read_text()))
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=10) == 0
        finally:
            process.kill()


def _check_ready(announced: dict[str, str]) -> None:
    assert announced["account_id"] == "182255"
    with requests.Session() as http:
        http.trust_env = False
        answer = http.get(f"{announced['url']}/API/V3/Account.json", auth=("k", "apikey"))
        assert answer.json()["Account"]["accountID"] == "182255"
