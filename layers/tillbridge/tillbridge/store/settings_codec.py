"""Merchants' settings at the edge: from JSON, from the command line's texts, and back.

What comes in is checked whole before anything is taken over; an error names the setting, what it was given and what it
takes (invariant 7).
"""

import difflib
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field, ValidationError

from tillbridge.domain.errors import InputError
from tillbridge.domain.product import Visibility
from tillbridge.domain.settings import DEFAULT_OWNERS, MatchField, MerchantSettings, Owner, Selection, SkuSource
from tillbridge.domain.stock import StockMode
from tillbridge.store import order_settings_codec as of_orders
from tillbridge.store.order_settings_codec import OrderFields
from tillbridge.store.settings_fields import (
    Amount,
    Count,
    Id,
    Leap,
    Locations,
    Name,
    Owners,
    Share,
    Shop,
    ShopPlace,
    Tag,
    Word,
    each_once,
)

TAKES: Mapping[str, str] = {
    "selection": f"one of {', '.join(Selection)}",
    "selection_tag": "a tag of the till, at most 255 characters, not empty while selection is tag",
    "new_products": f"one of {', '.join(Visibility)}",
    "sku_sources": f"at least one of {', '.join(SkuSource)}, each once, the first choice first, separated by commas",
    "match_by": f"at least one of {', '.join(MatchField)}, each once, the strongest first, separated by commas",
    "regular_price_level": "the id of a price level, e.g. 1",
    "sale_price_level": "the id of a price level, e.g. 3, or nothing for no sale prices",
    "msrp_level": "the id of a price level, e.g. 2, or nothing for no recommended prices",
    "tax_classes": "pairs of a tax class id of the till and a tax class of the shop, e.g. 1:reduced-rate,2:zero-rate",
    "stock_locations": "ids of locations, each once, separated by commas, e.g. 1,4; nothing for all of them",
    "stock_mode": f"one of {', '.join(StockMode)}",
    "stock_places": "pairs of a shop's connection with a location, and a place of the shop, e.g. c-1f/1:651,c-1f/4:652",
    "safety_stock": "a number from 0 to 1000000 with at most 6 decimals",
    "safety_by_location": "pairs of a location id and a number as safety_stock takes, e.g. 1:2,3:0",
    "safety_by_category": "pairs of a category id of the till and a number as safety_stock takes, e.g. 5:1,12:0",
    "safety_by_item": "pairs of an item's key or any SKU of it and a number as safety_stock takes, e.g. I42:3,MUG-1:0",
    "backorders": "yes or no",
    "locations_by_shop": "pairs of a shop's connection and location ids joined by +, e.g. c-1f:1+4,c-2e:2",
    "mode_by_shop": f"pairs of a shop's connection and one of {', '.join(StockMode)}, e.g. c-1f:pick",
    "safety_by_shop": "pairs of a shop's connection and a number as safety_stock takes, e.g. c-1f:2",
    "bulk_shops": "connections of Magento shops, each once, separated by commas, e.g. c-1f; nothing for none",
    "send_images": "yes or no",
    "owners": f"pairs of a field and {', '.join(Owner)}, e.g. name:till; fields are {', '.join(DEFAULT_OWNERS)}",
    "guard_zeroed": "per cent of the listings, from 0 to 100; 0 or off for no bound",
    "guard_unpublished": "per cent of the listings, from 0 to 100; 0 or off for no bound",
    "guard_repriced": "per cent of the listings, from 0 to 100; 0 or off for no bound",
    "guard_price": "per cent of the old price, from 0 to 100000; 0 or off for no bound",
    "guard_created": "a whole number from 0 to 1000000; 0 or off for no bound",
    "guard_floor": "a whole number from 0 to 1000000",
    **of_orders.TAKES,
}
"""What each setting takes, as errors and the command line tell it."""

LISTS = frozenset({"sku_sources", "match_by", "stock_locations", "bulk_shops"}) | of_orders.LISTS
MAPS = frozenset(
    {
        "tax_classes",
        "stock_places",
        "safety_by_location",
        "safety_by_category",
        "safety_by_item",
        "locations_by_shop",
        "mode_by_shop",
        "safety_by_shop",
        "owners",
    }
    | of_orders.MAPS
)


class _Settings(OrderFields, BaseModel):
    """The fields of ``MerchantSettings`` as they may come in."""

    selection: Selection = Selection.ALL
    selection_tag: Tag = ""
    new_products: Visibility = Visibility.DRAFT
    sku_sources: Annotated[tuple[SkuSource, ...], Field(min_length=1), AfterValidator(each_once)] = ()
    match_by: Annotated[tuple[MatchField, ...], Field(min_length=1), AfterValidator(each_once)] = ()
    regular_price_level: Id = ""
    sale_price_level: Id | Literal[""] = ""
    msrp_level: Id | Literal[""] = ""
    tax_classes: dict[Id, Name] = {}
    stock_locations: Annotated[tuple[Id, ...], AfterValidator(each_once)] = ()
    stock_mode: StockMode = StockMode.SUM
    stock_places: dict[ShopPlace, Word] = {}
    safety_stock: Amount = Decimal(0)
    safety_by_location: dict[Id, Amount] = {}
    safety_by_category: dict[Id, Amount] = {}
    safety_by_item: dict[Word, Amount] = {}
    backorders: bool = False
    locations_by_shop: dict[Shop, Locations] = {}
    mode_by_shop: dict[Shop, StockMode] = {}
    safety_by_shop: dict[Shop, Amount] = {}
    bulk_shops: Annotated[tuple[Shop, ...], AfterValidator(each_once)] = ()
    send_images: bool = True
    owners: Owners = {}
    guard_zeroed: Share = Decimal(0)
    guard_unpublished: Share = Decimal(0)
    guard_repriced: Share = Decimal(0)
    guard_price: Leap = Decimal(0)
    guard_created: Count = 0
    guard_floor: Count = 0


