"""The mutations on quantities: compare and set, adjust (facts/shopify.md, section 6)."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from sandbox.shopify import rows
from sandbox.shopify.shop import Shop
from sandbox.shopify.stock.ledger import move, stocked
from sandbox.shopify.stock.model import InventoryAdjustmentGroup, InventoryChange, InventoryLevel
from sandbox.shopify.web.context import Context
from sandbox.shopify.web.errors import TopLevelError, UserError, UserErrors
from sandbox.shopify.web.idempotency import keyed
from sandbox.shopify.web.resolving import Input, mutation

REASONS = frozenset(
    {
        "correction", "cycle_count_available", "damaged", "movement_canceled", "movement_created",
        "movement_received", "movement_updated", "other", "promotion", "quality_control", "received",
        "reservation_created", "reservation_deleted", "reservation_updated", "restock", "safety_stock", "shrinkage",
    }
)  # fmt: skip
_ADJUSTABLE = frozenset({"available", "damaged", "incoming", "quality_control", "reserved", "safety_stock"})
_SETTABLE = frozenset({"available", "on_hand"})
_MOST = 1_000_000_000
_STALE = "The changeFromQuantity argument no longer matches the persisted quantity."


@mutation
@keyed
def inventory_set_quantities(_root: object, context: Context, input: Input) -> Mapping[str, object]:
    """Set quantities, all or none of the entries."""
    shop, name = context.shop, input["name"]
    for entry in input["quantities"]:
        _demand_change_from("InventoryQuantityInput", entry)
    errors = [*_common_problems(input), *_duplicates(input["quantities"])]
    if name not in _SETTABLE:
        message = "The quantity name must be either 'available' or 'on_hand'."
        errors.append(UserError(message, ("input", "name"), "INVALID_NAME"))
    else:
        errors += _entry_problems(shop, input["quantities"], "quantities", lambda level: level.quantity(name))
        errors += _range_problems(name, input["quantities"])
    _raise_if_any(errors)
    changes: list[InventoryChange] = []
    for entry in input["quantities"]:
        level = _level(shop, entry)
        delta = entry["quantity"] - level.quantity(name)
        changes += _moved(shop, level, "available", delta)
    return _group(context, input, changes)


def _range_problems(name: str, entries: Sequence[Input]) -> Iterator[UserError]:
    for place, entry in enumerate(entries):
        at, quantity = ("input", "quantities", str(place), "quantity"), entry["quantity"]
        if quantity > _MOST:
            yield UserError(f"The quantity can't be higher than {_MOST:,}.", at, "INVALID_QUANTITY_TOO_HIGH")
        elif quantity < -_MOST:
            yield UserError(f"The quantity can't be lower than -{_MOST:,}.", at, "INVALID_QUANTITY_TOO_LOW")
        elif quantity < 0 and name == "on_hand":
            yield UserError("The quantity can't be negative.", at, "INVALID_QUANTITY_NEGATIVE")


@mutation
@keyed
def inventory_adjust_quantities(_root: object, context: Context, input: Input) -> Mapping[str, object]:
    """Change quantities by deltas, all or none of the entries."""
    shop, name = context.shop, input["name"]
    for entry in input["changes"]:
        _demand_change_from("InventoryChangeInput", entry)
    errors = list(_common_problems(input))
    if name not in _ADJUSTABLE:
        message = f"The quantity name must be one of {', '.join(sorted(_ADJUSTABLE))}."
        errors.append(UserError(message, ("input", "name"), "INVALID_QUANTITY_NAME"))
    else:
        errors += _entry_problems(shop, input["changes"], "changes", lambda level: level.quantity(name))
        errors += _ledger_problems(name, input["changes"])
    _raise_if_any(errors)
    changes: list[InventoryChange] = []
    for entry in input["changes"]:
        changes += _moved(shop, _level(shop, entry), name, entry["delta"], entry.get("ledgerDocumentUri"))
    return _group(context, input, changes)


def _ledger_problems(name: str, entries: Sequence[Input]) -> Iterator[UserError]:
    for place, entry in enumerate(entries):
        at = ("input", "changes", str(place), "ledgerDocumentUri")
        if name == "available" and entry.get("ledgerDocumentUri"):
            message = "A ledger document URI is not allowed when adjusting available."
            yield UserError(message, at, "INVALID_AVAILABLE_DOCUMENT")
        elif name != "available" and not entry.get("ledgerDocumentUri"):
            message = "A ledger document URI is required except when adjusting available."
            yield UserError(message, at, "INVALID_QUANTITY_DOCUMENT")


def _demand_change_from(kind: str, entry: Input) -> None:
    """The schema lets the field be left out; the server does not. Null skips the check."""
    if "changeFromQuantity" not in entry:
        message = f"{kind} must include the following argument: changeFromQuantity."
        raise TopLevelError(message, "INVALID_FIELD_ARGUMENTS")


def _common_problems(data: Input) -> Iterator[UserError]:
    if data["reason"] not in REASONS:
        yield UserError("The specified reason is invalid.", ("input", "reason"), "INVALID_REASON")
    uri = data.get("referenceDocumentUri")
    if uri is not None and ":" not in uri:
        message = "The specified reference document is invalid."
        yield UserError(message, ("input", "referenceDocumentUri"), "INVALID_REFERENCE_DOCUMENT")


def _duplicates(entries: Sequence[Input]) -> Iterator[UserError]:
    seen: set[tuple[str, str]] = set()
    for place, entry in enumerate(entries):
        pair = (entry["inventoryItemId"], entry["locationId"])
        if pair in seen:
            message = "The combination of inventoryItemId and locationId must be unique."
            where = ("input", "quantities", str(place), "locationId")
            yield UserError(message, where, "NO_DUPLICATE_INVENTORY_ITEM_ID_GROUP_ID_PAIR")
        seen.add(pair)


def _entry_problems(
    shop: Shop, entries: Sequence[Input], name: str, current: Callable[[InventoryLevel], int]
) -> Iterator[UserError]:
    for place, entry in enumerate(entries):
        at = ("input", name, str(place))
        item, location = rows.item(shop, entry["inventoryItemId"]), rows.location(shop, entry["locationId"])
        if item is None:
            message = "The specified inventory item could not be found."
            yield UserError(message, (*at, "inventoryItemId"), "INVALID_INVENTORY_ITEM")
        elif location is None or not location.is_active:
            yield UserError("The specified location could not be found.", (*at, "locationId"), "INVALID_LOCATION")
        elif (level := stocked(shop, item.id, location.id)) is None:
            message = "The specified inventory item is not stocked at the location."
            yield UserError(message, (*at, "locationId"), "ITEM_NOT_STOCKED_AT_LOCATION")
        elif entry["changeFromQuantity"] is not None and entry["changeFromQuantity"] != current(level):
            yield UserError(_STALE, (*at, "changeFromQuantity"), "CHANGE_FROM_QUANTITY_STALE")


def _raise_if_any(errors: Sequence[UserError]) -> None:
    if errors:
        raise UserErrors(errors)


def _level(shop: Shop, entry: Input) -> InventoryLevel:
    """Give the level of a checked entry."""
    item, location = rows.item(shop, entry["inventoryItemId"]), rows.location(shop, entry["locationId"])
    return shop.levels[item.id if item else 0, location.id if location else 0]


def _moved(
    shop: Shop, level: InventoryLevel, state: str, delta: int, ledger: str | None = None
) -> list[InventoryChange]:
    """Move one state, and with it on_hand where the state lies on site."""
    move(shop, level, **{state: delta})
    names = [state] if state == "incoming" else [state, "on_hand"]
    return [InventoryChange(name, delta, level.item_id, level.location_id, ledger) for name in names]


def _group(context: Context, data: Input, changes: Sequence[InventoryChange]) -> Mapping[str, object]:
    shop = context.shop
    if not any(entry.delta for entry in changes):
        return {"inventoryAdjustmentGroup": None, "userErrors": []}
    group = InventoryAdjustmentGroup(
        shop.numbers.next("InventoryAdjustmentGroup"),
        context.now,
        data["reason"],
        data.get("referenceDocumentUri"),
        tuple(entry for entry in changes if entry.delta),
    )
    shop.adjustments[group.id] = group
    return {"inventoryAdjustmentGroup": group, "userErrors": []}
