import json
from dataclasses import asdict, replace
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.fakes.world import SHOP, TILL, World
from tests.unit.domain.samples import item, matrix, variant
from tests.unit.flows.operate.foresight import (
    changes_in,
    compare,
    desk_of,
    foretold,
    kinds_of,
    preview,
    shown_by,
    sync,
    written,
)
from tests.unit.flows.operate.office import FOREIGN, Office
from tillbridge.domain.errors import InputError, NotFoundError
from tillbridge.domain.merchant import ConnectionState, Lane
from tillbridge.domain.product import Visibility
from tillbridge.domain.settings import Owner
from tillbridge.domain.work import Mark
from tillbridge.flows.operate import foresee
from tillbridge.flows.operate.preview import Question
from tillbridge.flows.operate.preview_answers import ChangeKind, FieldChange


@pytest.fixture
def world() -> World:
    """A mug, a shirt in two colours, all in the shop and in step."""
    made = World()
    made.till.put(item("1", custom_sku="MUG"), matrix(), variant("4", "Red", custom_sku="RED"))
    made.till.put(variant("5", "Blue", custom_sku="BLUE"))
    for item_id in ("1", "4", "5"):
        made.stock(item_id, int(item_id), 10)
    made.settle()
    return made


def test_in_step_there_is_nothing_to_foresee(world: World) -> None:
    rounds = preview(world)
    assert changes_in(rounds) == []
    assert [(one.products, one.items, one.calls) for one in rounds] == [(2, 0, 0), (0, 3, 0)]
    assert sync(world) == 0


@pytest.mark.parametrize(("lacks", "told"), [((), ["msrp"] * 3), (("msrp",), [])])
def test_a_recommended_price_is_foretold_and_written_where_there_is_a_place_for_it(
    world: World, lacks: tuple[str, ...], told: list[str]
) -> None:
    world.shop.lacks = frozenset(lacks)
    rounds = compare(world, {"msrp_level": "2"})
    assert [field.field for change in changes_in(rounds) for field in change.fields] == told
    assert bool(world.memory.links[SHOP]["I1"].variants[0].fields["msrp"]) is bool(told)


def test_what_a_shop_has_no_place_for_is_not_shown_of_a_new_product(world: World) -> None:
    world.till.put(item("8", custom_sku="EIGHT"))
    world.stock("8", 1, 1)
    world.poll()
    shown = {field.field for change in changes_in(preview(world)) for field in change.fields}
    assert "name" in shown
    world.shop.lacks = frozenset({"name"})
    less = {field.field for change in changes_in(preview(world)) for field in change.fields}
    assert less == shown - {"name"}


def test_a_price_and_a_figure_are_shown_old_and_new(world: World) -> None:
    world.till.put(replace(world.till.items["1"], prices={"1": Decimal("9.50")}))
    world.till.sell("5", "2", 4)
    world.poll()
    price, figure = changes_in(preview(world))
    assert (price.key, price.name, price.sku, price.kind, price.listing) == ("I1", "Mug Blue", "MUG", "change", "1")
    assert price.fields == (FieldChange(item="1", sku="MUG", field="regular_price", old="12.5", new="9.5"),)
    assert (figure.key, figure.sku, figure.kind, figure.listing) == ("M7", "BLUE", "stock", "2/5")
    assert figure.fields == (FieldChange(item="5", sku="BLUE", field="stock", old="15", new="11"),)


def test_a_new_product_shows_all_that_it_gets(world: World) -> None:
    world.till.put(item("9", custom_sku="NEW", description="Kettle", manufacturer_id="3"))
    world.stock("9", 2, 1)
    world.poll()
    (new,) = changes_in(preview(world))
    assert (new.key, new.kind, new.listing, new.sku) == ("I9", "create", "", "NEW")
    assert {(field.item, field.field): field.new for field in new.fields} == {
        ("", "name"): "Kettle",
        ("", "brand"): "Northfell",
        ("", "visibility"): "published",
        ("9", "sku"): "NEW",
        ("9", "regular_price"): "12.5",
        ("9", "stock"): "3",
    }
    assert {field.old for field in new.fields} == {None}


def test_a_new_variant_is_part_of_a_change(world: World) -> None:
    world.till.put(variant("6", "Green", custom_sku="GREEN"))
    world.stock("6", 1, 1)
    world.poll()
    rounds, before = preview(world), shown_by(world.shop)
    assert kinds_of(rounds) == {"M7": ChangeKind.CHANGE}
    sync(world)
    assert foretold(rounds) == written(before, shown_by(world.shop))
    assert foretold(rounds)["M7", "6", "stock"] == "2"


