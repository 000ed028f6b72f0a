from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.fakes.order_records import FakeOrderRecords
from tests.fakes.people import order_record
from tests.fakes.world import SHOP, TILL
from tests.unit.domain.samples import item, variant
from tests.unit.flows.operate.office import Office
from tillbridge.domain.errors import NotFoundError, SystemDownError
from tillbridge.domain.merchant import ConnectionState, Lane
from tillbridge.domain.orders.record import OrderState
from tillbridge.domain.product import KnownVariant, Link, ListingRef
from tillbridge.domain.settings import Owner
from tillbridge.domain.stock import StockMode
from tillbridge.flows.operate.explain_fields import field_step
from tillbridge.flows.operate.item_answers import FieldInShop, ItemAnswer, ItemInShop, Step


def explain(office: Office, name: str) -> ItemAnswer:
    (answer,) = office.desks().explain.explain("m1", name, office.deadline)
    return answer


def in_shop(office: Office, name: str) -> ItemInShop:
    (shop,) = explain(office, name).shops
    return shop


def field(shop: ItemInShop, name: str) -> FieldInShop:
    return next(one for one in shop.fields if one.name == name)


def choose(office: Office, **changes: Any) -> None:
    """Change settings, for the desks and for the shop's worker."""
    merchant = office.world.memory.merchants["m1"]
    office.world.memory.merchants["m1"] = replace(merchant, settings=replace(merchant.settings, **changes))
    office.world.change_settings(**changes)


def test_in_step_desired_known_and_observed_agree(stocked: Office) -> None:
    shop = in_shop(stocked, "MUG")
    assert (shop.stock.desired, shop.stock.known, shop.stock.observed) == (11, 11, 11)
    assert shop.stock.step is Step.IN_STEP
    assert (shop.listing, shop.wanted, shop.reasons, shop.waiting) == ("1", "shown", (), ())
    price = field(shop, "regular_price")
    assert (price.desired, price.known, price.observed, price.step) == ("12.5", "12.5", "12.5", Step.IN_STEP)


def test_each_number_comes_with_its_terms_and_times(stocked: Office) -> None:
    stocked.world.memory.reserved[TILL] = {"shop:1001": {"1": 2}}
    shop = in_shop(stocked, "MUG")
    assert [(term.name, term.amount) for term in shop.stock.terms] == [
        ("location 1 (High Street)", Decimal(1)),
        ("location 2 (Harbour)", Decimal(10)),
        ("web order shop:1001", Decimal(-2)),
    ]
    assert shop.stock.terms[0].at is not None
    (price,) = field(shop, "regular_price").terms
    assert (price.name, price.amount) == ("price level 1", Decimal("12.50"))
    assert shop.stock.step is Step.PENDING


def test_a_field_that_is_younger_than_the_link_is_in_step_until_it_is_set(stocked: Office) -> None:
    link = stocked.world.memory.links[SHOP]["I1"]
    older = tuple(
        replace(known, fields={name: text for name, text in known.fields.items() if name != "msrp"})
        for known in link.variants
    )
    stocked.world.memory.links[SHOP]["I1"] = replace(link, variants=older)
    assert field(in_shop(stocked, "MUG"), "msrp").step is Step.IN_STEP

    choose(stocked, msrp_level="1")
    msrp = field(in_shop(stocked, "MUG"), "msrp")
    assert (msrp.desired, msrp.known, msrp.step) == ("12.5", "", Step.PENDING)
    assert [(term.name, term.amount) for term in msrp.terms] == [("price level 1", Decimal("12.50"))]


def test_a_shop_without_recommended_prices_is_told_none(stocked: Office) -> None:
    stocked.shop.lacks = frozenset({"msrp"})
    choose(stocked, msrp_level="1")
    msrp = field(in_shop(stocked, "MUG"), "msrp")
    assert (msrp.desired, msrp.step, msrp.terms) == ("", Step.IN_STEP, ())


def test_the_till_shows_where_the_units_are_and_which_count(stocked: Office) -> None:
    merchant = stocked.world.memory.merchants["m1"]
    mapped = replace(merchant.settings, stock_locations=("2",))
    stocked.world.memory.merchants["m1"] = replace(merchant, settings=mapped)
    till = explain(stocked, "MUG").till
    assert [(one.location, one.name, one.sellable, one.counted) for one in till.stock] == [
        ("1", "High Street", Decimal(1), False),
        ("2", "Harbour", Decimal(10), True),
    ]


