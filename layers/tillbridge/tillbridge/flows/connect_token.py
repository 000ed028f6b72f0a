"""The token in an invitation's link: ``{nonce}.{signature}.{epoch}``. Pure.

The nonce is 32 random bytes and the signature is over nonce and end, both in URL-safe base64. What we did not sign is
refused before anything is looked up, and the end can be believed without its row, so that a link which has expired and
one which was used are told apart. The digits come last: programs that find links in mails leave a closing - or _ out.
"""

import hmac
import re
from datetime import UTC, datetime

from tillbridge.flows.connect_errors import bad_link
from tillbridge.flows.connect_ports import NewToken, Sign

_LINK = re.compile(r"([A-Za-z0-9_-]{43})\.([A-Za-z0-9_-]{43})\.(\d{1,11})", re.ASCII)
_RANDOM = re.compile(r"[A-Za-z0-9_-]{43}")


def is_token(text: str) -> bool:
    """Tell whether a text looks like one of our random tokens."""
    return _RANDOM.fullmatch(text) is not None


def new_link_token(expires_at: datetime, new_token: NewToken, sign: Sign) -> str:
    """Make a token that ends at a whole second."""
    nonce, epoch = new_token(), int(expires_at.timestamp())
    return f"{nonce}.{sign(f'{nonce}.{epoch}')}.{epoch}"


def end_of(token: str, sign: Sign) -> datetime:
    """Tell when a token of ours ends; ``InputError`` when it is none."""
    found = _LINK.fullmatch(token)
    if found is None:
        raise bad_link()
    nonce, signature, epoch = found.groups()
    if not hmac.compare_digest(signature, sign(f"{nonce}.{epoch}")):
        raise bad_link()
    return datetime.fromtimestamp(int(epoch), UTC)
