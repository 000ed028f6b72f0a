"""Change what a listing says of itself. Only what is named changes; all else of the merchant's stays (invariant 6)."""

from collections.abc import Mapping
from dataclasses import dataclass

from tillbridge.domain.agreement import folded
from tillbridge.domain.planning import product_fields
from tillbridge.systems.common.subjects import thing
from tillbridge.systems.shopify.api.documents.writing import RENAME_OPTION, UPDATE
from tillbridge.systems.shopify.api.ids import PRODUCT, gid
from tillbridge.systems.shopify.api.refusals import RefusedError
from tillbridge.systems.shopify.api.rejections import other_options, rejection
from tillbridge.systems.shopify.api.wire import OptionRow, ProductRow
from tillbridge.systems.shopify.products.payload import CONTENT_TEXTS, content_input
from tillbridge.systems.shopify.products.progress import Progress
from tillbridge.systems.shopify.tools import Tools


@dataclass(frozen=True, slots=True)
class Change:
    """Changes products; the same change twice does no harm."""

    tools: Tools

    def content(self, entry: Progress) -> None:
        """Write the product's own texts. What has no counterpart in Shopify counts as written."""
        entry.acknowledge(**{name: product_fields(entry.product)[name] for name in entry.todo & {"short_description"}})
        names = entry.todo & set(CONTENT_TEXTS)
        if not names:
            return
        subject = thing(self.tools.client.subject, f"listing {entry.product_id}")
        body = {"id": gid(PRODUCT, entry.product_id), **content_input(entry.product, names)}
        try:
            said = self.tools.client.change(UPDATE, "productUpdate", safe_to_repeat=True, product=body)
        except RefusedError as refused:
            entry.fail(refused)
            return
        if said.errors:
            entry.fail(rejection(said.errors[0], subject))
            return
        entry.report(entry.acknowledge_content(said.part(ProductRow, "product"), names), subject)

    def options(self, entry: Progress, row: ProductRow) -> None:
        """Rename options that have other names by now, and learn the listing's own names of those it made itself."""
        if len(row.options) != len(entry.product.options):
            entry.fail(other_options(thing(self.tools.client.subject, f"listing {entry.product_id}")))
            return
        paired = pair_options(entry, row.options)
        if "options" in entry.todo:
            for name, option in paired.items():
                if folded(name) != folded(option.name) and not self._rename(entry, option, name):
                    return
            entry.option_names = [option.name for option in entry.product.options]
        else:
            entry.option_names = [paired[option.name].name for option in entry.product.options]

    def _rename(self, entry: Progress, option: OptionRow, name: str) -> bool:
        said = self.tools.client.change(
            RENAME_OPTION,
            "productOptionUpdate",
            safe_to_repeat=True,
            productId=gid(PRODUCT, entry.product_id),
            option={"id": gid("ProductOption", option.id), "name": name},
        )
        if said.errors:
            entry.fail(rejection(said.errors[0], thing(self.tools.client.subject, f"listing {entry.product_id}")))
        return not said.errors


def needs_reading(entry: Progress) -> bool:
    """Tell whether the listing's options must be read first: they change, or a variant is to choose among them."""
    if not entry.product.variable:
        return False
    joins = any(item_id not in entry.variants for item_id in entry.variants_todo)
    chooses = any("options" in names for names in entry.variants_todo.values())
    return "options" in entry.todo or joins or chooses


def pair_options(entry: Progress, rows: tuple[OptionRow, ...]) -> Mapping[str, OptionRow]:
    """Find the listing's option for each of the till's: by its name, else the one that is left, in order."""
    by_name = {folded(row.name): row for row in rows}
    wanted = {folded(option.name) for option in entry.product.options}
    left = iter([row for row in rows if folded(row.name) not in wanted])
    return {option.name: by_name.get(folded(option.name)) or next(left) for option in entry.product.options}
