import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from local import processes
from local.errors import LocalCloudError
from local.processes import Process

STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
PARENT = (
    "import subprocess, sys, time; child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
    "print(child.pid, flush=True); time.sleep(60)"
)
ENVIRONMENT = {"PATH": os.environ["PATH"]}


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not true():
        assert time.monotonic() < end, "it did not happen within 10 s"
        time.sleep(0.01)


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Callable[[str], tuple[Process, Path]]]:
    running: list[Process] = []

    def start(code: str) -> tuple[Process, Path]:
        log = tmp_path / f"{len(running)}.log"
        process = processes.start([sys.executable, "-c", code], ENVIRONMENT, log, tmp_path)
        running.append(process)
        until(lambda: bool(log.read_text()))
        return process, log

    yield start
    for process in running:
        process.stop(0)


def test_a_program_that_will_not_end_is_ended_by_force(started: Callable[[str], tuple[Process, Path]]) -> None:
    process, _ = started(STUBBORN)
    assert process.alive
    process.stop(grace=0.1)
    assert not process.alive


def test_its_children_end_with_it(started: Callable[[str], tuple[Process, Path]]) -> None:
    process, log = started(PARENT)
    child = int(log.read_text())
    assert processes.birth(child)
    process.stop()
    until(lambda: not processes.birth(child))


def test_a_stranger_with_the_same_id_is_left_alone(started: Callable[[str], tuple[Process, Path]]) -> None:
    process, _ = started(PARENT)
    earlier = Process(process.pid, "long ago")
    assert not earlier.alive
    earlier.stop()
    assert process.alive


def test_a_failing_program_is_quoted(tmp_path: Path) -> None:
    log = tmp_path / "tool.log"
    with pytest.raises(LocalCloudError, match=r"(?s)ended with 3:.*no such stack.*tool\.log"):
        processes.run([sys.executable, "-c", "print('no such stack'); raise SystemExit(3)"], ENVIRONMENT, log, tmp_path)


def test_being_interrupted_ends_the_program_that_runs(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom pathlib import Path\nfrom local import processes\n"
        "from local.signals import unwinding_on_signals\n"
        "with unwinding_on_signals():\n"
        f"    processes.run([sys.executable, '-c', {PARENT!r}], {{}}, Path('tool.log'), Path('.'))\n"
    )
    root = Path(__file__).resolve().parents[3]
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=tmp_path, env={**ENVIRONMENT, "PYTHONPATH": str(root)}
    ) as ours:
        log = tmp_path / "tool.log"
        until(lambda: log.exists() and bool(log.read_text().strip()))
        child = int(log.read_text())
        ours.send_signal(signal.SIGTERM)
        assert ours.wait(10) == 128 + signal.SIGTERM
    until(lambda: not processes.birth(child))
