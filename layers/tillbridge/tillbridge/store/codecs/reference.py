"""The account's lists, one row per entry: the row's sort key is ``{list}#{id}``, its content what else there is."""

from collections.abc import Iterable, Iterator, Mapping

from tillbridge.domain.catalogue import AttributeSet, Category, Location, Manufacturer, PriceLevel, Reference
from tillbridge.store.content import compact, json_text
from tillbridge.store.fields import Fields

LOCATION, CATEGORY, MANUFACTURER, PRICE_LEVEL, ATTRIBUTE_SET = (
    "location",
    "category",
    "manufacturer",
    "price_level",
    "attribute_set",
)
KINDS = (LOCATION, CATEGORY, MANUFACTURER, PRICE_LEVEL, ATTRIBUTE_SET)
ATTRIBUTE_PLACES = 3


def reference_contents(reference: Reference) -> Iterator[tuple[str, str, str]]:
    """Write every entry: its list, its id, its content."""
    for place in reference.locations.values():
        yield (
            LOCATION,
            place.location_id,
            _written(id=place.location_id, name=place.name, time_zone=place.time_zone, archived=place.archived),
        )
    for category in reference.categories.values():
        yield (
            CATEGORY,
            category.category_id,
            _written(id=category.category_id, name=category.name, parent_id=category.parent_id),
        )
    for maker in reference.manufacturers.values():
        yield MANUFACTURER, maker.manufacturer_id, _written(id=maker.manufacturer_id, name=maker.name)
    for level in reference.price_levels.values():
        yield (
            PRICE_LEVEL,
            level.price_level_id,
            _written(id=level.price_level_id, name=level.name, archived=level.archived),
        )
    for group in reference.attribute_sets.values():
        names = list(group.attribute_names)
        yield (
            ATTRIBUTE_SET,
            group.attribute_set_id,
            _written(id=group.attribute_set_id, name=group.name, attribute_names=names),
        )


def read_reference(rows: Iterable[Mapping[str, object]]) -> Reference:
    """Read the lists from their rows."""
    reference = Reference()
    for row in rows:
        fields = Fields.of_content(row)
        _add(reference, str(row["sk"]).partition("#")[0], fields.needed("id"), fields)
        fields.end()
    return reference


def _written(**values: object) -> str:
    return json_text(compact(values))


def _add(reference: Reference, kind: str, entry_id: str, fields: Fields) -> None:
    match kind:
        case "location":
            reference.locations[entry_id] = Location(
                entry_id, fields.text("name"), fields.text("time_zone"), fields.flag("archived")
            )
        case "category":
            parent_id = fields.maybe_text("parent_id")
            reference.categories[entry_id] = Category(entry_id, fields.text("name"), parent_id)
        case "manufacturer":
            reference.manufacturers[entry_id] = Manufacturer(entry_id, fields.text("name"))
        case "price_level":
            archived = fields.flag("archived")
            reference.price_levels[entry_id] = PriceLevel(entry_id, fields.text("name"), archived)
        case "attribute_set":
            names = _three(fields)
            reference.attribute_sets[entry_id] = AttributeSet(entry_id, fields.text("name"), names)
        case _:
            fields.wrong("sk", "names a list that this version does not know")


def _three(fields: Fields) -> tuple[str, str, str]:
    names = fields.texts("attribute_names")
    if len(names) != ATTRIBUTE_PLACES:
        fields.wrong("attribute_names", "does not have three places")
    return (names[0], names[1], names[2])
