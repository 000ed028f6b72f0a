"""Nothing but the token servers' own clients can call a token URL (invariant 3).

The import rules of pyproject.toml keep everybody else from those clients and from the libraries that open connections;
here, nobody else knows the addresses.
"""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
DOORS = {"grants/lightspeed.py", "grants/token_exchange.py", "systems/magento/handshake.py"}
TOKEN_URL = re.compile(r"/oauth/(token|access_token|revoke)|access_token\.php|oauth2?/v\d+/token")
PRODUCT = sorted(path for part in ("layers/tillbridge", "functions", "cli") for path in (ROOT / part).rglob("*.py"))


def test_only_the_clients_of_token_servers_know_their_addresses() -> None:
    knowing = {
        str(path).partition("/tillbridge/tillbridge/")[2] for path in PRODUCT if TOKEN_URL.search(path.read_text())
    }
    assert knowing == DOORS


@pytest.mark.parametrize("url", ["/auth/oauth/token", "/oauth/access_token.php", "/admin/oauth/access_token"])
def test_the_addresses_of_the_vendors_would_be_seen(url: str) -> None:
    assert TOKEN_URL.search(f'"https://vendor.example{url}"')
