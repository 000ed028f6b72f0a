"""What is running, as later commands find it: one JSON file, replaced as a whole."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from local.errors import LocalCloudError
from local.processes import Process

NOT_STARTED = Process(pid=0, born="")


@dataclass(frozen=True, slots=True)
class Service:
    """A program that was started, and where it listens."""

    process: Process
    url: str


@dataclass(frozen=True, slots=True)
class State:
    """One local cloud. `owner` is the command that will stop it; none when it was started to stay."""

    services: Mapping[str, Service] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)
    deployed: str = ""
    owner: Process | None = None

    def with_service(self, name: str, service: Service) -> "State":
        return replace(self, services={**self.services, name: service})

    def running(self, name: str) -> Service | None:
        service = self.services.get(name)
        return service if service and service.process.alive else None


def load(path: Path) -> State:
    """Read the state; a missing file means that nothing runs."""
    if not path.exists():
        return State()
    try:
        data = json.loads(path.read_text())
        owner = data["owner"]
        return State(
            services={
                name: Service(Process(entry["pid"], entry["born"]), entry["url"])
                for name, entry in data["services"].items()
            },
            outputs=data["outputs"],
            deployed=data["deployed"],
            owner=Process(owner["pid"], owner["born"]) if owner else None,
        )
    except (ValueError, KeyError, TypeError) as error:
        raise LocalCloudError(
            f"{path} cannot be read ({type(error).__name__}: {error}).",
            remedy="End what still runs by hand, then delete that file.",
        ) from None


def save(path: Path, state: State) -> None:
    """Write the state so that nobody ever reads half of it."""
    data = {
        "services": {
            name: {"pid": service.process.pid, "born": service.process.born, "url": service.url}
            for name, service in state.services.items()
        },
        "outputs": dict(state.outputs),
        "deployed": state.deployed,
        "owner": {"pid": state.owner.pid, "born": state.owner.born} if state.owner else None,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".part")
    draft.write_text(json.dumps(data, indent=2) + "\n")
    draft.replace(path)
