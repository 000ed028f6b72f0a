"""Fields and their owners against the shop: what its people edit in the back office, and what the till says later."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.conformance.front import codes
from tests.functional.woocommerce.storefront import Storefront
from tests.unit.systems.woocommerce.samples import mug, shirt
from tillbridge.domain.errors import RetryLaterError
from tillbridge.domain.product import Link, Product, Visibility
from tillbridge.domain.settings import MerchantSettings, Owner

SKU = "MUG-42"

# field -> how the till changes it, the shop's own name of it, what its people write there, what the till's word becomes
CASES: dict[str, tuple[dict[str, Any], str, Any, Any]] = {
    "name": ({"name": "Cup"}, "name", "Our mug", "Cup"),
    "description": ({"description": "<b>New</b>"}, "description", "<b>Ours</b>", "<b>New</b>"),
    "short_description": ({"short_description": "New"}, "short_description", "Ours", "New"),
    "visibility": ({"visibility": Visibility.DRAFT}, "status", "pending", "draft"),
    "gtin": ({"of_variant": {"gtin": "4006381333931"}}, "global_unique_id", "614100000442", "4006381333931"),
    "regular_price": ({"of_variant": {"regular_price": Decimal(20)}}, "regular_price", "77", "20"),
    "sale_price": ({"of_variant": {"sale_price": Decimal(7)}}, "sale_price", "5", "7"),
    "tax_class": ({"tax_class": "zero-rate"}, "tax_class", "reduced-rate", "zero-rate"),
    "weight": ({"of_variant": {"weight": Decimal("1.5")}}, "weight", "3", "1.5"),
}


def owned_by(owner: Owner, *names: str) -> MerchantSettings:
    return MerchantSettings(owners=dict.fromkeys(names, owner))


def edit(front: Storefront, changes: dict[str, Any], sku: str = SKU) -> None:
    """What the shop's people do in its back office."""
    client = front.app.test_client()
    answer = client.post("/_sandbox/edit", json={"sku": sku, "changes": changes})
    assert answer.status_code == 200, answer.text


def listing(front: Storefront, sku: str = SKU) -> Any:
    (row,) = front.rows("/products", sku=sku, status="any")
    return row


@pytest.mark.parametrize("owner", Owner)
@pytest.mark.parametrize("name", CASES)
def test_an_edit_of_the_shop_stays_unless_the_till_owns_the_field(  # invariant 6
    front: Storefront, name: str, owner: Owner
) -> None:
    changes, theirs, edited, said = CASES[name]
    settings = owned_by(owner, name)
    front.push(mug(), settings=settings)
    edit(front, {theirs: edited})

    assert not codes(front.push(mug(**changes), settings=settings))

    shown = listing(front)[theirs].replace("<p>", "").replace("</p>", "").strip()  # the theme's own paragraphs
    assert shown == (said if owner is Owner.TILL else edited)
    assert front.push(mug(**changes), settings=settings) == {}


@pytest.mark.parametrize("owner", Owner)
@pytest.mark.parametrize("name", ["category", "brand"])
def test_lists_of_the_shop_stay_too(front: Storefront, name: str, owner: Owner) -> None:  # invariant 6
    plural = {"category": "categories", "brand": "brands"}[name]
    first, second = (
        mug(category_path=("Mugs",), brand="Northfell"),
        mug(category_path=("Cups",), brand="Southfell"),
    )
    own = front.change(f"/products/{plural}", {"name": "Gifts"}, "POST")
    settings = owned_by(owner, name)
    front.push(first, settings=settings)
    edit(front, {plural: [{"id": own["id"]}]})

    assert not codes(front.push(second, settings=settings))

    tills = {"category": "Cups", "brand": "Southfell"}[name]
    assert {term["name"] for term in listing(front)[plural]} == {"Gifts", *({tills} if owner is Owner.TILL else ())}


@pytest.mark.parametrize("owner", Owner)
def test_pictures_of_the_shop_stay_too(front: Storefront, owner: Owner) -> None:  # invariant 6
    settings = owned_by(owner, "images")
    front.push(mug(images=(front.gallery.picture("front"),)), settings=settings)
    edit(front, {"images": [{"src": f"{front.gallery.url}/theirs.png"}]})

    assert not codes(front.push(mug(images=(front.gallery.picture("back"),)), settings=settings))

    names = [image["src"].rpartition("/")[2] for image in listing(front)["images"]]
    assert names == (["back.png", "theirs.png"] if owner is Owner.TILL else ["theirs.png"])


