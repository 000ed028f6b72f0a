"""The command line: ``python -m sandbox.shopify``."""

import json
from functools import partial
from pathlib import Path

import pytest
import requests

from sandbox.common.server import TlsFiles
from sandbox.shopify.__main__ import main
from tests.sandbox import commands

started = partial(commands.started, "shopify")


def test_it_serves_plain_and_with_tls(project_root: Path, tmp_path: Path, tls: TlsFiles) -> None:
    ready = tmp_path / "ready"
    options = ["--tls-port", "0", "--cert", str(tls.cert), "--key", str(tls.key), "--ca", str(tls.ca)]
    shop = ["--domain", "corner.myshopify.com", "--name", "Corner", "--location", "Shelf", "--cron-seconds", "0.05"]
    secrets = {"SHOPIFY_CLIENT_ID": "given-id", "SHOPIFY_CLIENT_SECRET": "given-secret"}
    with started(project_root, ready, *options, *shop, **secrets) as told, requests.Session() as session:
        session.trust_env, session.verify = False, str(tls.ca)
        assert told["home_url"] == told["tls_url"]
        assert "given-secret" not in json.dumps(told)  # invariant 5
        kept = json.loads(ready.read_text())
        assert (kept["client_id"], kept["client_secret"]) == ("given-id", "given-secret")
        assert ready.stat().st_mode & 0o077 == 0
        session.headers["X-Shopify-Access-Token"] = kept["access_token"]
        body = {"query": "{ shop { name myshopifyDomain } locations(first: 5) { nodes { name } } }"}
        for address in (told["url"], told["tls_url"]):
            answer = session.post(f"{address}/admin/api/2026-07/graphql.json", json=body).json()
            assert answer["data"] == {
                "shop": {"name": "Corner", "myshopifyDomain": "corner.myshopify.com"},
                "locations": {"nodes": [{"name": "Shelf"}]},
            }


def test_help_tells_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["--help"])
    shown = capsys.readouterr().out
    for option in ("--port", "--tls-port", "--domain", "--location", "SHOPIFY_CLIENT_ID", "--cron-seconds", "--bucket"):
        assert option in shown


def test_an_unknown_time_zone_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["--time-zone", "Europe/Nowhere"])
    assert "'Europe/Nowhere' is no time zone" in capsys.readouterr().err
