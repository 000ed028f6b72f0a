"""Who owns a field decides what a push may do to it, whatever happens in the till and in the shop."""

import random
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.systems import Listing
from tests.fakes.world import SHOP, World
from tests.unit.domain.samples import item, matrix, variant
from tillbridge.domain.catalogue import Image, Item, Matrix, WebContent
from tillbridge.domain.planning import product_fields, variant_fields
from tillbridge.domain.product import CONTENT_FIELDS, VARIANT_FIELDS, Product, Visibility
from tillbridge.domain.settings import DEFAULT_OWNERS, MerchantSettings, Owner
from tillbridge.flows.plan_catalogue import desire_products
from tillbridge.flows.push_catalogue import push_catalogue
from tillbridge.flows.resync import mark_everything

ARCHIVING = 0.4
EDITED = "as the merchant wants it"
NEEDED = frozenset({"name", "sku", "regular_price", "options"})
"""What a new listing gets from the till whoever owns it: there is none without."""

CONTENT_EDITS: dict[str, dict[str, Any]] = {
    "name": {"description": "Cup"},
    "description": {"web": WebContent("<p>Long</p>")},
    "short_description": {"web": WebContent("", "Short")},
    "category": {"category_id": "6"},
    "brand": {"manufacturer_id": "3"},
    "images": {"images": (Image("8", "https://images.example/8.jpg", 0),)},
}
VARIANT_EDITS: dict[str, dict[str, Any]] = {
    "sku": {"custom_sku": "OTHER"},
    "gtin": {"ean": "4006381333931"},
    "regular_price": {"prices": {"1": Decimal(20), "2": Decimal(15)}},
    "sale_price": {"prices": {"1": Decimal("12.50"), "2": Decimal(7)}},
    "tax_class": {"tax_class_id": "2"},
    "weight": {"web": WebContent(weight=Decimal("1.5"))},
}
EDITS = CONTENT_EDITS | VARIANT_EDITS
CHOICES = MerchantSettings(
    new_products=Visibility.PUBLISHED, sale_price_level="2", tax_classes={"1": "standard", "2": "reduced-rate"}
)


def owned_by(owner: Owner, *names: str) -> MerchantSettings:
    return replace(CHOICES, owners=dict.fromkeys(names, owner))


def with_mug(settings: MerchantSettings, **changes: Any) -> World:
    """A world whose shop shows one mug."""
    world = World(settings=settings)
    world.till.put(item("1", **{"tax_class_id": "1", **changes}))
    world.stock("1", 2, 3)
    world.settle()
    return world


def read(world: World, name: str) -> str:
    """What the only listing of the shop shows in a field."""
    (listing,) = world.shop.products.values()
    return listing.fields[name] if name in CONTENT_EDITS else listing.variants[""][name]


def edit(world: World, name: str) -> None:
    """What the merchant does in the shop."""
    (listing,) = world.shop.products.values()
    (listing.fields if name in CONTENT_EDITS else listing.variants[""])[name] = EDITED


def published(world: World) -> list[str]:
    return [key for key, listing in world.shop.products.items() if listing.published]


def wanted(world: World, name: str) -> str:
    """The till's own text."""
    desired = desire_products(world.keeper(), ["I1"])["I1"]
    assert isinstance(desired, Product)
    return {**variant_fields(desired.variants[0], desired), **product_fields(desired)}[name]


@pytest.mark.parametrize("owner", Owner)
@pytest.mark.parametrize("name", EDITS)
def test_each_field_obeys_its_owner(name: str, owner: Owner) -> None:  # invariant 6
    before = with_mug(owned_by(owner, name))
    first, now_there = read(before, name), with_mug(owned_by(owner, name), **EDITS[name])
    created = read(now_there, name)
    assert (created == wanted(now_there, name)) == (owner is not Owner.SHOP or name in NEEDED)

    edit(before, name)
    before.till.put(replace(before.till.items["1"], **EDITS[name]))
    before.settle()
    assert wanted(before, name) != first
    assert read(before, name) == (wanted(before, name) if owner is Owner.TILL else EDITED)


@pytest.mark.parametrize("owner", Owner)
@pytest.mark.parametrize("name", [name for name in EDITS if name not in CONTENT_EDITS])
def test_a_variant_that_joins_later_obeys_as_well(name: str, owner: Owner) -> None:
    world = World(settings=owned_by(owner, name))
    world.till.put(matrix(tax_class_id="2", web=EDITS["weight"]["web"]), variant("4", "Red", **EDITS[name]))
    world.stock("4", 1, 1)
    world.settle()
    world.till.put(variant("5", "Blue", **{**EDITS[name], **({"custom_sku": "BLUE"} if name == "sku" else {})}))
    world.stock("5", 1, 1)
    world.settle()
    (listing,) = world.shop.products.values()
    desired = desire_products(world.keeper(), ["M7"])["M7"]
    assert isinstance(desired, Product)
    text = variant_fields(desired.variants[1], desired)[name]
    assert text
    assert (listing.variants["5"][name] == text) == (owner is not Owner.SHOP or name in NEEDED)


@pytest.mark.parametrize(("owner", "shown"), [(Owner.SHOP, "draft"), (Owner.CREATION, "published")])
def test_a_shop_that_owns_visibility_publishes_by_itself(owner: Owner, shown: str) -> None:
    assert with_mug(owned_by(owner, "visibility")).shop.products["1"].fields["visibility"] == shown


def test_a_field_handed_to_the_till_is_written_at_the_next_look() -> None:
    world = with_mug(owned_by(Owner.SHOP, "description"), **EDITS["description"])
    assert read(world, "description") == ""
    world.change_settings(owners={"description": Owner.TILL})
    mark_everything(world.keeper())
    push_catalogue(world.keeper())
    assert read(world, "description") == "<p>Long</p>"