@pytest.mark.parametrize("owner", Owner)
def test_a_new_product_comes_without_what_the_shop_owns(front: Storefront, owner: Owner) -> None:
    whole = mug(
        description="Text",
        short_description="Short",
        category_path=("Mugs",),
        brand="Northfell",
        tax_class="zero-rate",
        images=(front.gallery.picture("front"),),
        of_variant={"gtin": "4006381333931", "sale_price": Decimal(7), "weight": Decimal(2)},
    )
    settings = owned_by(owner, "description", "short_description", "category", "brand", "tax_class", "images")
    settings = replace(
        settings, owners={**settings.owners, **dict.fromkeys(("gtin", "sale_price", "weight", "visibility"), owner)}
    )
    assert not codes(front.push(whole, settings=settings))
    shown, there = listing(front), owner is not Owner.SHOP
    texts = ("description", "short_description", "tax_class", "global_unique_id", "sale_price", "weight")
    assert {bool(shown[name]) for name in texts} == {there}
    assert [bool(shown[name]) for name in ("brands", "images")] == [there, there]
    assert [term["name"] for term in shown["categories"]] == ["Mugs" if there else "Uncategorized"]
    assert (shown["status"], shown["sku"], shown["regular_price"]) == ("publish" if there else "draft", SKU, "12.5")
    assert front.push(whole, settings=settings) == {}


def off_sale(front: Storefront, product: Product) -> None:
    shop, link = front.adapter(), front.links[product.key]
    assert list(shop.unpublish([link.product_id])) == [(link.product_id,)]
    front.links[product.key] = replace(link, unpublished_by_us=True)


@pytest.mark.parametrize("product", [mug(description="Text"), shirt()], ids=["simple", "variable"])
def test_off_sale_and_back_nothing_else_of_a_listing_changes(  # invariant 6
    front: Storefront, product: Product
) -> None:
    product = replace(product, images=(front.gallery.picture("front"),))
    settings = MerchantSettings(new_products=Visibility.PUBLISHED)
    link = front.push(product, settings=settings)[product.key].link
    path = f"/products/{link.product_id}"
    front.change(path, {"name": "Our name", "description": "Our text", "short_description": "Ours"})
    whole = {name: value for name, value in front.rows(path).items() if not name.startswith("date_")}

    off_sale(front, product)
    shown = front.rows(path)
    assert {name: shown[name] for name in whole if shown[name] != whole[name]}.keys() <= {
        "status",
        "permalink",
        "purchasable",
    }
    assert shown["status"] == "draft"

    front.change(path, {"name": "Our better name"})
    assert not codes(front.push(replace(product, name="The till's", description="The till's"), settings=settings))
    again = front.rows(path)
    changed = {name for name in whole if again[name] != whole[name]}
    assert changed <= {"name", "slug", "permalink"}
    assert again["name"] == "Our better name"


def test_what_an_unanswered_creation_left_is_mended_only_where_the_till_owns_it(
    front: Storefront,
) -> None:  # invariant 6
    settings = owned_by(Owner.TILL, "name")
    front.fault("cut_after", path=r"/products/batch", times=1)
    front.fault("cut_before", path=r"/products$", after=1, times=None)  # nor can it be looked for
    with pytest.raises(RetryLaterError):
        front.push(mug(of_variant={"weight": Decimal(1)}), settings=settings)
    front.state.instruments.faults.clear()
    edit(front, {"weight": "9", "description": "Ours"})

    moved_on = mug(name="Cup", of_variant={"weight": Decimal(2), "regular_price": Decimal(20)})
    assert not codes(front.push(moved_on, settings=settings))

    shown = listing(front)
    assert (shown["name"], shown["regular_price"], shown["weight"]) == ("Cup", "20", "9")
    assert "Ours" in shown["description"]
    assert front.names() == ["Cup"]
    assert front.push(moved_on, settings=settings) == {}


def test_what_was_archived_while_a_creation_was_in_doubt_goes_off_sale(front: Storefront) -> None:  # invariant 8
    before = front.clock.now()
    front.push(shirt())
    front.links["M7"] = Link(product_key="M7", attempted_at=before)  # we died before we could record it
    first, *others = shirt().variants

    moved_on = replace(shirt(), variants=(replace(first, visibility=Visibility.DRAFT), *others))
    for _ in range(2):  # it is adopted as it is, and then compared
        assert not codes(front.push(moved_on))

    (parent,) = front.rows("/products", status="any")
    rows = front.rows(f"/products/{parent['id']}/variations")
    assert {row["sku"]: row["status"] for row in rows} == {
        first.sku: "private",
        **{variant.sku: "publish" for variant in others},
    }
