"""Compare what a shop should show with what it last acknowledged, and say what to write. Pure functions."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from tillbridge.domain.product import (
    CONTENT_FIELDS,
    VARIANT_FIELDS,
    KnownVariant,
    Link,
    Product,
    ProductImage,
    ProductWrite,
    Variant,
    Visibility,
)
from tillbridge.domain.settings import MerchantSettings, Owner

LATE = timedelta(minutes=5)
"""How long after our question a shop may still make what we asked for: hosts end a request after some minutes."""


@dataclass(frozen=True, slots=True)
class Withheld:
    """A product that must not be on sale in this shop: archived in the till, or not selected for the web."""

    key: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a product cannot be shown as it is, and what to do."""

    code: str
    happened: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Blocked:
    """A product that cannot be shown until somebody mends something, or until more of the till has been read."""

    key: str
    reasons: tuple[Reason, ...]
    passing: bool = False  # true: more reading will mend it, nobody has to act


@dataclass(frozen=True, slots=True)
class Write:
    """Create or change a listing."""

    write: ProductWrite


@dataclass(frozen=True, slots=True)
class Unpublish:
    """Take a listing off sale."""

    link: Link
    reason: str


@dataclass(frozen=True, slots=True)
class Seek:
    """Find out whether a creation that was never answered has made a listing: it must not be on sale."""

    link: Link
    reason: str


@dataclass(frozen=True, slots=True)
class Release:
    """Let go of a listing and leave it as it is: it belongs to another product by now, or a person decided so."""

    link: Link
    reason: str

    @property
    def key(self) -> str:
        """The product's key."""
        return self.link.product_key


@dataclass(frozen=True, slots=True)
class Nothing:
    """The shop already shows what it should, as far as it has acknowledged."""

    key: str


Plan = Write | Unpublish | Seek | Release | Nothing | Blocked


def plan_product(desired: Product | Withheld | Blocked, link: Link, settings: MerchantSettings) -> Plan:
    """Say what to do about one product. ``link`` is an empty ``Link`` when there is no listing yet."""
    match desired:
        case Blocked():
            return desired
        case Withheld():
            return _plan_withheld(desired, link)
        case Product():
            return _plan_shown(desired, link, settings)


def _plan_withheld(withheld: Withheld, link: Link) -> Plan:
    if not link.product_id:
        return Seek(link, withheld.reason) if link.attempted_at else Nothing(withheld.key)
    if link.attempted_at or not link.unpublished_by_us:
        return Unpublish(link, withheld.reason)
    return Nothing(withheld.key)


def _plan_shown(product: Product, link: Link, settings: MerchantSettings) -> Plan:
    product = without_shops_own(product, settings)
    if not link.product_id or link.unread:
        return Write(ProductWrite(product=product, link=link, owned=settings.till_owned))
    link = replace(link, variants=tuple(replace(known, fields=acknowledged(known)) for known in link.variants))
    if link.attempted_at:
        link = _without_doubtful(link, settings)
    changes = _differing(product_fields(product), link.fields, CONTENT_FIELDS, link, settings)
    if link.unpublished_by_us:
        changes |= {"visibility"}
    variant_changes = _variant_changes(product, link, settings)
    if not changes and not variant_changes:
        return Nothing(product.key)
    return Write(
        ProductWrite(
            product=product, link=link, changes=changes, variant_changes=variant_changes, owned=settings.till_owned
        )
    )


def may_still_come(link: Link, now: datetime) -> bool:
    """Tell whether what was not found has to be looked for once more: a shop may be slower than our patience."""
    return link.sought_at is None or now - link.sought_at < LATE


def without_shops_own(product: Product, settings: MerchantSettings) -> Product:
    """Leave out what the shop owns from the beginning, so that not even a new listing or variant gets it.

    No listing can be without a name, an SKU, a price and the options it has: those are given to new ones all the same.
    """
    shops = {name for name, owner in settings.every_owner.items() if owner is Owner.SHOP}
    if not shops:
        return product
    variants = tuple(
        replace(variant, **{name: empty for name, empty in _EMPTY_OF_VARIANT.items() if name in shops})
        for variant in product.variants
    )
    content = {name: empty for field, empties in _EMPTY.items() if field in shops for name, empty in empties.items()}
    return replace(product, variants=variants, **content)


