"""The whole catalogue lane before a WooCommerce shop that sells already: what is linked, what stays, at what cost."""

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from tests.bench.no_hurry import NoHurry
from tests.fakes.people import connection, merchant
from tests.fakes.repositories import Repositories, in_memory
from tests.fakes.stores import Memory
from tests.functional.woocommerce.storefront import Storefront
from tests.functional.woocommerce.test_link import own_product, own_shirt
from tests.unit.domain.samples import REFERENCE, item, level, matrix, variant
from tillbridge.domain.catalogue import Item
from tillbridge.domain.merchant import Lane
from tillbridge.domain.product import Visibility
from tillbridge.domain.settings import MerchantSettings
from tillbridge.domain.work import Cursor, Mark
from tillbridge.flows.pull import STOCK
from tillbridge.flows.push_catalogue import push_catalogue
from tillbridge.flows.shopkeeper import PushReport, ShopKeeper
from tillbridge.flows.survey import survey

SHOP, TILL = "shop", "till"
CODE = "4006381333931"


@dataclass
class Counter:
    """The mirror of a till, and the catalogue lane of the shop."""

    front: Storefront
    stores: Repositories = field(default_factory=lambda: in_memory(Memory()))

    def sell(self, *items: Item) -> None:
        """Put items into the till's mirror and mark their products."""
        self.stores.cursors.put(TILL, STOCK, Cursor(self.front.clock.now()))
        self.stores.mirror.put_reference(TILL, REFERENCE)
        self.stores.mirror.put_items(TILL, items)
        rows = [level(one.item_id, place) for one in items for place in ("1", "2")]
        self.stores.mirror.put_stock(TILL, rows, guarded=False)
        self.mark(*(one.product_key for one in items))

    def mark(self, *keys: str) -> None:
        now = self.front.clock.now()
        self.stores.marks.add(SHOP, Lane.CATALOGUE, [Mark(key, since=now, due_at=now) for key in keys])

    def keeper(self) -> ShopKeeper:
        return ShopKeeper(
            merchant=merchant(settings=MerchantSettings(new_products=Visibility.PUBLISHED)),
            connection=connection(SHOP),
            till_id=TILL,
            shop=self.front.adapter(),
            mirror=self.stores.mirror,
            links=self.stores.links,
            shelves=self.stores.shelves,
            marks=self.stores.marks,
            reservations=self.stores.reservations,
            unlinked=self.stores.unlinked_orders,
            records=self.stores.order_records,
            cursors=self.stores.cursors,
            holds=self.stores.holds,
            rechecks=self.stores.rechecks,
            runs=self.stores.runs,
            sightings=self.stores.sightings,
            choices=self.stores.choices,
            clock=self.front.clock,
            deadline=NoHurry(),
        )

    def push(self) -> PushReport:
        return push_catalogue(self.keeper())

    def linked(self) -> dict[str, str]:
        links = [link for link in self.stores.links.every(SHOP) if link.product_id]
        return {known.item_id: str(known.ref) for link in links for known in link.variants}

    def problems(self) -> dict[str, str]:
        return {link.product_key: link.problem.code for link in self.stores.links.troubled(SHOP) if link.problem}


@pytest.fixture
def counter(front: Storefront) -> Counter:
    return Counter(front)


def shirts(*names: str) -> list[Item]:
    """Make a matrix's items, one per colour and size."""
    colours_and_sizes = [(colour, size) for colour in ("Black", "White") for size in ("S", "M")]
    return [
        variant(str(700 + place), colour, size, custom_sku=sku)
        for place, (sku, (colour, size)) in enumerate(zip(names, colours_and_sizes, strict=True))
    ]


OWN_SKUS = tuple(f"SHIRT-7-{colour}-{size}" for colour in ("Black", "White") for size in ("S", "M"))


def untouched(row: Any) -> Any:
    """Take from a listing what is the merchant's."""
    names = ("name", "description", "categories", "attributes", "images", "status", "menu_order")
    return {name: row[name] for name in names if name in row}


