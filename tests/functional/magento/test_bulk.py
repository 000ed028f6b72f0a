"""Large writes go as bulks where the merchant wants it and the shop can, and one by one where it cannot."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.conformance.front import codes, errors
from tests.conformance.test_changing import till_owns
from tests.fakes.crash import Crash, KilledError
from tests.functional.costs import planned
from tests.functional.magento.storefront import Storefront
from tests.functional.magento.test_cost import suit
from tests.unit.systems.woocommerce.samples import mug, shirt
from tillbridge.domain.errors import RetryLaterError
from tillbridge.domain.product import Product, ProductOutcome
from tillbridge.domain.settings import MerchantSettings
from tillbridge.runtime.shops.magento import KIT
from tillbridge.systems.magento.api.bulk import LARGE, OFF, PIECE
from tillbridge.systems.magento.traits import Traits
from tillbridge.systems.shop import Work

BULK = Traits(bulk=True)
MANY = [mug(str(number)) for number in range(1, LARGE + 11)]


@pytest.fixture
def shop(front: Storefront) -> Storefront:
    """A shop whose consumer runs, on a clock that we move by waiting."""
    front.state.instruments = replace(front.state.instruments, clock=front.clock)
    front.state.switches.consumer = True
    return front


def push(
    shop: Storefront, *products: Product, crash: Crash | None = None, settings: MerchantSettings | None = None
) -> dict[str, ProductOutcome]:
    return shop.push(*products, shop=shop.adapter(traits=BULK, crash=crash), settings=settings)


def saved_one_by_one(shop: Storefront) -> int:
    return len([call for call in shop.calls() if call.route == "/rest/V1/products" and call.method == "POST"])


def assert_whole(shop: Storefront, products: Sequence[Product] = MANY) -> None:
    assert shop.skus() == {variant.sku: 1 for product in products for variant in product.variants}
    assert {shown.name for shown in shop.shown()} == {product.name for product in products}
    assert all(link.created_by_us for link in shop.links.values())
    assert push(shop, *products) == {}


def test_nothing_goes_as_a_bulk_unasked(shop: Storefront) -> None:
    assert not codes(shop.push(*MANY))

    assert shop.calls("async") == []


def test_many_products_go_as_bulks(shop: Storefront) -> None:
    assert not codes(push(shop, *MANY))

    assert saved_one_by_one(shop) == 0
    assert len(shop.calls("async")) == 1 + 2, "the proof, and two bulks"
    assert_whole(shop)


def test_few_products_do_not(shop: Storefront) -> None:
    assert not codes(push(shop, *MANY[: LARGE - 1]))

    assert shop.calls("async") == []


def test_children_go_as_bulks_and_their_parents_after_them(shop: Storefront) -> None:
    wide = shirt(sizes=tuple(f"S{number}" for number in range(PIECE)))

    assert not codes(push(shop, wide))

    assert saved_one_by_one(shop) == 1
    assert_whole(shop, [wide])
    assert {shown.stock["default"] for shown in shop.shown()[0].variants} == {5}


def test_changes_go_as_bulks(shop: Storefront) -> None:
    settings = till_owns("name")
    push(shop, *MANY, settings=settings)
    shop.forget_calls()
    renamed = [replace(product, name=f"Cup {product.key}") for product in MANY]

    assert not codes(push(shop, *renamed, settings=settings))

    assert saved_one_by_one(shop) == 0
    assert shop.names() == sorted(product.name for product in renamed)


def test_a_consumer_that_takes_its_time_is_waited_for(shop: Storefront) -> None:
    shop.state.switches.consumer_seconds = 1
    began = shop.clock.now()

    assert not codes(push(shop, *MANY))

    assert saved_one_by_one(shop) == 0
    assert shop.clock.now() - began < timedelta(seconds=90)


def test_consumers_that_do_not_run_are_found_out_before_anything_waits(shop: Storefront) -> None:
    shop.state.switches.consumer = False
    told: list[str] = []
    adapter = shop.adapter(traits=BULK, told=told.append)

    assert not codes(shop.push(*MANY, shop=adapter))

    assert saved_one_by_one(shop) == len(MANY)
    assert [len(bulk.operations) for bulk in shop.state.bulks.values()] == [1]
    assert "consumers" in told[0]
    assert "consumers" in " ".join(shop.adapter(traits=BULK).check().warnings)
    assert "consumers" in KIT.note(shop.vocabulary, shop.clock.now()), "it stands among the connections"
    assert KIT.note(shop.vocabulary, shop.clock.now() + timedelta(hours=25)) == ""
    before = shop.shown()
    shop.control("/consume", {})
    assert shop.shown() == before, "what was left changes nothing"


def test_it_is_not_tried_again_for_a_day(shop: Storefront) -> None:
    shop.state.switches.consumer = False
    push(shop, *MANY)
    shop.state.switches.consumer = True
    shop.forget_calls()
    settings = till_owns("name")

    push(shop, *[replace(product, name=f"A {product.key}") for product in MANY], settings=settings)
    assert shop.calls("async") == []
    moment, _, why = (shop.vocabulary.get(*OFF) or "").partition(" ")
    earlier = shop.clock.now() - timedelta(hours=25)
    shop.vocabulary.put(OFF[0], {OFF[1]: f"{earlier.isoformat()} {why}"})
    push(shop, *[replace(product, name=f"B {product.key}") for product in MANY], settings=settings)

    assert moment
    assert len(shop.calls("async")) == 3


@pytest.mark.parametrize("why", ["gone", "firewall", "web server", "no right"])
def test_a_refusal_of_the_interface_falls_back(shop: Storefront, why: str) -> None:
    if why == "gone":
        shop.state.switches.bulk = False
    elif why == "no right":
        shop.fault("status", status=401, path="detailed-status", times=None, body=NO_RIGHT)
    else:
        status = 403 if why == "firewall" else 404
        shop.fault("status", status=status, body="<h1>no</h1>", path="/async/", times=None)
    told: list[str] = []

    assert not codes(shop.push(*MANY, shop=shop.adapter(traits=BULK, told=told.append)))

    assert saved_one_by_one(shop) == len(MANY)
    assert len(told) == 1
    assert_whole(shop)


NO_RIGHT = (
    '{"message": "The consumer isn\'t authorized to access %resources.", '
    '"parameters": {"resources": "Magento_Logging::system_magento_logging_bulk_operations"}}'
)


def test_what_fails_in_a_bulk_goes_by_itself(shop: Storefront) -> None:
    shop.state.switches.deadlocks = 5  # of which the proof is one

    assert not codes(push(shop, *MANY))

    assert saved_one_by_one(shop) == 4
    assert_whole(shop)


def test_one_that_is_refused_is_told_for_itself(shop: Storefront) -> None:
    own = shop.add(mug("900", name="Own", of_variant={"sku": "OWN"}))
    shop.edit(shop_ref := shop.adapter().find_by_sku(["OWN"])["OWN"][0].ref, url_key="mug-3")
    assert shop_ref.product_id == own

    outcomes = push(shop, *MANY)

    assert not errors(outcomes), "its address was taken, and it got another one"
    assert saved_one_by_one(shop) >= 1
    assert shop.skus()["MUG-3"] == 1


def test_saves_that_do_not_say_what_came_of_them_are_looked_up(shop: Storefront) -> None:  # invariant 8
    shop.state.switches.silent_operations = True

    assert not codes(push(shop, *MANY))

    assert saved_one_by_one(shop) == 0
    assert_whole(shop)


@pytest.mark.parametrize("done", [0, 7])
def test_consumers_that_stop_half_way(shop: Storefront, done: int) -> None:  # invariant 8
    """What was done is found, what was not is saved, and what is done late makes nothing twice."""
    shop.state.switches.consumer_seconds = 60 / done if done else 3600
    adapter = shop.adapter(traits=BULK)
    adapter._tools.bulks._proved = True
    told: list[str] = []
    adapter._tools.bulks.told = told.append

    assert not codes(shop.push(*MANY, shop=adapter))

    assert len(told) == 1
    assert saved_one_by_one(shop) >= len(MANY) - PIECE
    before = shop.shown()
    shop.control("/consume", {})
    assert shop.shown() == before
    assert_whole(shop)


@pytest.mark.parametrize("at", range(24))
def test_killed_anywhere(shop: Storefront, at: int) -> None:  # invariant 8
    products = [*MANY[:LARGE], shirt()]
    shop.state.switches.consumer_seconds = 0.5
    try:
        push(shop, *products, crash=Crash(at))
    except KilledError:
        shop.clock.advance(minutes=1)

    for _ in range(2):
        push(shop, *products)

    assert_whole(shop, products)


@pytest.mark.parametrize("kind", ["cut_before", "cut_after", "garbage", "html", "empty"])
@pytest.mark.parametrize("path", ["/async/", "/bulk/"])
def test_a_lost_answer(shop: Storefront, kind: str, path: str) -> None:  # invariant 8
    shop.fault(kind, path=path, after=1)

    for _ in range(3):
        try:
            push(shop, *MANY)
        except RetryLaterError:
            continue

    assert_whole(shop)


@pytest.mark.parametrize("bulk", [True, False])
def test_the_cost_is_foretold(shop: Storefront, *, bulk: bool) -> None:
    products = [*MANY, suit()]
    said = shop.adapter(traits=Traits(bulk=bulk)).cost([Work(writes=planned(shop, products, MerchantSettings()))])
    shop.forget_calls()

    shop.push(*products, shop=shop.adapter(traits=Traits(bulk=bulk)))

    assert said == len(shop.calls())


def test_the_adapter_is_made_with_what_the_merchant_chose() -> None:
    assert Traits.read({"bulk": "yes"}).bulk
    assert not Traits.read({}).bulk