_EMPTY: Mapping[str, Mapping[str, Any]] = {
    "description": {"description": ""},
    "short_description": {"short_description": ""},
    "category": {"category_path": ()},
    "brand": {"brand": ""},
    "images": {"images": ()},
    "visibility": {"visibility": Visibility.DRAFT},
    "tax_class": {"tax_class": "", "taxable": True},
}
_EMPTY_OF_VARIANT: Mapping[str, Any] = {
    "gtin": "",
    "sale_price": None,
    "msrp": None,
    "weight": None,
    "image": None,
}


def acknowledged(known: KnownVariant) -> Mapping[str, str]:
    """Give what a shop acknowledged of a variant; a field younger than its link was never set there."""
    return {**_YOUNGER_THAN_LINKS, **known.fields}


_YOUNGER_THAN_LINKS: Mapping[str, str] = {"msrp": ""}


def _without_doubtful(link: Link, settings: MerchantSettings) -> Link:
    """Forget what an unanswered write may have changed: the till's fields, and whether variants are on sale."""

    def sure(fields: Mapping[str, str], names: tuple[str, ...]) -> dict[str, str]:
        doubtful = {name for name in names if settings.owner(name) is Owner.TILL}
        return {name: text for name, text in fields.items() if name not in doubtful}

    variants = tuple(
        replace(known, fields=sure(known.fields, VARIANT_FIELDS) | {"visibility": ""}) for known in link.variants
    )
    return replace(link, fields=sure(link.fields, CONTENT_FIELDS), variants=variants)


def _variant_changes(product: Product, link: Link, settings: MerchantSettings) -> Mapping[str, frozenset[str]]:
    """Name the fields to write per item; a variant new to the listing gets all of them.

    Taking an archived variant off sale, and back, is the till's decision whoever owns the visibility. One that the link
    does not know may be there all the same while a write is in doubt.
    """
    found: dict[str, frozenset[str]] = {}
    for variant in product.variants:
        known = link.variant(variant.item_id)
        fields = variant_fields(variant, product)
        if known is None:
            if variant.visibility is Visibility.PUBLISHED:
                found[variant.item_id] = frozenset(VARIANT_FIELDS)
            elif link.attempted_at:
                found[variant.item_id] = frozenset({"visibility"})
            continue
        changes = _differing(fields, known.fields, VARIANT_FIELDS, link, settings)
        if variant.departed:
            changes = frozenset()
        if product.variable and fields["visibility"] != known.fields.get("visibility", fields["visibility"]):
            changes |= {"visibility"}
        if changes:
            found[variant.item_id] = changes
    return found


def _differing(
    wanted: Mapping[str, str],
    known: Mapping[str, str],
    names: tuple[str, ...],
    link: Link,
    settings: MerchantSettings,
) -> frozenset[str]:
    """Name the till's fields whose text differs from the acknowledged one.

    What belongs to the till at creation is due as long as a listing that we made never acknowledged it: a picture that
    could not be fetched, for instance.
    """
    at_creation = {name for name in names if link.created_by_us and name not in known}
    return frozenset(
        name
        for name in names
        if (settings.owner(name) is Owner.TILL and wanted[name] != known.get(name))
        or (settings.owner(name) is Owner.CREATION and name in at_creation)
    )


def product_fields(product: Product) -> dict[str, str]:
    """Give the comparable text of each of ``CONTENT_FIELDS``."""
    return {
        "name": product.name,
        "description": product.description,
        "short_description": product.short_description,
        "category": as_text(product.category_path),
        "brand": product.brand,
        "images": as_text([image.source_id for image in product.images]),
        "visibility": str(product.visibility),
        "options": as_text([[option.name, list(option.values)] for option in product.options]),
    }


def variant_fields(variant: Variant, product: Product) -> dict[str, str]:
    """Give the comparable text of each of ``VARIANT_FIELDS``."""
    return {
        "sku": variant.sku,
        "gtin": variant.gtin,
        "regular_price": decimal_text(variant.regular_price),
        "sale_price": decimal_text(variant.sale_price),
        "msrp": decimal_text(variant.msrp),
        "tax_class": product.tax_class if product.taxable else "none",
        "weight": decimal_text(variant.weight),
        "image": image_text(variant.image),
        "options": as_text(variant.options),
        "visibility": str(variant.visibility),
    }


def decimal_text(amount: Decimal | None) -> str:
    """Write an amount in its one plain form: no exponent, no trailing zeros, "" when not set."""
    if amount is None:
        return ""
    text = format(amount, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def image_text(image: ProductImage | None) -> str:
    """Name a picture by the till's id, "" when there is none."""
    return image.source_id if image else ""


def as_text(value: object) -> str:
    """Write names and lists of names as JSON, in which no name can be mistaken for a separator."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