def test_everything_that_fits_is_linked_and_only_the_tills_fields_change(  # invariant 6  # invariant 8
    front: Storefront, counter: Counter
) -> None:
    cup = own_product(front, sku=" cup", description="<p>Mine</p>")
    jug = own_product(front, sku="JUG-OLD", global_unique_id=f"0{CODE}", status="draft")
    parent = own_shirt(front)
    own_product(front, sku="ELSE")
    before = {row["id"]: untouched(row) for row in front.rows("/products")}
    counter.stores.mirror.put_matrices(TILL, [matrix()])
    counter.sell(item("1", custom_sku="CUP"), item("2", custom_sku="JUG", ean=CODE), item("3", custom_sku="NEW"))
    counter.sell(*shirts(*OWN_SKUS[:3], "RENAMED"))

    assert counter.push().finished

    linked = counter.linked()
    assert (linked["1"], linked["2"]) == (str(cup["id"]), str(jug["id"]))
    assert {linked[str(number)].partition("/")[0] for number in range(700, 704)} == {str(parent["id"])}
    assert counter.problems() == {}
    rows = {row["id"]: row for row in front.rows("/products")}
    assert {number: untouched(rows[number]) for number in before} == before
    assert (rows[cup["id"]]["sku"], rows[cup["id"]]["regular_price"]) == ("CUP", "12.5")
    assert rows[jug["id"]]["sku"] == "JUG"
    variations = front.rows(f"/products/{parent['id']}/variations")
    assert {row["sku"] for row in variations} == {*OWN_SKUS[:3], "RENAMED"}
    assert len(rows) == 5


def test_what_does_not_fit_is_left_alone_and_said(front: Storefront, counter: Counter) -> None:  # invariant 6
    own_product(front, sku="TWICE", global_unique_id=CODE)
    own_shirt(front, sizes=("S",))
    front.change("/products/attributes/1", {"name": "Farbe"})
    before = front.rows("/products")
    counter.stores.mirror.put_matrices(TILL, [matrix()])
    counter.sell(item("1", custom_sku="TWICE"), item("2", custom_sku="twice"), *shirts(*OWN_SKUS))

    counter.push()

    assert front.rows("/products") == before
    assert counter.problems() == {
        "I1": "duplicate-in-till",
        "I2": "duplicate-in-till",
        "M7": "options-differ",
    }


def test_a_large_shop_is_linked_in_few_calls(front: Storefront, counter: Counter) -> None:
    bodies = [{"name": f"Own {number}", "sku": f"S{number}", "regular_price": "12.50"} for number in range(200)]
    for start in (0, 100):
        front.change("/products/batch", {"create": bodies[start : start + 100]}, "POST")
    counter.sell(*(item(str(number + 1), custom_sku=f"S{number}") for number in range(200)))
    front.forget_calls()

    counter.push()

    assert len(counter.linked()) == 200
    assert [call.method for call in front.calls()] == ["GET"] * (3 + 2), "three pages met, two read again, none written"


def test_a_listing_made_anew_by_hand_is_linked_and_one_from_the_trash_is_as_before(
    front: Storefront, counter: Counter
) -> None:  # invariant 4  # invariant 8
    cup, jug = own_product(front, sku="CUP"), own_product(front, sku="JUG")
    counter.sell(item("1", custom_sku="CUP"), item("2", custom_sku="JUG"))
    counter.push()
    front.change(f"/products/{cup['id']}?force=true", None, "DELETE")
    front.change(f"/products/{jug['id']}", None, "DELETE")
    fresh = own_product(front, sku="cup", name="Made anew")
    front.clock.advance(hours=24)
    assert survey(counter.keeper())

    counter.push()

    assert counter.linked() == {"1": str(fresh["id"]), "2": str(jug["id"])}
    assert counter.problems() == {"I2": "listing_gone"}
    assert front.names() == ["Made anew", "Own"]
    front.change(f"/products/{jug['id']}", {"status": "publish"})
    front.clock.advance(hours=8)
    counter.push()
    assert counter.problems() == {}


def test_a_listing_goes_from_an_archived_item_to_its_heir(front: Storefront, counter: Counter) -> None:  # invariant 8
    cup = own_product(front, sku="CUP")
    first = item("1", custom_sku="CUP")
    counter.sell(first)
    counter.push()
    counter.sell(replace(first, archived=True))
    counter.push()
    assert front.rows(f"/products/{cup['id']}")["status"] == "draft"
    counter.sell(item("9", custom_sku="CUP"))

    counter.push()

    assert counter.linked() == {"9": str(cup["id"])}
    assert front.rows(f"/products/{cup['id']}")["status"] == "publish"
    assert len(front.rows("/products")) == 1


def test_a_listing_made_after_the_survey_is_still_linked(front: Storefront, counter: Counter) -> None:  # invariant 8
    own_product(front, sku="ELSE")
    assert survey(counter.keeper())
    late = own_product(front, sku="CUP")
    counter.sell(item("1", custom_sku="CUP"))
    counter.push()
    assert counter.linked() == {"1": str(late["id"])}
    assert len(front.names()) == 2
