"""The options of one product and their values: they have to be there before a variant chooses among them.

A variant that exists never chooses anew. Where all variants of a value go to the same new one, the value itself is
renamed; anything else is for the merchant to do (facts/bigcommerce.md, "Catalog v3").
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tillbridge.domain.agreement import folded
from tillbridge.domain.errors import GarbledAnswerError, ItemRejectedError
from tillbridge.domain.product import ProductOption, Variant
from tillbridge.systems.bigcommerce.api.catalogue import PRODUCTS
from tillbridge.systems.bigcommerce.api.client import Written
from tillbridge.systems.bigcommerce.api.wire import OptionRow, OptionValueRow, VariantRow
from tillbridge.systems.bigcommerce.products.progress import Progress
from tillbridge.systems.bigcommerce.tools import Tools
from tillbridge.systems.common.sending import doubt
from tillbridge.systems.common.subjects import thing
from tillbridge.systems.common.wire import parsed


@dataclass(slots=True)
class _Slot:
    """One option of the store that stands for one of the till's: its id, and the ids of its values by folded label."""

    row: OptionRow
    values: dict[str, OptionValueRow]


@dataclass(slots=True)
class Options:
    """Brings the options of one product into step; ``shown`` has the rows of variants that exist, by item id."""

    tools: Tools
    progress: Progress
    shown: Mapping[str, VariantRow]
    _slots: list[_Slot] = field(default_factory=list, init=False)

    def ensure(self) -> None:
        """Rename and add what is missing; ``ItemRejectedError`` when the product lacks a whole option."""
        rows = self.tools.catalogue.options(self.progress.product_id)
        for place, option in enumerate(self.progress.product.options):
            slot = self._slot(place, option, rows)
            self._slots.append(slot)
            self._rename_values(place, slot)
            self._add_values(place, option, slot)

    def choices(self, variant: Variant) -> list[tuple[int, int]]:
        """Give the ids of what a variant chooses: an option's and a value's each."""
        pairs = zip(self._slots, variant.options, strict=True)
        return [(slot.row.id, slot.values[folded(value)].id) for slot, value in pairs]

    def stands_for(self, variant: Variant, own: VariantRow) -> bool:
        """Tell whether a variant that exists stands for what it should by now."""
        chosen = {choice.option_id: choice.id for choice in own.option_values}
        return all(
            value is not None and chosen.get(slot.row.id) == value.id
            for slot, value in (
                (slot, slot.values.get(folded(label))) for slot, label in zip(self._slots, variant.options, strict=True)
            )
        )

    def _slot(self, place: int, option: ProductOption, rows: Sequence[OptionRow]) -> _Slot:
        taken = {slot.row.id for slot in self._slots}
        wanted = {folded(one.name) for one in self.progress.product.options}
        by_name = [row for row in rows if folded(row.display_name) == folded(option.name)]
        others = [row for row in rows if row.id not in taken and folded(row.display_name) not in wanted]
        row = by_name[0] if by_name else self._at_its_place(place, others)
        if row is None:
            raise ItemRejectedError(
                f'The shop\'s product has no option "{option.name}", and its variants cannot be given another one.',
                remedy="Give the product that option in the shop, or delete the product there and unlink it.",
                code="options_fixed",
                subject=thing(self.tools.client.subject, f"listing {self.progress.product_id}"),
            )
        if folded(row.display_name) != folded(option.name) and self.progress.created_by_us:
            self._write("PUT", f"/{row.id}", {"display_name": option.name}, repeatable=True)
        return _Slot(row, {folded(value.label): value for value in row.option_values})

    @staticmethod
    def _at_its_place(place: int, others: Sequence[OptionRow]) -> OptionRow | None:
        """Take an option of another name: the one at the same place, or the only one that is left."""
        ordered = sorted(others, key=lambda row: row.sort_order)
        at_place = next((row for row in ordered if row.sort_order == place), None)
        return at_place or (ordered[0] if len(ordered) == 1 else None)

    def _rename_values(self, place: int, slot: _Slot) -> None:
        """Rename a value where every variant that has it is to have the same other one, which is new."""
        moves: dict[int, set[str]] = {}
        for item_id, own in self.shown.items():
            chosen = next((choice.id for choice in own.option_values if choice.option_id == slot.row.id), None)
            if chosen is not None:
                moves.setdefault(chosen, set()).add(self.progress.variant(item_id).options[place])
        for value in slot.row.option_values:
            labels = moves.get(value.id, set())
            label = next(iter(labels)) if len(labels) == 1 else ""
            if label and folded(label) not in slot.values and self.progress.created_by_us:
                body = {"label": label, "sort_order": value.sort_order}
                self._write("PUT", f"/{slot.row.id}/values/{value.id}", body, repeatable=True)
                del slot.values[folded(value.label)]
                slot.values[folded(label)] = value

    def _add_values(self, place: int, option: ProductOption, slot: _Slot) -> None:
        used = dict.fromkeys(variant.options[place] for variant in self.progress.product.on_sale)
        order = {value: number for number, value in enumerate(option.values)}
        for label in used:
            if folded(label) not in slot.values:
                body = {"label": label, "sort_order": order.get(label, len(order))}
                written = self._write("POST", f"/{slot.row.id}/values", body)
                try:
                    value = parsed(OptionValueRow, written.data, self.tools.client.subject, "The new value")
                except GarbledAnswerError as garbled:
                    raise doubt(garbled, self.tools.client.subject) from garbled
                slot.values[folded(label)] = value

    def _write(self, method: str, below: str, body: object, *, repeatable: bool = False) -> Written:
        route = f"{PRODUCTS}/{self.progress.product_id}/options{below}"
        return self.tools.client.write(method, route, body, safe_to_repeat=repeatable)
