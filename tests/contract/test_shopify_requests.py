"""Every document and variable that our adapter sends fits the Admin API's own schema (facts/shopify.md, section 1).

The adapter is driven through everything it can do against the stand-in, and what it sent is held against the schema:
types, nullability, choices, deprecated parts, the rights that fields need, and which kind of id an argument takes.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from graphql import (
    FieldNode,
    GraphQLSchema,
    NoDeprecatedCustomRule,
    OperationDefinitionNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    build_schema,
    get_named_type,
    get_variable_values,
    is_abstract_type,
    parse,
    print_schema,
    validate,
    visit,
)

from sandbox.common.certificates import make_certificates
from sandbox.shopify.sales import placing
from sandbox.shopify.settings import Lags
from tests.contract.conftest import Judged
from tests.functional.shopify.storefront import Storefront, storefront
from tests.unit.systems.woocommerce.samples import mug, shirt, variant
from tillbridge.domain.grant import Secret
from tillbridge.domain.product import Link, ListingRef, Product, ProductOption, StockWrite, Visibility
from tillbridge.domain.settings import MerchantSettings, Owner
from tillbridge.systems.http import Answer, Request
from tillbridge.systems.order_desk import Parcel
from tillbridge.systems.shopify.api.documents import Document, bulk, desk, orders, reading, shop, stock, writing
from tillbridge.systems.shopify.api.scopes import SCOPES, SCOPES_OF_SALES
from tillbridge.systems.shopify.desk.desk import ShopifyOrderDesk
from tillbridge.systems.shopify.hooks import ShopifyHooks
from tillbridge.systems.shopify.shop import ShopifyShop
from tillbridge.systems.shopify.traits import Traits

DOCUMENTS: tuple[Document, ...] = (*shop.ALL, *reading.ALL, *writing.ALL, *bulk.ALL, *stock.ALL, *orders.ALL, *desk.ALL)
BEYOND_THE_SCHEMA = (
    "that a mutation carries @idempotent, and that changeFromQuantity is sent although it may be null",
    "how many entries a list may have, and what a query costs",
    "the search text of a query",
    "what a value means: locations that are there, options that a product has",
)
TILL_OWNS_ALL = MerchantSettings(
    owners=dict.fromkeys(
        ("name", "description", "short_description", "category", "brand", "images", "visibility", "image", "weight"),
        Owner.TILL,
    )
)
HOOK = "https://bridge.example.com/hooks/system/c1"


@dataclass
class Recorder:
    """Keeps every document with its variables on its way, those inside of bulk operations too."""

    sent: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    lines: list[Mapping[str, Any]] = field(default_factory=list)

    def listen(self, adapter: ShopifyShop) -> ShopifyShop:
        sender: Any = adapter.client._http
        exchange = sender.exchange

        def exchanging(request: Request) -> Answer:
            body: Any = request.json
            if isinstance(request.data, bytes):
                self.lines = [json.loads(line) for line in request.data.splitlines() if line.startswith(b"{")]
            elif body is not None:
                self.sent.append((body["query"], json.loads(json.dumps(body["variables"]))))
                if document := body["variables"].get("mutation"):
                    self.sent += [(document, variables) for variables in self.lines]
            answer: Answer = exchange(request)
            return answer

        sender.exchange = exchanging
        return adapter


@pytest.fixture(scope="module")
def recorder(tmp_path_factory: pytest.TempPathFactory) -> Recorder:
    """Do all that an adapter can do."""
    recorded = Recorder()
    with storefront(make_certificates(tmp_path_factory.mktemp("tls"))) as front:
        front.read_seconds = 60  # a product with very many variants takes a busy machine a while
        everything(front, recorded)
    return recorded


def everything(front: Storefront, recorded: Recorder) -> None:
    def again(traits: Traits | None = None) -> ShopifyShop:
        return recorded.listen(front.adapter(traits=traits))

    again().check()
    product, goods = pictured(front), whole_shirt(front)
    front.gallery.broken = {"bad"}
    front.push(product, goods, shop=again(Traits()))
    front.gallery.broken = set()
    front.push(product, shop=again())
    many = shirt("8", sizes=tuple(f"Size {number}" for number in range(60)))
    front.push(many, shop=again())
    front.settle()
    change(front, product, goods, again)
    read_and_link(front, again)
    sell(front, again)
    make_many(front, again)
    hooks = ShopifyHooks(again().client)
    hooks.ensure(HOOK.replace("bridge.", "old."), Secret("x"), anew=True)
    hooks.ensure(HOOK, Secret("x"), anew=False)
    hooks.remove(HOOK)
    list(again().unpublish([front.links["I1"].product_id]))


def pictured(front: Storefront) -> Product:
    pictures = tuple(front.gallery.picture(name) for name in ("main", "back", "bad"))
    texts = {"description": "<p>Text</p>", "brand": "Northfell", "category_path": ("Kitchen", "Mugs")}
    of_variant = {"gtin": "4006381333931", "sale_price": Decimal(9), "weight": Decimal("0.35")}
    return mug("1", images=pictures, of_variant=of_variant, **texts)


def whole_shirt(front: Storefront) -> Product:
    whole = shirt()
    shown = tuple(replace(one, image=front.gallery.picture(f"v-{one.item_id}")) for one in whole.variants)
    return replace(whole, variants=shown)


def change(front: Storefront, product: Product, goods: Product, again: Any) -> None:
    """Change every field, rename an option, add, hide and strip variants, lose an answer."""
    less = tuple(reversed(product.images[:2]))
    mended = replace(product, name="Cup", images=less, brand="Other", visibility=Visibility.DRAFT)
    front.push(mended, settings=TILL_OWNS_ALL, shop=again())
    front.push(replace(mended, visibility=Visibility.PUBLISHED), settings=TILL_OWNS_ALL, shop=again())
    first, second, *others = goods.variants
    hidden = (
        replace(first, visibility=Visibility.DRAFT, regular_price=Decimal(30)), replace(second, image=None), *others,
        variant("799", sku="NEW", options=("Black", "XL"), image=front.gallery.picture("new"), weight=Decimal(1)),
    )  # fmt: skip
    options = (ProductOption("Colour", goods.options[0].values), goods.options[1])
    front.push(replace(goods, options=options, variants=hidden), settings=TILL_OWNS_ALL, shop=again())
    front.push(replace(goods, options=options, variants=(first, *hidden[1:])), settings=TILL_OWNS_ALL, shop=again())
    front.links["I1"] = Link(product_key="I1", attempted_at=front.clock.now())
    front.push(mended, shop=again())


def read_and_link(front: Storefront, again: Any) -> None:
    front.add(replace(shirt("9"), name="Own"))
    front.push(shirt("9"), shop=again())
    front.add(shirt("6", sizes=tuple(f"Size {number}" for number in range(30))))
    front.push(shirt("6", sizes=tuple(f"Size {number}" for number in range(30))), shop=again())
    list(again().listings())
    again().find_by_sku(["NEW"])
    known = front.known("799")
    again().observe([known.ref, ListingRef(known.ref.product_id)])


def sell(front: Storefront, again: Any) -> None:
    """Set figures of listings that nobody has met, that nobody counts, and at a place that has none of it."""
    refs = [front.links["I1"].variants[0].ref, front.known("799").ref]
    front.vocabulary.ids.clear()
    front.state.items[front._row(refs[0]).item_id].tracked = False
    list(again().write_stock([StockWrite("1", refs[0], 3), StockWrite("799", refs[1], 4)]))
    shares = {front.place: 1, front.other_places[0]: 2}
    list(again().write_stock([StockWrite("1", refs[0], 3, places=shares)]))
    front.push(mug("50"))
    front.order(*[(front.known("50").ref, 1)] * 5)
    again().orders_since(datetime(2020, 1, 1, tzinfo=UTC))
    again().located(again().orders_since(None).orders)
    front.push(mug("55"))
    just_placed = placing.place(front.state, placing.Basket([placing.Wanted(3, front._row(front.known("55").ref))]))
    again().orders_since(None)
    front.push(mug("56", of_variant={"quantity": 100}))
    for _ in range(51):  # more than a page, and many have just changed
        placing.place(front.state, placing.Basket([placing.Wanted(1, front._row(front.known("56").ref))]))
    front.settle()
    again().orders_since(datetime(2020, 1, 1, tzinfo=UTC))
    orders_of = ShopifyOrderDesk(again().client)
    orders_of.check_selling()
    orders_of.note_sale(str(just_placed.id), "220000000001")
    orders_of.return_money(str(just_placed.id), Decimal("1.00"), "return-1")
    orders_of.ship(str(just_placed.id), Parcel(key="sale-1", units={}, tracking="1Z", carrier="UPS"))
    assert orders_of.order(str(just_placed.id), places=True)
    again().find_made({"I50": front.clock.now(), "I51": front.clock.now()})


def make_many(front: Storefront, again: Any) -> None:
    """Create by bulk operations, of which one is not answered for, and one takes too long."""
    front.bulk_from = 3
    front.push(*[mug(str(number), brand="Northfell") for number in range(60, 63)], pictured(front), shop=again())
    front.fault("cut_after", after=3)  # what is asked before: the SKUs, the place for the file, the file
    front.push(*[mug(str(number)) for number in range(70, 74)], shop=again())
    for batch in again().write_products(front.writes(*[mug(str(number)) for number in range(80, 84)])):
        assert batch == ()
        break
    again().find_made({"I80": front.clock.now()})
    front.state.settings = replace(front.state.settings, lags=Lags(line=4000))
    front.push(*[mug(str(number)) for number in range(80, 84)], shop=again())


def names_of(text: str) -> str:
    """Name a document; those of bulk operations carry what tells them apart behind their names."""
    match = re.search(r"(?:query|mutation) ([A-Za-z]+)", text)
    assert match is not None
    return match[1]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_every_document_fits(shopify_admin: GraphQLSchema, document: Document) -> None:
    assert validate(shopify_admin, parse(document.text)) == []
    assert names_of(document.text) == document.name


def test_nothing_deprecated_is_asked_for(shopify_admin: GraphQLSchema) -> None:
    """The rule needs a schema that was read from text (facts/shopify.md, section 1)."""
    read = build_schema(print_schema(shopify_admin), assume_valid=True)
    found = {
        document.name: [error.message for error in validate(read, parse(document.text), [NoDeprecatedCustomRule])]
        for document in DOCUMENTS
    }
    assert {name: errors for name, errors in found.items() if errors} == {}


RARE = {"MoreLines", "MoreWaiting", "ListedVariants"}
"""Sent for orders of more than 50 lines, places with more than 100 of them, and products of more than 100 variants."""


def test_every_document_was_sent(recorder: Recorder) -> None:
    sent = {names_of(text) for text, _ in recorder.sent}
    assert {document.name for document in DOCUMENTS} - sent <= RARE


def test_all_variables_fit(shopify_admin: GraphQLSchema, recorder: Recorder, judged: Judged, beyond: Judged) -> None:
    wrong: list[str] = []
    for text, variables in recorder.sent:
        (operation,) = [node for node in parse(text).definitions if isinstance(node, OperationDefinitionNode)]
        taken = get_variable_values(shopify_admin, operation.variable_definitions or (), dict(variables))
        wrong += [f"{names_of(text)}: {error.message}" for error in taken] if isinstance(taken, list) else []
        judged("Shopify", names_of(text))
    assert wrong == []
    for what in BEYOND_THE_SCHEMA:
        beyond("Shopify", what)


def test_what_the_schema_does_not_say_is_kept_to(recorder: Recorder) -> None:
    """Compare-and-set fields are there though they may be null by the schema, and lists are no longer than may be."""
    for text, variables in recorder.sent:
        if names_of(text) == "SetStock":
            assert variables["key"]
            assert all(row["changeFromQuantity"] is not None for row in variables["input"]["quantities"])
        assert max([0, *(len(value) for value in every_list(variables))]) <= 250


def every_list(value: Any) -> Iterator[list[Any]]:
    if isinstance(value, Mapping):
        yield from (found for inner in value.values() for found in every_list(inner))
    elif isinstance(value, list):
        yield value
        yield from (found for inner in value for found in every_list(inner))


# --- rights -----------------------------------------------------------------------------------------------------------


class Needs(Visitor):
    """Collects the rights that the fields of a document and their types need."""

    def __init__(self, schema: GraphQLSchema, rights: Mapping[str, str]) -> None:
        super().__init__()
        self.info, self.rights = TypeInfo(schema), rights
        self.found: dict[str, str] = {}

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        parent, kind = self.info.get_parent_type(), self.info.get_type()
        place = f"{parent.name if parent else ''}.{node.name.value}"
        for name in (place, get_named_type(kind).name if kind else ""):
            if needed := self.rights.get(name):
                self.found[name] = needed


def rights_in(introspection: Any) -> dict[str, str]:
    rights: dict[str, str] = {}
    for kind in introspection["__schema"]["types"]:
        rights[kind["name"]] = kind.get("requiredAccess") or ""
        for entry in kind.get("fields") or ():
            rights[f"{kind['name']}.{entry['name']}"] = entry.get("requiredAccess") or ""
    return rights


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_our_scopes_are_enough(shopify_admin: GraphQLSchema, shopify_introspection: Any, document: Document) -> None:
    needs = Needs(shopify_admin, rights_in(shopify_introspection))
    visit(parse(document.text), TypeInfoVisitor(needs.info, needs))
    asked = {*SCOPES, *SCOPES_OF_SALES}
    written = {scope.removeprefix("write_") for scope in asked if scope.startswith("write_")}
    granted = {*asked, *(f"read_{what}" for what in written), *written}  # without a verb it is the right to do both
    for name, text in needs.found.items():
        scopes = set(re.findall(r"`(\w+)`", text))
        assert not scopes or scopes & granted, (name, text)


# --- ids --------------------------------------------------------------------------------------------------------------


def gid_types(introspection: Any) -> dict[str, set[str]]:
    """Say which kinds of ids arguments and fields of inputs take."""
    found: dict[str, set[str]] = {}
    for kind in introspection["__schema"]["types"]:
        for entry in kind.get("inputFields") or ():
            if entry.get("gidTypes"):
                found[f"{kind['name']}.{entry['name']}"] = set(entry["gidTypes"])
        for entry in kind.get("fields") or ():
            for argument in entry.get("args") or ():
                if argument.get("gidTypes"):
                    found[f"{kind['name']}.{entry['name']}({argument['name']})"] = set(argument["gidTypes"])
    return found


def ids_in(schema: GraphQLSchema, kind: Any, value: Any) -> Iterator[tuple[str, str]]:
    """Give the ids inside an input with the place they stand at."""
    named = get_named_type(kind)
    if isinstance(value, list):
        for row in value:
            yield from ids_in(schema, named, row)
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            below = getattr(named, "fields", {})[name].type
            rows = inner if isinstance(inner, list) else [inner]
            if get_named_type(below).name == "ID":
                yield from ((f"{named.name}.{name}", row) for row in rows if isinstance(row, str))
            else:
                yield from ids_in(schema, below, inner)


def test_ids_are_of_the_kind_that_is_asked_for(
    shopify_admin: GraphQLSchema, shopify_introspection: Any, recorder: Recorder
) -> None:
    kinds, wrong, held = gid_types(shopify_introspection), [], 0
    for text, variables in recorder.sent:
        for place, number in ids_sent(shopify_admin, text, variables):
            allowed = kinds.get(place)
            held += allowed is not None
            if allowed is not None and number.split("/")[-2] not in concrete(shopify_admin, allowed):
                wrong.append((names_of(text), place, number))
    assert wrong == []
    assert held > 100


def concrete(schema: GraphQLSchema, names: set[str]) -> set[str]:
    """Put the types that implement an interface in its place: no id is of an interface."""
    kinds = [schema.type_map[name] for name in names & schema.type_map.keys()]
    above = [kind for kind in kinds if is_abstract_type(kind)]
    return names | {possible.name for kind in above for possible in schema.get_possible_types(kind)}


def ids_sent(schema: GraphQLSchema, text: str, variables: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Give the ids that are sent with a document: arguments of its root field, and what is inside inputs."""
    (operation,) = [node for node in parse(text).definitions if isinstance(node, OperationDefinitionNode)]
    root = schema.get_root_type(operation.operation)
    assert root is not None
    for node in operation.selection_set.selections:
        assert isinstance(node, FieldNode)
        declared = root.fields[node.name.value]
        for argument in node.arguments or ():
            value = variables.get(getattr(getattr(argument.value, "name", None), "value", ""))
            kind = declared.args[argument.name.value].type
            place = f"{root.name}.{node.name.value}({argument.name.value})"
            if get_named_type(kind).name == "ID":
                rows = value if isinstance(value, list) else [value]
                yield from ((place, row) for row in rows if isinstance(row, str))
            else:
                yield from ids_in(schema, kind, value)
