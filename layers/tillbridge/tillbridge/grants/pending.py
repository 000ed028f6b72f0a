"""Keys on their way from the command line, which leaves them in the vault so that no event or log ever holds them."""

from dataclasses import dataclass

from tillbridge.domain.errors import NotFoundError
from tillbridge.domain.grant import ShopKeys
from tillbridge.grants.secret_store import SecretStore
from tillbridge.grants.stored import StoredKeys, read


@dataclass(frozen=True, slots=True)
class PendingBox:
    """``tillbridge/{environment}/pending/{nonce}``; ``prefix`` is the environment's, e.g. ``tillbridge/prod/``."""

    store: SecretStore
    prefix: str

    def take(self, nonce: str) -> ShopKeys:
        """Read the keys and delete them; ``NotFoundError`` when there are none."""
        name = f"{self.prefix}pending/{nonce}"
        content = self.store.read(name)
        if content is None:
            raise NotFoundError(
                "pending", "No keys wait there.", remedy="Run the command again; keys can be taken once."
            )
        self.store.delete(name)
        return read(StoredKeys, content).keys()
