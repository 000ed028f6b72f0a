"""Domain values of every shape: odd Unicode, many decimals, nothing at all, very much."""

from dataclasses import fields
from datetime import UTC, datetime
from typing import Any, TypeVar

from hypothesis import strategies as st

from tillbridge.domain.catalogue import (
    AttributeSet,
    Category,
    CustomField,
    Image,
    Item,
    Location,
    Manufacturer,
    Matrix,
    PriceLevel,
    Reference,
    WebContent,
)
from tillbridge.domain.choice import Choice
from tillbridge.domain.guard import Change, Kind
from tillbridge.domain.hour import GuardLog
from tillbridge.domain.listing import ListedProduct, ListedVariant, Sighting
from tillbridge.domain.merchant import Connection, Merchant
from tillbridge.domain.migration import Entry, Migration
from tillbridge.domain.orders.order import ChargeKind, Standing
from tillbridge.domain.orders.record import BookedCharge, BookedLine, Booking, Happening, OrderRecord, TillReturn
from tillbridge.domain.orders.settings import OrderSettings
from tillbridge.domain.pace import Pace
from tillbridge.domain.product import KnownVariant, Link, ListingRef, Problem, Visibility
from tillbridge.domain.settings import DEFAULT_OWNERS, MatchField, MerchantSettings, Owner, Selection, SkuSource
from tillbridge.domain.stock import StockLevel, StockMode
from tillbridge.domain.work import Cursor, Held, Hold, Mark, Reject, Run, Shelf

Entity = TypeVar("Entity")

