"""Keys on their way from the command line, which leaves them in the vault so that no event or log ever holds them."""

from dataclasses import dataclass

from tillbridge.domain.errors import NotFoundError
from tillbridge.domain.shop_keys import BroughtSecrets, ShopKeys
from tillbridge.grants.secret_store import SecretStore
from tillbridge.grants.stored import StoredBrought, StoredKeys, read


@dataclass(frozen=True, slots=True)
class PendingBox:
    """``tillbridge/{environment}/pending/{nonce}``; ``prefix`` is the environment's, e.g. ``tillbridge/prod/``."""

    store: SecretStore
    prefix: str

    def take(self, nonce: str) -> ShopKeys:
        """Read the keys and delete them; ``NotFoundError`` when there are none."""
        content = self._content(nonce)
        self.store.delete(self._name(nonce))
        return read(StoredKeys, content).keys()

    def look(self, nonce: str) -> BroughtSecrets:
        """Read the secrets of a merchant who is being brought in; the command line deletes them when it is done."""
        return read(StoredBrought, self._content(nonce)).brought()

    def _content(self, nonce: str) -> str:
        content = self.store.read(self._name(nonce))
        if content is None:
            raise NotFoundError(
                "pending", "No keys wait there.", remedy="Run the command again; keys can be taken once."
            )
        return content

    def _name(self, nonce: str) -> str:
        return f"{self.prefix}pending/{nonce}"
