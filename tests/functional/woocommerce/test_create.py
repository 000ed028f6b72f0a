"""New products reach an empty shop, whole and in the fewest calls."""

from dataclasses import replace
from decimal import Decimal

from tests.conformance.front import codes
from tests.functional.woocommerce.storefront import Storefront
from tests.unit.systems.woocommerce.samples import mug, shirt
from tillbridge.domain.product import ListingRef, Visibility


def test_a_simple_product_arrives_with_all_it_has(front: Storefront) -> None:
    product = mug(
        name="Mug & Saucer",
        description="<p>Holds <b>0.3 l</b> & more</p>",
        short_description="A mug",
        category_path=("Kitchen", "Mugs"),
        brand="Northfell",
        tax_class="reduced-rate",
        visibility=Visibility.DRAFT,
        of_variant={"gtin": "4006381333931", "sale_price": Decimal("9.99"), "weight": Decimal("0.35")},
    )

    outcome = front.push(product)["I42"]

    assert outcome.error is None
    assert outcome.quantities == {"42": 5}
    (shown,) = front.rows("/products", sku="MUG-42")
    assert (shown["type"], shown["status"], shown["name"]) == ("simple", "draft", "Mug &amp; Saucer")
    assert (shown["regular_price"], shown["sale_price"], shown["weight"]) == ("12.5", "9.99", "0.35")
    assert (shown["tax_status"], shown["tax_class"]) == ("taxable", "reduced-rate")
    assert (shown["manage_stock"], shown["stock_quantity"]) == (True, 5)
    assert shown["global_unique_id"] == "4006381333931"
    assert [term["name"] for term in shown["categories"]] == ["Mugs"]
    assert [term["name"] for term in shown["brands"]] == ["Northfell"]
    assert {meta["key"]: meta["value"] for meta in shown["meta_data"]} == {"_tillbridge_key": "I42"}
    assert outcome.link.variants[0].ref == ListingRef(str(shown["id"]))


def test_a_variable_product_arrives_with_options_and_variations(front: Storefront) -> None:
    outcome = front.push(shirt())["M7"]

    assert outcome.error is None
    assert outcome.quantities == {"700": 5, "701": 5, "710": 5, "711": 5}
    (parent,) = front.rows("/products")
    assert (parent["type"], parent["sku"]) == ("variable", "")
    assert {use["name"]: use["options"] for use in parent["attributes"]} == {
        "Color": ["Black", "White"],
        "Size": ["S", "M"],
    }
    assert all(use["variation"] and use["id"] for use in parent["attributes"])
    variations = front.rows(f"/products/{parent['id']}/variations", per_page="100")
    chosen = {row["sku"]: [use["option"] for use in row["attributes"]] for row in variations}
    assert chosen["SHIRT-7-White-M"] == ["White", "M"]
    assert len(chosen) == 4
    assert {row["stock_quantity"] for row in variations} == {5}


def test_terms_keep_the_tills_order(front: Storefront) -> None:
    front.push(shirt(sizes=("S", "M", "L", "XL")))

    (size,) = [row for row in front.rows("/products/attributes") if row["name"] == "Size"]
    terms = front.rows(f"/products/attributes/{size['id']}/terms")
    assert [term["name"] for term in sorted(terms, key=lambda term: term["menu_order"])] == ["S", "M", "L", "XL"]


def test_a_tree_of_categories_is_made_once(front: Storefront) -> None:
    front.push(
        mug("1", category_path=("Tents", "2/3 person")),
        mug("2", category_path=("Stoves", "2/3 person")),
        mug("3", category_path=("Tents",)),
    )

    tree = {row["id"]: row for row in front.rows("/products/categories", per_page="100")}
    below = sorted(tree[row["parent"]]["name"] for row in tree.values() if row["name"] == "2/3 person")
    assert below == ["Stoves", "Tents"]
    assert len(front.calls("categories/batch")) == 2, "one call per level"
    front.forget_calls()
    front.push(mug("4", category_path=("Stoves", "2/3 person")))
    assert not front.calls("categories"), "known names cost nothing"


def test_names_that_the_shop_has_already_are_used(front: Storefront) -> None:
    front.change("/products/categories", {"name": "Tents"}, "POST")
    front.change("/products/brands", {"name": "northfell"}, "POST")
    size = front.change("/products/attributes", {"name": "Size", "slug": "sizes"}, "POST")
    front.change(f"/products/attributes/{size['id']}/terms", {"name": "S"}, "POST")

    product = replace(shirt(colours=("Black",)), category_path=("Tents",), brand="Northfell")
    assert not codes(front.push(product))

    assert len(front.rows("/products/categories")) == 2
    assert len(front.rows("/products/brands")) == 1
    assert sorted(row["name"] for row in front.rows("/products/attributes")) == ["Color", "Size"]
    assert sorted(row["name"] for row in front.rows(f"/products/attributes/{size['id']}/terms")) == ["M", "S"]


def test_an_attribute_whose_name_wordpress_keeps_for_itself_gets_another_slug(front: Storefront) -> None:
    product = shirt(colours=("Black",))
    product = replace(product, options=(replace(product.options[0], name="Type"), product.options[1]))

    assert not codes(front.push(product))

    slugs = {row["name"]: row["slug"] for row in front.rows("/products/attributes")}
    assert slugs["Type"].startswith("pa_type-")


