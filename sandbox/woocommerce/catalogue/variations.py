"""The variation routes below one product (facts/woocommerce.md, "Products")."""

from dataclasses import replace

from sandbox.woocommerce.catalogue import images, stock, writing
from sandbox.woocommerce.catalogue.attributes import read_choices
from sandbox.woocommerce.catalogue.model import Product
from sandbox.woocommerce.catalogue.product_json import variation_as_json
from sandbox.woocommerce.shop import Shop
from sandbox.woocommerce.web.errors import RestError, invalid_id
from sandbox.woocommerce.web.wire import Answer, Params

_KIND = "product_variation"
_IMAGE_KIND = "variation"
_GONE = 410


def parent_of(shop: Shop, params: Params) -> Product:
    """Find the product that the address names."""
    parent = shop.products.get(params.whole("product_id"))
    if parent is None or parent.is_variation:
        raise RestError("woocommerce_rest_product_invalid_id", "There is no product with this ID.", 404)
    return parent


def read(shop: Shop, params: Params) -> Answer:
    """Answer one variation."""
    with shop.lock:
        parent = parent_of(shop, params)
        return Answer(variation_as_json(shop, _found(shop, parent, params), parent))


def create(shop: Shop, params: Params) -> Answer:
    """Create a variation; a combination that exists already is welcome, and so is an unknown option."""
    entries = [params.record("image")]
    fetches = images.fetch_all(shop, entries)
    shop.spend(shop.settings.speed.created)
    with shop.lock:
        parent, now = parent_of(shop, params), shop.now()
        draft = Product(0, "variation", now, now, parent_id=parent.id)
        _apply(shop, draft, parent, params, fetches)
        writing.refuse_sku_in_trash(shop, draft, _KIND)
        draft = replace(draft, id=shop.next_post_id())
        stock.store(shop, draft)
        shop.emit("product.created", draft.id)
        return Answer(variation_as_json(shop, draft, parent), 201)


def update(shop: Shop, params: Params) -> Answer:
    """Change a variation; its parent's date_modified moves with it."""
    with shop.lock:
        params = writing.delta_resolved(_found(shop, parent_of(shop, params), params), params)
    fetches = images.fetch_all(shop, [params.record("image")])
    shop.spend(shop.settings.speed.updated)
    with shop.lock:
        parent = parent_of(shop, params)
        draft = replace(_found(shop, parent, params), modified=shop.now())
        _apply(shop, draft, parent, params, fetches)
        stock.store(shop, draft)
        return Answer(variation_as_json(shop, draft, parent))


def delete(shop: Shop, params: Params) -> Answer:
    """Trash a variation, or with ``force`` delete it."""
    with shop.lock:
        parent = parent_of(shop, params)
        variation = _found(shop, parent, params)
        body = variation_as_json(shop, variation, parent)
        if params.flag("force"):
            shop.products.remove(variation)
            shop.changes += 1
        elif variation.status == "trash":
            raise RestError("woocommerce_rest_already_trashed", "The variation is in the trash already.", _GONE)
        else:
            stock.store(shop, replace(variation, status="trash", modified=shop.now()))
            shop.emit("product.deleted", variation.id)
        return Answer(body)


def _found(shop: Shop, parent: Product, params: Params) -> Product:
    variation = shop.products.get(params.whole("id"))
    if variation is None or variation.parent_id != parent.id:
        raise invalid_id(_KIND)
    return variation


def _apply(shop: Shop, draft: Product, parent: Product, params: Params, fetches: images.Fetches) -> None:
    if params.given("attributes"):
        draft.options = read_choices(shop, parent, params.records("attributes"))
    writing.apply_prices(shop, draft, params)
    writing.apply_shared(shop, draft, params)
    if params.sent("image"):
        image = params.record("image")
        wanted = image.whole("id") or image.text("src")
        draft.image_ids = (images.choose(shop, image, fetches, _IMAGE_KIND).id,) if wanted else ()
    draft.name = " - ".join(filter(None, (parent.name, ", ".join(draft.options.values()))))