TEXTS = st.text(st.characters(codec=None), max_size=20) | st.sampled_from(["🏕️", "\ud83d", "a" * 3000, "\x00", '"\\#'])
IDS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12) | st.sampled_from(["42", "A/B+C&D%E,F G", "🏕️#1"])
MAYBE_IDS = st.none() | IDS
MOMENTS = st.datetimes(datetime(1970, 1, 1), datetime(2999, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
MAYBE_MOMENTS = st.none() | MOMENTS
AMOUNTS = st.decimals(allow_nan=False, allow_infinity=False)
TABLE_NUMBERS = st.decimals(-(10**15), 10**15, places=12)
COUNTS = st.integers(-(10**9), 10**9)
QUANTITIES = st.none() | COUNTS | st.decimals(-(10**9), 10**9, places=4)
TEXT_MAPS = st.dictionaries(TEXTS, TEXTS, max_size=4)


def whole(entity: type[Entity], **given: st.SearchStrategy[Any]) -> st.SearchStrategy[Entity]:
    """Draw every field of a dataclass: those not given by their type."""
    names = [field.name for field in fields(entity)]  # type: ignore[arg-type]
    assert given.keys() <= set(names)
    return st.builds(entity, **{name: given.get(name, ...) for name in names})


def several(elements: st.SearchStrategy[Entity], most: int = 4) -> st.SearchStrategy[tuple[Entity, ...]]:
    return st.lists(elements, max_size=most).map(tuple)


def by_id(elements: st.SearchStrategy[Any], name: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.lists(elements, max_size=4, unique_by=lambda one: getattr(one, name)).map(
        lambda listed: {getattr(one, name): one for one in listed}
    )


MEASURES = dict.fromkeys(("weight", "width", "height", "length"), st.none() | AMOUNTS)
SELLABLE: dict[str, st.SearchStrategy[Any]] = {
    "description": TEXTS,
    "category_id": MAYBE_IDS,
    "manufacturer_id": MAYBE_IDS,
    "tax_class_id": MAYBE_IDS,
    "prices": st.dictionaries(IDS, AMOUNTS, max_size=3),
    "images": several(whole(Image, image_id=TEXTS, url=TEXTS, description=TEXTS, position=COUNTS)),
    "tags": several(TEXTS) | st.just(tuple(f"tag {number}" for number in range(2000))),
    "custom_fields": several(whole(CustomField, field_id=TEXTS, name=TEXTS, value=TEXTS)),
    "web": whole(WebContent, long_description=TEXTS, short_description=TEXTS, **MEASURES),
    "updated_at": MOMENTS,
}
ITEMS = whole(
    Item,
    item_id=IDS,
    matrix_id=MAYBE_IDS,
    attribute_set_id=MAYBE_IDS,
    attributes=st.tuples(TEXTS, TEXTS, TEXTS),
    **dict.fromkeys(("system_sku", "custom_sku", "manufacturer_sku", "upc", "ean"), TEXTS),
    **SELLABLE,
)
MATRICES = whole(Matrix, matrix_id=IDS, attribute_set_id=MAYBE_IDS, **SELLABLE)
REFERENCES = whole(
    Reference,
    locations=by_id(whole(Location, location_id=IDS, name=TEXTS, time_zone=TEXTS), "location_id"),
    categories=by_id(whole(Category, category_id=IDS, name=TEXTS, parent_id=MAYBE_IDS), "category_id"),
    manufacturers=by_id(whole(Manufacturer, manufacturer_id=IDS, name=TEXTS), "manufacturer_id"),
    price_levels=by_id(whole(PriceLevel, price_level_id=IDS, name=TEXTS), "price_level_id"),
    attribute_sets=by_id(
        whole(AttributeSet, attribute_set_id=IDS, name=TEXTS, attribute_names=st.tuples(TEXTS, TEXTS, TEXTS)),
        "attribute_set_id",
    ),
)
LEVELS = whole(
    StockLevel, item_id=IDS, location_id=IDS, on_hand=TABLE_NUMBERS, sellable=TABLE_NUMBERS, updated_at=MOMENTS
)

REFS = whole(ListingRef, product_id=IDS, variant_id=TEXTS)
LINKS = whole(
    Link,
    product_key=IDS,
    product_id=TEXTS,
    fields=TEXT_MAPS,
    variants=several(whole(KnownVariant, item_id=TEXTS, ref=REFS, fields=TEXT_MAPS, image_id=TEXTS)),
    image_ids=TEXT_MAPS,
    attempted_at=MAYBE_MOMENTS,
    sought_at=MAYBE_MOMENTS,
    acknowledged_at=MAYBE_MOMENTS,
    problem=st.none()
    | whole(Problem, code=TEXTS, happened=TEXTS, remedy=TEXTS, since=MOMENTS, tries=COUNTS, retry_at=MAYBE_MOMENTS),
    traces=st.dictionaries(IDS, several(TEXTS).filter(bool), max_size=2),
)
PACES = whole(Pace, units=AMOUNTS, at=MAYBE_MOMENTS)
SHELVES = whole(
    Shelf,
    item_id=IDS,
    ref=REFS,
    known=QUANTITIES,
    known_places=st.dictionaries(IDS, QUANTITIES.filter(lambda quantity: quantity is not None), max_size=3),
    sent_at=MAYBE_MOMENTS,
    acknowledged_at=MAYBE_MOMENTS,
    problem_code=TEXTS,
    problem=TEXTS,
    remedy=TEXTS,
    pace=PACES,
)


@st.composite
def listed_products(draw: st.DrawFn) -> ListedProduct:
    """Draw a listing whose variants are its own."""
    product_id = draw(IDS)
    refs = st.builds(ListingRef, st.just(product_id), TEXTS)
    variants = several(whole(ListedVariant, ref=refs, sku=TEXTS, gtin=TEXTS, options=several(TEXTS, 3)))
    return draw(
        whole(
            ListedProduct,
            product_id=st.just(product_id),
            name=TEXTS,
            options=several(TEXTS, 3),
            variants=variants,
            mark=TEXTS,
        )
    )


SIGHTINGS = whole(Sighting, listed=listed_products(), survey=MOMENTS)
CHOICES = whole(Choice, key=IDS, product_id=TEXTS, variants=TEXT_MAPS, decided_at=MOMENTS)

CURSORS = whole(Cursor, since=MOMENTS)
RUNS = whole(
    Run,
    started_at=MOMENTS,
    finished_at=MAYBE_MOMENTS,
    stock_from=MAYBE_MOMENTS,
    **dict.fromkeys(("kind", "phase", "after", "last"), TEXTS),
)
MARKS = whole(
    Mark,
    key=IDS,
    since=MOMENTS,
    due_at=MOMENTS,
    tries=COUNTS,
    shown=QUANTITIES,
    allowed=TEXTS,
    row=st.just(""),
)
HOLDS = whole(
    Hold,
    hold_id=IDS,
    cause=TEXTS,
    sample=several(whole(Change, key=IDS, leap=AMOUNTS, **dict.fromkeys(("name", "field", "old", "new"), TEXTS))),
    created_at=MOMENTS,
    expires_at=MOMENTS,
    decided_at=MAYBE_MOMENTS,
)
ORDER_RECORDS = whole(
    OrderRecord,
    shop=IDS,
    order_id=IDS,
    version=COUNTS,
    seen_at=MOMENTS,
    changed_at=MOMENTS,
    placed_at=MAYBE_MOMENTS,
    bookings=several(
        whole(
            Booking,
            key=IDS,
            reference=IDS,
            location_id=IDS,
            expected=AMOUNTS,
            tries=COUNTS,
            total=AMOUNTS,
            rounding=AMOUNTS,
            lines=several(whole(BookedLine, till_line_id=IDS, units=AMOUNTS, unit_price=AMOUNTS), 2),
            charges=several(whole(BookedCharge, line_id=IDS, units=AMOUNTS, net=AMOUNTS, tax=AMOUNTS), 2),
            completed_at=MAYBE_MOMENTS,
        )
    ),
    settled=st.dictionaries(TEXTS, AMOUNTS, max_size=3),
    to_ship=TEXT_MAPS,
    returns=several(whole(TillReturn, sale_id=IDS, total=AMOUNTS, returned_at=MOMENTS)),
    history=several(whole(Happening, at=MOMENTS, what=IDS)),
)
HELD = whole(Held, hold_id=IDS, mark=MARKS, held_at=MOMENTS, wish=TEXTS, until=MAYBE_MOMENTS)
GUARD_LOGS = whole(
    GuardLog,
    seen=st.dictionaries(st.sampled_from(Kind), several(st.tuples(MOMENTS, COUNTS)).filter(bool), max_size=3),
    listings=COUNTS,
    counted_at=MAYBE_MOMENTS,
)
REJECTS = whole(Reject, thing=IDS, seen_at=MOMENTS)

SETTING_IDS = st.from_regex(r"[0-9]{1,19}", fullmatch=True)
NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"], exclude_characters=",:"), max_size=20).map(
    str.strip
)
SHOP_IDS = st.from_regex(r"[A-Za-z0-9_-]{1,64}", fullmatch=True)
SAFETIES = st.decimals(0, 1_000_000, places=6) | st.decimals(0, 100, places=0)
SALEABLE = st.sampled_from([Standing.AWAITING, Standing.ON_DELIVERY, Standing.AUTHORISED, Standing.PAID])
CURRENCIES = st.from_regex(r"[A-Z]{3}", fullmatch=True)
ORDER_SETTINGS = whole(
    OrderSettings,
    since=MAYBE_MOMENTS,
    ready=st.lists(SALEABLE, unique=True).map(tuple),
    statuses=st.dictionaries(st.builds("{}/{}".format, SHOP_IDS, NAMES.filter(bool)), SALEABLE, max_size=4),
    locations=st.dictionaries(SHOP_IDS | st.just("*"), SETTING_IDS, max_size=4),
    registers=st.dictionaries(SETTING_IDS, SETTING_IDS, max_size=4),
    employee=SETTING_IDS | st.just(""),
    payment_types=st.dictionaries(NAMES.filter(bool), SETTING_IDS, max_size=4),
    tax_categories=st.lists(SETTING_IDS, max_size=4, unique=True).map(tuple),
    items=st.dictionaries(
        st.sampled_from([kind for kind in ChargeKind if kind is not ChargeKind.PRODUCT]), SETTING_IDS, max_size=4
    ),
    web_customer=SETTING_IDS | st.just(""),
    rounding=st.decimals(0, 100, places=2),
    currency=CURRENCIES | st.just(""),
    rates=st.dictionaries(CURRENCIES, st.decimals("0.000001", 1000, places=6), max_size=4),
)
SETTINGS = whole(
    MerchantSettings,
    orders=ORDER_SETTINGS,
    selection=st.sampled_from(Selection),
    selection_tag=NAMES.filter(bool),
    new_products=st.sampled_from(Visibility),
    sku_sources=st.lists(st.sampled_from(SkuSource), min_size=1, unique=True).map(tuple),
    match_by=st.lists(st.sampled_from(MatchField), min_size=1, unique=True).map(tuple),
    regular_price_level=SETTING_IDS,
    sale_price_level=SETTING_IDS | st.just(""),
    msrp_level=SETTING_IDS | st.just(""),
    tax_classes=st.dictionaries(SETTING_IDS, NAMES, max_size=4),
    stock_locations=st.lists(SETTING_IDS, max_size=4, unique=True).map(tuple),
    stock_mode=st.sampled_from(StockMode),
    stock_places=st.dictionaries(st.builds("{}/{}".format, SHOP_IDS, SETTING_IDS), NAMES.filter(bool), max_size=4),
    safety_stock=SAFETIES,
    safety_by_location=st.dictionaries(SETTING_IDS, SAFETIES, max_size=4),
    safety_by_category=st.dictionaries(SETTING_IDS, SAFETIES, max_size=4),
    safety_by_item=st.dictionaries(NAMES.filter(bool), SAFETIES, max_size=4),
    locations_by_shop=st.dictionaries(
        SHOP_IDS, st.lists(SETTING_IDS, min_size=1, max_size=4, unique=True).map(tuple), max_size=4
    ),
    mode_by_shop=st.dictionaries(SHOP_IDS, st.sampled_from(StockMode), max_size=4),
    safety_by_shop=st.dictionaries(SHOP_IDS, SAFETIES, max_size=4),
    bulk_shops=st.lists(SHOP_IDS, unique=True, max_size=3).map(tuple),
    owners=st.dictionaries(st.sampled_from(sorted(DEFAULT_OWNERS)), st.sampled_from(Owner), max_size=4),
    **dict.fromkeys(("guard_zeroed", "guard_unpublished", "guard_repriced"), st.decimals(0, 100, places=2)),
    guard_price=st.decimals(0, 100_000, places=6),
    **dict.fromkeys(("guard_created", "guard_floor"), st.integers(0, 1_000_000)),
)
MERCHANTS = whole(Merchant, merchant_id=IDS, name=TEXTS, email=TEXTS, settings=SETTINGS, created_at=MOMENTS)
CONNECTIONS = whole(
    Connection,
    **dict.fromkeys(("connection_id", "merchant_id", "account_id"), IDS),
    **dict.fromkeys(("account_name", "address", "cause", "remedy", "migration"), TEXTS),
    retry_at=MAYBE_MOMENTS,
    traits=TEXT_MAPS,
    created_at=MOMENTS,
    changed_at=MOMENTS,
    granted_at=MAYBE_MOMENTS,
)
MIGRATIONS = whole(
    Migration,
    **dict.fromkeys(("connection_id", "merchant_id", "event"), IDS),
    **dict.fromkeys(("problem", "remedy"), TEXTS),
    **dict.fromkeys(("stopped_at", "problem_at", "due_at"), MAYBE_MOMENTS),
    version=COUNTS,
    since=MOMENTS,
    reminded=several(st.integers(0, 400)),
    history=several(whole(Entry, at=MOMENTS, note=TEXTS)),
)
