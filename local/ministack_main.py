"""Runs ministack in its own environment (.venv-cloud), changed in two ways that it has no setting for.

Schedules are looked at every second instead of every ten. ministack fires a schedule at the first look after it is due.
With its ten seconds a function that stays awake for a minute would leave a gap of up to ten seconds before the next
one; AWS has no such gap.

Code and layers are unpacked once for all workers. A function can only read them, as on AWS, and each worker would
otherwise write more than three thousand files, to be deleted again at the end.
"""

import hashlib
import shutil
import sys
import tempfile
import zipfile
from pathlib import Path
from threading import Lock
from types import SimpleNamespace

from ministack import app
from ministack.core import lambda_runtime
from ministack.services import scheduler

LOOK_SECONDS = 1


class SharedArchive(zipfile.ZipFile):
    """An archive that is unpacked into one folder, to which all others are links."""

    one_at_a_time = Lock()

    def extractall(self, path: str) -> None:
        """Put a link to the contents in the place of the empty folder ``path``."""
        digest = hashlib.sha256(Path(self.filename).read_bytes()).hexdigest()
        shared = Path(tempfile.gettempdir(), f"unpacked-{digest}")
        with self.one_at_a_time:
            if not shared.exists():
                unfinished = shared.with_suffix(".unfinished")
                shutil.rmtree(unfinished, ignore_errors=True)
                super().extractall(unfinished)
                unfinished.rename(shared)
        Path(path).rmdir()
        Path(path).symlink_to(shared, target_is_directory=True)


if __name__ == "__main__":
    if not hasattr(scheduler, "_SCHEDULE_TICK_INTERVAL") or getattr(lambda_runtime, "zipfile", None) is not zipfile:
        sys.exit("This ministack works in another way; adapt local/ministack_main.py.")
    scheduler._SCHEDULE_TICK_INTERVAL = LOOK_SECONDS  # noqa: SLF001 - it has no setting for it
    lambda_runtime.zipfile = SimpleNamespace(**{**vars(zipfile), "ZipFile": SharedArchive})
    app.main()