def test_texts_and_pictures_are_untouched_while_it_is_archived_and_afterwards() -> None:  # invariant 6
    world = with_mug(CHOICES, **EDITS["images"])
    for name in CONTENT_EDITS:
        edit(world, name)
    before = dict(world.shop.products["1"].fields)
    world.till.put(replace(world.till.items["1"], archived=True, description="Other", images=()))
    world.settle()
    assert published(world) == []
    assert world.shop.products["1"].fields == before
    world.till.put(replace(world.till.items["1"], archived=False, web=WebContent("New", "New")))
    world.settle()
    assert published(world) == ["1"]
    assert {**world.shop.products["1"].fields, "visibility": before["visibility"]} == before


@dataclass
class Story:
    """Things that happen in the till and in the shop, in an order that dice choose, and what has to come of them."""

    dice: random.Random
    world: World
    stale: set[tuple[str, str, str]] = field(default_factory=set)  # edited in the shop since the till's last word
    said: dict[tuple[str, str, str], str] = field(default_factory=dict)  # what the till wanted at the last push

    def open(self) -> None:
        self.world.till.put(item("1", tax_class_id="1"), matrix(tax_class_id="1"), variant("4", "Red"))
        self.world.till.put(variant("5", "Blue"))
        for item_id in ("1", "4", "5"):
            self.world.stock(item_id, 2, 3)
        self.push()

    def edit_till(self) -> None:
        name = self.dice.choice(sorted(EDITS))
        changes: dict[str, Any] = dict(EDITS[name])
        if self.dice.random() < ARCHIVING:
            changes = {"archived": self.dice.random() < ARCHIVING}
        rows: list[Item | Matrix] = [*self.world.till.items.values(), *self.world.till.matrices.values()]
        row = self.dice.choice(rows)
        if isinstance(row, Matrix):
            changes = {key: value for key, value in changes.items() if key not in {"custom_sku", "ean"}}
        elif "custom_sku" in changes:
            changes["custom_sku"] = f"OTHER-{row.item_id}"
        self.world.till.put(replace(row, **changes))

    def edit_shop(self) -> None:
        """Edit one field of one listing."""
        listing = self.dice.choice(list(self.world.shop.products.values()))
        place = self.dice.choice(["product", *listing.variants])
        names = [name for name in (CONTENT_FIELDS if place == "product" else VARIANT_FIELDS) if name in EDITS]
        name = self.dice.choice(names)
        (listing.fields if place == "product" else listing.variants[place])[name] = f"{EDITED} {self.dice.random()}"
        self.stale.add((listing.key, place, name))

    def push(self) -> None:
        """Push, and see that nothing is changed but what the till owns, or what comes and goes with the till."""
        before = self.shown()
        self.world.clock.advance(minutes=1)
        self.world.settle()
        after = self.shown()
        changed = {key for key, text in after.items() if key in before and before[key] != text}
        owners = self.world.settings.every_owner
        assert {name for _, _, name in changed if owners[name] is not Owner.TILL} <= {"visibility"}
        self._hear(after)

    def _hear(self, shown: dict[tuple[str, str, str], str]) -> None:
        """See that what the till owns is as it has it, edits of the shop apart on which the till said nothing since."""
        wanted = self.wanted()
        self.stale = {key for key in self.stale if key not in wanted or self.said.get(key) == wanted[key]}
        for key, text in wanted.items():
            if self.world.settings.owner(key[2]) is Owner.TILL and key in shown and key not in self.stale:
                assert shown[key] == text, key
        self.said |= wanted

    def shown(self) -> dict[tuple[str, str, str], str]:
        found: dict[tuple[str, str, str], str] = {}
        for listing in self.world.shop.products.values():
            found |= _texts(listing)
        return found

    def wanted(self) -> dict[tuple[str, str, str], str]:
        """What the till wants of the products on sale."""
        found: dict[tuple[str, str, str], str] = {}
        for key, desired in desire_products(self.world.keeper(), ["I1", "M7"]).items():
            if isinstance(desired, Product):
                found |= {(key, "product", name): text for name, text in product_fields(desired).items()}
                for one in desired.variants:
                    place = one.item_id if desired.variable else ""
                    found |= {(key, place, name): text for name, text in variant_fields(one, desired).items()}
        return found


def _texts(listing: Listing) -> dict[tuple[str, str, str], str]:
    found = {(listing.key, "product", name): text for name, text in listing.fields.items()}
    for place, fields in listing.variants.items():
        found |= {(listing.key, place, name): text for name, text in fields.items()}
    return found


owners = st.dictionaries(st.sampled_from(sorted(DEFAULT_OWNERS)), st.sampled_from(Owner), max_size=6)


@given(seed=st.integers(0, 100_000), chosen=owners, events=st.lists(st.sampled_from(["till", "shop", "push"])))
def test_any_sequence_of_edits_leaves_each_field_to_its_owner(  # invariant 6
    seed: int, chosen: dict[str, Owner], events: list[str]
) -> None:
    # visibility has a till that says "published" at every look; "options" is how variants are told apart
    chosen = {name: owner for name, owner in chosen.items() if name not in {"visibility", "options"}}
    story = Story(random.Random(seed), World(settings=replace(CHOICES, owners=chosen)))
    story.open()
    for event in events:
        {"till": story.edit_till, "shop": story.edit_shop, "push": story.push}[event]()
    story.push()
    assert story.world.memory.links[SHOP].keys() <= {"I1", "M7"}