def parse_settings(values: Mapping[str, object]) -> MerchantSettings:
    """Check settings by name; one that is absent has its default. ``InputError`` names the first that is wrong."""
    try:
        given = _Settings.model_validate(dict(values))
    except ValidationError as error:
        name = str(error.errors(include_url=False, include_context=False)[0]["loc"][0])
        raise _refusal(name, values) from None
    own = {name: getattr(given, name) for name in given.model_fields_set - of_orders.TAKES.keys()}
    settings = MerchantSettings(**own, orders=of_orders.order_settings(given))
    if settings.selection is Selection.TAG and not settings.selection_tag:
        raise _refusal("selection_tag", {"selection_tag": ""})
    return settings


def dump_settings(settings: MerchantSettings) -> dict[str, object]:
    """Write all settings in the form of JSON; ``parse_settings`` reads them back."""
    return {
        "selection": settings.selection.value,
        "selection_tag": settings.selection_tag,
        "new_products": settings.new_products.value,
        "sku_sources": [source.value for source in settings.sku_sources],
        "match_by": [field.value for field in settings.match_by],
        "regular_price_level": settings.regular_price_level,
        "sale_price_level": settings.sale_price_level,
        "msrp_level": settings.msrp_level,
        "tax_classes": dict(settings.tax_classes),
        "stock_locations": list(settings.stock_locations),
        "stock_mode": settings.stock_mode.value,
        "stock_places": dict(settings.stock_places),
        "safety_stock": str(settings.safety_stock),
        "safety_by_location": _amounts(settings.safety_by_location),
        "safety_by_category": _amounts(settings.safety_by_category),
        "safety_by_item": _amounts(settings.safety_by_item),
        "backorders": settings.backorders,
        "locations_by_shop": {shop: "+".join(places) for shop, places in settings.locations_by_shop.items()},
        "mode_by_shop": {shop: mode.value for shop, mode in settings.mode_by_shop.items()},
        "safety_by_shop": _amounts(settings.safety_by_shop),
        "bulk_shops": list(settings.bulk_shops),
        "send_images": settings.send_images,
        "owners": {name: owner.value for name, owner in settings.owners.items()},
        "guard_zeroed": str(settings.guard_zeroed),
        "guard_unpublished": str(settings.guard_unpublished),
        "guard_repriced": str(settings.guard_repriced),
        "guard_price": str(settings.guard_price),
        "guard_created": settings.guard_created,
        "guard_floor": settings.guard_floor,
        **of_orders.dump_orders(settings.orders),
    }


def change_settings(settings: MerchantSettings, changes: Mapping[str, str]) -> MerchantSettings:
    """Change settings by texts as a person types them, e.g. ``{"stock_locations": "1,4", "send_images": "no"}``.

    A list or a map is replaced as a whole. Nothing is changed when one of the texts is wrong.
    """
    return parse_settings(dump_settings(settings) | {name: _from_text(name, text) for name, text in changes.items()})


def settings_texts(settings: MerchantSettings) -> dict[str, str]:
    """Write all settings as texts that ``change_settings`` takes."""
    return {name: _to_text(value) for name, value in dump_settings(settings).items()}


def _amounts(amounts: Mapping[str, Decimal]) -> dict[str, str]:
    return {key: str(amount) for key, amount in amounts.items()}


def _from_text(name: str, text: str) -> object:
    if name in LISTS:
        return [element.strip() for element in text.split(",")] if text.strip() else []
    if name in MAPS:
        pairs = [pair.partition(":") for pair in text.split(",")] if text.strip() else []
        keys = [key.strip() for key, _, _ in pairs]
        if len(set(keys)) != len(keys) or not all(colon for _, colon, _ in pairs):
            raise _refusal(name, {name: text})
        return {key.strip(): value.strip() for key, _, value in pairs}
    return text


def _to_text(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case list():
            return ",".join(map(str, value))
        case dict():
            return ",".join(f"{key}:{entry}" for key, entry in value.items())
        case _:
            return str(value)


def _refusal(name: str, values: Mapping[str, object]) -> InputError:
    if name not in TAKES:
        close = difflib.get_close_matches(name, TAKES, n=1)
        hint = f"Did you mean {close[0]}? " if close else ""
        return InputError(
            name[:64],
            f"There is no setting {name[:64]!r}.",
            remedy=f"{hint}The settings are {', '.join(TAKES)}.",
            code="UnknownSetting",
        )
    return InputError(
        name,
        f"The setting {name} cannot be {repr(values.get(name))[:80]}.",
        remedy=f"It takes {TAKES[name]}.",
        code="WrongSetting",
    )
