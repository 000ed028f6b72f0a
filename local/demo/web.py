"""Asks the systems of the demo, over https with the local authority's certificate."""

from pathlib import Path
from typing import Any

import requests

from local.errors import LocalCloudError

SECONDS = 30


def ask(ca_file: Path, method: str, url: str, **options: Any) -> Any:  # noqa: ANN401 - JSON
    """Give what an address answers, as JSON; ``options`` are those of requests. Raises LocalCloudError."""
    with requests.Session() as session:
        session.trust_env = False
        session.verify = str(ca_file)
        try:
            answer = session.request(method, url, timeout=SECONDS, **options)
        except requests.RequestException as error:
            raise LocalCloudError(
                f"{url} does not answer ({type(error).__name__}).", remedy="See .local/logs."
            ) from None
    if answer.status_code >= requests.codes.bad_request:
        raise LocalCloudError(f"{url} answered {answer.status_code}: {answer.text[:300]}", remedy="See .local/logs.")
    return answer.json()
