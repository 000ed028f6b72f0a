"""Reading, writing and deleting products (facts/magento.md, section 3)."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

from sandbox.magento.catalogue import writing
from sandbox.magento.catalogue.lookup import find
from sandbox.magento.catalogue.model import Product, StockItem
from sandbox.magento.catalogue.product_json import product_as_json
from sandbox.magento.dates import written
from sandbox.magento.shop import Shop
from sandbox.magento.web.criteria import search
from sandbox.magento.web.errors import RestError
from sandbox.magento.web.wire import Request

_LONGEST_SKU = 64
_OWN_FIELDS: Mapping[str, Callable[[Product], Any]] = {
    "sku": lambda product: product.sku,
    "type_id": lambda product: product.type_id,
    "attribute_set_id": lambda product: product.set_id,
    "id": lambda product: product.id,
    "entity_id": lambda product: product.id,
    "created_at": lambda product: written(product.created),
    "updated_at": lambda product: written(product.updated),
    "category_id": lambda product: [*product.category_positions] or None,
    "website_id": lambda product: [*product.website_ids] or None,
}


def read(request: Request) -> dict[str, Any]:
    product = find(request.shop, request.path["sku"])
    asked = request.query.get("storeId")
    store_id = int(asked) if isinstance(asked, str) and asked.isdecimal() else request.store_id
    return product_as_json(request.shop, product, store_id)


def list_all(request: Request) -> dict[str, Any]:
    shop, store_id = request.shop, request.store_id

    def value(product: Product, field: str) -> Any:  # noqa: ANN401 - fields are of any type
        own = _OWN_FIELDS.get(field)
        return product.value(field, store_id) if own is None else own(product)

    def check(field: str) -> None:
        if field not in _OWN_FIELDS and field not in shop.attributes:
            raise RestError('The "%1" attribute name is invalid. Reset the name and try again.', [field])

    def write(product: Product) -> dict[str, Any]:
        return product_as_json(shop, product, store_id, whole=False)

    return search(request, shop.products, value, write, check=check)


def create(request: Request) -> dict[str, Any]:
    """Write a product by the id in the body, or else by its SKU: a known one then takes the SKU of the body."""
    body = request.record("product")
    return _save(request, str(body.get("sku") or ""), body, request.shop.products.get(int(body.get("id") or 0)))


def update(request: Request) -> dict[str, Any]:
    """Write a product by the SKU in the address, which counts for more than the one in the body."""
    return _save(request, request.path["sku"], request.record("product"))


def _save(request: Request, given: str, body: dict[str, Any], named: Product | None = None) -> dict[str, Any]:
    shop, sku = request.shop, given.strip()
    _check_sku(sku)
    other = shop.products.find(sku)
    known = named or other
    if known is not other is not None:
        raise RestError("The value specified in the SKU attribute is not unique.")
    shop.owe(shop.settings.speed.product_saved)
    if known is None:
        product = _new(request, sku, body)
    else:
        product = known
        _change(shop, product, sku, body, request.store_id)
    shop.changed()
    return product_as_json(shop, product, request.store_id)


def _check_sku(sku: str) -> None:
    if not sku:
        raise RestError('The "%1" attribute value is empty. Set the attribute and try again.', ["SKU"])
    if len(sku) > _LONGEST_SKU:
        raise RestError("SKU length should be %1 characters maximum.".replace("%1", str(_LONGEST_SKU)))


def _new(request: Request, sku: str, body: dict[str, Any]) -> Product:
    shop, now = request.shop, request.shop.now()
    if body.get("attribute_set_id") not in shop.sets:
        raise RestError("Invalid product data: %1", ["Invalid attribute set entity type"])
    product = Product(
        shop.next_id(), sku, str(body.get("type_id") or "simple"), body["attribute_set_id"], now, now,
        StockItem(shop.next_row_id()), website_ids=[1],
    )  # fmt: skip
    shop.products.add(product)
    try:
        writing.write(shop, product, body, request.store_id, new=True)
    except RestError:
        shop.products.remove(product)
        raise
    return product


def _change(shop: Shop, product: Product, sku: str, body: dict[str, Any], store_id: int) -> None:
    before = deepcopy(product)
    try:
        if body.get("attribute_set_id") in shop.sets:
            product.set_id = body["attribute_set_id"]
        if body.get("type_id"):
            product.type_id = str(body["type_id"])
        writing.write(shop, product, body, store_id, new=False)
    except RestError:
        for name in Product.__slots__:
            setattr(product, name, getattr(before, name))
        raise
    if product.sku != sku:
        rename(shop, product, sku)
    product.updated = shop.now()


def rename(shop: Shop, product: Product, sku: str) -> None:
    """Give a product another SKU; its rows in the sources follow."""
    rows = shop.inventory.items
    for key in [key for key in rows if key[0] == product.sku.casefold()]:
        row = rows.pop(key)
        row.sku = sku
        rows[sku.casefold(), key[1]] = row
    shop.products.rename(product, sku)


def delete(request: Request) -> bool:
    """Delete a product; its rows in the sources stay, as long as no queue consumer runs."""
    product = find(request.shop, request.path["sku"])
    request.shop.products.remove(product)
    request.shop.orphans.append(product.sku)
    request.shop.changed()
    return True


def add_to_website(request: Request) -> bool:
    product = find(request.shop, request.path["sku"])
    website = int(request.record("product_website_link").get("website_id") or 0)
    if website not in product.website_ids:
        product.website_ids.append(website)
    request.shop.changed()
    return True


def remove_from_website(request: Request) -> bool:
    product = find(request.shop, request.path["sku"])
    product.website_ids = [number for number in product.website_ids if number != request.whole("websiteId")]
    request.shop.changed()
    return True
