"""Attributes of a shop and their choices: those it has are used, missing ones are created once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tillbridge.domain.agreement import folded
from tillbridge.domain.errors import GarbledAnswerError
from tillbridge.systems.common.wire import parsed
from tillbridge.systems.magento.api.catalogue import MARK
from tillbridge.systems.magento.api.client import MagentoClient
from tillbridge.systems.magento.api.refusals import RefusedError
from tillbridge.systems.magento.api.search import Criteria, Where
from tillbridge.systems.magento.api.wire import AttributeRow, ChoiceRow, GroupRow, SetRow
from tillbridge.systems.magento.products.names import attribute_code
from tillbridge.systems.shop import Vocabulary

ROUTE = "products/attributes"
SETS = "products/attribute-sets"
ALL = "(all)"  # no code of an attribute; what the vocabulary keeps has a name
ATTRIBUTE, SET, IN_SET, GTIN = "attribute", "attribute set", "in set", "gtin"
BRAND_CODE = "manufacturer"
MSRP_CODE = "msrp"
"""The price that comes with Magento for it. How it is shown, or whether it hides the price itself, is said elsewhere:
under Sales > Minimum Advertised Price and in ``msrp_display_actual_price_type``, which are the merchant's."""
GTIN_CODES = ("gtin", "ean", "upc", "barcode")
OUR_GTIN = "tillbridge_gtin"
PRODUCTS = "4"
"""The entity type of products."""

_FIELDS = "attribute_id,attribute_code,frontend_input,scope,is_user_defined,default_frontend_label,options[label,value]"


def choice_kind(code: str) -> str:
    """Name the choices of an attribute in the vocabulary."""
    return f"choice:{code}"


