"""The variant routes (facts/bigcommerce.md, "Catalog v3")."""

from sandbox.bigcommerce.catalogue import forms, images, writing
from sandbox.bigcommerce.catalogue.model import Product, Variant
from sandbox.bigcommerce.catalogue.product_json import image_url, variant_as_json
from sandbox.bigcommerce.catalogue.product_lists import listed_variant
from sandbox.bigcommerce.catalogue.products import found
from sandbox.bigcommerce.shop import Shop
from sandbox.bigcommerce.web.errors import ApiError, BatchError, invalid, not_found, too_many
from sandbox.bigcommerce.web.paging import cut
from sandbox.bigcommerce.web.wire import NOTHING, Answer, Call, data, whole
from sandbox.common.json_types import JsonObject

MOST_IN_BATCH = 50


def read(shop: Shop, call: Call) -> Answer:
    """Answer one variant."""
    with shop.lock:
        return data(cut(call, variant_as_json(shop, *found_variant(shop, call))))


def found_variant(shop: Shop, call: Call) -> tuple[Product, Variant]:
    """Give a product and its variant; raises ApiError when there is none."""
    product = found(shop, call.path["product_id"])
    for variant in product.variants:
        if variant.id == call.path["variant_id"]:
            return product, variant
    raise not_found("variant")


def create(shop: Shop, call: Call) -> Answer:
    """Create one variant; its options have to be there."""
    body = call.record()
    with shop.lock:
        product = writing.copy_of(found(shop, call.path["product_id"]))
        variant, partly = _make(shop, product, body)
        return _answer(shop, product, variant, partly=partly)


def _make(shop: Shop, product: Product, body: JsonObject) -> tuple[Variant, bool]:
    values, parts = writing.split(forms.VARIANT, forms.VARIANT_PARTS, body, ("sku", "option_values"))
    if not parts["sku"]:
        raise invalid("sku", "must not be empty")
    partly = writing.without_stock(shop, values, parts)
    variant = writing.new_variant(shop, product, values, parts)
    _store(shop, product)
    writing.put_level(shop, product, variant, parts.get("inventory_level"))
    shop.emit("store/sku/created", writing.sku_event(variant))
    return variant, partly


def update(shop: Shop, call: Call) -> Answer:
    """Change one variant."""
    body = call.record()
    with shop.lock:
        product, variant = found_variant(shop, call)
        variant, partly = change(shop, product, variant.id, body)
        return _answer(shop, found(shop, product.id), variant, partly=partly)


def change(shop: Shop, product: Product, variant_id: int, body: JsonObject) -> tuple[Variant, bool]:
    """Change a variant; tells as well whether its stock part failed. The lock must be held."""
    values, parts = writing.split(forms.VARIANT, forms.VARIANT_PARTS, body)
    partly = writing.without_stock(shop, values, parts)
    product = writing.copy_of(product)
    variant = next(row for row in (product.base, *product.choices) if row.id == variant_id)
    writing.change_variant(shop, product, variant, values, parts)
    _store(shop, product)
    shop.emit("store/sku/updated", writing.sku_event(variant))
    return variant, partly


def _store(shop: Shop, product: Product) -> None:
    product.modified = shop.now()
    shop.products.save(product)


def update_some(shop: Shop, call: Call) -> Answer:
    """Change up to fifty variants of any products, each named by ``id``; those that name a product are created.

    One that is refused stops the whole batch, and nothing of it is stored.
    """
    rows = call.records()
    if len(rows) > MOST_IN_BATCH:
        raise too_many(MOST_IN_BATCH, "variants")
    with shop.lock:
        _rehearse(shop, rows)
        done = [_write(shop, row) for row in rows]
        shown = [listed_variant(shop, product, variant) for product, variant, _ in done]
        if any(partly for _, _, partly in done):
            return Answer({"data": shown, "errors": writing.saved_partly().body(), "meta": {}}, 207)
        return Answer({"data": shown, "meta": {}})


def _rehearse(shop: Shop, rows: list[JsonObject]) -> None:
    """Refuse the batch if any of its rows would be; new variants are tried together on copies of their products."""
    copies: dict[int, Product] = {}
    troubles = []
    for row in rows:
        try:
            _try(shop, row, copies)
        except ApiError as error:
            troubles.append(ApiError(422, f"Variant {row.get('id', row.get('sku'))}: {error.title}", error.errors))
    skus = [str(row["sku"]).casefold() for row in rows if row.get("sku")]
    if len(set(skus)) < len(skus):
        troubles.append(invalid("sku", "stands for two variants of the batch"))
    if troubles:
        raise BatchError(troubles)


def _try(shop: Shop, row: JsonObject, copies: dict[int, Product]) -> None:
    values, parts = writing.split(forms.VARIANT, forms.VARIANT_PARTS, row)
    if "id" in row:
        _, variant = _with_id(shop, row)
        writing.check_sku(shop, str(parts.get("sku", variant.sku)), variant.id)
        return
    if not parts.get("sku"):
        raise invalid("sku", "is missing")
    product_id = whole(row.get("product_id"))
    if product_id not in copies:
        copies[product_id] = writing.copy_of(found(shop, product_id))
    writing.new_variant(shop, copies[product_id], values, parts)


def _with_id(shop: Shop, row: JsonObject) -> tuple[Product, Variant]:
    pair = shop.products.with_variant(whole(row["id"]))
    if pair is None:
        raise invalid("id", f"there is no variant {row['id']}")
    return pair


def _write(shop: Shop, row: JsonObject) -> tuple[Product, Variant, bool]:
    if "id" in row:
        product, variant = _with_id(shop, row)
        variant, partly = change(shop, product, variant.id, row)
    else:
        product = writing.copy_of(found(shop, whole(row.get("product_id"))))
        variant, partly = _make(shop, product, row)
    return found(shop, product.id), variant, partly


def delete(shop: Shop, call: Call) -> Answer:
    """Delete one variant; the base variant of a product cannot go alone."""
    with shop.lock:
        product, variant = found_variant(shop, call)
        if variant is product.base:
            raise ApiError(422, "The base variant goes with its product only.")
        product = writing.copy_of(product)
        writing.remove_variants(shop, product, [row for row in product.choices if row.id == variant.id])
        _store(shop, product)
        return NOTHING


def put_image(shop: Shop, call: Call) -> Answer:
    """Give a variant a picture of its own."""
    picture = images.fetch_one(shop, call, images.MOST_BYTES_OF_VARIANT)
    with shop.lock:
        product, variant = found_variant(shop, call)
        variant.image = images.image_of(shop, picture, {})
        _store(shop, product)
        shop.emit("store/sku/updated", writing.sku_event(variant))
        return data({"image_url": image_url(shop, product, variant.image, "url_standard")})


def _answer(shop: Shop, product: Product, variant: Variant, *, partly: bool) -> Answer:
    shown = variant_as_json(shop, product, variant)
    if partly:
        return Answer({"data": shown, "errors": writing.saved_partly().body(), "meta": {}}, 207)
    return data(shown)
