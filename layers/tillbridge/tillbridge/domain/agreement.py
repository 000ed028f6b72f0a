"""Hold what a shop shows against what it acknowledged, as far as that is the till's. Pure functions.

A shop spells the same thing in its own way, and its lists may hold more than was put there: neither is a difference.
Pictures are not compared, for shops keep copies of their own under names of their own.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from html import unescape

from tillbridge.domain.product import CONTENT_FIELDS, VARIANT_FIELDS, KnownVariant, Link, ListingRef, Visibility
from tillbridge.domain.settings import MerchantSettings, Owner

LISTS = frozenset({"category", "brand", "options"})
"""Fields that live in lists to which the merchant may add. A wrong one is forgotten, never replaced by what was read:
otherwise what the merchant added would pass for ours and be taken away with the next change (invariant 6)."""

NOT_COMPARED = frozenset({"images", "image"})

_TAG_END = re.compile(r"\s*/?>")

Seen = Mapping[ListingRef, Mapping[str, str]]
"""The texts that were read back of each listing; a field that cannot be compared is absent."""


def as_seen(link: Link, seen: Seen, settings: MerchantSettings) -> Link:
    """Give the link as it would be if the shop had acknowledged what it shows, in the fields that are the till's.

    It equals ``link`` when nothing of the till's differs. ``seen`` holds the product's own row and its variants'.
    """
    own = seen.get(ListingRef(link.product_id), {})
    on_sale = own.get("visibility") == Visibility.PUBLISHED
    return replace(
        link,
        fields=_corrected(link.fields, own, lambda name: name in CONTENT_FIELDS and settings.owner(name) is Owner.TILL),
        variants=tuple(_variant_as_seen(known, seen.get(known.ref, {}), settings) for known in link.variants),
        unpublished_by_us=link.unpublished_by_us and not on_sale,
    )


def live(link: Link) -> list[KnownVariant]:
    """List the variants that should be there: the merchant may delete one that is archived in the till."""

    def archived(known: KnownVariant) -> bool:
        return bool(known.ref.variant_id) and known.fields.get("visibility") == Visibility.DRAFT

    return [known for known in link.variants if not archived(known)]


def _variant_as_seen(known: KnownVariant, seen: Mapping[str, str], settings: MerchantSettings) -> KnownVariant:
    """Whether an archived variant is on sale is the till's whoever owns the visibility; a simple product has no own."""

    def is_the_tills(name: str) -> bool:
        if name == "visibility":
            archived = known.fields.get(name) == Visibility.DRAFT
            return bool(known.ref.variant_id) and (archived or settings.owner(name) is Owner.TILL)
        return name in VARIANT_FIELDS and settings.owner(name) is Owner.TILL

    return replace(known, fields=_corrected(known.fields, seen, is_the_tills))


def _corrected(
    known: Mapping[str, str], seen: Mapping[str, str], is_the_tills: Callable[[str], bool]
) -> Mapping[str, str]:
    wrong = {
        name
        for name, text in known.items()
        if name in seen and is_the_tills(name) and not agrees(name, text, seen[name])
    }
    kept = {name: text for name, text in known.items() if name not in wrong}
    return kept | {name: seen[name] for name in wrong - LISTS}


def agrees(name: str, known: str, seen: str) -> bool:
    """Tell whether a text that was read back says the same as one that was written."""
    if name in NOT_COMPARED or plain(known) == plain(seen):
        return True
    match name:
        case "brand":
            return not known or folded(known) in map(folded, _listed(seen))
        case "category":
            path = _listed(known)
            return not path or folded(path[-1]) in map(folded, _listed(seen))
        case "options":
            return _options_agree(_decoded(known), _decoded(seen))
        case _:
            return False


def plain(text: str) -> str:
    """Undo what shops do to the spelling of HTML without changing what is shown."""
    return " ".join(_TAG_END.sub(">", unescape(text).replace("'", '"')).split())


def folded(name: str) -> str:
    """Give the form in which names are compared: upper and lower case are one."""
    return " ".join(unescape(name).casefold().split())


def _options_agree(known: list[object], seen: list[object]) -> bool:
    """A product may offer more values than the till's, in any order; a variant has just its own."""
    if all(isinstance(one, str) for one in known):
        return Counter(map(folded, map(str, known))) == Counter(map(folded, map(str, seen))) or not known
    offered = dict([_option(one) for one in seen])
    return all(values <= offered.get(name, frozenset()) for name, values in map(_option, known))


def _option(one: object) -> tuple[str, frozenset[str]]:
    match one:
        case [str() as name, list() as values]:
            return folded(name), frozenset(folded(str(value)) for value in values)
        case _:
            return "", frozenset()


def _listed(text: str) -> list[str]:
    return [str(one) for one in _decoded(text)]


def _decoded(text: str) -> list[object]:
    try:
        value = json.loads(text)
    except ValueError:
        return []
    return value if isinstance(value, list) else []
