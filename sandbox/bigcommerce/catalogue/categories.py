"""Categories of the store's one tree, written in batches (facts/bigcommerce.md, "Catalog v3")."""

import uuid

from sandbox.bigcommerce.catalogue import forms
from sandbox.bigcommerce.catalogue.model import Category
from sandbox.bigcommerce.shop import Shop
from sandbox.bigcommerce.web.errors import ApiError, conflict, invalid, not_found
from sandbox.bigcommerce.web.fields import check
from sandbox.bigcommerce.web.paging import by_ids, by_text, cut, known_filters, page
from sandbox.bigcommerce.web.wire import Answer, Call, data, whole
from sandbox.common.json_types import JsonObject, JsonValue

TREE = 1
_DEEPEST, _MOST = 8, 16_000
_DEFAULTS: JsonObject = {
    "description": "",
    "sort_order": 0,
    "page_title": "",
    "meta_keywords": [],
    "meta_description": "",
    "layout_file": "category.html",
    "image_url": "",
    "is_visible": True,
    "search_keywords": "",
    "default_product_sort": "use_store_settings",
}
_FILTERS = {f"{name}{suffix}" for name in ("category_id", "tree_id", "parent_id") for suffix in (":in", ":not_in")} | {
    "name",
    "name:like",
    "keyword",
    "is_visible",
}


def list_trees(_shop: Shop, call: Call) -> Answer:
    """Answer the one tree of the store's one storefront."""
    return page(call, [TREE], lambda tree: {"id": tree, "name": "Default catalog tree", "channels": [1]})


def list_all(shop: Shop, call: Call) -> Answer:
    """Answer a page of categories."""
    known_filters(call, _FILTERS)
    with shop.lock:
        rows = by_ids(call, shop.categories.values(), "category_id", lambda row: row.id)
        rows = by_ids(call, rows, "parent_id", lambda row: row.parent_id)
        rows = by_ids(call, rows, "tree_id", lambda _: TREE)
        rows = by_text(call, rows, "name", lambda row: row.name)
        if "keyword" in call.query:
            rows = [row for row in rows if call.query["keyword"].casefold() in row.name.casefold()]
        if "is_visible" in call.query:
            rows = [row for row in rows if str(row.values["is_visible"]).lower() == call.query["is_visible"].lower()]
        return page(call, rows, lambda row: cut(call, as_json(row), ("category_id",)))


def tree(shop: Shop, call: Call) -> Answer:
    """Answer the whole tree, each category with its children."""
    if call.path["tree_id"] != TREE:
        raise not_found("tree")
    with shop.lock:
        return data(_below(shop, 0, ()))


def _below(shop: Shop, parent_id: int, path: tuple[int, ...]) -> list[JsonValue]:
    return [
        {
            "id": row.id,
            "parent_id": parent_id,
            "depth": len(path),
            "path": list(path),
            "name": row.name,
            "is_visible": row.values["is_visible"],
            "url": _url(row),
            "children": _below(shop, row.id, (*path, row.id)),
        }
        for row in shop.categories.values()
        if row.parent_id == parent_id
    ]


def create(shop: Shop, call: Call) -> Answer:
    """Create categories: 201 when all were, 207 when some were, 422 when none was."""
    rows = call.records()
    made: list[JsonValue] = []
    refused: dict[int, ApiError] = {}
    with shop.lock:
        for place, row in enumerate(rows):
            try:
                made.append(as_json(_make(shop, row)))
            except ApiError as error:
                refused[place] = error
    counts = _counts(len(rows), len(refused))
    if not refused:
        return Answer({"data": made, "meta": counts}, 201)
    body: JsonObject = {"errors": _errors(refused), "meta": counts}
    return Answer({"data": made, **body}, 207) if made else Answer(body, 422)


def _errors(refused: dict[int, ApiError]) -> JsonObject:
    """Write what is wrong with which row, the first one's title at the head."""
    first = next(iter(refused.values()))
    rows = {f"{place}.{name}": why for place, error in refused.items() for name, why in error.errors.items()}
    return {**first.body(), "errors": rows}


def _counts(total: int, failed: int) -> JsonObject:
    return {"total": total, "success": total - failed, "failed": failed}


