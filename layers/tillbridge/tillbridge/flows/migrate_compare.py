"""Look at one till through two credentials: is it the same account, with the same shops and the same items?

Work goes on meanwhile, so that a row may change between the two looks. Then its time stamps differ; that is no
difference, and it is read again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields

from tillbridge.domain.catalogue import Item, Reference
from tillbridge.domain.errors import MissingRightError, UnauthorisedError
from tillbridge.systems.till import StockedItem, Till, TillAccount

TRIES = 3
MOST_TOLD = 5

Rows = Mapping[str, StockedItem]


def differences(old: Till, new: Till, account_id: str) -> list[str]:
    """Tell what differs, in words without figures; [] when nothing does. Nothing is read of another account."""
    sees, seen = check_account(new, account_id), old.account()
    if seen.account_id != sees.account_id:
        return [f"the old credential belongs to account {seen.account_id}, the new one to {sees.account_id}"]
    return list(dict.fromkeys([*_lists(old, new), *_items(old, new)]))[:MOST_TOLD]


def check_account(new: Till, account_id: str) -> TillAccount:
    """Make sure that a new credential is for this account and may do what is needed."""
    account = new.account()
    if account.account_id != account_id:
        raise UnauthorisedError(
            f"The new credential belongs to account {account.account_id}, not to {account_id}.",
            remedy=f"Authorise again, logged in to account {account_id}.",
            code="WrongAccount",
        )
    if account.missing:
        raise MissingRightError(
            f"The employee who authorised lacks rights. {'; '.join(account.missing)}.",
            remedy="Give the employee these rights in the till, or authorise with another one.",
            code="MissingRights",
        )
    return account


def _lists(old: Till, new: Till) -> list[str]:
    """Compare the account's lists, the shops first; a list may have changed between the looks."""
    found: list[str] = []
    for _ in range(TRIES):
        found = _list_differences(old.reference(), new.reference())
        if not found:
            break
    return found


def _list_differences(before: Reference, after: Reference) -> list[str]:
    names = {"locations": "shops"}
    return [
        f"they show other {names.get(field.name, field.name.replace('_', ' '))}"
        for field in fields(Reference)
        if getattr(before, field.name) != getattr(after, field.name)
    ]


def _items(old: Till, new: Till) -> list[str]:
    """Compare the first page of items, and one from the middle."""
    last = int(old.last_item_id())
    starts = dict.fromkeys((0, max(0, last // 2 - 1)))
    return [told for start in starts for told in _sample(old, new, str(start))]


def _sample(old: Till, new: Till, start: str) -> list[str]:
    found: list[str] = []
    for _ in range(TRIES):
        before, after = _page(old, start), _page(new, start)
        found = [told for item_id in sorted({*before, *after}, key=int) for told in _item(item_id, before, after)]
        if not found:
            break
    return found


def _page(till: Till, start: str) -> Rows:
    page = next(iter(till.items_after(start)))
    return {row.item.item_id: row for row in page.rows}


def _item(item_id: str, before: Rows, after: Rows) -> Sequence[str]:
    if item_id not in before or item_id not in after:
        return [f"item {item_id} is shown to one of them only"]
    one, other = before[item_id], after[item_id]
    told = [f"item {item_id} shows another {name}" for name in _item_fields(one.item, other.item)]
    levels = {level.location_id: level for level in other.levels}
    for level in one.levels:
        twin = levels.pop(level.location_id, None)
        same_time = twin is not None and twin.updated_at == level.updated_at
        if twin is None or (same_time and twin != level):
            told.append(f"item {item_id} shows another stock at location {level.location_id}")
    return told + [f"item {item_id} shows another stock at location {place}" for place in levels]


def _item_fields(one: Item, other: Item) -> list[str]:
    """Name what differs of an item; nothing when it was changed between the looks."""
    if one.updated_at != other.updated_at:
        return []
    return [
        field.name.replace("_", " ") for field in fields(Item) if getattr(one, field.name) != getattr(other, field.name)
    ]
