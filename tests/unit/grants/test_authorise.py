"""What the vendor's page is asked for."""

from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tillbridge.domain.merchant import System
from tillbridge.grants.authorise import Authorisation
from tillbridge.grants.lightspeed import SCOPES, SELLING_SCOPES, Endpoints


@pytest.mark.parametrize(("selling", "scopes"), [(False, {*SCOPES}), (True, {*SCOPES, *SELLING_SCOPES})])
def test_selling_asks_for_more(selling: bool, scopes: set[str]) -> None:  # noqa: FBT001
    server: Any = SimpleNamespace(system=System.LIGHTSPEED, endpoints=Endpoints("https://vendor.example"))
    apps: Any = SimpleNamespace(get=lambda system: SimpleNamespace(client_id="client-1"))
    authorisation = Authorisation(server, apps)
    link = authorisation.link("state", "browser", selling=selling)
    assert set(parse_qs(urlsplit(link).query)["scope"][0].split()) == scopes
    assert set(authorisation.rights(selling=selling)) == scopes
    assert set(SELLING_SCOPES) == {"employee:register", "employee:customers"}