def test_archived_means_unpublished_and_back_means_published_again(world: World) -> None:  # invariant 6
    world.till.put(replace(world.till.items["1"], archived=True))
    world.poll()
    (gone,) = changes_in(preview(world))
    assert (gone.key, gone.name, gone.sku, gone.kind) == ("I1", "Mug Blue", "MUG", "unpublish")
    assert gone.why == "it is archived in the till"
    assert gone.fields == (FieldChange(item="", sku="", field="visibility", old="published", new="draft"),)

    world.push()
    world.till.put(replace(world.till.items["1"], archived=False))
    world.poll()
    (back,) = changes_in(preview(world))
    assert back.kind is ChangeKind.PUBLISH_AGAIN
    assert back.fields == (FieldChange(item="", sku="", field="visibility", old="draft", new="published"),)


def test_an_item_that_became_a_variant_leaves_its_own_listing(world: World) -> None:
    world.till.put(replace(world.till.items["1"], matrix_id="7", attribute_set_id="1", attributes=("Green", "", "")))
    world.poll()
    rounds, before = preview(world), shown_by(world.shop)
    assert kinds_of(rounds) == {"I1": ChangeKind.UNPUBLISH, "M7": ChangeKind.CHANGE}
    assert sync(world) == sum(one.calls for one in rounds)
    assert foretold(rounds).items() <= written(before, shown_by(world.shop)).items()


def test_what_cannot_be_shown_says_why_and_what_to_do(world: World) -> None:
    world.till.put(item("8", description="Nameless price", prices={}), item("9", description="x" * 101))
    world.stock("8", 1, 1)
    world.stock("9", 1, 1)
    world.poll()
    blocked = {change.key: change for change in changes_in(preview(world))}
    assert {change.kind for change in blocked.values()} == {ChangeKind.BLOCKED}
    assert (blocked["I8"].name, blocked["I8"].fields) == ("Nameless price", ())
    assert blocked["I8"].why == "Item 8 has no price on price level 1. Set that price in the till."
    assert blocked["I9"].why == "Its name is too long."
    assert sync(world) == 0


def test_stock_of_which_a_part_was_never_read_is_not_foretold(world: World) -> None:  # invariant 1
    del world.memory.levels[TILL]["4", "2"]
    world.memory.shelves[SHOP]["4"] = replace(world.memory.shelves[SHOP]["4"], known=99)
    stock = [change for change in changes_in(preview(world)) if change.sku == "RED"]
    assert [(change.kind, change.fields, change.listing) for change in stock] == [(ChangeKind.BLOCKED, (), "2/4")]


def test_a_figure_that_somebody_changed_in_the_shop_is_put_right(world: World) -> None:
    now = world.clock.now()
    doubt = Mark("1", since=now, due_at=now, doubt=True, shown=3)
    world.keeper().marks.add(SHOP, Lane.STOCK, [doubt])
    (figure,) = changes_in(preview(world))
    assert figure.fields == (FieldChange(item="1", sku="MUG", field="stock", old=None, new="11"),)


def test_after_a_write_without_an_answer_nothing_counts_as_known(world: World) -> None:
    link = world.memory.links[SHOP]["M7"]
    world.memory.links[SHOP]["M7"] = replace(link, attempted_at=world.clock.now())
    (change,) = changes_in(preview(world))
    assert {field.old for field in change.fields} == {None}
    assert {(field.item, field.field) for field in change.fields} >= {("4", "regular_price"), ("4", "visibility")}


def test_settings_are_tried_out_and_not_kept(world: World) -> None:
    figures = changes_in(preview(world, {"safety_stock": "2"}))
    assert [field.new for change in figures for field in change.fields] == ["9", "12", "13"]
    assert world.memory.merchants["m1"].settings.safety_stock == 0
    names = changes_in(preview(world, {"owners": "name:till", "selection": "tag", "selection_tag": "web"}))
    assert {change.kind for change in names} == {ChangeKind.UNPUBLISH}


