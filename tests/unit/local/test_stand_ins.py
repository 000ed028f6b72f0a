"""The stand-ins that `python -m local up` starts, and where the template is told that they are."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from local import __main__ as command
from local.stand_ins import STAND_INS


class Cloud:
    """A cloud that starts nothing; what is ``running`` was started earlier."""

    public_url = "https://api"

    def __init__(self, *running: str) -> None:
        self.begun: dict[str, Sequence[str]] = {}
        self.deployed: Mapping[str, str] = {}
        self.home = SimpleNamespace(folder=Path(".local"), env_file=Path(".local/env"))
        self.ca_file = Path("ca.pem")
        state = SimpleNamespace(running=lambda name: name in running)
        self.services = SimpleNamespace(state=state, url=lambda name: f"https://{name}")

    def start(self) -> None:
        """Do nothing."""

    def begin_stand_in(self, name: str, module: str, options: Sequence[str]) -> None:
        assert module == f"sandbox.{name}"
        self.begun[name] = options

    def await_stand_in(self, name: str) -> Mapping[str, str]:
        assert name in self.begun
        return {"tls_url": f"https://{name}"}

    def deploy(self, parameters: Mapping[str, str]) -> None:
        self.deployed = parameters


def up(cloud: Any, *stand_ins: str) -> None:
    assert command.up(cloud, {"PollSeconds": "5"}, stand_ins) == 0


def test_each_is_started_once_and_called_instead_of_its_vendor(capsys: pytest.CaptureFixture[str]) -> None:
    cloud = Cloud("magento")
    up(cloud, *STAND_INS)
    assert set(cloud.begun) == {"bigcommerce", "shopify"}
    assert cloud.deployed == {
        "PollSeconds": "5",
        "BigcommerceApiUrl": "https://bigcommerce",
        "BigcommerceLoginUrl": "https://bigcommerce",
        "ShopifyBaseUrl": "https://shopify",
    }
    assert "bigcommerce shop stands at https://bigcommerce" in capsys.readouterr().out


def test_the_app_of_the_bigcommerce_store_calls_the_deployed_api() -> None:
    cloud = Cloud()
    up(cloud, "bigcommerce")
    options = list(cloud.begun["bigcommerce"])
    assert options[options.index("--app-url") + 1] == "https://api/connect/bigcommerce"