@pytest.mark.parametrize("name", ["MUG", "21000000001", "I1", "1"])
def test_an_item_is_found_by_any_sku_by_key_and_by_id(stocked: Office, name: str) -> None:
    assert explain(stocked, name).till.item == "1"


def test_the_key_of_a_matrix_gives_its_variants(stocked: Office) -> None:
    answers = stocked.desks().explain.explain("m1", "M7", stocked.deadline)
    assert [(one.till.item, one.till.options) for one in answers] == [("4", ("Red",)), ("5", ("Blue",))]


def test_an_sku_that_looks_like_a_key_is_an_sku_first(stocked: Office) -> None:
    stocked.world.till.put(item("8", custom_sku="I1"))
    stocked.world.stock("8", 1, 1)
    stocked.world.settle()
    assert explain(stocked, "I1").till.item == "8"


@pytest.mark.parametrize("sku", ["A/B+C & D%,", "Größe 🐈", "mit Leer zeichen", "日本"])
def test_odd_skus_are_found(stocked: Office, sku: str) -> None:
    stocked.world.till.put(item("8", custom_sku=sku))
    stocked.world.stock("8", 1, 1)
    stocked.world.settle()
    assert explain(stocked, sku).till.custom_sku == sku


@pytest.mark.parametrize("name", ["NOTHING", "I99", "M99", "99", "x" * 255])
def test_an_unknown_sku_is_not_found(stocked: Office, name: str) -> None:
    with pytest.raises(NotFoundError) as caught:
        explain(stocked, name)
    assert caught.value.field == "sku"


def test_before_the_first_read_the_remedy_is_to_read(office: Office) -> None:
    with pytest.raises(NotFoundError) as caught:
        explain(office, "MUG")
    assert "sync" in caught.value.remedy


def test_a_change_not_yet_in_the_shop_is_pending_and_says_when(stocked: Office) -> None:
    stocked.world.till.sell("1", "1")
    stocked.world.poll()
    shop = in_shop(stocked, "MUG")
    assert (shop.stock.desired, shop.stock.known, shop.stock.step) == (10, 11, Step.PENDING)
    (look,) = shop.waiting
    assert (look.lane, look.key, look.tries) == (Lane.STOCK, "1", 0)


def test_a_change_the_shop_refuses_is_failing_with_its_reason(stocked: Office) -> None:
    stocked.shop.refuse = {"1"}
    stocked.world.till.sell("1", "1")
    stocked.world.settle()
    shop = in_shop(stocked, "MUG")
    assert shop.stock.step is Step.FAILING
    assert [(reason.code, reason.remedy) for reason in shop.reasons] == [("listing_gone", "Look.")]


def test_stock_changed_in_the_shop_is_drift(stocked: Office) -> None:
    stocked.shop.products["1"].quantities[""] = 99
    stock = in_shop(stocked, "MUG").stock
    assert (stock.desired, stock.known, stock.observed, stock.step) == (11, 11, 99, Step.DRIFT)


def test_a_shop_that_is_down_is_part_of_the_answer(stocked: Office) -> None:
    stocked.shop.unwell = SystemDownError("The shop did not answer.")
    shop = in_shop(stocked, "MUG")
    assert (shop.unobserved, shop.observed_at, shop.stock.observed) == ("The shop did not answer.", None, None)
    assert shop.stock.step is Step.IN_STEP


def test_a_broken_connection_is_not_asked(stocked: Office) -> None:
    stocked.put_state(SHOP, ConnectionState.BROKEN, "The key was revoked.")
    shop = in_shop(stocked, "MUG")
    assert shop.unobserved == "The connection is broken: The key was revoked."
    assert stocked.shop.calls == []


def test_with_no_time_left_the_shop_is_not_asked(stocked: Office) -> None:
    stocked.deadline.remaining = timedelta(seconds=10)
    assert in_shop(stocked, "MUG").unobserved == "There was no time left to ask the shop."
    assert stocked.shop.calls == []


def test_a_listing_that_is_gone_is_told(stocked: Office) -> None:
    del stocked.shop.products["1"]
    assert in_shop(stocked, "MUG").unobserved == "The listing is gone from the shop."


