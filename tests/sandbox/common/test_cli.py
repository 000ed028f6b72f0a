"""The shared command line: ready file, clean end, busy port."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from sandbox.common.server import Server, TlsFiles

PROGRAM = """
import argparse, sys
from flask import Flask
from sandbox.common.cli import add_server_arguments, run, tls_files
parser = argparse.ArgumentParser()
add_server_arguments(parser)
args = parser.parse_args()
sys.exit(run(Flask("tried"), args, tls_files(args, parser), lambda addresses: {**addresses, "name": "tried"}))
"""


@contextmanager
def started(*args: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def test_the_ready_file_has_the_addresses_and_a_signal_ends_it_cleanly(
    tls: TlsFiles, tmp_path: Path, http: requests.Session
) -> None:
    ready = tmp_path / "ready.json"
    options = ["--tls-port", "0", "--cert", str(tls.cert), "--key", str(tls.key), "--ready-file", str(ready)]
    with started(*options) as process:
        assert process.stdout is not None
        printed = "".join(iter(process.stdout.readline, "}\n")) + "}"
        announced = json.loads(ready.read_text())
        assert announced == json.loads(printed)
        assert announced["name"] == "tried"
        assert http.get(announced["url"]).status_code == 404
        assert http.get(announced["tls_url"], verify=str(tls.ca)).status_code == 404
        process.send_signal(signal.SIGTERM)
        assert (process.wait(timeout=10), process.communicate()[1]) == (0, "")


def test_a_busy_port_is_named_with_exit_code_1(server: Server) -> None:
    with started("--port", str(server.port)) as process:
        _, errors = process.communicate(timeout=20)
    assert process.returncode == 1
    assert errors == (
        f"error: port {server.port} on 127.0.0.1 is taken by another program; stop that one or choose another port\n"
    )


def test_tls_needs_its_files() -> None:
    with started("--tls-port", "0") as process:
        _, errors = process.communicate(timeout=20)
    assert (process.returncode, "--tls-port needs --cert" in errors) == (2, True)
