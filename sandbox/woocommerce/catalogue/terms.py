"""Routes of categories, tags, brands and attribute terms, which differ in little (facts/woocommerce.md, "Products")."""

from collections.abc import Callable
from dataclasses import replace

from sandbox.common.json_types import JsonObject
from sandbox.woocommerce.catalogue import images
from sandbox.woocommerce.catalogue.model import Product, Term
from sandbox.woocommerce.catalogue.terms_store import BRANDS, CATEGORIES, HIERARCHICAL, TAGS
from sandbox.woocommerce.shop import Shop
from sandbox.woocommerce.texts import simple_html
from sandbox.woocommerce.web.errors import RestError, no_trash
from sandbox.woocommerce.web.paging import by_include, in_include_order, page
from sandbox.woocommerce.web.wire import Answer, Params

_WITH_IMAGE = HIERARCHICAL
_PATHS = {CATEGORIES: "products/categories", TAGS: "products/tags", BRANDS: "products/brands"}
TaxonomyOf = Callable[[Shop, Params], str]


class TermRoutes:
    """The routes of one taxonomy; attribute terms find theirs by the ``attribute_id`` in the address."""

    def __init__(self, taxonomy_of: TaxonomyOf) -> None:
        self._taxonomy_of = taxonomy_of

    @classmethod
    def of(cls, taxonomy: str) -> "TermRoutes":
        """Build the routes of a taxonomy that the address does not have to name."""
        return cls(lambda *_: taxonomy)

    def list(self, shop: Shop, params: Params) -> Answer:
        """Answer a page of terms."""
        with shop.lock:
            taxonomy = self._taxonomy_of(shop, params)
            rows = _sorted(shop, _narrowed(shop, taxonomy, params), params)
            return page(shop, params, rows, lambda term: term_as_json(shop, term))

    def read(self, shop: Shop, params: Params) -> Answer:
        """Answer one term."""
        with shop.lock:
            return Answer(term_as_json(shop, self._found(shop, params)))

    def create(self, shop: Shop, params: Params) -> Answer:
        """Create a term; its name must be new, among hierarchical ones below the same parent."""
        fetches = images.fetch_all(shop, [params.record("image")])
        with shop.lock:
            taxonomy = self._taxonomy_of(shop, params)
            parent = params.whole("parent") if taxonomy in HIERARCHICAL else 0
            self._refuse_unknown_parent(shop, taxonomy, parent)
            _refuse_taken_name(shop, taxonomy, params.text("name"), parent)
            image_id = _image_of(shop, params, fetches, 0)
            term = shop.terms.add(taxonomy, params.text("name"), wanted_slug=params.text("slug"), parent=parent)
            _apply(term, params, image_id)
            shop.changes += 1
            return Answer(term_as_json(shop, term), 201)

    def update(self, shop: Shop, params: Params) -> Answer:
        """Change a term."""
        fetches = images.fetch_all(shop, [params.record("image")])
        with shop.lock:
            term = self._found(shop, params)
            name = params.text("name") or term.name
            parent = params.whole("parent") if params.given("parent") and term.taxonomy in HIERARCHICAL else term.parent
            self._refuse_unknown_parent(shop, term.taxonomy, parent)
            other = shop.terms.named(term.taxonomy, name, parent)
            if other is not None and other.id != term.id:
                raise _taken(other)
            image_id = _image_of(shop, params, fetches, term.image_id)
            shop.terms.rename(term, name=name, wanted_slug=params.text("slug") or term.slug, parent=parent)
            _apply(term, params, image_id)
            shop.changes += 1
            return Answer(term_as_json(shop, term))

    def delete(self, shop: Shop, params: Params) -> Answer:
        """Delete a term, which needs ``force``; products lose it, those left without category get the default."""
        if not params.flag("force"):
            raise no_trash()
        with shop.lock:
            term = self._found(shop, params)
            if term.id == shop.terms.uncategorized.id:
                raise RestError("woocommerce_rest_cannot_delete", "The default category cannot be deleted.", 500)
            body = term_as_json(shop, term)
            for product_id in shop.products.with_term(term.id):
                product = shop.products.get(product_id)
                if product is not None:
                    shop.products.save(_without(shop, product, term.id))
            shop.terms.remove(term)
            shop.changes += 1
            return Answer(body)

    def _found(self, shop: Shop, params: Params) -> Term:
        term = shop.terms.get(self._taxonomy_of(shop, params), params.whole("id"))
        if term is None:
            raise RestError("woocommerce_rest_term_invalid", "There is no such term.", 404)
        return term

    @staticmethod
    def _refuse_unknown_parent(shop: Shop, taxonomy: str, parent: int) -> None:
        if parent and shop.terms.get(taxonomy, parent) is None:
            raise RestError("missing_parent", "The parent term does not exist.", 400)


