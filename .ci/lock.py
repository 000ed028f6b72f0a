"""Write the locked dependencies, or check that they still belong to what is asked for.

`write` resolves requirements/*.in for every supported Python at once; `check` works offline: it compares digests that
`write` left, and the dependency layer's list, which is the runtime's without what the Lambda runtime brings itself.
"""

import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
FOLDER = PROJECT / "requirements"
DIGESTS = FOLDER / "inputs.sha256"
LAYER = PROJECT / "layers" / "dependencies" / "requirements.txt"
IN_THE_LAMBDA_RUNTIME = ("boto3", "botocore", "s3transfer")
OLDEST_PYTHON = "3.11"
# The developer's lock decides first, so that tests and functions run exactly what is checked.
WITH_DEV = ("test", "runtime")
ALONE = ("cloud", "sam", "audit", "lock")


def write() -> None:
    """Resolve again, from nothing."""
    for path in FOLDER.glob("*.txt"):
        path.unlink()
    _compile("dev")
    for name in WITH_DEV:
        _compile(name, "--constraint", "requirements/dev.txt")
    for name in ALONE:
        _compile(name)
    LAYER.write_text(_layer_list())
    DIGESTS.write_text(_digests())


def check() -> str | None:
    """Name the first thing that is out of step, or nothing."""
    if not DIGESTS.exists() or DIGESTS.read_text() != _digests():
        return "requirements/*.in have changed since the locks were written"
    if LAYER.read_text() != _layer_list():
        return "layers/dependencies/requirements.txt is not what requirements/runtime.txt says"
    for path in FOLDER.glob("*.txt"):
        if re.search(r"://|--(extra-)?index-url|--find-links", path.read_text()):
            return f"requirements/{path.name} names a place to download from"
    return None


def _compile(name: str, *more: str) -> None:
    options = ["--universal", "--python-version", OLDEST_PYTHON, "--generate-hashes", "--no-header"]
    places = ["--no-emit-index-url", "--no-emit-find-links"]
    command = [Path(sys.executable).with_name("uv"), "pip", "compile", "--quiet", *options, *places, *more]
    files = [f"requirements/{name}.in", "--output-file", f"requirements/{name}.txt"]
    subprocess.run([*command, *files], cwd=PROJECT, check=True, env={**os.environ, "UV_NO_CONFIG": "1"})


def _layer_list() -> str:
    blocks = re.split(r"(?m)^(?=\S)", (FOLDER / "runtime.txt").read_text())
    return "".join(block for block in blocks if block.partition("==")[0] not in IN_THE_LAMBDA_RUNTIME)


def _digests() -> str:
    files = sorted(FOLDER.glob("*.in"))
    return "".join(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files)


if __name__ == "__main__":
    if sys.argv[1:] == ["write"]:
        write()
    elif trouble := check():
        sys.exit(f"The locked dependencies are out of step: {trouble}. Run `make lock`.")
