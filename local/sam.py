"""`sam build` and `sam deploy`, unchanged, against the local cloud."""

import fcntl
import hashlib
import platform
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from local import processes
from local.home import PROJECT, Home, clean_environment, program

BUILD = PROJECT / ".aws-sam" / "local"
CONFIG = ("--config-file", str(PROJECT / "samconfig.toml"), "--config-env", "local")
SOURCES = ("template.yaml", "samconfig.toml", "layers", "functions")


def runtime() -> str:
    """Name the Lambda runtime of the Python at hand."""
    return f"python{sys.version_info.major}.{sys.version_info.minor}"


def architecture() -> str:
    """Name this machine's processor as Lambda does."""
    return "arm64" if platform.machine().lower() in {"arm64", "aarch64"} else "x86_64"


def sources_hash() -> str:
    """Digest everything that the build is made of, the Python at hand included."""
    digest = hashlib.sha256(f"{sys.version} {architecture()}".encode())
    for path in _source_files():
        digest.update(str(path.relative_to(PROJECT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def build(home: Home) -> str:
    """Build when a source has changed since the last time; returns the sources' hash."""
    with _only_one():
        wanted, mark = sources_hash(), BUILD / "sources.sha256"
        if mark.exists() and mark.read_text() == wanted:
            return wanted
        mark.unlink(missing_ok=True)
        folders = ("--build-dir", str(BUILD), "--cache-dir", str(BUILD.with_name("local-cache")))
        processes.run(
            [program(".venv-sam", "sam"), "build", *CONFIG, *folders, *_parameters({})],
            _environment(home),
            home.log("sam-build"),
            PROJECT,
        )
        mark.write_text(wanted)
        return wanted


def deploy(home: Home, aws: Mapping[str, str], stack: str, bucket: str, parameters: Mapping[str, str]) -> None:
    """Deploy what was built."""
    options = ("--template-file", str(BUILD / "template.yaml"), "--stack-name", stack, "--s3-bucket", bucket)
    processes.run(
        [program(".venv-sam", "sam"), "deploy", *CONFIG, *options, *_parameters(parameters)],
        _environment(home) | dict(aws),
        home.log("sam-deploy"),
        PROJECT,
    )


def _parameters(more: Mapping[str, str]) -> list[str]:
    fixed = {"Environment": "local", "PythonRuntime": runtime(), "Architecture": architecture()}
    return ["--parameter-overrides", *(f"{name}={value}" for name, value in {**fixed, **more}.items())]


def _environment(home: Home) -> dict[str, str]:
    """Put this Python first, for SAM looks for the runtime's Python by name; keep SAM's own files at home."""
    base = clean_environment()
    return base | {
        "PATH": f"{Path(sys.executable).parent}:{base.get('PATH', '')}",
        "PYTHON": sys.executable,
        "SAM_CLI_TELEMETRY": "0",
        "SAM_CLI_POLL_DELAY": "0.2",
        "__SAM_CLI_APP_DIR": str(home.folder / "sam"),
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
    }


def _source_files() -> Iterator[Path]:
    for name in SOURCES:
        source = PROJECT / name
        found = [source] if source.is_file() else sorted(source.rglob("*"))
        yield from (path for path in found if path.is_file() and "__pycache__" not in path.parts)


@contextmanager
def _only_one() -> Iterator[None]:
    """Keep two commands from building into the same folder at once."""
    BUILD.parent.mkdir(exist_ok=True)
    with (BUILD.parent / "local.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
