"""A service of AWS that takes connections and never answers."""

import socket
import threading
from collections.abc import Callable
from typing import Any, Self

import boto3
from botocore.config import Config


class Silence:
    """Counts who connects. Use it as a context; ``of`` stands in for the makers of clients."""

    def __init__(self) -> None:
        self.asked = 0
        self._held: list[socket.socket] = []
        self._listening = socket.create_server(("127.0.0.1", 0))

    def __enter__(self) -> Self:
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listening.close()
        for one in self._held:
            one.close()

    def of(self, service: str) -> Callable[[Config], Any]:
        """Give what makes a client of a service as ``runtime.aws`` names it, which is to be found here."""
        name, address = {"secrets": "secretsmanager"}.get(service, service), self._listening.getsockname()
        keys: Any = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing", "region_name": "eu-central-1"}
        url = f"http://127.0.0.1:{address[1]}"
        make: Any = boto3.Session(**keys).client
        return lambda config: make(name, config=config, endpoint_url=url)

    def _listen(self) -> None:
        while True:
            try:
                held, _ = self._listening.accept()
            except OSError:
                return
            self.asked += 1
            self._held.append(held)
