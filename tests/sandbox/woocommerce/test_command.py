"""The command line: ``python -m sandbox.woocommerce``."""

import json
from functools import partial
from pathlib import Path

import pytest
import requests

from sandbox.common.server import TlsFiles
from sandbox.woocommerce.__main__ import main
from tests.sandbox import commands

started = partial(commands.started, "woocommerce")


def test_it_serves_plain_and_with_tls_in_a_sub_folder(project_root: Path, tmp_path: Path, tls: TlsFiles) -> None:
    options = ["--tls-port", "0", "--cert", str(tls.cert), "--key", str(tls.key), "--ca", str(tls.ca)]
    shop = ["--base-path", "/shop/", "--name", "Corner", "--time-zone", "Europe/Amsterdam", "--cron-seconds", "0.05"]
    secrets = {"WOO_KEY": "ck_given", "WOO_SECRET": "cs_given"}
    with (
        started(project_root, tmp_path / "ready", *options, *shop, **secrets) as told,
        requests.Session() as session,
    ):
        session.trust_env, session.verify = False, str(tls.ca)
        assert told["home_url"] == f"{told['tls_url']}/shop"
        assert "cs_given" not in json.dumps(told)  # invariant 5
        index = session.get(f"{told['url']}/shop/wp-json/").json()
        assert (index["name"], index["timezone_string"], index["url"]) == (
            "Corner",
            "Europe/Amsterdam",
            told["home_url"],
        )
        products = f"{told['tls_url']}/shop/wp-json/wc/v3/products"
        assert session.get(products, auth=("ck_given", "cs_given")).json() == []


def test_without_a_key_one_is_made_up_and_told_to_the_ready_file_only(project_root: Path, tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    with started(project_root, ready, "--seed", "1", WOO_KEY="", WOO_SECRET="") as told:
        assert set(told) == {"url", "name", "home_url"}  # invariant 5
        kept = json.loads(ready.read_text())
        assert kept["key"].startswith("ck_")
        assert kept["secret"].startswith("cs_")
        assert ready.stat().st_mode & 0o077 == 0


def test_help_tells_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["--help"])
    shown = capsys.readouterr().out
    for option in ("--port", "--tls-port", "--cert", "--ca", "--base-path", "--time-zone", "WOO_KEY", "--cron-seconds"):
        assert option in shown


def test_an_unknown_time_zone_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["--time-zone", "Europe/Nowhere"])
    assert "'Europe/Nowhere' is no time zone" in capsys.readouterr().err
