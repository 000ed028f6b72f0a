"""Answers AWS requests inside this process after an honest pause: all is real but the network and the service."""

import io
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import boto3
from botocore.awsrequest import AWSResponse
from botocore.config import Config

Answer = Callable[[str, Mapping[str, Any]], Mapping[str, Any]]
"""Answers an operation (``Query``) with its request's JSON."""


class _Body(io.BytesIO):
    """A body as botocore reads it."""

    def stream(self, **_: object) -> Iterator[bytes]:
        yield self.read()


@dataclass
class InsteadOfAws:
    """Gives clients whose requests are signed and sent as ever, but answered by ``answer`` after ``seconds``."""

    answer: Answer
    seconds: float
    calls: Counter[str] = field(default_factory=Counter)

    def client(self, service: str) -> Any:
        made: Any = boto3.client(
            service,  # type: ignore[call-overload]
            region_name="eu-central-1",
            aws_access_key_id="bench",
            aws_secret_access_key="bench",
            config=Config(max_pool_connections=50),
        )
        made.meta.events.register(f"before-send.{service}", self._send)
        return made

    def _send(self, request: Any, **_: object) -> AWSResponse:
        target = request.headers["X-Amz-Target"]
        operation = (target if isinstance(target, str) else target.decode()).rpartition(".")[2]
        self.calls[operation] += 1
        time.sleep(self.seconds)
        body = json.dumps(self.answer(operation, json.loads(request.body))).encode()
        headers: Any = {"content-type": "application/x-amz-json-1.0"}
        return AWSResponse(request.url, 200, headers, _Body(body))
