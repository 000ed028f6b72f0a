"""Collections and publications."""

from collections.abc import Mapping, Sequence

from sandbox.shopify import rows
from sandbox.shopify.catalogue.metafields import store_all
from sandbox.shopify.catalogue.model import Collection, Product, ProductVariant, Publication
from sandbox.shopify.changing import collection_changed, index_of, product_changed
from sandbox.shopify.ids import gid
from sandbox.shopify.texts import free_handle, handle_of
from sandbox.shopify.web.connections import connect, in_order
from sandbox.shopify.web.context import Context
from sandbox.shopify.web.errors import TopLevelError, access_denied, refuse
from sandbox.shopify.web.index import search
from sandbox.shopify.web.resolving import Input, mutation, query, resolver

_LONGEST = 255
_AT_ONCE = 50
"""How many products one change of a publication may be about (contracts/shopify, ``PublicationUpdateInput``)."""


@query
def collections(
    _root: object, context: Context, query: str | None = None, sort_key: str = "ID", **page: object
) -> object:
    found = search(context, index_of(context.shop, "Collection"), list(context.shop.collections.values()), query)
    return connect(context, found, lambda row: (row.title.casefold() if sort_key == "TITLE" else 0, row.id), page)


@resolver("Product", name="collections")
def collections_of(product: Product, context: Context, sort_key: str = "ID", **page: object) -> object:
    found = [row for row in context.shop.collections.values() if product.id in row.product_ids]
    return connect(context, found, lambda row: (row.title.casefold() if sort_key == "TITLE" else 0, row.id), page)


@resolver("Product")
def in_collection(product: Product, context: Context, id: str) -> bool:
    collection = rows.collection(context.shop, id)
    return collection is not None and product.id in collection.product_ids


@resolver("Collection")
def products(collection: Collection, context: Context, sort_key: str | None = None, **page: object) -> object:
    del sort_key
    found = [context.shop.products[number] for number in collection.product_ids]
    return connect(context, found, in_order(found), page)


@resolver("Collection")
def products_count(collection: Collection, _context: Context) -> object:
    return {"count": len(collection.product_ids), "precision": "EXACT"}


@resolver("Collection")
def has_product(collection: Collection, _context: Context, id: str) -> bool:
    return any(gid("Product", number) == id for number in collection.product_ids)


@resolver("Collection")
def image(_collection: Collection, _context: Context) -> None:
    return None


@mutation
def collection_create(
    _root: object,
    context: Context,
    input: Input | None = None,
    collection: Input | None = None,
) -> Mapping[str, object]:
    """Create an unpublished collection, by the new argument or the deprecated one."""
    shop, data = context.shop, collection or input or {}
    title = (data.get("title") or "").strip()
    if not title:
        raise refuse("Title can't be blank", "title")
    if len(title) > _LONGEST:
        raise refuse(f"Title is too long (maximum is {_LONGEST} characters)", "title")
    handle = data.get("handle") or free_handle(handle_of(title), {row.handle for row in shop.collections.values()})
    row = Collection(shop.numbers.next("Collection"), data["title"], handle, context.now)
    _apply(row, data)
    row.product_ids = [found.id for number in data.get("products") or () if (found := rows.product(shop, number))]
    shop.collections[row.id] = row
    store_all(context, gid("Collection", row.id), data.get("metafields"))
    collection_changed(shop, row, "COLLECTIONS_CREATE")
    return {"collection": row, "userErrors": []}


@mutation
def collection_update(
    _root: object,
    context: Context,
    input: Input | None = None,
    collection: Input | None = None,
) -> Mapping[str, object]:
    data = collection or input or {}
    row = rows.collection(context.shop, data.get("id"))
    if row is None:
        raise refuse("Collection does not exist", "id")
    if "title" in data and not (data["title"] or "").strip():
        raise refuse("Title can't be blank", "title")
    row.title, row.handle = data.get("title") or row.title, data.get("handle") or row.handle
    _apply(row, data)
    store_all(context, gid("Collection", row.id), data.get("metafields"))
    collection_changed(context.shop, row)
    return {"collection": row, "job": None, "userErrors": []}


def _apply(row: Collection, data: Input) -> None:
    row.description_html = data.get("descriptionHtml") or row.description_html
    row.sort_order = data.get("sortOrder") or row.sort_order
    row.template_suffix = data.get("templateSuffix") or row.template_suffix
    row.seo = {**row.seo, **(data.get("seo") or {})}


# --- publications -----------------------------------------------------------------------------------------------------


