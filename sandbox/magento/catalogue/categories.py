"""Categories, and which products are in them (facts/magento.md, section 3)."""

from typing import Any

from sandbox.magento.catalogue.lookup import find as find_product
from sandbox.magento.catalogue.model import Category, Product
from sandbox.magento.catalogue.standard import DEFAULT_CATEGORY, ROOT_CATEGORY
from sandbox.magento.catalogue.writing import slug_of
from sandbox.magento.dates import written
from sandbox.magento.shop import Shop
from sandbox.magento.web.criteria import search
from sandbox.magento.web.errors import RestError, no_entity
from sandbox.magento.web.wire import Request, as_whole


def find(shop: Shop, category_id: int) -> Category:
    """Find a category; raises RestError, status 404."""
    found = shop.categories.get(category_id)
    if found is None:
        raise no_entity("id", category_id)
    return found


def _children(shop: Shop, category: Category) -> list[Category]:
    below = [other for other in shop.categories.values() if other.parent_id == category.id]
    return sorted(below, key=lambda other: (other.position, other.id))


def _path(shop: Shop, category: Category) -> list[int]:
    above = _path(shop, shop.categories[category.parent_id]) if category.parent_id else []
    return [*above, category.id]


def _products_in(shop: Shop, category: Category) -> list[Product]:
    return [product for product in shop.products if category.id in product.category_positions]


def as_json(shop: Shop, category: Category) -> dict[str, Any]:
    path = _path(shop, category)
    values = {"display_mode": "PRODUCTS", "is_anchor": "1", "children_count": str(len(_children(shop, category))),
              "path": "/".join(map(str, path)), **category.values}  # fmt: skip
    return {
        "id": category.id,
        "parent_id": category.parent_id,
        "name": category.name,
        "is_active": category.active,
        "position": category.position,
        "level": len(path) - 1,
        "children": ",".join(str(child.id) for child in _children(shop, category)),
        "created_at": written(category.created),
        "updated_at": written(category.updated),
        "path": "/".join(map(str, path)),
        "available_sort_by": [],
        "include_in_menu": category.in_menu,
        "custom_attributes": [{"attribute_code": code, "value": value} for code, value in values.items()],
    }


def tree(request: Request) -> dict[str, Any]:
    """Give the tree from a root down to a depth; by default all of it."""
    root, depth = request.query.get("rootCategoryId"), request.query.get("depth")
    category = find(request.shop, int(root)) if isinstance(root, str) and root.isdecimal() else find(
        request.shop, DEFAULT_CATEGORY)  # fmt: skip
    levels = int(depth) if isinstance(depth, str) and depth.isdecimal() else None
    return _branch(request.shop, category, levels)


def _branch(shop: Shop, category: Category, levels: int | None) -> dict[str, Any]:
    deeper = None if levels is None else levels - 1
    children = [] if levels == 0 else [_branch(shop, child, deeper) for child in _children(shop, category)]
    return {
        "id": category.id,
        "parent_id": category.parent_id,
        "name": category.name,
        "is_active": category.active,
        "position": category.position,
        "level": len(_path(shop, category)) - 1,
        "product_count": len(_products_in(shop, category)),
        "children_data": children,
    }


def list_all(request: Request) -> dict[str, Any]:
    shop = request.shop

    def value(category: Category, field: str) -> Any:  # noqa: ANN401 - fields are of any type
        row = as_json(shop, category)
        return row["id"] if field == "entity_id" else row.get(field, category.values.get(field))

    return search(request, list(shop.categories.values()), value, lambda category: as_json(shop, category))


def read(request: Request) -> dict[str, Any]:
    return as_json(request.shop, find(request.shop, request.whole("categoryId")))


def create(request: Request) -> dict[str, Any]:
    shop, body = request.shop, request.record("category")
    if body.get("id") in shop.categories:
        return _save(request, shop.categories[body["id"]], body)
    if not body.get("name"):
        raise RestError('The "%1" attribute value is empty. Set the attribute and try again.'.replace("%1", "Name"))
    parent = find(shop, body.get("parent_id") or DEFAULT_CATEGORY)
    now = shop.now()
    category = Category(
        shop.next_category_id(), parent.id, str(body["name"]), now, now, active=bool(body.get("is_active")),
        in_menu=bool(body.get("include_in_menu", True)), position=len(_children(shop, parent)) + 1,
    )  # fmt: skip
    return _save(request, category, body)


def change(request: Request) -> dict[str, Any]:
    return _save(request, find(request.shop, request.whole("id")), request.record("category"))


def _save(request: Request, category: Category, body: dict[str, Any]) -> dict[str, Any]:
    shop = request.shop
    values = {row.get("attribute_code"): row.get("value") for row in body.get("custom_attributes") or ()}
    name = str(body.get("name") or category.name)
    key = slug_of(str(values.get("url_key") or category.values.get("url_key") or name))
    siblings = [other for other in shop.categories.values() if other.parent_id == category.parent_id]
    if any(other is not category and other.values.get("url_key") == key for other in siblings):
        raise RestError("URL key for specified store already exists.")
    category.name = name
    category.values |= {**values, "url_key": key}
    category.active = bool(body.get("is_active", category.active))
    category.in_menu = bool(body.get("include_in_menu", category.in_menu))
    category.position = int(body.get("position") or category.position)
    category.updated = shop.now()
    shop.categories[category.id] = category
    shop.changed()
    return as_json(shop, category)


def delete(request: Request) -> bool:
    """Delete a category with all that is below it."""
    shop = request.shop
    category = find(shop, request.whole("categoryId"))
    if category.id in {ROOT_CATEGORY, DEFAULT_CATEGORY}:
        raise RestError("Cannot delete category with id %1", [category.id])
    gone = {entry.id for entry in shop.categories.values() if category.id in _path(shop, entry)}
    for category_id in gone:
        del shop.categories[category_id]
    for product in shop.products:
        for category_id in gone:
            product.category_positions.pop(category_id, None)
    shop.changed()
    return True


def list_products(request: Request) -> list[dict[str, Any]]:
    """List a category's products: those it has or, while the index lags, those it had."""
    shop, category = request.shop, find(request.shop, request.whole("categoryId"))
    return shop.category_index.get(category.id, []) if shop.switches.lagging_index else _rows(shop, category)


def _rows(shop: Shop, category: Category) -> list[dict[str, Any]]:
    return [
        {"sku": product.sku, "position": product.category_positions[category.id], "category_id": str(category.id)}
        for product in _products_in(shop, category)
    ]


def reindex(shop: Shop) -> int:
    """Do what the indexer does; gives the number of categories."""
    with shop.lock:
        shop.category_index = {category.id: _rows(shop, category) for category in shop.categories.values()}
        return len(shop.category_index)


def assign(request: Request) -> bool:
    """Put a product into a category; this leaves the product's date alone."""
    body = request.record("product_link")
    category = find(request.shop, as_whole(body.get("category_id") or request.path["categoryId"]))
    product = find_product(request.shop, str(body.get("sku") or ""))
    product.category_positions[category.id] = int(body.get("position") or 0)
    request.shop.changed()
    return True


def unassign(request: Request) -> bool:
    category = find(request.shop, request.whole("categoryId"))
    product = find_product(request.shop, request.path["sku"])
    if product.category_positions.pop(category.id, None) is None:
        raise RestError("The category doesn't contain the specified product.")
    request.shop.changed()
    return True
