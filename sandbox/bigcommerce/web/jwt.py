"""The signed payloads of callbacks: JSON Web Tokens with HS256 (facts/bigcommerce.md, "Hosts, auth")."""

import base64
import hashlib
import hmac
import json

from sandbox.common.json_types import JsonObject


def sign(claims: JsonObject, secret: str) -> str:
    """Write and sign a token with these claims."""
    header = {"alg": "HS256", "typ": "JWT"}
    message = f"{_encode(json.dumps(header).encode())}.{_encode(json.dumps(claims).encode())}"
    signature = hmac.new(secret.encode(), message.encode("ascii"), hashlib.sha256).digest()
    return f"{message}.{_encode(signature)}"


def _encode(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode("ascii")
