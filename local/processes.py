"""Programs that outlive the command which started them, and that are surely ended.

A process id alone may belong to a stranger after a restart, so the moment of its birth is remembered with it.
"""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from local.errors import LocalCloudError

GRACE_SECONDS = 5.0
LOOK_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Process:
    """A program in a session of its own, so that its children end with it."""

    pid: int
    born: str

    @property
    def alive(self) -> bool:
        """Tell whether it still runs; a stranger with the same id is not it."""
        with contextlib.suppress(ChildProcessError):  # only a child of ours can be, and has to be, reaped
            os.waitpid(self.pid, os.WNOHANG)
        return bool(self.born) and birth(self.pid) == self.born

    def stop(self, grace: float = GRACE_SECONDS) -> None:
        """End it and its children: politely, and after `grace` seconds by force."""
        if not self.alive:
            return
        self._signal(signal.SIGTERM)
        self._wait(grace)
        self._signal(signal.SIGKILL)  # its children too, should one of them have stayed
        self._wait(GRACE_SECONDS)

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, number)

    def _wait(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while self.alive and time.monotonic() < end:
            time.sleep(LOOK_SECONDS)


def start(arguments: Sequence[str | Path], environment: Mapping[str, str], log: Path, folder: Path) -> Process:
    """Start a program detached from this terminal, its output going to `log`."""
    with log.open("wb") as output:
        child = subprocess.Popen(
            [str(argument) for argument in arguments],
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    child.returncode = 0  # it is looked after by its id, also by later commands: no warning when it is let go here
    return Process(child.pid, birth(child.pid))


def run(arguments: Sequence[str | Path], environment: Mapping[str, str], log: Path, folder: Path) -> None:
    """Run a program to its end; when it fails, the error quotes the end of its log. Being interrupted ends it too."""
    name = Path(arguments[0]).name + " " + str(arguments[1])
    with log.open("wb") as output:
        child = subprocess.Popen(
            [str(argument) for argument in arguments],
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            code = child.wait()
        except BaseException:
            Process(child.pid, birth(child.pid)).stop()
            raise
    if code:
        raise LocalCloudError(
            f"`{name}` ended with {code}:\n{tail(log)}\n",
            remedy=f"The whole output is in {log}; mend it and try again.",
        )


def birth(pid: int) -> str:
    """Tell when a process was started, in the system's own words; "" when there is none or it has ended."""
    stat = Path(f"/proc/{pid}/stat")
    if stat.exists() or Path("/proc/self/stat").exists():
        try:
            state, *fields = stat.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            return ""
        return "" if state in "ZX" else fields[18]
    answer = subprocess.run(
        ["ps", "-o", "stat=,lstart=", "-p", str(pid)],  # noqa: S607 - systems without /proc have ps
        capture_output=True,
        text=True,
        check=False,
    ).stdout.strip()
    return "" if answer.startswith("Z") else answer.partition(" ")[2].strip()


def tail(log: Path, lines: int = 25) -> str:
    """Give the last lines of a log."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
