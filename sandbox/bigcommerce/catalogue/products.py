"""The product routes (facts/bigcommerce.md, "Catalog v3")."""

from sandbox.bigcommerce.catalogue import forms, images, writing
from sandbox.bigcommerce.catalogue.model import Product, Variant
from sandbox.bigcommerce.catalogue.product_json import product_as_json
from sandbox.bigcommerce.catalogue.product_lists import chosen
from sandbox.bigcommerce.inventory import levels
from sandbox.bigcommerce.shop import Shop
from sandbox.bigcommerce.web.errors import ApiError, conflict, invalid, not_found, too_many
from sandbox.bigcommerce.web.paging import cut
from sandbox.bigcommerce.web.wire import NOTHING, Answer, Call, data, rows_of, whole
from sandbox.common.json_types import JsonObject

MOST_IN_BATCH, _MOST_DELETED = 10, 250
_NEEDED = ("name", "type", "weight", "price")


def read(shop: Shop, call: Call) -> Answer:
    """Answer one product."""
    with shop.lock:
        product = found(shop, call.path["product_id"])
        return data(cut(call, product_as_json(shop, product, call.words("include") or ())))


def found(shop: Shop, product_id: int) -> Product:
    """Give a product; raises ApiError when there is none."""
    product = shop.products.get(product_id)
    if product is None:
        raise not_found("product")
    return product


def create(shop: Shop, call: Call) -> Answer:
    """Create one product, with options and variants where variants name them, and pictures fetched by address."""
    body = call.record()
    values, parts = writing.split(forms.PRODUCT, forms.PRODUCT_PARTS, body, _NEEDED)
    if shop.switches.plan_limit:
        raise ApiError(507, "The store has as many products as its plan allows.")
    if shop.switches.categories_needed and not parts.get("categories"):
        raise invalid("categories", "is missing")
    with shop.lock:
        _check_new(shop, values)
    pictures = images.fetch_all(shop, rows_of(parts.get("images")))
    with shop.lock:
        product, partly = _make(shop, values, parts)
        images.add_all(shop, product, pictures)
        shop.products.save(product)
        shop.emit("store/product/created", _event(product))
        return _answer(shop, product, partly=partly)


def _check_new(shop: Shop, values: JsonObject) -> None:
    """Refuse a known name before any picture is fetched."""
    other = shop.products.with_name(str(values["name"]))
    if other is not None:
        raise conflict("name", f"There is a product with the name {values['name']!r} already (product {other.id}).")


def _make(shop: Shop, values: JsonObject, parts: JsonObject) -> tuple[Product, bool]:
    partly = writing.without_stock(shop, values, parts)
    now = shop.now()
    base = Variant(shop.next_id(), 0, str(values.pop("sku", "")), values=dict(forms.VARIANT_DEFAULTS))
    plain = {name: value for name, value in forms.PRODUCT_DEFAULTS.items() if name != "sku"} | values
    product = Product(shop.next_id(), now, now, base, plain)
    base.product_id = product.id
    product.values["custom_url"] = _url(product, values)
    writing.check_names(shop, product)
    writing.put_parts(shop, product, parts)
    rows = rows_of(parts.get("variants"))
    writing.make_options(shop, product, rows)
    split = [writing.split(forms.VARIANT, forms.VARIANT_PARTS, row) for row in rows]
    _check_skus(product, [str(own["sku"]) for _, own in split if own.get("sku")])
    made = [(writing.new_variant(shop, product, *entry), entry[1]) for entry in split]
    shop.products.save(product)
    for variant, own in made:
        writing.put_level(shop, product, variant, own.get("inventory_level"))
        shop.emit("store/sku/created", writing.sku_event(variant))
    writing.put_level(shop, product, product.base, parts.get("inventory_level"))
    return product, partly


def _check_skus(product: Product, skus: list[str]) -> None:
    """Refuse a SKU that one request gives twice."""
    every = [sku.casefold() for sku in [*skus, product.base.sku] if sku]
    if len(set(every)) < len(every):
        raise conflict("sku", "A SKU stands for two variants of the request.")


def _url(product: Product, values: JsonObject) -> JsonObject:
    sent = values.get("custom_url")
    if isinstance(sent, dict) and sent.get("url"):
        return {"url": sent["url"], "is_customized": bool(sent.get("is_customized", True))}
    return writing.own_url(product.name)


