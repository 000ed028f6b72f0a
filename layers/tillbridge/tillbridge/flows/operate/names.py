"""What the till calls things, for people who know no keys."""

from collections.abc import Mapping, Sequence

from tillbridge.domain.catalogue import simple_key
from tillbridge.flows.ports import Mirror


def product_names(mirror: Mirror, till: str, keys: Sequence[str]) -> Mapping[str, str]:
    """Find the names of products by key; what the till does not have is absent."""
    items = mirror.items(till, [key[1:] for key in keys if key.startswith("I")])
    matrices = mirror.matrices(till, [key[1:] for key in keys if key.startswith("M")])
    return {
        **{simple_key(item_id): item.description for item_id, item in items.items()},
        **{matrix.product_key: matrix.description for matrix in matrices.values()},
    }
