"""Between both stand-ins: what was foretold is written, field by field, in just as many calls."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from sandbox.lightspeed.app import build_app as build_till
from sandbox.woocommerce.app import build_app as build_shop
from tests.fakes.repositories import in_memory
from tests.functional.preview.between import foretold, preview, shown, sync, written
from tests.proof.wires import Wires, wires
from tests.unit.flows.operate.foresight import UNWRITTEN
from tillbridge.domain.work import HoldState
from tillbridge.flows.operate.preview_answers import ChangeKind

ITEMS = 60
REFUSED = 44
"""Has the SKU of item 43 in this till, which the shop refuses."""


@pytest.fixture
def run() -> Iterator[Wires]:
    with wires(ITEMS, patience=30) as opened:
        at_till(opened, "archive", item=REFUSED)
        opened.first_read()
        yield opened


def at_till(run: Wires, action: str, **body: Any) -> None:
    answer = build_till(run.till).test_client().post(f"/_sandbox/{action}", json=body)
    assert answer.status_code < 300, answer.text


def in_shop(run: Wires, action: str, **body: Any) -> None:
    answer = build_shop(run.shop).test_client().post(f"/_sandbox/{action}", json=body)
    assert answer.status_code < 300, answer.text


def compare(run: Wires, **changes: str) -> set[ChangeKind]:
    """Foresee, sync, compare; returns the kinds of what was foretold."""
    before = shown(run)
    rounds = preview(run, **changes)
    calls = sync(run, **changes)
    wrote, told = written(before, shown(run)), foretold(rounds)
    assert wrote.items() <= told.items(), wrote.items() - told.items()
    assert {key: text for key, text in told.items() if key not in wrote and before.get(key) != text} == {}
    assert calls == sum(one.calls for one in rounds)
    assert {change.kind for one in preview(run) for change in one.changes} <= UNWRITTEN
    return {change.kind for one in rounds for change in one.changes}


def test_a_first_sync(run: Wires) -> None:
    assert ChangeKind.CREATE in compare(run)


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"safety_stock": "2"}, ChangeKind.STOCK),
        ({"selection": "tag", "selection_tag": "nobody carries it"}, ChangeKind.HELD),
        (
            {"selection": "tag", "selection_tag": "nobody carries it", "guard_unpublished": "off"},
            ChangeKind.UNPUBLISH,
        ),
        ({"safety_stock": "1000"}, ChangeKind.HELD),
        ({"guard_floor": "0", "guard_repriced": "1", "regular_price_level": "2"}, ChangeKind.HELD),
        ({"regular_price_level": "2"}, ChangeKind.CHANGE),
        ({"sku_sources": "system_sku"}, ChangeKind.CHANGE),
        ({"send_images": "no", "owners": "images:till,image:till"}, ChangeKind.CHANGE),
    ],
)
def test_a_change_of_settings(run: Wires, changes: dict[str, str], kind: ChangeKind) -> None:
    sync(run)
    assert kind in compare(run, **changes)


def test_recommended_prices_are_not_foretold_to_a_shop_that_has_no_place_for_them(run: Wires) -> None:
    sync(run)
    assert compare(run, msrp_level="2") <= {ChangeKind.BLOCKED}
    assert not any(field.field == "msrp" for one in preview(run) for change in one.changes for field in change.fields)


def test_what_happened_in_the_till(run: Wires) -> None:
    sync(run)
    links = [link for link in run.memory.links["shop"].values() if link.product_id]
    simple = [link.product_key[1:] for link in links if link.product_key.startswith("I")]
    variants = [known.item_id for link in links for known in link.variants if link.product_key.startswith("M")]
    at_till(run, "archive", item=int(simple[0]))
    at_till(run, "prices", item=int(simple[1]), amount="77.25")
    for item_id in variants[:5]:
        at_till(run, "prices", item=int(item_id), amount="3.10")
        at_till(run, "stock", item=int(item_id), quantity=4)
    run.clock.sleep(60)
    run.poll()
    assert compare(run) >= {ChangeKind.CHANGE, ChangeKind.UNPUBLISH, ChangeKind.STOCK}
    at_till(run, "restore", item=int(simple[0]))
    run.clock.sleep(60)
    run.poll()
    assert ChangeKind.PUBLISH_AGAIN in compare(run)


def test_a_mass_zeroing_is_read_again_first(run: Wires) -> None:
    sync(run)
    at_till(run, "stock", all=True, quantity=0)
    run.clock.sleep(60)
    run.poll()
    assert compare(run) - {ChangeKind.BLOCKED} == {ChangeKind.SECOND_READING}


def test_what_a_person_lets_pass(run: Wires) -> None:
    sync(run)
    assert ChangeKind.HELD in compare(run, safety_stock="1000")
    holds = in_memory(run.memory).holds
    (hold,) = holds.unsettled("shop")
    assert holds.put("shop", replace(hold, state=HoldState.RELEASED, decided_at=run.clock.now()), hold)
    causes = {change.why for one in preview(run) for change in one.changes if change.kind is ChangeKind.STOCK}
    assert causes == {f"Hold {hold.hold_id} was released."}
    assert compare(run) - {ChangeKind.BLOCKED} == {ChangeKind.STOCK}


def test_what_a_shop_refuses_is_foretold_once_and_then_said(run: Wires) -> None:
    """No preview can know what a shop will refuse; it is tried again, and called what it is."""
    at_till(run, "restore", item=REFUSED)
    run.clock.sleep(60)
    run.poll()
    key = f"I{REFUSED}"
    (new,) = (change for one in preview(run) for change in one.changes if change.key == key)
    assert new.kind is ChangeKind.CREATE
    assert new.why.startswith("Nobody knows yet what the shop lists")
    sync(run)
    (again,) = (change for one in preview(run) for change in one.changes if change.key == key)
    assert again.kind is ChangeKind.CREATE
    assert again.why.startswith("The last try was refused: Its SKU belongs to a listing that already shows item 43")
