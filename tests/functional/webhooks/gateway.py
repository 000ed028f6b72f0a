"""API Gateway in this process: turns calls on a socket into events of ``webhook_intake``, and its answers back."""

import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask, Response
from flask import request as incoming

Event = dict[str, Any]
Handler = Callable[[Event, Any], dict[str, Any]]


@dataclass
class Context:
    """As much of the Lambda context as anybody looks at."""

    function_name: str = "webhook-intake"
    memory_limit_in_mb: int = 256
    invoked_function_arn: str = "arn:aws:lambda:eu-central-1:123456789012:function:webhook-intake"
    aws_request_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    left_ms: int = 30_000

    def get_remaining_time_in_millis(self) -> int:
        return self.left_ms


@dataclass
class Gateway:
    """Keeps every answer, so that tests see what the shop was told."""

    handler: Handler
    url: str = ""
    answers: list[int] = field(default_factory=list)

    def app(self) -> Flask:
        app = Flask("gateway")

        @app.post("/hooks/<path:proxy>")
        def take(proxy: str) -> Response:
            answer = self.handler(event(proxy, dict(incoming.headers), incoming.get_data()), Context())
            self.answers.append(answer["statusCode"])
            return Response(answer["body"], answer["statusCode"], answer["headers"])

        return app


def event(proxy: str, headers: Mapping[str, str], body: bytes) -> Event:
    """Write a call as API Gateway does: headers as they came, the body as text."""
    return {
        "resource": "/hooks/{proxy+}",
        "path": f"/hooks/{proxy}",
        "httpMethod": "POST",
        "headers": dict(headers),
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "pathParameters": {"proxy": proxy},
        "queryStringParameters": None,
        "body": body.decode(),
        "isBase64Encoded": False,
    }


def sample(root: Path, name: str) -> Event:
    """Read one of the project's sample events."""
    read: Event = json.loads((root / "events" / f"webhook_intake_{name}.json").read_text())
    return read
