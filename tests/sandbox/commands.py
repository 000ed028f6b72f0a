"""Stand-ins started from the command line, as a person would."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def started(system: str, project: Path, ready: Path, *options: str, **environment: str) -> Iterator[dict[str, str]]:
    """Start one; gives what it announces, and sees that it ends cleanly."""
    command = [sys.executable, "-m", f"sandbox.{system}", "--ready-file", str(ready), *options]
    with subprocess.Popen(
        command,
        cwd=project,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            announced = "".join(iter(process.stdout.readline, "}\n")) + "}"
            yield json.loads(announced)
            process.send_signal(signal.SIGTERM)
            assert (process.wait(timeout=10), process.stderr.read() if process.stderr else "") == (0, "")
        finally:
            process.kill()