def test_a_shop_without_brands_gets_products_without_them(front: Storefront) -> None:
    front.state.switches.brands = False

    outcome = front.push(mug(brand="Northfell"))["I42"]

    assert outcome.error is None
    assert outcome.link.fields["brand"] == "Northfell", "nothing that could ever be written differs"


def test_what_is_not_taxed_and_not_counted(front: Storefront) -> None:
    outcome = front.push(mug(taxable=False, of_variant={"quantity": None}))["I42"]

    (shown,) = front.rows("/products")
    assert (shown["tax_status"], shown["manage_stock"]) == ("none", False)
    assert outcome.quantities == {}
    assert outcome.link.variants[0].fields["tax_class"] == "none"


def test_archived_variants_are_not_made(front: Storefront) -> None:
    product = shirt()
    gone = replace(product.variants[0], visibility=Visibility.DRAFT)

    outcome = front.push(replace(product, variants=(gone, *product.variants[1:])))["M7"]

    assert [known.item_id for known in outcome.link.variants] == ["701", "710", "711"]


def test_calls_for_many_simple_products(front: Storefront) -> None:
    many = [mug(str(number), category_path=("Mugs",), brand="Northfell") for number in range(250)]

    assert not codes(front.push(*many))

    assert front.state.instruments.ledger.by_route() == {
        "GET /wp-json/wc/v3/products": 1,
        "POST /wp-json/wc/v3/products/categories/batch": 1,
        "POST /wp-json/wc/v3/products/brands/batch": 1,
        "POST /wp-json/wc/v3/products/batch": 3,
    }
    front.forget_calls()
    assert front.push(*many) == {}
    assert not front.calls(), "nothing changed, nothing is asked"


def test_calls_for_variable_products(front: Storefront) -> None:
    sizes = tuple(str(number) for number in range(120))
    large = shirt("8", colours=("Black",), sizes=sizes)

    assert not codes(front.push(shirt("7"), large))

    routes = front.state.instruments.ledger.by_route()
    assert routes["POST /wp-json/wc/v3/products/batch"] == 1
    assert routes["POST /wp-json/wc/v3/products/<int:product_id>/variations/batch"] == 1 + 2
    assert routes["POST /wp-json/wc/v3/products/attributes/batch"] == 1
    assert routes["POST /wp-json/wc/v3/products/attributes/<int:attribute_id>/terms/batch"] == 1 + 2


def test_a_shop_that_was_empty_is_asked_for_no_skus_while_it_fills(front: Storefront) -> None:
    front.push(mug("1"))
    front.push(mug("2"))

    assert [call.method for call in front.calls()] == ["GET", "POST", "POST"]
    assert not [call for call in front.calls() if "sku" in call.query_keys]


def test_a_day_later_it_is_asked_again(front: Storefront) -> None:
    front.push(mug("1"))
    front.change("/products", {"name": "Own", "sku": "MUG-2"}, "POST")
    front.clock.advance(hours=25)

    front.push(mug("2"))

    assert len([call for call in front.calls() if "sku" in call.query_keys]) == 1
    assert front.names() == ["Mug 1", "Own"]


def test_a_shop_with_products_is_counted_once_only(front: Storefront) -> None:
    front.change("/products", {"name": "Own", "sku": "OWN"}, "POST")
    front.push(mug("1"))
    front.forget_calls()

    front.push(mug("2"))

    assert [call.method for call in front.calls()] == ["GET", "POST"], "one question for its SKU, and the creation"


def test_what_the_shop_changes_silently_is_reported(front: Storefront) -> None:
    outcome = front.push(mug(description="Good<script>alert(1)</script>", of_variant={"gtin": "not a number"}))["I42"]

    assert outcome.error is not None
    assert outcome.error.code == "changed_silently"
    assert "description: sent" in outcome.error.happened
    assert outcome.link.product_id, "the product itself is there"
    assert outcome.link.fields["description"] != "Good<script>alert(1)</script>"


def test_one_bad_product_does_not_hold_up_the_others(front: Storefront) -> None:
    front.change("/products", {"name": "own", "sku": "own", "global_unique_id": "4006381333931"}, "POST")

    outcomes = front.push(mug("1"), mug("2", of_variant={"gtin": "4006381333931"}), mug("3"))

    assert codes(outcomes) == {"I2": "gtin_taken"}
    assert "MUG-3" in {product.sku for product in front.state.products}
    assert not outcomes["I2"].link.product_id


def test_stock_that_the_shop_does_not_keep_is_an_error(front: Storefront) -> None:
    plain = mug()
    front.fault(
        "status",
        status=200,
        path="products/batch",
        body=(
            '{"create":[{"id":9,"type":"simple","status":"publish","name":"Mug 42","sku":"MUG-42",'
            '"regular_price":"12.5","tax_status":"taxable","manage_stock":false,"stock_quantity":null}]}'
        ),
    )

    outcome = front.push(plain)["I42"]

    assert outcome.error is not None
    assert outcome.error.code == "stock_not_taken"
    assert outcome.quantities == {}


def test_a_variant_whose_sku_is_taken_is_left_out(front: Storefront) -> None:
    front.push(mug())
    front.change("/products", {"name": "own", "sku": "SHIRT-7-Black-S"}, "POST")

    outcome = front.push(shirt())["M7"]

    assert outcome.error is not None
    assert outcome.error.code == "sku_taken"
    assert {known.item_id for known in outcome.link.variants} == {"701", "710", "711"}
