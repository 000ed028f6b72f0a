"""The routes of global attributes (facts/woocommerce.md, "Products")."""

from sandbox.common.json_types import JsonObject
from sandbox.woocommerce.catalogue.model import GlobalAttribute
from sandbox.woocommerce.shop import Shop
from sandbox.woocommerce.texts import clean, slug
from sandbox.woocommerce.web.errors import RestError, no_trash
from sandbox.woocommerce.web.wire import Answer, Params

_PREFIX = "pa_"
_LONGEST_SLUG = 28
_RESERVED = frozenset(
    {"attachment", "author", "category", "date", "name", "order", "page", "post", "tag", "term", "type"}
)


def taxonomy_of(shop: Shop, params: Params) -> str:
    """Find the taxonomy of the attribute that the address names."""
    attribute = shop.terms.attributes.get(params.whole("attribute_id"))
    if attribute is None:
        raise RestError("woocommerce_rest_taxonomy_invalid", "There is no such taxonomy.", 404)
    return attribute.slug


def list_all(shop: Shop, params: Params) -> Answer:
    """Answer all attributes; this list has no pages."""
    del params
    with shop.lock:
        return Answer([_as_json(shop, attribute) for attribute in shop.terms.attributes.values()])


def read(shop: Shop, params: Params) -> Answer:
    """Answer one attribute."""
    with shop.lock:
        return Answer(_as_json(shop, _found(shop, params)))


def create(shop: Shop, params: Params) -> Answer:
    """Create an attribute; its slug must be new and short."""
    with shop.lock:
        wanted = _checked_slug(shop, params.text("slug") or params.text("name"), own_id=0)
        attribute = GlobalAttribute(shop.next_attribute_id(), clean(params.text("name")), wanted)
        _apply(attribute, params)
        shop.terms.attributes[attribute.id] = attribute
        shop.changes += 1
        return Answer(_as_json(shop, attribute), 201)


def update(shop: Shop, params: Params) -> Answer:
    """Change an attribute; its slug stays, for its terms are filed under it."""
    with shop.lock:
        attribute = _found(shop, params)
        attribute.name = clean(params.text("name")) or attribute.name
        _apply(attribute, params)
        shop.changes += 1
        return Answer(_as_json(shop, attribute))


def delete(shop: Shop, params: Params) -> Answer:
    """Delete an attribute with its terms; unlike elsewhere, ``force`` is the default."""
    if not params.flag("force"):
        raise no_trash()
    with shop.lock:
        attribute = _found(shop, params)
        for term in shop.terms.of(attribute.slug):
            shop.terms.remove(term)
        del shop.terms.attributes[attribute.id]
        shop.changes += 1
        return Answer(_as_json(shop, attribute))


def _found(shop: Shop, params: Params) -> GlobalAttribute:
    attribute = shop.terms.attributes.get(params.whole("id"))
    if attribute is None:
        raise RestError("woocommerce_rest_taxonomy_invalid", "There is no such taxonomy.", 404)
    return attribute


def _apply(attribute: GlobalAttribute, params: Params) -> None:
    attribute.order_by = params.text("order_by") or attribute.order_by
    if params.given("has_archives"):
        attribute.has_archives = params.flag("has_archives")


def _checked_slug(shop: Shop, text: str, own_id: int) -> str:
    wanted = slug(text).removeprefix(_PREFIX)
    if not wanted or len(wanted.encode()) > _LONGEST_SLUG:
        raise _cannot_create(f"The slug {wanted!r} has to have 1 to {_LONGEST_SLUG} characters.")
    if wanted in _RESERVED:
        raise _cannot_create(f"The slug {wanted!r} is reserved.")
    other = shop.terms.attribute_with_slug(_PREFIX + wanted)
    if other is not None and other.id != own_id:
        raise _cannot_create(f"The slug {wanted!r} is in use already.")
    return _PREFIX + wanted


def _cannot_create(message: str) -> RestError:
    return RestError("woocommerce_rest_cannot_create", message, 400)


def _as_json(shop: Shop, attribute: GlobalAttribute) -> JsonObject:
    collection = f"{shop.home_url}/wp-json/wc/v3/products/attributes"
    return {
        "id": attribute.id,
        "name": attribute.name,
        "slug": attribute.slug,
        "type": "select",
        "order_by": attribute.order_by,
        "has_archives": attribute.has_archives,
        "_links": {"self": [{"href": f"{collection}/{attribute.id}"}], "collection": [{"href": collection}]},
    }
