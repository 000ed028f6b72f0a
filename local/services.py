"""The programs of one local cloud: started, awaited, remembered in the state file, and ended."""

import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from local import processes, state
from local.errors import LocalCloudError
from local.home import PROJECT, Home, clean_environment
from local.signals import ending_later
from local.state import Service, State

START_SECONDS = 30.0
STOP_SECONDS = 1.0  # nothing has to be saved, and ministack takes its time
LOOK_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Services:
    """Whatever is started is in the state file before anything else happens."""

    home: Home

    @property
    def state(self) -> State:
        return state.load(self.home.state_file)

    def save(self, new: State) -> None:
        state.save(self.home.state_file, new)

    def url(self, name: str) -> str:
        """Give a program's address, also of one that is still to be started."""
        service = self.state.services.get(name)
        if service is None:
            raise LocalCloudError("The local cloud does not run.", remedy="Start it with `make up` or `make demo`.")
        return service.url

    def set_url(self, name: str, url: str) -> None:
        known = self.state.services.get(name, Service(state.NOT_STARTED, url))
        self.save(self.state.with_service(name, replace(known, url=url)))

    def start(self, name: str, arguments: Sequence[str | Path], environment: Mapping[str, str]) -> None:
        """Start a program; its address stays what it was said to be."""
        known = self.state.services.get(name)
        with ending_later():
            process = processes.start(arguments, clean_environment(**environment), self.home.log(name), PROJECT)
            self.save(self.state.with_service(name, Service(process, known.url if known else "")))

    def wait_for(self, name: str, ready: Callable[[], bool]) -> None:
        """Wait until it is ready; the error of one that fails quotes the end of its log."""
        end = time.monotonic() + START_SECONDS
        while not ready():
            alive = self.state.services[name].process.alive
            if not alive or time.monotonic() > end:
                what = f"was not ready within {START_SECONDS:.0f} s" if alive else "ended at once"
                log = self.home.log(name)
                raise LocalCloudError(
                    f"{name} {what}:\n{processes.tail(log)}\n", remedy=f"The whole output is in {log}."
                )
            time.sleep(LOOK_SECONDS)

    def stop_all(self) -> None:
        """End all of them, the latest first, and forget them."""
        for service in reversed(list(self.state.services.values())):
            service.process.stop(STOP_SECONDS)
        self.home.state_file.unlink(missing_ok=True)
        self.home.env_file.unlink(missing_ok=True)
        shutil.rmtree(self.home.temporary, ignore_errors=True)

    def take_over(self) -> None:
        """Stop what a killed command has left behind; never what somebody still uses."""
        found = self.state
        if not any(service.process.alive for service in found.services.values()):
            return
        if found.owner is None or found.owner.alive:
            who = f" (process {found.owner.pid})" if found.owner else ""
            raise LocalCloudError(
                f"The local cloud runs already{who}.",
                remedy="Stop it with `make down`, which forgets its data, and try again.",
            )
        self.stop_all()