def _refuse_taken_name(shop: Shop, taxonomy: str, name: str, parent: int) -> None:
    if not name.strip():
        raise RestError("empty_term_name", "A term needs a name.", 400)
    other = shop.terms.named(taxonomy, name, parent)
    if other is not None:
        raise _taken(other)


def _taken(other: Term) -> RestError:
    return RestError("term_exists", "A term with this name and parent exists already.", 400, resource_id=other.id)


def _image_of(shop: Shop, params: Params, fetches: images.Fetches, current: int) -> int:
    image = params.record("image")
    if not params.sent("image"):
        return current
    if not image.whole("id") and not image.text("src"):
        return 0
    return images.choose(shop, image, fetches, "rest_taxonomy").id


def _apply(term: Term, params: Params, image_id: int) -> None:
    if params.given("description"):
        term.description = simple_html(params.text("description"))
    if params.given("display"):
        term.display = params.text("display")
    if params.given("menu_order"):
        term.menu_order = params.whole("menu_order")
    term.image_id = image_id


def _without(shop: Shop, product: Product, term_id: int) -> Product:
    def rest(ids: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(other for other in ids if other != term_id)

    kept = tuple(replace(attribute, term_ids=rest(attribute.term_ids)) for attribute in product.attributes)
    return replace(
        product,
        category_ids=rest(product.category_ids) or ((shop.terms.uncategorized.id,) if product.category_ids else ()),
        tag_ids=rest(product.tag_ids),
        brand_ids=rest(product.brand_ids),
        attributes=tuple(attribute for attribute in kept if attribute.term_ids or attribute.texts),
    )


def term_as_json(shop: Shop, term: Term) -> JsonObject:
    """Write a term with the fields that its taxonomy has."""
    body: JsonObject = {
        "id": term.id,
        "name": term.name,
        "slug": term.slug,
        "description": term.description,
        "count": _count(shop, term),
        "_links": _links(shop, term),
    }
    if term.taxonomy in _WITH_IMAGE:
        image = shop.images.get(term.image_id)
        body |= {
            "parent": term.parent,
            "display": term.display,
            "image": images.as_json(shop, image) if image else None,
        }
    if term.taxonomy != TAGS:
        body["menu_order"] = term.menu_order
    return body


def _count(shop: Shop, term: Term) -> int:
    products = (shop.products.get(product_id) for product_id in shop.products.with_term(term.id))
    return sum(1 for product in products if product is not None and product.status == "publish")


def _links(shop: Shop, term: Term) -> JsonObject:
    path = _PATHS.get(term.taxonomy)
    if path is None:
        attribute = shop.terms.attribute_with_slug(term.taxonomy)
        path = f"products/attributes/{attribute.id if attribute else 0}/terms"
    collection = f"{shop.home_url}/wp-json/wc/v3/{path}"
    return {"self": [{"href": f"{collection}/{term.id}"}], "collection": [{"href": collection}]}


def _narrowed(shop: Shop, taxonomy: str, params: Params) -> list[Term]:
    rows = by_include(shop.terms.of(taxonomy), params, lambda term: term.id)
    if params.given("parent") and taxonomy in HIERARCHICAL:
        rows = [term for term in rows if term.parent == params.whole("parent")]
    if params.text("slug"):
        rows = [term for term in rows if term.slug == params.text("slug")]
    if params.text("search"):
        rows = [term for term in rows if params.text("search").casefold() in term.name.casefold()]
    if params.flag("hide_empty"):
        rows = [term for term in rows if _count(shop, term)]
    product = shop.products.get(params.whole("product"))
    return rows if product is None else [term for term in rows if term.id in product.term_ids]


def _sorted(shop: Shop, rows: "list[Term]", params: Params) -> "list[Term]":
    order = params.text("orderby")
    if order == "include":
        return in_include_order(rows, params, lambda term: term.id)
    keys: dict[str, Callable[[Term], tuple[int | str, int]]] = {
        "id": lambda term: (term.id, 0),
        "slug": lambda term: (term.slug, term.id),
        "description": lambda term: (term.description, term.id),
        "count": lambda term: (_count(shop, term), term.id),
    }
    by_name: Callable[[Term], tuple[int | str, int]] = lambda term: (term.name.casefold(), term.id)  # noqa: E731
    return sorted(rows, key=keys.get(order, by_name), reverse=params.text("order") == "desc")