@query
def publications(_root: object, context: Context, **page: object) -> object:
    found = list(context.shop.publications.values())
    return connect(context, found, in_order(found), page)


@resolver("Publication")
def app(publication: Publication, _context: Context) -> object:
    handle = handle_of(publication.name)
    return {"id": gid("App", publication.id), "title": publication.name, "handle": handle, "apiKey": handle}


@resolver("Publication")
def catalog(publication: Publication, _context: Context) -> object:
    return {
        "__typename": "AppCatalog",
        "id": gid("AppCatalog", publication.id),
        "title": f"Channel Catalog for {publication.name}",
        "status": "ACTIVE",
    }


@mutation
def publication_update(_root: object, context: Context, id: str, input: Input) -> Mapping[str, object]:
    """Add products to a publication and take others from it: all of them, or none (contracts/shopify)."""
    if refused := context.shop.switches.refuse_catalogs:
        raise _refused_catalogs(refused)
    publication = rows.publication(context.shop, id)
    if publication is None:
        raise refuse("Publication was not found", "id", code="PUBLICATION_NOT_FOUND")
    asked = {name: list(input.get(name) or ()) for name in ("publishablesToAdd", "publishablesToRemove")}
    if sum(map(len, asked.values())) > _AT_ONCE:
        message = "The limit for simultaneous publication updates has been exceeded."
        raise refuse(message, "input", "publishablesToAdd", code="PUBLICATION_UPDATE_LIMIT_EXCEEDED")
    added, removed = (_listed(context, name, numbers) for name, numbers in asked.items())
    if input.get("autoPublish") is not None:
        publication.auto_publish = bool(input["autoPublish"])
    for row in added:
        row.published.setdefault(publication.id, context.now)
        _tell(context, row)
    for row in removed:
        row.published.pop(publication.id, None)
        _tell(context, row)
    return {"publication": publication, "userErrors": []}


def _refused_catalogs(code: str) -> Exception:
    if code == "ACCESS_DENIED":
        return access_denied("publicationUpdate", ("write_publications",))
    return refuse("The publication was not changed.", "id", code=code)


def _listed(context: Context, name: str, numbers: Sequence[str]) -> list[Product | Collection]:
    found = [rows.find(context.shop, number) for number in numbers]
    for place, row in enumerate(found):
        if isinstance(row, ProductVariant):
            raise TopLevelError(f"Invalid id: {numbers[place]}", "RESOURCE_NOT_FOUND")
        if not isinstance(row, Product | Collection):
            message = "Publishable ID not found."
            raise refuse(message, "input", name, str(place), code="INVALID_PUBLISHABLE_ID")
    return [row for row in found if isinstance(row, Product | Collection)]


@mutation
def publishable_publish(_root: object, context: Context, id: str, input: Sequence[Input]) -> Mapping[str, object]:
    """Publish a product, a variant or a collection to channels."""
    row = _publishable(context, id)
    for publication, entry in _channels(context, input):
        if isinstance(row, ProductVariant):
            row.withheld.discard(publication.id)
        else:
            row.published[publication.id] = entry.get("publishDate") or context.now
    _tell(context, row)
    return {"publishable": row, "userErrors": []}


@mutation
def publishable_unpublish(_root: object, context: Context, id: str, input: Sequence[Input]) -> Mapping[str, object]:
    """Take a product, a variant or a collection off channels; what is not there already does no harm."""
    row = _publishable(context, id)
    for publication, _ in _channels(context, input):
        if isinstance(row, ProductVariant):
            row.withheld.add(publication.id)
        else:
            row.published.pop(publication.id, None)
    _tell(context, row)
    return {"publishable": row, "userErrors": []}


def _publishable(context: Context, number: str) -> Product | ProductVariant | Collection:
    row = rows.find(context.shop, number)
    if not isinstance(row, Product | ProductVariant | Collection):
        raise refuse("Resource does not exist", "id")
    return row


def _channels(context: Context, entries: Sequence[Input]) -> list[tuple[Publication, Input]]:
    found: list[tuple[Publication, Input]] = []
    for place, entry in enumerate(entries):
        publication = rows.publication(context.shop, entry.get("publicationId"))
        if publication is None:
            raise refuse("Publication does not exist or is not publishable", "input", str(place), "publicationId")
        found.append((publication, entry))
    return found


def _tell(context: Context, row: Product | ProductVariant | Collection) -> None:
    if isinstance(row, Product | ProductVariant):
        product_changed(context.shop, row if isinstance(row, Product) else context.shop.products[row.product_id])
    else:
        collection_changed(context.shop, row)
