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
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from types import SimpleNamespace

from ministack import app
from ministack.core import lambda_runtime
from ministack.services import scheduler

LOOK_SECONDS = 1
ONE_AT_A_TIME = Lock()


@dataclass(frozen=True, slots=True)
class SharedArchive:
    """An archive that is unpacked into one folder, to which all others are links. The rest is the archive's own."""

    archive: zipfile.ZipFile
    file: Path

    def namelist(self) -> list[str]:
        return self.archive.namelist()

    def extractall(self, path: str) -> None:
        """Put a link to the contents in the place of the empty folder ``path``."""
        digest = hashlib.sha256(self.file.read_bytes()).hexdigest()
        shared = Path(tempfile.gettempdir(), f"unpacked-{digest}")
        with ONE_AT_A_TIME:
            if not shared.exists():
                unfinished = shared.with_suffix(".unfinished")
                shutil.rmtree(unfinished, ignore_errors=True)
                self.archive.extractall(unfinished)
                unfinished.rename(shared)
        Path(path).rmdir()
        Path(path).symlink_to(shared, target_is_directory=True)


@contextmanager
def shared_archive(file: str) -> Iterator[SharedArchive]:
    """Open an archive as ``zipfile.ZipFile`` does."""
    with zipfile.ZipFile(file) as archive:
        yield SharedArchive(archive, Path(file))


if __name__ == "__main__":
    if not hasattr(scheduler, "_SCHEDULE_TICK_INTERVAL") or getattr(lambda_runtime, "zipfile", None) is not zipfile:
        sys.exit("This ministack works in another way; adapt local/ministack_main.py.")
    scheduler._SCHEDULE_TICK_INTERVAL = LOOK_SECONDS  # noqa: SLF001 - it has no setting for it
    lambda_runtime.zipfile = SimpleNamespace(**{**vars(zipfile), "ZipFile": shared_archive})
    app.main()
