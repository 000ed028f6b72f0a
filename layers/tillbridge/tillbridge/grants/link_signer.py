"""Signs the links of invitations with a key of the environment's own: ``tillbridge/{environment}/sign/invitations``.

The template makes the key, so that functions only have to read it. Whoever puts another one in its place ends every
link that was sent before.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import timedelta

from tillbridge.domain.errors import RetryLaterError
from tillbridge.domain.grant import Secret
from tillbridge.grants.clock import Clock
from tillbridge.grants.memory import ShortMemory
from tillbridge.grants.secret_store import SecretStore
from tillbridge.grants.timing import OPERATOR_PAUSE

REMEMBERED_FOR = timedelta(minutes=5)
NAME = "sign/invitations"


@dataclass(frozen=True, slots=True)
class LinkSigner:
    """HMAC-SHA256; ``prefix`` is the environment's, e.g. ``tillbridge/prod/``."""

    store: SecretStore
    clock: Clock
    prefix: str
    _known: ShortMemory[str, Secret] = field(default_factory=lambda: ShortMemory(REMEMBERED_FOR))

    def __call__(self, text: str) -> str:
        """Give the signature of a text, 43 letters of URL-safe base64."""
        signature = hmac.digest(self._key().reveal().encode(), text.encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(signature).rstrip(b"=").decode("ascii")

    def _key(self) -> Secret:
        name, now = f"{self.prefix}{NAME}", self.clock.now()
        if known := self._known.get(name, now):
            return known
        content = self.store.read(name)
        if not content:
            raise RetryLaterError(
                f"The key that signs invitations, {name}, is not there.",
                after=OPERATOR_PAUSE.total_seconds(),
                remedy="The operator deploys the stack again; the template makes the key.",
                code="NoSigningKey",
            )
        return self._known.put(name, Secret(content), now)
