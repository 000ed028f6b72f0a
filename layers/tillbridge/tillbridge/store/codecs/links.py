"""Links and shelves as JSON content."""

from decimal import Decimal

from tillbridge.domain.pace import Pace
from tillbridge.domain.product import KnownVariant, Link, ListingRef, Problem
from tillbridge.domain.work import Shelf
from tillbridge.store.content import amount_text, compact, json_text, maybe_moment, quantity_value
from tillbridge.store.fields import Fields
from tillbridge.store.moments import moment_text


def link_content(link: Link) -> str:
    """Write a link."""
    return json_text(
        {
            "product_key": link.product_key,
            **compact(
                {
                    "product_id": link.product_id,
                    "fields": dict(link.fields),
                    "variants": [_variant(known) for known in link.variants],
                    "image_ids": dict(link.image_ids),
                    "created_by_us": link.created_by_us,
                    "unpublished_by_us": link.unpublished_by_us,
                    "attempted_at": maybe_moment(link.attempted_at),
                    "sought_at": maybe_moment(link.sought_at),
                    "acknowledged_at": maybe_moment(link.acknowledged_at),
                    "problem": _problem(link.problem) if link.problem else None,
                    "traces": {name: list(texts) for name, texts in link.traces.items()},
                }
            ),
        }
    )


def read_link(fields: Fields) -> Link:
    """Read a link."""
    link = Link(
        product_key=fields.needed("product_key"),
        product_id=fields.text("product_id"),
        fields=fields.text_map("fields"),
        variants=tuple(_read_variant(inner) for inner in fields.each("variants")),
        image_ids=fields.text_map("image_ids"),
        created_by_us=fields.flag("created_by_us"),
        unpublished_by_us=fields.flag("unpublished_by_us"),
        attempted_at=fields.maybe_moment("attempted_at"),
        sought_at=fields.maybe_moment("sought_at"),
        acknowledged_at=fields.maybe_moment("acknowledged_at"),
        problem=_read_problem(fields.inner("problem")),
        traces=fields.text_lists("traces"),
    )
    fields.end()
    return link


def shelf_content(shelf: Shelf) -> str:
    """Write a shelf."""
    return json_text(
        {
            "item_id": shelf.item_id,
            "product_id": shelf.ref.product_id,
            **compact(
                {
                    "variant_id": shelf.ref.variant_id,
                    "known": quantity_value(shelf.known),
                    "known_places": {place: quantity_value(known) for place, known in shelf.known_places.items()},
                    "tracked": shelf.tracked,
                    "sent_at": maybe_moment(shelf.sent_at),
                    "acknowledged_at": maybe_moment(shelf.acknowledged_at),
                    "problem_code": shelf.problem_code,
                    "problem": shelf.problem,
                    "remedy": shelf.remedy,
                    "sold": amount_text(shelf.pace.units) if shelf.pace.units else None,
                    "sold_at": maybe_moment(shelf.pace.at),
                }
            ),
        }
    )


def read_shelf(fields: Fields) -> Shelf:
    """Read a shelf."""
    shelf = Shelf(
        item_id=fields.needed("item_id"),
        ref=ListingRef(fields.needed("product_id"), fields.text("variant_id")),
        known=fields.maybe_quantity("known"),
        known_places=fields.quantities("known_places"),
        tracked=fields.flag("tracked"),
        sent_at=fields.maybe_moment("sent_at"),
        acknowledged_at=fields.maybe_moment("acknowledged_at"),
        problem_code=fields.text("problem_code"),
        problem=fields.text("problem"),
        remedy=fields.text("remedy"),
        pace=Pace(fields.maybe_amount("sold") or Decimal(0), fields.maybe_moment("sold_at")),
    )
    fields.end()
    return shelf


def _variant(known: KnownVariant) -> dict[str, object]:
    return {
        "item_id": known.item_id,
        "product_id": known.ref.product_id,
        **compact(
            {"variant_id": known.ref.variant_id, "fields": dict(known.fields), "image_id": known.image_id},
        ),
    }


def _read_variant(fields: Fields) -> KnownVariant:
    known = KnownVariant(
        item_id=fields.text("item_id"),
        ref=ListingRef(fields.text("product_id"), fields.text("variant_id")),
        fields=fields.text_map("fields"),
        image_id=fields.text("image_id"),
    )
    fields.end()
    return known


def _problem(problem: Problem) -> dict[str, object]:
    return {
        "code": problem.code,
        "since": moment_text(problem.since),
        "tries": problem.tries,
        **compact(
            {"happened": problem.happened, "remedy": problem.remedy, "retry_at": maybe_moment(problem.retry_at)},
        ),
    }


def _read_problem(fields: Fields | None) -> Problem | None:
    if fields is None:
        return None
    problem = Problem(
        code=fields.text("code"),
        happened=fields.text("happened"),
        remedy=fields.text("remedy"),
        since=fields.moment("since"),
        tries=fields.count("tries"),
        retry_at=fields.maybe_moment("retry_at"),
    )
    fields.end()
    return problem
