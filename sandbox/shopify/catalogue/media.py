"""The media of products and variants, and the mutations on files."""

from collections.abc import Iterator, Mapping, Sequence

from sandbox.shopify import rows
from sandbox.shopify.catalogue.checks import ALT, FILES
from sandbox.shopify.catalogue.files import image_of, state_of, take
from sandbox.shopify.catalogue.model import FileRow, Product, ProductVariant
from sandbox.shopify.changing import product_changed
from sandbox.shopify.ids import gid
from sandbox.shopify.shop import Shop
from sandbox.shopify.web.connections import connect, in_order
from sandbox.shopify.web.context import Context
from sandbox.shopify.web.errors import UserError, UserErrors, refuse
from sandbox.shopify.web.resolving import Input, mutation, query, resolver


def file_of(shop: Shop, number: str | None) -> FileRow | None:
    row = rows.find(shop, number) if number else None
    return row if isinstance(row, FileRow) else None


def files_of(shop: Shop, owner: Product | ProductVariant) -> list[FileRow]:
    return [shop.files[number] for number in owner.media_ids if number in shop.files]


@resolver("Product", "ProductVariant")
def media(owner: Product | ProductVariant, context: Context, **page: object) -> object:
    found = files_of(context.shop, owner)
    return connect(context, found, in_order(found), page)


@resolver("Product")
def media_count(product: Product, context: Context) -> object:
    return {"count": len(files_of(context.shop, product)), "precision": "EXACT"}


@resolver("Product")
def featured_media(product: Product, context: Context) -> FileRow | None:
    return next(iter(files_of(context.shop, product)), None)


@resolver("Product", name="featuredImage")
@resolver("ProductVariant", name="image")
def first_image(owner: Product | ProductVariant, context: Context) -> object:
    shop = context.shop
    ready = (row for row in files_of(shop, owner) if state_of(shop, row) == "READY")
    return next((image_of(shop, row) for row in ready), None)


@resolver("Product")
def images(product: Product, context: Context, **page: object) -> object:
    shop = context.shop
    ready = [row for row in files_of(shop, product) if state_of(shop, row) == "READY"]
    found = [image_of(shop, row) for row in ready]
    return connect(context, found, in_order(found), page)


def media_problems(media: Sequence[Input]) -> Iterator[UserError]:
    """Check what is to become media."""
    if len(media) > FILES:
        yield UserError(f"Exceeded the limit of {FILES} media", ("media",), "PRODUCT_MEDIA_LIMIT_EXCEEDED")
    for place, entry in enumerate(media):
        if not entry["originalSource"].startswith(("http://", "https://")):
            yield UserError("Image URL is invalid", ("media", str(place), "originalSource"), "INVALID")
        if len(entry.get("alt") or "") > ALT:
            message = f"Alt text cannot exceed {ALT} characters"
            yield UserError(message, ("media", str(place), "alt"), "INVALID")


def add_media(context: Context, product: Product, media: Sequence[Input]) -> None:
    """Add media behind those the product has."""
    for entry in media:
        product.media_ids.append(take(context.shop, entry["originalSource"], entry.get("alt")).id)


def variant_media_problems(shop: Shop, product: Product, data: Input, *at: str) -> Iterator[UserError]:
    """Check that a variant's medium is one of its product's."""
    if data.get("mediaId"):
        row = file_of(shop, data["mediaId"])
        if row is None or row.id not in product.media_ids:
            yield UserError("The media does not exist on the product", (*at, "mediaId"), "INVALID_INPUT")


def attach_media(context: Context, product: Product, variant: ProductVariant, data: Input) -> None:
    """Give a variant the medium that is named by id or source."""
    row = file_of(context.shop, data.get("mediaId"))
    for source in data.get("mediaSrc") or ():
        row = next((one for one in files_of(context.shop, product) if one.source == source), row)
    if row is not None:
        variant.media_ids = (row.id,)


@mutation
def product_variant_append_media(
    _root: object, context: Context, product_id: str, variant_media: Sequence[Input]
) -> Mapping[str, object]:
    return _pair(context, product_id, variant_media, attach=True)


@mutation
def product_variant_detach_media(
    _root: object, context: Context, product_id: str, variant_media: Sequence[Input]
) -> Mapping[str, object]:
    return _pair(context, product_id, variant_media, attach=False)


def _pair(context: Context, product_id: str, pairs: Sequence[Input], *, attach: bool) -> Mapping[str, object]:
    shop = context.shop
    product = rows.product(shop, product_id)
    if product is None:
        raise refuse("Product does not exist", "productId", code="PRODUCT_DOES_NOT_EXIST")
    found: list[tuple[ProductVariant, FileRow]] = []
    for place, pair in enumerate(pairs):
        at = ("variantMedia", str(place))
        variant = rows.variant(shop, pair["variantId"])
        if variant is None or variant.product_id != product.id:
            code = "PRODUCT_VARIANT_DOES_NOT_EXIST_ON_PRODUCT"
            raise refuse("Variant does not exist on the specified product.", *at, "variantId", code=code)
        if len(pair["mediaIds"]) != 1:
            raise refuse("Only one mediaId is allowed.", *at, "mediaIds", code="TOO_MANY_MEDIA_PER_INPUT_PAIR")
        found.append((variant, _ready(shop, product, pair["mediaIds"][0], *at)))
    for variant, row in found:
        if attach and variant.media_ids:
            code = "PRODUCT_VARIANT_ALREADY_HAS_MEDIA"
            raise refuse("This variant already has attached media.", "variantMedia", code=code)
        variant.media_ids = (row.id,) if attach else ()
    product_changed(shop, product)
    return {"product": product, "productVariants": [variant for variant, _ in found], "userErrors": []}


