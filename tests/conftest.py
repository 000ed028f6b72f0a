"""What every test may ask for."""

import os
from pathlib import Path

import hypothesis
import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from sandbox.common.certificates import make_certificates
from sandbox.common.server import TlsFiles
from tests.fakes.routes import build_stand_ins_quickly

PROJECT_ROOT = Path(__file__).resolve().parent.parent
KINDS = {"unit", "browser", "functional", "contract", "e2e", "simulation"}

# The same examples in every run: a change either breaks a test or it does not. `make proof` plays seeds of its own.
hypothesis.settings.register_profile("same", derandomize=True, deadline=None, database=None)
hypothesis.settings.load_profile("same")

build_stand_ins_quickly()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--branches", action="store_true", help="note the branches that the unit tests take")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test by the folder it lives in, so that `-m unit` and `tests/unit` mean the same.

    The stand-ins' own tests (tests/sandbox) run servers in this process, as functional tests do. The end-to-end tests
    come first: they wait most of the time, and what runs beside them in other processes need not wait for them.
    """
    for item in items:
        folder = item.path.relative_to(PROJECT_ROOT).parts[1]
        item.add_marker(folder if folder in KINDS else "functional")
    items.sort(key=lambda item: item.get_closest_marker("e2e") is None)


class Together(LoadScopeScheduling):  # type: ignore[misc]  # pytest-xdist has no types
    """Hands tests to several processes in the order of the files, each process a few that belong together.

    A file's tests share what is costly to make; the end-to-end tests share one cloud. Where every test of a file meets
    every shop, each shop stands alone, or the last process would work while the others wait. (Marks for `--dist
    loadgroup` would be lost: pytest-xdist 3.8 writes them where pytest 9.2 does not look.)
    """

    def _split_scope(self, nodeid: str) -> str:
        file, _, test = nodeid.partition("::")
        folder = file.split("/")[1]
        if folder == "e2e":
            return folder
        return file + test.partition("[")[2].partition("-")[0].rstrip("]") if folder == "conformance" else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Together:
    return Together(config, log)


@pytest.fixture(scope="session")
def project_root() -> Path:
    return PROJECT_ROOT


@pytest.fixture(scope="session")
def tls(tmp_path_factory: pytest.TempPathFactory) -> TlsFiles:
    """Return the certificate of servers in this process."""
    return make_certificates(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="session")
def contracts() -> Path:
    """Return the folder of the remote systems' own schemas and recordings, kept beside the project."""
    folder = PROJECT_ROOT.parent / "shared" / "contracts"
    if not folder.is_dir():
        reason = "the systems' schemas and recordings are missing: put the `shared` folder beside the project"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return folder


@pytest.fixture(autouse=True)
def _no_real_aws(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep any test from reaching a real AWS account by accident."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    monkeypatch.delenv("AWS_SESSION_TOKEN", raising=False)
    monkeypatch.setenv("POWERTOOLS_TRACE_DISABLED", "true")
