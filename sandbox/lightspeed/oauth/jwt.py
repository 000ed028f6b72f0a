"""Access tokens as JSON Web Tokens signed with RS256, and the key set to check them with."""

import base64
import json
from collections.abc import Mapping
from functools import cache

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

ISSUER = "https://cloud.lightspeedapp.com"
KEY_ID = "SANDBOX_OAUTH2_2026"
_KEY_BITS, _EXPONENT = 2048, 65_537


def sign(claims: Mapping[str, str | float]) -> str:
    """Write and sign a token with these claims."""
    header = {"typ": "JWT", "alg": "RS256", "kid": KEY_ID}
    message = f"{_encode(json.dumps(header).encode())}.{_encode(json.dumps(dict(claims)).encode())}"
    signature = _key().sign(message.encode("ascii"), padding.PKCS1v15(), hashes.SHA256())
    return f"{message}.{_encode(signature)}"


def claims_of(token: str) -> dict[str, str | float]:
    """Read a token's claims without checking them; meant for tokens that this process issued."""
    payload = token.split(".")[1]
    decoded: dict[str, str | float] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return decoded


def key_set() -> dict[str, list[dict[str, str]]]:
    """Give the public key as a JSON Web Key Set."""
    numbers = _key().public_key().public_numbers()
    key = {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": KEY_ID, "n": _number(numbers.n), "e": _number(numbers.e)}
    return {"keys": [key]}


@cache
def _key() -> rsa.RSAPrivateKey:
    """One key for the process: making one takes a tenth of a second."""
    return rsa.generate_private_key(public_exponent=_EXPONENT, key_size=_KEY_BITS)


def _number(value: int) -> str:
    return _encode(value.to_bytes((value.bit_length() + 7) // 8))


def _encode(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode("ascii")