def test_explaining_changes_nothing(stocked: Office) -> None:
    stocked.world.crash.steps.clear()
    explain(stocked, "MUG")
    assert [step for step in stocked.world.crash.steps if not step.startswith("call")] == []
    assert stocked.shop.calls == ["observe"]


def test_what_is_withheld_says_why(stocked: Office) -> None:
    stocked.world.till.put(item("1", custom_sku="MUG", archived=True))
    stocked.world.settle()
    shop = in_shop(stocked, "MUG")
    assert (shop.wanted, shop.reasons[0].happened) == ("withheld", "It is not on sale: it is archived in the till.")
    assert field(shop, "name").step is Step.NOT_WANTED


def test_what_is_blocked_says_why(stocked: Office) -> None:
    stocked.world.till.put(item("8", custom_sku="NEW", prices={}))
    stocked.world.stock("8", 1, 1)
    stocked.world.settle()
    shop = in_shop(stocked, "NEW")
    assert (shop.wanted, shop.listing, shop.stock.step) == ("blocked", "", Step.NOT_LISTED)
    assert [(reason.code, reason.remedy) for reason in shop.reasons] == [("no_price", "Set that price in the till.")]
    assert shop.unobserved == ""


def test_what_fails_to_be_created_says_why(stocked: Office) -> None:
    stocked.shop.refuse = {"I8"}
    stocked.world.till.put(item("8", custom_sku="NEW"))
    stocked.world.stock("8", 1, 1)
    stocked.world.settle()
    assert [reason.code for reason in in_shop(stocked, "NEW").reasons] == ["refused"]


def test_a_location_never_read_is_named(stocked: Office) -> None:  # invariant 1
    del stocked.world.memory.levels[TILL]["1", "2"]
    stock = in_shop(stocked, "MUG").stock
    assert (stock.desired, stock.missing, stock.step) == (None, ("2",), Step.PENDING)


def test_the_rule_and_what_it_keeps_back_are_told_by_name(stocked: Office) -> None:
    choose(
        stocked,
        mode_by_shop={SHOP: StockMode.PICK},
        safety_by_location={"2": Decimal(3)},
        safety_by_category={"5": Decimal(2)},
    )
    stocked.world.till.put(item("1", custom_sku="MUG", category_id="6"))
    stocked.world.settle()
    stock = in_shop(stocked, "MUG").stock
    assert (stock.mode, stock.desired) == (StockMode.PICK, 5)
    assert [(term.name, term.amount) for term in stock.terms] == [
        ("location 2 (Harbour)", Decimal(10)),
        ("safety stock of location 2 (Harbour)", Decimal(-3)),
        ("safety stock of category 5 (Tents)", Decimal(-2)),
    ]


def test_terms_of_what_is_not_in_the_lists_keep_their_ids(stocked: Office) -> None:
    choose(stocked, safety_by_item={"I1": Decimal(2)}, safety_by_category={"77": Decimal(1)})
    stocked.world.till.put(item("2", custom_sku="JUG", category_id="77"))
    stocked.world.settle()
    assert in_shop(stocked, "MUG").stock.terms[-1].name == "safety stock of item I1"
    assert in_shop(stocked, "JUG").stock.terms[-1].name == "safety stock of category 77"


def test_a_location_counts_when_one_of_the_shops_shows_it(stocked: Office) -> None:
    choose(stocked, stock_locations=("2",), locations_by_shop={SHOP: ("1",)})
    assert [(one.location, one.counted) for one in explain(stocked, "MUG").till.stock] == [("1", True), ("2", False)]


def test_what_the_till_keeps_no_stock_of_is_not_tracked(stocked: Office) -> None:
    shelves = stocked.world.memory.shelves[SHOP]
    shelves["1"] = replace(shelves["1"], tracked=False)
    assert in_shop(stocked, "MUG").stock.step is Step.UNTRACKED


def test_a_variant_takes_its_matrix_price_and_says_so(stocked: Office) -> None:
    stocked.world.till.put(variant("4", "Red", custom_sku="RED", prices={}))
    stocked.world.settle()
    answer = explain(stocked, "RED")
    (price,) = field(answer.shops[0], "regular_price").terms
    assert price.name == "price level 1 of its matrix"
    assert {one.level for one in answer.till.prices} == {"1", "2"}
    assert answer.shops[0].listing.count("/") == 1


