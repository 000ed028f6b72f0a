"""The product routes (facts/woocommerce.md, "Products")."""

from dataclasses import replace
from datetime import UTC
from typing import TYPE_CHECKING, NoReturn

from sandbox.woocommerce.catalogue import attributes, images, stock, writing
from sandbox.woocommerce.catalogue.model import Product
from sandbox.woocommerce.catalogue.product_json import product_as_json
from sandbox.woocommerce.catalogue.terms_store import BRANDS, CATEGORIES, TAGS
from sandbox.woocommerce.dates import parse
from sandbox.woocommerce.shop import Shop
from sandbox.woocommerce.texts import simple_html, slug
from sandbox.woocommerce.web.errors import RestError, invalid_id
from sandbox.woocommerce.web.wire import Answer, Params

if TYPE_CHECKING:
    from sandbox.common.json_types import JsonObject

_KIND = "product"
_TRASHED = "__trashed"
_PRICELESS = frozenset({"variable", "grouped"})
_GONE = 410


def read(shop: Shop, params: Params) -> Answer:
    """Answer one product, or one variation as if it were one."""
    with shop.lock:
        return Answer(product_as_json(shop, _found(shop, params, 404)))


def create(shop: Shop, params: Params) -> Answer:
    """Create a product; nothing of it is left behind when any of it is refused."""
    if params.whole("id"):
        raise RestError("woocommerce_rest_product_exists", "An existing product cannot be created.", 400)
    fetches = images.fetch_all(shop, params.records("images"))
    shop.spend(shop.settings.speed.created)
    with shop.lock:
        now = shop.now()
        draft = Product(0, params.text("type") or "simple", now, now, name="Product")
        _apply(shop, draft, params, fetches)
        writing.refuse_sku_in_trash(shop, draft, _KIND)
        draft = replace(draft, id=shop.next_post_id())
        draft.slug = _free_slug(shop, draft, draft.slug or slug(draft.name))
        shop.products.save(draft)
        shop.emit("product.created", draft.id)
        return Answer(product_as_json(shop, draft, reading=False), 201)


def update(shop: Shop, params: Params) -> Answer:
    """Change a product: top-level fields merge, lists replace; even a change of nothing moves date_modified."""
    with shop.lock:
        params = writing.delta_resolved(_found(shop, params, 400), params)
    fetches = images.fetch_all(shop, params.records("images"))
    shop.spend(shop.settings.speed.updated)
    with shop.lock:
        current = _found(shop, params, 400)
        if current.is_variation:
            _refuse_variation()
        draft = replace(current, modified=shop.now())
        _apply(shop, draft, params, fetches)
        if draft.slug != current.slug or draft.status != current.status:
            draft.slug = _free_slug(shop, draft, draft.slug or slug(draft.name))
        stock.store(shop, draft)
        return Answer(product_as_json(shop, draft, reading=False))


def delete(shop: Shop, params: Params) -> Answer:
    """Trash a product, or with ``force`` delete it and its variations; the answer shows it as it was."""
    with shop.lock:
        product = _found(shop, params, 404)
        if product.is_variation:
            _refuse_variation()
        body: JsonObject = product_as_json(shop, product, reading=False)
        if params.flag("force"):
            for child in shop.products.children(product.id):
                shop.products.remove(child)
            shop.products.remove(product)
            shop.changes += 1
        elif product.status == "trash":
            raise RestError("woocommerce_rest_already_trashed", "The product is in the trash already.", _GONE)
        else:
            _trash(shop, product)
        return Answer(body)


def _trash(shop: Shop, product: Product) -> None:
    for entry in (*shop.products.children(product.id), product):
        trashed = replace(entry, status="trash", modified=shop.now())
        shop.products.save(replace(trashed, slug=_free_slug(shop, trashed, entry.slug)))
    shop.emit("product.deleted", product.id)


def _found(shop: Shop, params: Params, status: int) -> Product:
    product = shop.products.get(params.whole("id"))
    if product is None:
        raise invalid_id(_KIND, status)
    return product


def _refuse_variation() -> NoReturn:
    message = "Variations are written at /products/<product_id>/variations/<id>."
    raise RestError("woocommerce_rest_invalid_product_id", message, 404)


def _apply(shop: Shop, draft: Product, params: Params, fetches: images.Fetches) -> None:
    if params.given("type"):
        draft.type = params.text("type")
    if params.given("name"):
        draft.name = simple_html(params.text("name")) or draft.name
    if params.given("short_description"):
        draft.short_description = simple_html(params.text("short_description"))
    if params.given("slug"):
        draft.slug = slug(params.text("slug"))
    if params.given("attributes"):
        draft.attributes = attributes.read_attributes(shop, params.records("attributes"))
    if params.given("default_attributes"):
        draft.default_options = attributes.read_choices(shop, draft, params.records("default_attributes"))
    _apply_created(shop, draft, params)
    _apply_prices(shop, draft, params)
    writing.apply_shared(shop, draft, params)
    _apply_terms(shop, draft, params)
    if params.given("images"):
        chosen = [images.choose(shop, entry, fetches, _KIND) for entry in params.records("images")]
        draft.image_ids = tuple(image.id for image in chosen)


def _apply_created(shop: Shop, draft: Product, params: Params) -> None:
    for name, zone in (("date_created", shop.settings.time_zone), ("date_created_gmt", UTC)):
        draft.created = parse(params.text(name), zone) or draft.created


def _apply_prices(shop: Shop, draft: Product, params: Params) -> None:
    if draft.type in _PRICELESS:
        draft.regular_price = draft.sale_price = ""
        draft.sale_from = draft.sale_to = None
    else:
        writing.apply_prices(shop, draft, params)


def _apply_terms(shop: Shop, draft: Product, params: Params) -> None:
    if params.given("categories"):
        draft.category_ids = _known_terms(shop, CATEGORIES, params.records("categories"))
    draft.category_ids = draft.category_ids or (shop.terms.uncategorized.id,)
    if params.given("brands") and shop.switches.brands:
        draft.brand_ids = _known_terms(shop, BRANDS, params.records("brands"))
    if params.given("tags"):
        named = [row for row in params.records("tags") if row.text("name") and not row.whole("id")]
        added = [Params({"id": shop.terms.named_or_added(TAGS, row.text("name")).id}) for row in named]
        draft.tag_ids = _known_terms(shop, TAGS, [*params.records("tags"), *added])


def _known_terms(shop: Shop, taxonomy: str, rows: list[Params]) -> tuple[int, ...]:
    """Keep the ids that exist; the others are dropped without a word."""
    ids = dict.fromkeys(row.whole("id") for row in rows)
    return tuple(term_id for term_id in ids if shop.terms.get(taxonomy, term_id) is not None)


def _free_slug(shop: Shop, draft: Product, wanted: str) -> str:
    """Find an address that no other product has; those in the trash give theirs away."""
    base = wanted.removesuffix(_TRASHED) + (_TRASHED if draft.status == "trash" else "")
    candidate, number = base, 1
    while any(other.id != draft.id for other in shop.products.with_slug(candidate)):
        number += 1
        candidate = f"{base}-{number}"
    return candidate
