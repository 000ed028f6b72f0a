"""Sightings and choices as JSON content."""

from tillbridge.domain.choice import Action, Choice
from tillbridge.domain.listing import ListedProduct, ListedVariant, Sighting
from tillbridge.domain.product import ListingRef
from tillbridge.store.content import compact, json_text
from tillbridge.store.fields import Fields
from tillbridge.store.moments import moment_text


def listing_content(sighting: Sighting) -> str:
    """Write a sighting."""
    listed = sighting.listed
    return json_text(
        {
            "product_id": listed.product_id,
            "survey": moment_text(sighting.survey),
            **compact(
                {
                    "name": listed.name,
                    "options": list(listed.options),
                    "variants": [_variant(variant) for variant in listed.variants],
                    "mark": listed.mark,
                }
            ),
        }
    )


def read_listing(fields: Fields) -> Sighting:
    """Read a sighting."""
    product_id = fields.needed("product_id")
    listed = ListedProduct(
        product_id=product_id,
        name=fields.text("name"),
        options=fields.texts("options"),
        variants=tuple(_read_variant(inner, product_id) for inner in fields.each("variants")),
        mark=fields.text("mark"),
    )
    sighting = Sighting(listed, fields.moment("survey"))
    fields.end()
    return sighting


def choice_content(choice: Choice) -> str:
    """Write a decision."""
    return json_text(
        {
            "key": choice.key,
            "action": choice.action.value,
            "decided_at": moment_text(choice.decided_at),
            **compact({"product_id": choice.product_id, "variants": dict(choice.variants)}),
        }
    )


def read_choice(fields: Fields) -> Choice:
    """Read a decision."""
    choice = Choice(
        key=fields.needed("key"),
        action=fields.choice("action", Action),
        product_id=fields.text("product_id"),
        variants=fields.text_map("variants"),
        decided_at=fields.moment("decided_at"),
    )
    fields.end()
    return choice


def _variant(variant: ListedVariant) -> dict[str, object]:
    return compact(
        {
            "variant_id": variant.ref.variant_id,
            "sku": variant.sku,
            "gtin": variant.gtin,
            "options": list(variant.options),
        }
    )


def _read_variant(fields: Fields, product_id: str) -> ListedVariant:
    variant = ListedVariant(
        ref=ListingRef(product_id, fields.text("variant_id")),
        sku=fields.text("sku"),
        gtin=fields.text("gtin"),
        options=fields.texts("options"),
    )
    fields.end()
    return variant
