"""What Shopify signs towards us, and which scopes we ask for (facts/shopify.md, section 3)."""

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from urllib.parse import urlencode

from tillbridge.domain.grant import Secret

SCOPES = {
    "read_products": "find the products that are there already, so that nothing is made twice",
    "write_products": "create and change products, with their variants, prices, pictures and collections",
    "read_inventory": "read what the shop shows as available, so that nothing of it is overwritten blindly",
    "write_inventory": "set the available stock of each variant",
    "read_locations": "know the shop's locations, and which of them the till's stock belongs to",
    "read_publications": "see whether a product can be bought in the online store",
    "write_publications": "put products into the online store, and take archived ones out of it",
    "write_files": "take pictures off products again",
    "read_orders": "see what was sold in the shop, so that nothing is sold twice; customers are not kept",
}
"""The fewest scopes that keeping a shop needs, with what for."""

SELLING_SCOPES = {
    "write_orders": "write the number of the till's sale to orders, and give money back where you have turned that on",
    "write_merchant_managed_fulfillment_orders": "see where goods leave, and mark as shipped what has left the till",
}
"""Those that are asked for as well where web orders become sales. Writing includes reading."""

CLOCKS = timedelta(seconds=90)
"""By how much the time in a signed address may differ from ours, as Shopify's own library has it."""
_SECONDS = re.compile(r"[0-9]{1,11}")


def genuine(query: Mapping[str, str], secrets: Iterable[Secret]) -> bool:
    """Tell whether Shopify wrote this query: the signature is over all of it, with one of these secrets."""
    signed = sorted((name, value) for name, value in query.items() if name not in {"hmac", "signature"})
    given = query.get("hmac", "").encode()
    return any(
        hmac.compare_digest(given, hmac.new(secret.reveal().encode(), message, hashlib.sha256).hexdigest().encode())
        for message in (urlencode(signed).encode(),)
        for secret in secrets
    )


def timely(query: Mapping[str, str], now: datetime) -> bool:
    """Tell whether a query was signed just now."""
    stamp = _SECONDS.fullmatch(query.get("timestamp", ""))
    return stamp is not None and abs(now.timestamp() - int(stamp[0])) <= CLOCKS.total_seconds()
