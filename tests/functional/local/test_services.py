import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from local import processes
from local.errors import LocalCloudError
from local.home import PROJECT, Home
from local.processes import Process
from local.services import Services
from local.state import State

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
SECONDS = 20
SESSION = f"""
import pathlib, signal, sys
from local.cloud import LocalCloud, Ports
from local.home import Home

class Cloud(LocalCloud):
    def start(self, owner=None):
        for name in ("cloud", "till"):
            self.services.start(name, {SLEEP!r}, {{}})

folder = pathlib.Path(sys.argv[1])
try:
    with Cloud(Home(folder), Ports.free()).session():
        (folder / "under-way").touch()
        signal.pause()
except KeyboardInterrupt:
    sys.exit(130)
"""


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    found = Services(Home(tmp_path))
    yield found
    found.stop_all()


def test_what_was_started_is_found_and_ended_by_a_later_command(services: Services) -> None:
    services.set_url("till", "https://127.0.0.1:1")
    services.start("till", SLEEP, {})
    later = Services(services.home)
    assert later.url("till") == "https://127.0.0.1:1"
    running = later.state.services["till"].process
    assert running.alive
    later.stop_all()
    assert not processes.birth(running.pid)
    assert later.state == State()


def test_a_program_that_ends_at_once_is_quoted(services: Services) -> None:
    services.start("till", [sys.executable, "-c", "raise SystemExit('port 1 is in use')"], {})
    with pytest.raises(LocalCloudError, match=r"(?s)till ended at once:.*port 1 is in use"):
        services.wait_for("till", lambda: False)


def test_what_does_not_run_has_no_address(services: Services) -> None:
    with pytest.raises(LocalCloudError, match=r"does not run\. Start it with `make up`"):
        services.url("cloud")


def test_leftovers_of_a_killed_command_are_cleared(services: Services) -> None:
    services.start("cloud", SLEEP, {})
    left = services.state.services["cloud"].process
    services.save(replace(services.state, owner=Process(left.pid, "long ago")))
    services.take_over()
    assert not left.alive


@pytest.mark.parametrize("owned", [True, False])
def test_what_somebody_uses_is_never_taken_away(services: Services, *, owned: bool) -> None:
    services.start("cloud", SLEEP, {})
    owner = Process(os.getpid(), processes.birth(os.getpid())) if owned else None
    services.save(replace(services.state, owner=owner))
    with pytest.raises(LocalCloudError, match=r"runs already.*make down"):
        services.take_over()
    assert services.state.services["cloud"].process.alive


def test_children_see_nothing_of_our_aws_settings(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SESSION_TOKEN", "a real one")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example")
    done = services.home.folder / "done"
    code = f"import os, pathlib; print(dict(os.environ)); pathlib.Path({str(done)!r}).touch()"
    services.start("till", [sys.executable, "-c", code], {"GIVEN": "yes"})
    services.wait_for("till", done.exists)
    seen = services.home.log("till").read_text()
    assert "AWS_SESSION_TOKEN" not in seen
    assert "HTTPS_PROXY" not in seen
    assert "'GIVEN': 'yes'" in seen


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_however_a_session_ends_nothing_is_left_running(services: Services, sent: signal.Signals, code: int) -> None:
    folder = services.home.folder
    with subprocess.Popen([sys.executable, "-c", SESSION, folder], cwd=PROJECT) as ours:
        end = time.monotonic() + SECONDS
        while not (folder / "under-way").exists():
            assert time.monotonic() < end, "it never began"
            time.sleep(0.01)
        started = [service.process.pid for service in services.state.services.values()]
        ours.send_signal(sent)
        assert ours.wait(SECONDS) == code
    assert len(started) == 2
    assert not any(processes.birth(pid) for pid in started)
    assert services.state == State()
