"""What writes may leave in a shop's lists when they are never answered. Pure functions.

To the categories and brands of a product a merchant may add, so that only what we put there is ever taken away. After
an answer that was lost nobody knows which of ours are there: the former one, the new one, or both. All of them are kept
with the link until one is acknowledged, and go when another takes their place.
"""

from collections.abc import Mapping
from dataclasses import replace

from tillbridge.domain.planning import as_text, product_fields
from tillbridge.domain.product import Link, ProductOutcome, ProductWrite

TRACED = ("category", "brand")
_NOTHING = frozenset({"", as_text([])})


def with_traces(write: ProductWrite) -> Link:
    """Give a write's link as it is to be kept before anything is sent; what the shop owns leaves no trace."""
    link, wanted = write.link, product_fields(write.product)
    texts = {name: (*link.put(name), wanted[name]) for name in TRACED if name in write.owned}
    traces = {
        name: tuple(text for text in dict.fromkeys(found) if text not in _NOTHING) for name, found in texts.items()
    }
    return replace(link, traces={name: found for name, found in traces.items() if found})


def traces_left(outcome: ProductOutcome) -> Mapping[str, tuple[str, ...]]:
    """Say what may be left after an outcome: nothing of a field that was acknowledged as it is wanted."""
    shown, wanted = outcome.link.fields, product_fields(outcome.write.product)
    sent = with_traces(outcome.write).traces
    return {name: texts for name, texts in sent.items() if shown.get(name) != wanted[name]}
