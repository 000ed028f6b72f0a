"""Ports of this machine."""

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count

from local.errors import LocalCloudError

HOST = "127.0.0.1"
HIGHEST = 65535
_UNASSIGNED = count(20_000 + os.getpid() % 10_000)
"""Ports that no system gives away by itself: between a claim and its use another program is not handed the same."""


@dataclass(frozen=True, slots=True)
class PortChoice:
    """A port that somebody may set: 0 stands for any free one."""

    number: int
    purpose: str
    variable: str = ""

    @classmethod
    def chosen(cls, env: Mapping[str, str], usual: int, purpose: str, variable: str) -> "PortChoice":
        """Take the port from an environment variable, or the usual one."""
        text = env.get(variable, "") or str(usual)
        if text.isdecimal() and int(text) <= HIGHEST:
            return cls(int(text), purpose, variable)
        raise LocalCloudError(f"{variable}={text!r} is no port.", remedy=f"Give a number from 0 to {HIGHEST}.")

    def claim(self) -> int:
        """Give the port, or say clearly that it is taken."""
        if not self.number:
            return next(number for number in _UNASSIGNED if not _trouble(number))
        if trouble := _trouble(self.number):
            raise LocalCloudError(
                f"Port {self.number} on {HOST}, wanted for {self.purpose}, cannot be used ({trouble}).",
                remedy=f"End what uses it (`make down`, if it is ours) or choose another with {self.variable}.",
            )
        return self.number


def _trouble(number: int) -> str:
    """Tell why a port cannot be used, "" when it can."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, number))
        except OSError as error:
            return error.strerror or str(error)
        return ""
