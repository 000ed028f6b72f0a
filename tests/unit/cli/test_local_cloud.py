"""The local cloud behind `up`, `down` and the choice of an environment; nothing is started here."""

import builtins
import os
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import local.cloud
import local.home
from local.errors import LocalCloudError
from local.processes import Process, birth
from local.state import NOT_STARTED, Service, State, save
from tillbridge_cli.failures import Failure
from tillbridge_cli.local_cloud import Cloud


class StandIn:
    """LocalCloud without processes."""

    calls: list[str]
    trouble: LocalCloudError | None = None
    endpoint_url = "http://127.0.0.1:1"
    public_url = "https://127.0.0.1:2"
    ca_file = Path("ca.pem")
    home = local.home.Home()

    def __init__(self, report: Any = None) -> None:
        StandIn.calls = ["made"]

    def start(self) -> None:
        StandIn.calls.append("start")

    def deploy(self) -> None:
        StandIn.calls.append("deploy")
        if StandIn.trouble:
            raise StandIn.trouble

    def stop(self) -> None:
        StandIn.calls.append("stop")


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> type[StandIn]:
    monkeypatch.setattr(local.cloud, "LocalCloud", StandIn)
    monkeypatch.setattr(StandIn, "trouble", None)
    return StandIn


def test_up_starts_deploys_and_tells_the_addresses(stand_in: type[StandIn]) -> None:
    told = Cloud().up(lambda _: None)
    assert (told["aws"], told["api"], told["ca_file"]) == ("http://127.0.0.1:1", "https://127.0.0.1:2", "ca.pem")
    assert stand_in.calls == ["made", "start", "deploy"]


def test_when_up_fails_nothing_is_left_running(stand_in: type[StandIn], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stand_in, "trouble", LocalCloudError("Port 4566 is taken.", remedy="Choose another."))
    with pytest.raises(Failure) as caught:
        Cloud().up(lambda _: None)
    assert (caught.value.happened, caught.value.remedy) == ("Port 4566 is taken.", "Choose another.")
    assert stand_in.calls[-1] == "stop"


def test_down_stops_it(stand_in: type[StandIn]) -> None:
    Cloud().down()
    assert stand_in.calls == ["made", "stop"]


@pytest.fixture
def state_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(local.home, "Home", partial(local.home.Home, tmp_path))
    return tmp_path / "state.json"


def test_the_variables_of_a_running_cloud_lead_to_it(state_file: Path) -> None:
    myself = Process(os.getpid(), birth(os.getpid()))
    save(state_file, State(services={"cloud": Service(myself, "http://127.0.0.1:4566")}))
    assert Cloud().aws()["AWS_ENDPOINT_URL"] == "http://127.0.0.1:4566"


def test_a_stopped_cloud_has_no_variables(state_file: Path) -> None:
    assert Cloud().aws() == {}
    save(state_file, State(services={"cloud": Service(NOT_STARTED, "http://127.0.0.1:4566")}))
    assert Cloud().aws() == {}


def test_a_state_that_cannot_be_read_is_told(state_file: Path) -> None:
    state_file.write_text("{}")
    with pytest.raises(Failure, match="cannot be read"):
        Cloud().aws()


def test_without_the_local_package_it_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def missing(name: str, *rest: Any) -> Any:
        if name == "local" or name.startswith("local."):
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", missing)
    assert Cloud().aws() == {}
    for act in (lambda: Cloud().up(print), Cloud().down):
        with pytest.raises(Failure, match="not part of this installation"):
            act()