@pytest.mark.parametrize(
    ("changes", "field"), [({"safety_stock": "-1"}, "safety_stock"), ({"nonsense": "1"}, "nonsense")]
)
def test_settings_are_checked_as_when_they_are_changed(  # invariant 7
    world: World, changes: dict[str, str], field: str
) -> None:
    with pytest.raises(InputError) as caught:
        preview(world, changes)
    assert caught.value.field == field


def test_a_long_preview_comes_in_portions(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.till.put(*(item(str(number), custom_sku=f"S{number}") for number in range(10, 30)))
    for number in range(10, 30):
        world.stock(str(number), number, 0)
    world.poll()
    whole = preview(world)
    monkeypatch.setattr(foresee, "ROUND", 3)
    monkeypatch.setattr(foresee, "STOCK_ROUND", 4)
    world.deadline.remaining = timedelta(seconds=1)
    parts = preview(world)
    # What waits comes first; the other rounds find two products, and three items, that did not wait.
    assert len(parts) == 8 + 7
    assert foretold(parts) == foretold(whole)
    assert [sum(one.products for one in rounds) for rounds in (parts, whole)] == [22, 22]
    assert [sum(one.items for one in rounds) for rounds in (parts, whole)] == [23, 23]


def test_a_portion_never_grows_too_long_for_an_answer(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.till.put(*(item(str(number), custom_sku=f"S{number}") for number in range(10, 30)))
    for number in range(10, 30):
        world.stock(str(number), 1, 0)
    world.poll()
    whole = foretold(preview(world))
    for module in ("foresee", "preview"):
        monkeypatch.setattr(f"tillbridge.flows.operate.{module}.ANSWER_BYTES", 3000)
    desk, after, seen = desk_of(world), None, 0
    while True:
        portion = desk.show(Question(merchant="m1", changes={}, after=after), world.deadline)
        changes = changes_in(portion.rows)
        assert sum(len(json.dumps(asdict(change))) for change in changes) <= 6000
        seen += len(foretold(portion.rows))
        after = portion.following
        if after is None:
            break
    assert seen == len(whole)


def test_each_shop_of_the_merchant_or_the_one_that_is_named(office: Office) -> None:
    office.stock_up()
    office.put_state(FOREIGN, ConnectionState.BROKEN)
    office.world.memory.connections[FOREIGN] = replace(office.world.memory.connections[FOREIGN], merchant_id="m1")
    desk = office.desks().preview
    rounds = desk.show(Question(merchant="m1", changes={}), office.deadline).rows
    assert [one.connection for one in rounds] == [SHOP, SHOP, FOREIGN, FOREIGN]
    assert {one.state for one in rounds if one.connection == FOREIGN} == {ConnectionState.BROKEN}
    one_shop = desk.show(Question(merchant="m1", shop=FOREIGN, changes={}), office.deadline).rows
    assert kinds_of(one_shop) == {"I1": ChangeKind.CREATE, "M7": ChangeKind.CREATE}
    office.deadline.remaining = timedelta(seconds=1)
    following = desk.show(Question(merchant="m1", changes={}, after=f"m1:{SHOP}:S5"), office.deadline)
    assert [one.connection for one in following.rows] == [FOREIGN]


def test_what_is_not_there_is_said(office: Office) -> None:
    desk = office.desks().preview
    with pytest.raises(NotFoundError, match="has not been read yet"):
        desk.show(Question(merchant="m1", changes={}), office.deadline)
    with pytest.raises(NotFoundError, match="has no shop foreign-shop"):  # invariant 5
        desk.show(Question(merchant="m1", shop=FOREIGN, changes={}), office.deadline)
    with pytest.raises(NotFoundError, match="has no till"):
        desk.show(Question(merchant="m2", changes={}), office.deadline)
    office.put_state(SHOP, ConnectionState.DISCONNECTED)
    with pytest.raises(NotFoundError, match="has no shop yet"):
        desk.show(Question(merchant="m1", changes={}), office.deadline)


def test_drafts_stay_drafts_when_they_come_back(world: World) -> None:
    world.change_settings(new_products=Visibility.DRAFT, owners={"name": Owner.TILL})
    world.till.put(replace(world.till.items["1"], archived=True))
    world.poll()
    world.push()
    world.till.put(replace(world.till.items["1"], archived=False, description="Mug Green"))
    world.poll()
    (back,) = changes_in(preview(world))
    assert [(field.field, field.old, field.new) for field in back.fields] == [
        ("name", "Mug Blue", "Mug Green"),
        ("visibility", "draft", "draft"),
    ]
