"""The whole command line over the operator's own code and the fakes: only AWS is left out."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from click.testing import CliRunner, Result

from tests.unit.flows.operate.office import Office
from tillbridge.domain.grant import AppCredentials
from tillbridge.domain.merchant import System
from tillbridge.domain.shop_keys import BroughtSecrets, ShopKeys
from tillbridge.runtime.operator import serve
from tillbridge_cli.application import Application
from tillbridge_cli.environment import Deployment
from tillbridge_cli.failures import Failure
from tillbridge_cli.local_cloud import Cloud
from tillbridge_cli.main import main


@dataclass
class FakeCloud(Cloud):
    """A local cloud that runs, or not."""

    variables: Mapping[str, str] = field(default_factory=dict)
    trouble: Failure | None = None
    calls: list[str] = field(default_factory=list)

    def aws(self) -> Mapping[str, str]:
        return self.variables

    def up(self, report: Callable[[str], None]) -> Mapping[str, str]:
        self.calls.append("up")
        if self.trouble:
            raise self.trouble
        report("Deploying the stack")
        return {"aws": "http://127.0.0.1:4566", "api": "https://127.0.0.1:8443", "ca_file": "ca", "variables": "env"}

    def down(self) -> None:
        self.calls.append("down")


@dataclass
class FakeSecrets:
    """The vault as the command line sees it: it hands pending keys to the office."""

    office: Office
    apps: dict[System, AppCredentials] = field(default_factory=dict)
    dropped: list[str] = field(default_factory=list)

    def put_app(self, system: System, app: AppCredentials) -> None:
        self.apps[system] = app

    def put_pending(self, nonce: str, keys: ShopKeys) -> None:
        self.office.pending.keys[nonce] = keys

    def put_brought(self, nonce: str, secrets: BroughtSecrets) -> None:
        self.office.fleet.pending.secrets[nonce] = secrets

    def drop_pending(self, nonce: str) -> None:
        self.office.pending.keys.pop(nonce, None)
        self.office.fleet.pending.secrets.pop(nonce, None)
        self.dropped.append(nonce)


@dataclass
class Terminal:
    """Types commands. ``events`` holds every event as it would have travelled."""

    office: Office = field(default_factory=Office)
    env: dict[str, str] = field(default_factory=lambda: {"TILLBRIDGE_ENV": "staging"})
    cloud: FakeCloud = field(default_factory=FakeCloud)
    events: list[str] = field(default_factory=list)
    deployments: list[Deployment] = field(default_factory=list)
    answer: Callable[[Mapping[str, Any]], object] | None = None
    nap: Callable[[], None] = lambda: None
    secrets: FakeSecrets = field(init=False)

    def __post_init__(self) -> None:
        self.secrets = FakeSecrets(self.office)

    def run(self, *arguments: str, typed: str | None = None) -> Result:
        application = Application(
            invoker=self._invoker,
            secrets=lambda _: self.secrets,
            local=self.cloud,
            env=self.env,
            now=self.office.world.clock.now,
            sleep=self._sleep,
        )
        return CliRunner().invoke(main, list(arguments), input=typed, obj=application)

    def json(self, *arguments: str) -> Any:
        """Run a command that has to succeed, for its JSON."""
        result = self.run(*arguments, "--json")
        assert result.exit_code == 0, result.stderr
        return json.loads(result.stdout)

    def invoke(self, event: Mapping[str, Any]) -> object:
        """Carry an event to the operator and its answer back, as JSON."""
        self.events.append(json.dumps(event))
        if self.answer is not None:
            return self.answer(event)
        return json.loads(json.dumps(serve(self.office.desks(), json.loads(self.events[-1]), self.office.deadline)))

    def _invoker(self, deployment: Deployment) -> "Terminal":
        self.deployments.append(deployment)
        return self

    def _sleep(self, seconds: float) -> None:
        self.office.world.clock.advance(seconds=seconds)
        self.nap()
