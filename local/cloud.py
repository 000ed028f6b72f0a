"""The local cloud as a whole: ministack, the deployed stack, the TLS front before its API, and the stand-ins beside it.

    with LocalCloud().session() as cloud:
        till = cloud.start_stand_in("lightspeed", "sandbox.lightspeed")
        cloud.deploy({"LightspeedAuthUrl": till["tls_url"], "LightspeedApiUrl": till["tls_url"]})
        cloud.public_url, cloud.outputs, cloud.client("lambda")

or `python -m local up` and `down`, which leave it running in between.
"""

import json
import os
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from local import aws, processes, sam
from local.ca import tls_files, trust_bundle
from local.home import PROJECT, Home, program
from local.ports import HOST, PortChoice
from local.processes import Process
from local.services import Services
from local.signals import unwinding_on_signals
from local.state import State

CLOUD, EDGE = "cloud", "edge"
MAIL_FROM = "tillbridge@example.com"
"""Nothing leaves this machine: the local cloud lists what would have been sent."""


@dataclass(frozen=True, slots=True)
class Ports:
    """Where the cloud and its TLS front listen."""

    cloud: PortChoice
    edge: PortChoice

    @classmethod
    def chosen(cls, env: Mapping[str, str] = os.environ) -> "Ports":
        """Take the ports from the environment, or the usual ones."""
        return cls(
            PortChoice.chosen(env, 4566, "the local cloud", "TILLBRIDGE_CLOUD_PORT"),
            PortChoice.chosen(env, 8443, "the local API", "TILLBRIDGE_EDGE_PORT"),
        )

    @classmethod
    def free(cls) -> "Ports":
        """Any free ports, for tests."""
        return cls(PortChoice(0, "the local cloud"), PortChoice(0, "the local API"))


