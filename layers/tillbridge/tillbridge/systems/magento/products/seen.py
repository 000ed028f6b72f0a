"""Read a listing in the till's terms: for each field the text by which it is compared (``domain.planning``).

What holds ids of the shop (categories, brand, choices) is told in their names by ``Reader``, which needs the shop's
lists for that.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tillbridge.domain.agreement import LISTS, agrees
from tillbridge.domain.planning import as_text, decimal_text
from tillbridge.domain.product import Visibility
from tillbridge.systems.common.differences import Difference
from tillbridge.systems.common.texts import amount_text
from tillbridge.systems.magento.api.wire import ON, ProductRow
from tillbridge.systems.magento.products.attributes import BRAND_CODE, MSRP_CODE
from tillbridge.systems.magento.products.terms import Terms


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads rows of one shop."""

    terms: Terms

    def content(
        self, row: ProductRow, children: Sequence[ProductRow] = (), names: Collection[str] = ()
    ) -> dict[str, str]:
        """Give what a product says of itself; ``names`` limits it, since some fields take a look at the shop's lists.

        The brand is left out where the shop keeps none, the options of anything but a configurable product are none.
        """

        def wanted(name: str) -> bool:
            return not names or name in names

        texts = {
            "name": row.name or "",
            "description": row.text("description").strip(),
            "short_description": row.text("short_description").strip(),
            "visibility": _visibility(row),
        }
        if wanted("category"):
            texts["category"] = as_text(self.terms.category_names(row.category_ids))
        if wanted("brand") and (attribute := self.terms.attributes.selects().get(BRAND_CODE)):
            label = self.terms.attributes.label(attribute, row.text(BRAND_CODE))
            texts["brand"] = as_text([label] if label else [])
        if wanted("options"):
            texts["options"] = as_text(self._options(row, children))
        return {name: text for name, text in texts.items() if wanted(name)}

    def variant(self, row: ProductRow, parent: ProductRow | None, gtin_code: str) -> dict[str, str]:
        """Give what a sellable thing says of itself. Of its tax class only that there is none can be told."""
        texts = {
            "sku": row.sku,
            "regular_price": decimal_text(row.price or Decimal(0)),
            "sale_price": amount_text(row.text("special_price")),
            "weight": decimal_text(row.weight or None),
            "visibility": _visibility(row),
            "options": as_text(self.chosen(row, parent) if parent else []),
        }
        if not self.terms.attributes.known_to_lack(MSRP_CODE, row.attribute_set_id):
            msrp = amount_text(row.text(MSRP_CODE))
            texts["msrp"] = "" if msrp == "0" else msrp
        if gtin_code:
            texts["gtin"] = row.text(gtin_code)
        if row.text("tax_class_id") == "0":
            texts["tax_class"] = "none"
        return texts

    def chosen(self, row: ProductRow, parent: ProductRow) -> list[str]:
        """Give a child's value of each option of its parent, in the parent's order."""
        attributes = self.terms.attributes
        uses = [attributes.by_id(use.attribute_id) for use in parent.axes]
        return [attributes.label(use, row.text(use.attribute_code)) if use else "" for use in uses]

    def option_names(self, row: ProductRow) -> list[str]:
        """Name the options of a configurable product."""
        found: list[str] = []
        for use in row.axes:
            attribute = self.terms.attributes.by_id(use.attribute_id)
            found.append(use.label or (attribute.default_frontend_label if attribute else "") or "")
        return found

    def _options(self, row: ProductRow, children: Sequence[ProductRow]) -> list[object]:
        """Give the options with the values that they, or the children, have."""
        attributes = self.terms.attributes
        found: list[object] = []
        for name, use in zip(self.option_names(row), row.axes, strict=True):
            attribute = attributes.by_id(use.attribute_id)
            ids = [str(value.value_index) for value in use.values]
            ids += [child.text(attribute.attribute_code) for child in children] if attribute else []
            labels = [attributes.label(attribute, one) for one in dict.fromkeys(ids) if one] if attribute else []
            found.append([name, [label for label in labels if label]])
        return found


def settled(
    wanted: Mapping[str, str], seen: Mapping[str, str], names: Collection[str]
) -> tuple[dict[str, str], list[Difference]]:
    """Hold what the shop shows against what it was told; gives the texts to keep, and the differences.

    What the shop says in its own way counts as told, and so does a field of which it says nothing. Of lists that differ
    nothing is kept, because the merchant's own would pass for ours.
    """
    kept: dict[str, str] = {}
    found: list[Difference] = []
    for name in names:
        if name not in seen or agrees(name, wanted[name], seen[name]):
            kept[name] = wanted[name]
            continue
        found.append(Difference(name, wanted[name], seen[name]))
        if name not in LISTS:
            kept[name] = seen[name]
    return kept, found


def _visibility(row: ProductRow) -> str:
    return str(Visibility.PUBLISHED if row.status == ON else Visibility.DRAFT)
