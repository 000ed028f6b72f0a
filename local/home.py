"""Where things are: the project's folders and what the local cloud keeps on disk."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from local.errors import LocalCloudError

PROJECT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Home:
    """The folder of one local cloud. Two clouds with two homes and two sets of ports may run side by side."""

    folder: Path = PROJECT / ".local"

    @property
    def state_file(self) -> Path:
        return self.folder / "state.json"

    @property
    def env_file(self) -> Path:
        """Shell lines that point AWS programs and the command line at this cloud."""
        return self.folder / "env"

    @property
    def ca_folder(self) -> Path:
        return self.folder / "ca"

    @property
    def temporary(self) -> Path:
        """Unpacked functions; emptied when the cloud stops."""
        return self.folder / "tmp"

    def log(self, name: str) -> Path:
        """Give a program's log file, making its folder."""
        folder = self.folder / "logs"
        folder.mkdir(parents=True, exist_ok=True)
        return folder / f"{name}.log"


def program(environment: str, name: str) -> Path:
    """Find a program in one of the project's environments, e.g. ``program(".venv-sam", "sam")``."""
    path = PROJECT / environment / ("Scripts" if sys.platform == "win32" else "bin") / name
    if not path.exists():
        raise LocalCloudError(
            f"There is no {path.relative_to(PROJECT)}.", remedy="Run `make install`, which takes a few minutes once."
        )
    return path


def clean_environment(**more: str) -> dict[str, str]:
    """Give a child what it needs of our environment and nothing that could reach a real AWS account or a proxy."""
    kept = {name: os.environ[name] for name in ("HOME", "LANG", "LC_ALL", "PATH", "TZ") if name in os.environ}
    return kept | {"NO_PROXY": "*", "AWS_EC2_METADATA_DISABLED": "true", "PYTHONUNBUFFERED": "1"} | more