@dataclass(slots=True)
class Attributes:
    """Finds and creates the attributes of one shop. What the shop has is read once per run, when it is needed."""

    client: MagentoClient
    vocabulary: Vocabulary
    _known: dict[str, AttributeRow] | None = field(default=None, init=False)

    def selects(self) -> Mapping[str, AttributeRow]:
        """Give the attributes of the kind "select" by code."""
        if self._known is None:
            where = (Where("frontend_input", "select"),)
            pages = self.client.pages(ROUTE, Criteria(where, order=("attribute_id",), fields=_FIELDS))
            rows = [row for page in pages for row in self._read(page.rows)]
            self._known = {row.attribute_code: row for row in rows}
        return self._known

    def by_id(self, attribute_id: str) -> AttributeRow | None:
        """Find an attribute by the id by which configurable products name it."""
        return next((row for row in self.selects().values() if str(row.attribute_id) == attribute_id), None)

    def label(self, attribute: AttributeRow, value: str) -> str:
        """Give the name of a choice, "" when there is none."""
        return next((one.label or "" for one in attribute.options if value and one.value == value), "")

    # --- what a product needs ---

    def for_option(self, name: str) -> tuple[str, str]:
        """Find or create the attribute of an option; gives its id and its code.

        A merchant's own one of that label is used when children can differ in it: a select, the same in every store.
        """
        row = self._of_label(name)
        if row is None:
            row = self._create(attribute_code(name), name, "select")
            self.vocabulary.forget(f"{IN_SET} {self.default_set()}")
        self.into_set(row.attribute_code)
        self._remember(ATTRIBUTE, name, row.attribute_code)
        return str(row.attribute_id), row.attribute_code

    def choices(self, code: str, names: Iterable[str]) -> dict[str, str]:
        """Find or create choices of an attribute; gives ids by folded name."""
        row = self.selects().get(code)
        there = {folded(one.label or ""): one.value for one in row.options if one.value} if row else {}
        found = {name: there.get(folded(name)) or self._add(code, name) for name in dict.fromkeys(names)}
        for name in found:
            self._remember(choice_kind(code), name, code)
        return {folded(name): value for name, value in found.items()}

    def brands(self) -> bool:
        """Tell whether the shop keeps brands: in the attribute that comes with Magento for it."""
        return BRAND_CODE in self.selects()

    def recommends(self, set_id: int) -> bool:
        """Tell whether products of a set have a recommended price; reads the set when it was never read."""
        return self._is_in_set(MSRP_CODE, set_id)

    def known_to_lack(self, code: str, set_id: int) -> bool:
        """Tell whether a set that was read has no such attribute; asks nothing."""
        kind = f"{IN_SET} {set_id}"
        return self.vocabulary.get(kind, ALL) is not None and self.vocabulary.get(kind, code) is None

    def ensure_own(self) -> str:
        """Make sure that products can carry our key and a UPC or EAN; gives the code of the latter."""
        own = self.vocabulary.get(GTIN, "code")
        if own is None:
            own = next((code for code in GTIN_CODES if self._is_in_set(code)), OUR_GTIN)
            self._ensure_text(MARK, "Tillbridge key")
            if own == OUR_GTIN:
                self._ensure_text(OUR_GTIN, "GTIN")
            self.vocabulary.put(GTIN, {"code": own})
        return own

    def gtin_code(self) -> str:
        """Give the code of the attribute for a UPC or EAN as far as it is known; asks and creates nothing."""
        return self.vocabulary.get(GTIN, "code") or ""

    def default_set(self) -> int:
        """Give the attribute set of new products: the one called Default, else the first."""
        if known := self.vocabulary.get(SET, "id"):
            return int(known)
        page = self.client.page(f"{SETS}/sets/list", Criteria(order=("attribute_set_id",)))
        rows = parsed(list[SetRow], page.rows, self.client.subject, "The list of attribute sets")
        if not rows:
            raise GarbledAnswerError("The shop has no attribute set.", code="NoSet", subject=self.client.subject)
        chosen = next((row for row in rows if folded(row.attribute_set_name) == "default"), rows[0])
        self.vocabulary.put(SET, {"id": str(chosen.attribute_set_id)})
        return chosen.attribute_set_id

    def into_set(self, code: str, number: int = 0) -> None:
        """Put an attribute into a set, that of new products unless another is named.

        A product takes values of its set's attributes only; others are dropped without a word.
        """
        number = number or self.default_set()
        if self._is_in_set(code, number):
            return
        body = {
            "attributeSetId": number,
            "attributeGroupId": int(self._group(number)),
            "attributeCode": code,
            "sortOrder": 100,
        }
        self.client.write("POST", f"{SETS}/attributes", body)
        self.vocabulary.put(f"{IN_SET} {number}", {code: "yes"})

    def forget(self) -> None:
        """Drop what was remembered: the shop no longer knows one of them."""
        for kind in (f"{IN_SET} {self.default_set()}", SET, GTIN):
            self.vocabulary.forget(kind)
        self._known = None

    # --- steps ---

    def _remember(self, kind: str, name: str, code: str) -> None:
        """Note that the shop has a name, for whoever reckons what a push will cost."""
        if self.vocabulary.get(kind, name) is None:
            self.vocabulary.put(kind, {name: code})

    def _is_in_set(self, code: str, number: int = 0) -> bool:
        """Tell whether a set has an attribute; reads the set when it was never read."""
        number = number or self.default_set()
        kind = f"{IN_SET} {number}"
        if self.vocabulary.get(kind, ALL) is None:
            rows = self._read(self.client.read(f"{SETS}/{number}/attributes"))
            self.vocabulary.put(kind, {ALL: "read", **{row.attribute_code: "yes" for row in rows}})
        return self.vocabulary.get(kind, code) is not None

    def _group(self, number: int) -> str:
        """Give the group into which attributes of ours go: the set's first."""
        if known := self.vocabulary.get(SET, f"group of {number}"):
            return known
        where = (Where("attribute_set_id", str(number)),)
        page = self.client.page(f"{SETS}/groups/list", Criteria(where, order=("attribute_group_id",)))
        rows = parsed(list[GroupRow], page.rows, self.client.subject, "The list of attribute groups")
        if not rows:
            raise GarbledAnswerError("The attribute set has no group.", code="NoGroup", subject=self.client.subject)
        self.vocabulary.put(SET, {f"group of {number}": rows[0].attribute_group_id})
        return rows[0].attribute_group_id

    def _of_label(self, name: str) -> AttributeRow | None:
        fitting = (
            row
            for row in self.selects().values()
            if row.is_user_defined
            and row.scope == "global"
            and folded(row.default_frontend_label or "") == folded(name)
        )
        return next((row for row in fitting if row.attribute_code != BRAND_CODE), None)

    def _ensure_text(self, code: str, label: str) -> None:
        if not self._is_in_set(code):
            self._create(code, label, "text")
            self.into_set(code)

    def _create(self, code: str, label: str, kind: str) -> AttributeRow:
        """Create an attribute; one of that code that is there is taken."""
        body = {
            "attribute_code": code,
            "frontend_input": kind,
            "entity_type_id": PRODUCTS,
            "scope": "global",
            "is_required": False,
            "is_user_defined": True,
            "default_frontend_label": label,
            "frontend_labels": [{"store_id": 0, "label": label}],
        }
        try:
            said = self.client.write("POST", ROUTE, {"attribute": body})
        except RefusedError as error:
            if not error.refusal.there_already:
                raise
            said = self.client.read(f"{ROUTE}/{code}")
        row = parsed(AttributeRow, said, self.client.subject, "An attribute")
        if self._known is not None and kind == "select":
            self._known[code] = row
        return row

    def _add(self, code: str, name: str) -> str:
        """Add a choice. Its id comes as a text, on old versions like ``id_6`` (facts/magento.md, section 3)."""
        try:
            said = self.client.write("POST", f"{ROUTE}/{code}/options", {"option": {"label": name, "value": ""}})
        except RefusedError as error:
            if not error.refusal.there_already:
                raise
            said = ""
        value = str(said).removeprefix("id_")
        value = value if value.isdecimal() else self._found(code, name)
        if self._known and (row := self._known.get(code)):
            options = (*row.options, ChoiceRow(label=name, value=value))
            self._known[code] = row.model_copy(update={"options": options})
        return value

    def _found(self, code: str, name: str) -> str:
        """Read the choices anew for one that must be there."""
        said = self.client.read(f"{ROUTE}/{code}/options")
        rows = parsed(list[ChoiceRow], said, self.client.subject, "The choices of an attribute")
        value = next((row.value for row in rows if row.value and folded(row.label or "") == folded(name)), "")
        if not value:
            raise GarbledAnswerError(
                f'The shop made no choice "{name}" of attribute {code}.', code="NoChoice", subject=self.client.subject
            )
        return value

    def _read(self, rows: object) -> list[AttributeRow]:
        return parsed(list[AttributeRow], rows, self.client.subject, "A list of attributes")
