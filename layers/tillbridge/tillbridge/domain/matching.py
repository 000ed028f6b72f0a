"""By what an item and a listing are taken for the same thing. Pure functions.

Each text is compared in its *normal form*, so that what people take for the same is the same (``RULES`` says how, for
people). A listing shows *keys*; an item offers *clues*, in the merchant's order of strength (setting ``match_by``).
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from tillbridge.domain.catalogue import Item
from tillbridge.domain.desire import sku_of
from tillbridge.domain.listing import ListedVariant
from tillbridge.domain.settings import MatchField, MerchantSettings

RULES: Mapping[str, str] = {
    "SKU": "blanks around it, doubled blanks, upper or lower case and Unicode look-alikes (NFKC) do not count",
    "UPC and EAN": "only digits count, without leading zeros: a UPC is the EAN with a zero in front",
    "listing without UPC or EAN": "its SKU counts as one if its check digit is right",
    "manufacturer, custom, system SKU": "compared with the listing's SKU",
    "one to one": "each must be the other's only match; among items the one whose match comes first in match_by wins",
    "archived items": "do not count",
}
"""How matching works, as the command line tells it."""

SEPARATORS = str.maketrans("", "", " -\N{NO-BREAK SPACE}\N{EN DASH}\N{NON-BREAKING HYPHEN}.")
GTIN_LENGTHS = range(8, 15)


class KeyKind(StrEnum):
    """What kind of text a key is."""

    SKU = "sku"
    GTIN = "gtin"


@dataclass(frozen=True, slots=True)
class MatchKey:
    """A text in its normal form, never empty."""

    kind: KeyKind
    form: str

    def __str__(self) -> str:
        """Render as ``sku:mug-42``."""
        return f"{self.kind}:{self.form}"


@dataclass(frozen=True, slots=True)
class Clue:
    """What an item offers: the field it stands in, its text as the till has it, and the key to look for."""

    field: MatchField
    value: str
    key: MatchKey

    def __str__(self) -> str:
        """Render for people, e.g. ``SKU "MUG-42"``."""
        return f'{NAMES[self.field]} "{self.value}"'


NAMES = {
    MatchField.SKU: "SKU",
    MatchField.GTIN: "UPC or EAN",
    MatchField.MANUFACTURER_SKU: "manufacturer SKU",
    MatchField.CUSTOM_SKU: "custom SKU",
    MatchField.SYSTEM_SKU: "system SKU",
}


def sku_form(text: str) -> str:
    """Give the normal form of a SKU, or of a name; "" when it is blank."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(folded.split())


def gtin_form(text: str) -> str:
    """Give the normal form of a UPC or EAN; "" when it is none, or only zeros."""
    digits = unicodedata.normalize("NFKC", text).strip().translate(SEPARATORS)
    return digits.lstrip("0") if digits.isascii() and digits.isdecimal() else ""


def is_gtin(text: str) -> bool:
    """Tell whether a text is a UPC or EAN (8 to 14 digits) by its check digit."""
    digits = text.strip()
    if len(digits) not in GTIN_LENGTHS or not (digits.isascii() and digits.isdecimal()) or not digits.strip("0"):
        return False
    weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(digits)))
    return weighted % 10 == 0


def sku_keys(text: str) -> tuple[MatchKey, ...]:
    """Give the key of a SKU, if it has one."""
    form = sku_form(text)
    return (MatchKey(KeyKind.SKU, form),) if form else ()


def gtin_keys(text: str) -> tuple[MatchKey, ...]:
    """Give the key of a UPC or EAN, if it has one."""
    form = gtin_form(text)
    return (MatchKey(KeyKind.GTIN, form),) if form else ()


def keys_shown(variant: ListedVariant) -> tuple[MatchKey, ...]:
    """Give the keys by which a variant of a listing is found."""
    gtin = variant.gtin if gtin_form(variant.gtin) else variant.sku if is_gtin(variant.sku) else ""
    return (*sku_keys(variant.sku), *gtin_keys(gtin))


def clues_of(item: Item, settings: MerchantSettings) -> tuple[Clue, ...]:
    """Give what an item offers, the strongest first; a key that two fields share stands in the stronger one."""
    texts = {
        MatchField.SKU: (sku_of(item, settings),),
        MatchField.GTIN: (item.upc, item.ean),
        MatchField.MANUFACTURER_SKU: (item.manufacturer_sku,),
        MatchField.CUSTOM_SKU: (item.custom_sku,),
        MatchField.SYSTEM_SKU: (item.system_sku,),
    }
    found: dict[MatchKey, Clue] = {}
    for field in settings.match_by:
        for text in texts[field]:
            for key in gtin_keys(text) if field is MatchField.GTIN else sku_keys(text):
                found.setdefault(key, Clue(field, text.strip(), key))
    return tuple(found.values())


def pointers_of(item: Item) -> frozenset[MatchKey]:
    """Give the keys under which a copy of the till finds an item, whatever the merchant has chosen."""
    skus = (item.custom_sku, item.manufacturer_sku, item.system_sku)
    codes = (gtin_keys(code) or sku_keys(code) for code in (item.upc, item.ean))
    return frozenset(key for keys in (*map(sku_keys, skus), *codes) for key in keys)


def pointers_to(key: MatchKey) -> tuple[MatchKey, ...]:
    """Give the pointers that lead to every item which offers a key: a UPC may serve as SKU."""
    return (key, *gtin_keys(key.form)) if key.kind is KeyKind.SKU else (key,)