def _ready(shop: Shop, product: Product, number: str, *at: str) -> FileRow:
    row = file_of(shop, number)
    if row is None or row.id not in product.media_ids:
        code = "MEDIA_DOES_NOT_EXIST_ON_PRODUCT"
        raise refuse("Media does not exist on the specified product.", *at, "mediaIds", code=code)
    if state_of(shop, row) != "READY":
        raise refuse("Non-ready media cannot be attached to variants.", *at, "mediaIds", code="NON_READY_MEDIA")
    return row


@mutation
def product_reorder_media(_root: object, context: Context, id: str, moves: Sequence[Input]) -> Mapping[str, object]:
    product = rows.product(context.shop, id)
    if product is None:
        raise refuse("Product does not exist", "id", code="PRODUCT_DOES_NOT_EXIST")
    for move in moves:
        row = file_of(context.shop, move["id"])
        if row is None or row.id not in product.media_ids:
            raise refuse("Media does not exist", "moves", code="MEDIA_DOES_NOT_EXIST")
        product.media_ids.remove(row.id)
        product.media_ids.insert(int(move["newPosition"]), row.id)
    product_changed(context.shop, product)
    number = context.shop.numbers.next("Job")
    return {"job": {"id": gid("Job", number), "done": True}, "userErrors": [], "mediaUserErrors": []}


# --- files ------------------------------------------------------------------------------------------------------------


@query
def files(_root: object, context: Context, sort_key: str = "ID", query: str | None = None, **page: object) -> object:
    del sort_key, query
    return connect(context, list(context.shop.files.values()), lambda row: (row.id, row.id), page)


@mutation
def file_create(_root: object, context: Context, files: Sequence[Input]) -> Mapping[str, object]:
    problems = [
        UserError("Image URL is invalid", ("files", str(place), "originalSource"), "INVALID_IMAGE_SOURCE_URL")
        for place, entry in enumerate(files)
        if not entry["originalSource"].startswith(("http://", "https://"))
    ]
    if problems:
        raise UserErrors(problems)
    made = [
        take(
            context.shop,
            entry["originalSource"],
            entry.get("alt"),
            picture=entry.get("contentType") in {None, "IMAGE"},
            filename=entry.get("filename"),
        )
        for entry in files
    ]
    return {"files": made, "userErrors": []}


@mutation
def file_update(_root: object, context: Context, files: Sequence[Input]) -> Mapping[str, object]:
    """Change READY files: their text, their content, the products they belong to."""
    shop = context.shop
    found: list[FileRow] = []
    for place, entry in enumerate(files):
        row = file_of(shop, entry["id"])
        if row is None:
            message = f"File id {entry['id']} does not exist."
            raise refuse(message, "files", str(place), "id", code="FILE_DOES_NOT_EXIST")
        if state_of(shop, row) != "READY":
            raise refuse("Non-ready files cannot be updated.", "files", str(place), "id", code="NON_READY_STATE")
        for number in (*(entry.get("referencesToAdd") or ()), *(entry.get("referencesToRemove") or ())):
            if rows.product(shop, number) is None:
                message = "The reference target does not exist."
                raise refuse(message, "files", str(place), code="REFERENCE_TARGET_DOES_NOT_EXIST")
        found.append(row)
    for row, entry in zip(found, files, strict=True):
        _update(shop, row, entry)
    return {"files": found, "userErrors": []}


def _update(shop: Shop, row: FileRow, entry: Input) -> None:
    row.alt, row.updated_at = entry.get("alt", row.alt), shop.now()
    row.filename = entry.get("filename") or row.filename
    if entry.get("originalSource"):
        fresh = take(shop, entry["originalSource"], row.alt)
        del shop.files[fresh.id]
        row.source, row.ready_at, row.fetched, row.fails = fresh.source, fresh.ready_at, False, fresh.fails
    for number in entry.get("referencesToAdd") or ():
        product = rows.product(shop, number)
        if product is not None and row.id not in product.media_ids:
            product.media_ids.append(row.id)
            product_changed(shop, product)
    for number in entry.get("referencesToRemove") or ():
        product = rows.product(shop, number)
        if product is not None and row.id in product.media_ids:
            unlink(shop, product, row)
            product_changed(shop, product)


def unlink(shop: Shop, product: Product, row: FileRow) -> None:
    """Take a file off a product and its variants; the file itself stays."""
    product.media_ids.remove(row.id)
    for number in product.variant_ids:
        variant = shop.variants[number]
        variant.media_ids = tuple(one for one in variant.media_ids if one != row.id)


@mutation
def file_delete(_root: object, context: Context, file_ids: Sequence[str]) -> Mapping[str, object]:
    shop = context.shop
    found = [file_of(shop, number) for number in file_ids]
    missing = [number for number, row in zip(file_ids, found, strict=True) if row is None]
    if missing:
        raise refuse(f"File id {missing[0]} does not exist.", "fileIds", code="FILE_DOES_NOT_EXIST")
    for row in found:
        if row is None:
            continue
        for product in [one for one in shop.products.values() if row.id in one.media_ids]:
            unlink(shop, product, row)
            product_changed(shop, product)
        del shop.files[row.id]
    return {"deletedFileIds": list(file_ids), "userErrors": []}
