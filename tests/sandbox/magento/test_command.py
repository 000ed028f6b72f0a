"""The command line: ``python -m sandbox.magento``."""

import json
from functools import partial
from pathlib import Path

import pytest
import requests
from requests_oauthlib import OAuth1Session

from sandbox.magento.__main__ import main
from tests.sandbox import commands

NAMES = ("consumer_key", "consumer_secret", "access_token", "access_secret")

started = partial(commands.started, "magento")


def websites(told: dict[str, str], secrets: dict[str, str]) -> int:
    key, secret, token, token_secret = (secrets[name] for name in NAMES)
    with OAuth1Session(key, secret, token, token_secret, signature_method="HMAC-SHA256") as session:
        session.trust_env = False
        return session.get(f"{told['base_url']}/rest/V1/store/websites").status_code


def test_it_serves_with_the_secrets_it_is_given(project_root: Path, tmp_path: Path) -> None:
    secrets = {name: letter * 32 for name, letter in zip(NAMES, "abcd", strict=True)}
    given = {f"MAGENTO_{name.upper()}": secret for name, secret in secrets.items()}
    options = ["--base-path", "/shop/", "--name", "Corner", "--generation", "2.4.8"]
    with started(project_root, tmp_path / "ready", *options, **given) as told:
        assert told["base_url"] == f"{told['url']}/shop"
        assert secrets["access_secret"] not in json.dumps(told)  # invariant 5
        assert websites(told, secrets) == 200
        switches = requests.get(f"{told['url']}/_sandbox/switches", timeout=5, proxies={"http": ""}).json()
        assert switches["generation"] == "2.4.8"


def test_without_secrets_they_are_made_up_and_told_to_the_ready_file_only(project_root: Path, tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    none = {f"MAGENTO_{name.upper()}": "" for name in NAMES}
    with started(project_root, ready, "--seed", "1", **none) as told:
        assert set(told) == {"url", "name", "base_url"}  # invariant 5
        assert websites(told, json.loads(ready.read_text())) == 200
        assert ready.stat().st_mode & 0o077 == 0


def test_help_tells_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["--help"])
    shown = capsys.readouterr().out
    for option in ("--port", "--tls-port", "--base-path", "--generation", "--time-zone", "MAGENTO_CONSUMER_KEY"):
        assert option in shown


def test_an_unknown_time_zone_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["--time-zone", "Europe/Nowhere"])
    assert "'Europe/Nowhere' is no time zone" in capsys.readouterr().err