def update(shop: Shop, call: Call) -> Answer:
    """Change one product."""
    body = call.record()
    pictures = images.fetch_all(shop, [row for row in rows_of(body.get("images")) if not row.get("id")])
    with shop.lock:
        product, partly = change(shop, call.path["product_id"], body)
        images.add_all(shop, product, pictures)
        return _answer(shop, product, partly=partly)


def change(shop: Shop, product_id: int, body: JsonObject) -> tuple[Product, bool]:
    """Change a product; tells as well whether its stock part failed. The lock must be held."""
    product, partly = _changed(shop, product_id, body)
    _store(shop, product, body)
    return product, partly


def _changed(shop: Shop, product_id: int, body: JsonObject) -> tuple[Product, bool]:
    """Give an altered copy, not stored yet."""
    values, parts = writing.split(forms.PRODUCT, forms.PRODUCT_PARTS, body)
    partly = writing.without_stock(shop, values, parts)
    product = writing.copy_of(found(shop, product_id))
    product.base.sku = str(values.pop("sku", product.base.sku))
    if "custom_url" in values:
        values["custom_url"] = _url(product, values)
    product.values |= values
    product.modified = shop.now()
    writing.check_names(shop, product)
    writing.put_parts(shop, product, parts)
    return product, partly


def _store(shop: Shop, product: Product, body: JsonObject) -> None:
    shop.products.save(product)
    if not shop.switches.inventory_part_fails:
        writing.put_level(shop, product, product.base, body.get("inventory_level"))
    shop.emit("store/product/updated", _event(product))


def update_some(shop: Shop, call: Call) -> Answer:
    """Change up to ten products, each named by ``id``: all of them or, when one is refused, none."""
    rows = call.records()
    if len(rows) > MOST_IN_BATCH:
        raise too_many(MOST_IN_BATCH, "products")
    with shop.lock:
        changed = []
        for row in rows:
            if "id" not in row:
                raise invalid("id", "is missing")
            changed.append((_changed(shop, whole(row["id"]), row), row))
        for (product, _), row in changed:
            _store(shop, product, row)
        shown = [product_as_json(shop, product, call.words("include") or ()) for (product, _), _ in changed]
        if any(partly for (_, partly), _ in changed):
            return Answer({"data": shown, "errors": writing.saved_partly().body(), "meta": {}}, 207)
        return Answer({"data": shown, "meta": _meta(len(shown))})


def _meta(count: int) -> JsonObject:
    pagination: JsonObject = {
        "total": count, "count": count, "per_page": count, "current_page": 1, "total_pages": 1, "links": {},
    }  # fmt: skip
    return {"pagination": pagination}


def delete(shop: Shop, call: Call) -> Answer:
    """Delete one product for good; an unknown one is gone already."""
    with shop.lock:
        product = shop.products.get(call.path["product_id"])
        if product is not None:
            remove(shop, product)
        return NOTHING


def delete_some(shop: Shop, call: Call) -> Answer:
    """Delete the products that the filter names, which must not be missing."""
    if not [name for name in call.query if name not in {"page", "limit"}]:
        raise ApiError(422, "Deleting products needs a filter.")
    with shop.lock:
        for product in chosen(shop, call)[:_MOST_DELETED]:
            remove(shop, product)
        return NOTHING


def remove(shop: Shop, product: Product) -> None:
    """Delete a product, its variants, stock and metafields with it. The lock must be held."""
    writing.remove_variants(shop, product, product.choices)
    levels.forget(shop, product.base.id)
    shop.metafields.forget("variant", product.base.id)
    shop.metafields.forget("product", product.id)
    shop.products.remove(product)
    shop.emit("store/product/deleted", _event(product))


def _event(product: Product) -> JsonObject:
    return {"type": "product", "id": product.id}


def _answer(shop: Shop, product: Product, *, partly: bool) -> Answer:
    shown = product_as_json(shop, product, _WRITTEN)
    if partly:
        return Answer({"data": shown, "errors": writing.saved_partly().body(), "meta": {}}, 207)
    return data(shown)


_WRITTEN = ("variants", "images", "options", "custom_fields")
"""The parts that the answer to a write shows."""