def test_a_merchant_without_shop_sees_the_till(stocked: Office) -> None:
    stocked.put_state(SHOP, ConnectionState.DISCONNECTED)
    assert explain(stocked, "MUG").shops == ()


LISTED = Link(product_key="I1", product_id="1", variants=(KnownVariant(item_id="1", ref=ListingRef("1")),))


@pytest.mark.parametrize(
    ("owner", "wanted", "known", "observed", "step"),
    [
        (Owner.TILL, "a", "a", "a", Step.IN_STEP),
        (Owner.TILL, "a", "a", None, Step.IN_STEP),
        (Owner.TILL, "a", "b", "b", Step.PENDING),
        (Owner.TILL, "a", None, None, Step.PENDING),
        (Owner.TILL, "a", "a", "b", Step.DRIFT),
        (Owner.TILL, None, "a", "a", Step.NOT_WANTED),
        (Owner.CREATION, "a", "a", "b", Step.LEFT),
        (Owner.CREATION, "a", "b", "a", Step.IN_STEP),
        (Owner.SHOP, "a", "b", None, Step.LEFT),
    ],
)
def test_how_a_field_stands(
    owner: Owner, wanted: str | None, known: str | None, observed: str | None, step: Step
) -> None:
    assert field_step("name", owner, LISTED, (wanted, known, observed)) is step


@pytest.mark.parametrize(
    ("name", "wanted", "observed", "step"),
    [
        ("name", "Cup & Co", "Cup &amp; Co", Step.IN_STEP),
        ("category", '["Home","Cups"]', '["Sale","Cups"]', Step.IN_STEP),
        ("category", '["Home","Cups"]', '["Sale"]', Step.DRIFT),
        ("brand", "Northfell", '["Northfell"]', Step.IN_STEP),
    ],
)
def test_what_a_shop_spells_otherwise_is_in_step(name: str, wanted: str, observed: str, step: Step) -> None:
    assert field_step(name, Owner.TILL, LISTED, (wanted, wanted, observed)) is step


def test_a_field_without_listing_is_not_in_the_shop() -> None:
    assert field_step("name", Owner.TILL, Link(product_key="I1"), ("a", None, None)) is Step.NOT_LISTED


def test_it_says_when_the_listing_was_last_seen_equal(stocked: Office) -> None:
    assert in_shop(stocked, "MUG").verified_at is None
    stocked.world.reconcile_and_push()
    assert in_shop(stocked, "MUG").verified_at == stocked.world.memory.runs[SHOP, "reconcile"].finished_at


def test_a_web_order_on_its_way_into_the_till_says_how_far_it_is(stocked: Office) -> None:
    stocked.world.memory.reserved[TILL] = {"shop:1001": {"1": 2}, "shop:1002": {"1": 1}}
    records = FakeOrderRecords(stocked.world.memory)
    records.put(order_record(SHOP, "1001", state=OrderState.DRAFTED), None)
    records.put(order_record(SHOP, "1002", state=OrderState.PARKED, reason="No link."), None)
    assert [term.name for term in in_shop(stocked, "MUG").stock.terms][2:] == [
        "web order shop:1001 (drafted)",
        "web order shop:1002 (parked: No link.)",
    ]


def test_the_rule_behind_a_figure_is_told_in_words(stocked: Office) -> None:
    assert in_shop(stocked, "MUG").stock.rule == (
        "what can be sold at location 1 (High Street), location 2 (Harbour), added up, "
        "minus safety stock and web orders, rounded down, never below 0"
    )
    merchant = stocked.world.memory.merchants["m1"]
    chosen = replace(merchant.settings, stock_locations=("2",), stock_mode=StockMode.PICK, backorders=True)
    stocked.world.memory.merchants["m1"] = replace(merchant, settings=chosen)
    assert in_shop(stocked, "MUG").stock.rule == (
        "the most that can be sold at one of location 2 (Harbour), minus safety stock and web orders, rounded down"
    )


def test_what_was_deleted_in_the_till_says_so(stocked: Office) -> None:
    stocked.world.till.delete("1")
    stocked.world.reconcile_and_push()
    answer = explain(stocked, "MUG")
    assert answer.till.gone
    assert [reason.happened for reason in answer.shops[0].reasons] == [
        "It is not on sale: it was deleted or merged in the till."
    ]