def _make(shop: Shop, row: JsonObject) -> Category:
    values = check(forms.CATEGORY, row, ("name",))
    if "tree_id" not in values and "parent_id" not in values:
        raise invalid("tree_id", "either tree_id or parent_id is needed")
    if len(shop.categories) >= _MOST:
        raise invalid("name", f"a store has {_MOST} categories at most")
    name, parent_id = str(values.pop("name")), whole(values.pop("parent_id", 0))
    if whole(values.pop("tree_id", TREE)) != TREE:
        raise invalid("tree_id", "there is no such tree")
    _check_place(shop, name, parent_id, 0)
    category = Category(
        shop.next_id(), name, parent_id, {**_DEFAULTS, **values}, str(uuid.UUID(int=shop.random.getrandbits(128)))
    )
    shop.categories[category.id] = category
    shop.emit("store/category/created", {"type": "category", "id": category.id})
    return category


def _check_place(shop: Shop, name: str, parent_id: int, own_id: int) -> None:
    """Refuse a parent that is unknown, too deep or below the category itself, and a name twice below one parent."""
    above, depth = parent_id, 1
    while above:
        if above not in shop.categories or above == own_id:
            raise invalid("parent_id", f"there is no category {above} to be put below")
        above, depth = shop.categories[above].parent_id, depth + 1
    if depth > _DEEPEST:
        raise invalid("parent_id", f"categories are {_DEEPEST} deep at most")
    for row in shop.categories.values():
        if (row.parent_id, row.name.casefold()) == (parent_id, name.casefold()) and row.id != own_id:
            raise conflict("name", f"There is a category named {name!r} there already.")


def update(shop: Shop, call: Call) -> Answer:
    """Change categories; each row names its own by ``category_id``."""
    rows = call.records()
    refused: dict[int, ApiError] = {}
    with shop.lock:
        for place, row in enumerate(rows):
            try:
                _change(shop, row)
            except ApiError as error:
                refused[place] = error
    counts = _counts(len(rows), len(refused))
    if not refused:
        return Answer({"meta": counts})
    return Answer({"errors": _errors(refused), "meta": counts}, 207 if len(refused) < len(rows) else 422)


def _change(shop: Shop, row: JsonObject) -> None:
    category = shop.categories.get(whole(row.get("category_id")))
    if category is None:
        raise invalid("category_id", "there is no such category")
    values = check(forms.CATEGORY, row)
    values.pop("tree_id", None)
    name, parent_id = str(values.pop("name", category.name)), whole(values.pop("parent_id", category.parent_id))
    _check_place(shop, name, parent_id, category.id)
    category.name, category.parent_id = name, parent_id
    category.values |= values
    shop.emit("store/category/updated", {"type": "category", "id": category.id})


def delete(shop: Shop, call: Call) -> Answer:
    """Delete the categories that the filter names, and those below them."""
    known_filters(call, _FILTERS)
    if not call.query:
        raise ApiError(422, "Deleting categories needs a filter.")
    with shop.lock:
        rows = by_ids(call, shop.categories.values(), "category_id", lambda row: row.id)
        rows = by_ids(call, rows, "parent_id", lambda row: row.parent_id)
        for row in rows:
            remove(shop, row.id)
        return Answer({"meta": _counts(len(rows), 0)}, 202)


def remove(shop: Shop, category_id: int) -> None:
    """Delete a category and those below it; products lose them."""
    for row in list(shop.categories.values()):
        if row.parent_id == category_id:
            remove(shop, row.id)
    if shop.categories.pop(category_id, None) is not None:
        shop.emit("store/category/deleted", {"type": "category", "id": category_id})
    for product in shop.products:
        if category_id in product.categories:
            product.categories.remove(category_id)


def _url(category: Category) -> str:
    return f"/categories/{category.id}/"


def as_json(category: Category) -> JsonObject:
    """Write a category as the API does."""
    return {
        "category_id": category.id,
        "category_uuid": category.uuid,
        "tree_id": TREE,
        "parent_id": category.parent_id,
        "name": category.name,
        "views": 0,
        "url": {"path": _url(category), "is_customized": False},
        **category.values,
    }