class LocalCloud:
    """One local cloud in one home folder."""

    def __init__(
        self, home: Home | None = None, ports: Ports | None = None, report: Callable[[str], None] = lambda _: None
    ) -> None:
        self.home = home or Home()
        self.services = Services(self.home)
        self._ports = ports or Ports.chosen()
        self._report = report

    # --- what others need to know ---

    @property
    def endpoint_url(self) -> str:
        """Where the AWS APIs are."""
        return self.services.url(CLOUD)

    @property
    def public_url(self) -> str:
        """Where browsers and shops reach the deployed API; known before it is deployed."""
        return self.services.url(EDGE)

    @property
    def outputs(self) -> Mapping[str, str]:
        """The outputs of the deployed stack."""
        return self.services.state.outputs

    @property
    def ca_file(self) -> Path:
        """The authority to trust for every https address of this cloud and its stand-ins."""
        return self.home.ca_folder / "ca.pem"

    @property
    def aws_environment(self) -> dict[str, str]:
        """The variables that point AWS programs and the command line at this cloud."""
        return aws.environment(self.endpoint_url)

    def client(self, service: str) -> Any:  # noqa: ANN401 - one of boto3's many clients
        """Give an AWS client of this cloud."""
        return aws.client(service, self.endpoint_url)

    # --- running ---

    @contextmanager
    def session(self) -> Iterator["LocalCloud"]:
        """Run the cloud inside a block; Ctrl-C, SIGTERM and errors stop all of it."""
        with unwinding_on_signals():
            self.services.take_over()
            try:
                self.start(owner=Process(os.getpid(), processes.birth(os.getpid())))
                yield self
            finally:
                self.stop()

    def start(self, owner: Process | None = None) -> None:
        """Start ministack when it does not run yet, and settle the address of the TLS front."""
        if self.services.state.running(CLOUD):
            return
        self.stop()
        cloud_port, edge_port = self._ports.cloud.claim(), self._ports.edge.claim()
        tls_files(self.home.ca_folder)
        self.home.temporary.mkdir(parents=True, exist_ok=True)
        url = f"http://{HOST}:{cloud_port}"
        self.services.save(State(owner=owner))
        self.services.set_url(EDGE, f"https://{HOST}:{edge_port}")
        self.services.set_url(CLOUD, url)
        launcher = PROJECT / "local" / "ministack_main.py"
        self.services.start(CLOUD, [program(".venv-cloud", "python"), launcher], self._cloud_settings(cloud_port))
        self.services.wait_for(CLOUD, lambda: _answers(f"{url}/_ministack/health"))
        aws.make_bucket(url, aws.BUCKET)
        aws.verify_sender(url, MAIL_FROM)
        self._report(f"The local cloud listens on {url}")

    def start_stand_in(
        self, name: str, module: str, options: Sequence[str] = (), environment: Mapping[str, str] | None = None
    ) -> Mapping[str, str]:
        """Start one of the stand-ins with plain and TLS addresses; returns what its ready file says.

        Keys are told through its ``environment``, where other users of the machine cannot read them.
        """
        self.begin_stand_in(name, module, options, environment)
        return self.await_stand_in(name)

    def begin_stand_in(
        self, name: str, module: str, options: Sequence[str] = (), environment: Mapping[str, str] | None = None
    ) -> None:
        """Start one without waiting for it, so that several can get ready side by side."""
        self._begin_server(name, module, ["--tls-port", "0", *options], environment or {})

    def await_stand_in(self, name: str) -> Mapping[str, str]:
        """Wait for one that was begun; returns what its ready file says."""
        told: dict[str, str] = json.loads(self._await_server(name))
        self.services.set_url(name, told["tls_url"])
        return told

    def deploy(self, parameters: Mapping[str, str] | None = None) -> None:
        """Build and deploy what has changed, then open the TLS front and let the first schedule run at once."""
        bundle = trust_bundle(self.home.ca_folder)
        fixed = {"PublicUrl": self.public_url, "CaBundle": str(bundle), "MailFrom": MAIL_FROM}
        chosen = {**fixed, **(parameters or {})}
        wanted = json.dumps([sam.build(self.home), chosen], sort_keys=True)
        if wanted != self.services.state.deployed:
            self._report("Deploying the stack")
            sam.deploy(self.home, self.aws_environment, aws.STACK, aws.BUCKET, chosen)
            outputs = aws.stack_outputs(self.endpoint_url, aws.STACK)
            self.services.save(replace(self.services.state, deployed=wanted, outputs=outputs))
        self._open_front()
        aws.invoke_later(self.endpoint_url, self.outputs["SchedulerFunction"])
        self.home.env_file.write_text(
            "".join(f"export {name}={value}\n" for name, value in self.aws_environment.items())
        )

    def stop(self) -> None:
        """End everything and forget it."""
        self.services.stop_all()

    # --- how ---

    def _open_front(self) -> None:
        if self.services.state.running(EDGE):
            return
        stage = f"{self.endpoint_url}/_aws/execute-api/{self.outputs['ApiId']}/local"
        port = self.public_url.rpartition(":")[2]
        self._begin_server(EDGE, "local.edge", ["--stage-url", stage, "--tls-port", port], {})
        self._await_server(EDGE)
        self._report(f"The API answers on {self.public_url}")

    def _begin_server(self, name: str, module: str, options: Sequence[str], environment: Mapping[str, str]) -> None:
        """Start a server of ours with the local certificate."""
        tls, ready = tls_files(self.home.ca_folder), self._ready_file(name)
        ready.unlink(missing_ok=True)
        files = ("--cert", tls.cert, "--key", tls.key, "--ca", self.ca_file, "--ready-file", ready)
        self.services.start(name, [sys.executable, "-m", module, *files, *options], environment)

    def _await_server(self, name: str) -> str:
        """Give a server's announcement once it listens."""
        ready = self._ready_file(name)
        self.services.wait_for(name, ready.exists)
        return ready.read_text()

    def _ready_file(self, name: str) -> Path:
        return self.home.folder / f"{name}.ready.json"

    def _cloud_settings(self, port: int) -> dict[str, str]:
        return {
            "BIND_HOST": HOST,
            "GATEWAY_PORT": str(port),
            "MINISTACK_ACCOUNT_ID": aws.ACCOUNT,
            "MINISTACK_HOST": HOST,
            "MINISTACK_REGION": aws.REGION,
            "TMPDIR": str(self.home.temporary),
        }


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own loopback address  # nosec B310
            return True
    except (urllib.error.URLError, OSError):
        return False
