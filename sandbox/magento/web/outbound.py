"""How the shop's own server calls others: to hand an integration its first secrets."""

from collections.abc import Mapping

import requests

from sandbox.magento.settings import Settings

_USER_AGENT = "Laminas\\Http\\Client"


def post_form(settings: Settings, url: str, form: Mapping[str, str]) -> int:
    """Post to `url`, following no redirect and no proxy; gives the status, 0 when nothing came back in time."""
    with requests.Session() as session:
        session.trust_env = False
        session.verify = settings.ca_file or True
        try:
            answer = session.post(
                url, data=form, headers={"User-Agent": _USER_AGENT}, timeout=settings.callback_seconds,
                allow_redirects=False,
            )  # fmt: skip
        except (requests.RequestException, UnicodeError):
            return 0
    return answer.status_code
