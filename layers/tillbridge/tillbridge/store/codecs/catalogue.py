"""Items and matrices as JSON content."""

from tillbridge.domain.catalogue import CustomField, Image, Item, ItemType, Matrix, Sellable, WebContent
from tillbridge.store.content import amount_text, amount_texts, compact, json_text
from tillbridge.store.fields import Fields
from tillbridge.store.moments import moment_text

ATTRIBUTE_PLACES = 3


def item_content(item: Item) -> str:
    """Write an item."""
    return json_text(
        {
            "item_id": item.item_id,
            "system_sku": item.system_sku,
            "item_type": item.item_type.value,
            **_sellable(item),
            **compact(
                {
                    "custom_sku": item.custom_sku,
                    "manufacturer_sku": item.manufacturer_sku,
                    "upc": item.upc,
                    "ean": item.ean,
                    "publish_to_web": item.publish_to_web,
                    "matrix_id": item.matrix_id,
                    "attribute_set_id": item.attribute_set_id,
                    "attributes": item.attributes if any(item.attributes) else None,
                    "gone": item.gone,
                }
            ),
        }
    )


def read_item(fields: Fields) -> Item:
    """Read an item."""
    item = Item(
        item_id=fields.needed("item_id"),
        system_sku=fields.text("system_sku"),
        item_type=fields.choice("item_type", ItemType),
        custom_sku=fields.text("custom_sku"),
        manufacturer_sku=fields.text("manufacturer_sku"),
        upc=fields.text("upc"),
        ean=fields.text("ean"),
        publish_to_web=fields.flag("publish_to_web"),
        matrix_id=fields.maybe_text("matrix_id"),
        attribute_set_id=fields.maybe_text("attribute_set_id"),
        attributes=_attributes(fields),
        gone=fields.flag("gone"),
        description=fields.text("description"),
        archived=fields.flag("archived"),
        category_id=fields.maybe_text("category_id"),
        manufacturer_id=fields.maybe_text("manufacturer_id"),
        tax_class_id=fields.maybe_text("tax_class_id"),
        taxable=fields.flag("taxable"),
        prices=fields.amounts("prices"),
        images=_images(fields),
        tags=fields.texts("tags"),
        custom_fields=_custom_fields(fields),
        web=_web(fields),
        updated_at=fields.moment("updated_at"),
    )
    fields.end()
    return item


def matrix_content(matrix: Matrix) -> str:
    """Write a matrix."""
    return json_text(
        {
            "matrix_id": matrix.matrix_id,
            **_sellable(matrix),
            **compact({"attribute_set_id": matrix.attribute_set_id}),
        }
    )


def read_matrix(fields: Fields) -> Matrix:
    """Read a matrix."""
    matrix = Matrix(
        matrix_id=fields.needed("matrix_id"),
        attribute_set_id=fields.maybe_text("attribute_set_id"),
        description=fields.text("description"),
        archived=fields.flag("archived"),
        category_id=fields.maybe_text("category_id"),
        manufacturer_id=fields.maybe_text("manufacturer_id"),
        tax_class_id=fields.maybe_text("tax_class_id"),
        taxable=fields.flag("taxable"),
        prices=fields.amounts("prices"),
        images=_images(fields),
        tags=fields.texts("tags"),
        custom_fields=_custom_fields(fields),
        web=_web(fields),
        updated_at=fields.moment("updated_at"),
    )
    fields.end()
    return matrix


def _sellable(thing: Sellable) -> dict[str, object]:
    return {
        **compact(
            {
                "description": thing.description,
                "archived": thing.archived,
                "category_id": thing.category_id,
                "manufacturer_id": thing.manufacturer_id,
                "tax_class_id": thing.tax_class_id,
                "taxable": thing.taxable,
                "prices": amount_texts(thing.prices),
                "images": [_image(image) for image in thing.images],
                "tags": thing.tags,
                "custom_fields": [
                    {"field_id": own.field_id, "name": own.name, "value": own.value} for own in thing.custom_fields
                ],
                "web": _web_content(thing.web),
            }
        ),
        "updated_at": moment_text(thing.updated_at),
    }


def _image(image: Image) -> dict[str, object]:
    return compact(
        {
            "image_id": image.image_id,
            "url": image.url,
            "position": image.position,
            "description": image.description,
        }
    )


def _images(fields: Fields) -> tuple[Image, ...]:
    found: list[Image] = []
    for inner in fields.each("images"):
        found.append(
            Image(inner.text("image_id"), inner.text("url"), inner.count("position"), inner.text("description"))
        )
        inner.end()
    return tuple(found)


def _custom_fields(fields: Fields) -> tuple[CustomField, ...]:
    found: list[CustomField] = []
    for inner in fields.each("custom_fields"):
        found.append(CustomField(inner.text("field_id"), inner.text("name"), inner.text("value")))
        inner.end()
    return tuple(found)


def _web_content(web: WebContent) -> dict[str, object]:
    return compact(
        {
            "long_description": web.long_description,
            "short_description": web.short_description,
            "weight": amount_text(web.weight),
            "width": amount_text(web.width),
            "height": amount_text(web.height),
            "length": amount_text(web.length),
        }
    )


def _web(fields: Fields) -> WebContent:
    inner = fields.inner("web")
    if inner is None:
        return WebContent()
    web = WebContent(
        inner.text("long_description"),
        inner.text("short_description"),
        inner.maybe_amount("weight"),
        inner.maybe_amount("width"),
        inner.maybe_amount("height"),
        inner.maybe_amount("length"),
    )
    inner.end()
    return web


def _attributes(fields: Fields) -> tuple[str, str, str]:
    values = fields.texts("attributes")
    if not values:
        return ("", "", "")
    if len(values) != ATTRIBUTE_PLACES:
        fields.wrong("attributes", "does not have three places")
    return (values[0], values[1], values[2])
