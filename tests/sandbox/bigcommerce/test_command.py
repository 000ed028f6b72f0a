"""The command line: ``python -m sandbox.bigcommerce``."""

import json
from functools import partial
from pathlib import Path

import pytest
import requests

from sandbox.bigcommerce.__main__ import main
from sandbox.common.server import TlsFiles
from tests.sandbox import commands

started = partial(commands.started, "bigcommerce")


def test_it_serves_plain_and_with_tls(project_root: Path, tmp_path: Path, tls: TlsFiles) -> None:
    options = ["--tls-port", "0", "--cert", str(tls.cert), "--key", str(tls.key), "--ca", str(tls.ca)]
    store = ["--store-hash", "corner", "--name", "Corner", "--time-zone", "Europe/Amsterdam", "--cron-seconds", "0.05"]
    secrets = {"BIGCOMMERCE_TOKEN": "given", "BIGCOMMERCE_CLIENT_ID": "c", "BIGCOMMERCE_CLIENT_SECRET": "s"}
    with (
        started(project_root, tmp_path / "ready", *options, *store, **secrets) as told,
        requests.Session() as session,
    ):
        session.trust_env, session.verify = False, str(tls.ca)
        assert (told["store_hash"], "given" in json.dumps(told)) == ("corner", False)  # invariant 5
        for url in (told["url"], told["tls_url"]):
            answer = session.get(f"{url}/stores/corner/v2/store", headers={"X-Auth-Token": "given"})
            assert (answer.json()["name"], answer.json()["timezone"]["name"]) == ("Corner", "Europe/Amsterdam")
            assert answer.headers["X-Rate-Limit-Requests-Quota"] == "150"


def test_without_a_token_one_is_made_up_and_told_to_the_ready_file_only(project_root: Path, tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    with started(project_root, ready, "--seed", "1", BIGCOMMERCE_TOKEN="") as told:
        assert set(told) == {"url", "name", "store_hash"}  # invariant 5
        kept = json.loads(ready.read_text())
        assert all(kept[name] for name in ("token", "client_id", "client_secret"))
        assert ready.stat().st_mode & 0o077 == 0


def test_the_app_is_registered_where_it_is_said_to_be(project_root: Path, tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    with started(project_root, ready, "--app-url", "https://app.invalid/connect/bigcommerce") as told:
        assert set(told) == {"url", "name", "store_hash"}  # invariant 5
        app = json.loads(ready.read_text())
        install = f"{told['url']}/manage/marketplace/apps/{app['app_id']}"
        target = requests.post(install, allow_redirects=False, timeout=5).headers["Location"]
        assert target.startswith("https://app.invalid/connect/bigcommerce/auth?code=")
        assert app["app_secret"]


def test_help_tells_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["--help"])
    shown = capsys.readouterr().out
    for option in ("--port", "--tls-port", "--ca", "--store-hash", "--quota", "--settle-seconds", "BIGCOMMERCE_TOKEN"):
        assert option in shown


def test_an_unknown_time_zone_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["--time-zone", "Europe/Nowhere"])
    assert "'Europe/Nowhere' is no time zone" in capsys.readouterr().err
