"""Lists of products and variations with their filters (facts/woocommerce.md, "Lists" and "Products")."""

from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal
from functools import partial

from sandbox.common.json_types import JsonValue
from sandbox.woocommerce.catalogue.model import Product, amount
from sandbox.woocommerce.catalogue.product_json import price_of, product_as_json, variation_as_json
from sandbox.woocommerce.catalogue.terms_store import BRANDS, CATEGORIES, TAGS
from sandbox.woocommerce.catalogue.variations import parent_of
from sandbox.woocommerce.shop import Shop
from sandbox.woocommerce.texts import collated
from sandbox.woocommerce.web.filters import date_filters
from sandbox.woocommerce.web.paging import by_include, in_include_order, page
from sandbox.woocommerce.web.wire import Answer, Params

_HIDDEN = frozenset({"trash", "auto-draft"})
_BY_SKU = ("sku", "search_sku", "search_name_or_sku", "global_unique_id")
Test = Callable[[Product], bool]
SortKey = Callable[[Product], tuple[str | int | Decimal | datetime, int]]


def list_products(shop: Shop, params: Params) -> Answer:
    """Answer a page of products; only a search by SKU or GTIN finds variations as well."""
    with shop.lock:
        with_variations = any(params.text(name) for name in _BY_SKU)
        found = [product for product in _candidates(shop, params) if with_variations or not product.is_variation]
        rows = _narrowed(found, params, [*_shared_tests(shop, params), *_product_tests(shop, params)])
        reading = params.text("context") != "edit"
        show = partial(product_as_json, shop, reading=reading)
        return page(shop, params, _sorted(shop, rows, params), show)


def list_variations(shop: Shop, params: Params) -> Answer:
    """Answer a page of one product's variations."""
    with shop.lock:
        parent = parent_of(shop, params)
        tests = [*_shared_tests(shop, params), *_sku_tests(params)]
        rows = _narrowed(shop.products.children(parent.id), params, tests)
        return page(shop, params, _sorted(shop, rows, params), lambda product: variation_as_json(shop, product, parent))


def _candidates(shop: Shop, params: Params) -> Iterable[Product]:
    """Use an index where a filter names few products."""
    if params.text("sku") and not any(params.text(name) for name in _BY_SKU[1:3]):
        found = {product.id: product for sku in _skus(params) for product in shop.products.with_sku(sku)}
        return found.values()
    if params.numbers("include"):
        listed = (shop.products.get(product_id) for product_id in params.numbers("include"))
        return [product for product in listed if product is not None]
    return shop.products


def _narrowed(rows: Iterable[Product], params: Params, tests: list[Test]) -> list[Product]:
    kept = [row for row in rows if all(test(row) for test in tests)]
    return by_include(kept, params, lambda row: row.id)


def _skus(params: Params) -> set[str]:
    """Read ``sku`` as a list and, since an SKU may hold commas, as one SKU too."""
    whole = params.text("sku")
    return {collated(part) for part in (*whole.split(","), whole) if part}


def _sku_tests(params: Params) -> list[Test]:
    skus = _skus(params)
    return [lambda product: collated(product.sku) in skus] if skus else []


def _shared_tests(shop: Shop, params: Params) -> list[Test]:
    tests: list[Test] = [_status_test(params), *date_filters(params, shop.settings.time_zone)]
    tests += [_plain_test(name, params.flag(name)) for name in ("virtual", "downloadable") if params.given(name)]
    words = params.text("search").casefold().split()
    if words:
        tests.append(lambda product: _contains_all(words, product.name, product.description, product.short_description))
    if params.text("slug"):
        tests.append(lambda product: product.slug == params.text("slug"))
    if params.text("stock_status"):
        tests.append(lambda product: product.stock_status == params.text("stock_status"))
    if params.text("tax_class"):
        wanted = params.text("tax_class").removeprefix("standard")
        tests.append(lambda product: product.tax_class == wanted)
    return [*tests, *_price_tests(shop, params)]


def _plain_test(name: str, wanted: JsonValue) -> Test:
    return lambda product: product.plain[name] == wanted


def _price_tests(shop: Shop, params: Params) -> list[Test]:
    tests: list[Test] = []
    if params.given("on_sale"):
        now = shop.now()
        tests.append(lambda product: product.on_sale(now) == params.flag("on_sale"))
    if params.given("has_price"):
        tests.append(lambda product: (product.regular_price != "") == params.flag("has_price"))
    lowest, highest = amount(params.text("min_price")), amount(params.text("max_price"))
    if lowest is not None:
        tests.append(lambda product: _price(shop, product) >= lowest)
    if highest is not None:
        tests.append(lambda product: _price(shop, product) <= highest)
    return tests


def _status_test(params: Params) -> Test:
    wanted = set(params.words("include_status")) or {params.text("status") or "any"}
    unwanted = set(params.words("exclude_status"))
    if "any" in wanted:
        return lambda product: product.status not in _HIDDEN and product.status not in unwanted
    return lambda product: product.status in wanted and product.status not in unwanted


def _product_tests(shop: Shop, params: Params) -> list[Test]:
    return [*_search_tests(params), *_type_tests(params), *_term_tests(shop, params)]


def _search_tests(params: Params) -> list[Test]:
    """Search by SKU or GTIN; ``search_name_or_sku`` and ``search_sku`` win over ``sku``."""
    tests = [] if any(params.text(name) for name in _BY_SKU[1:3]) else _sku_tests(params)
    part = collated(params.text("search_sku"))
    if part:
        tests.append(lambda product: part in collated(product.sku))
    words = params.text("search_name_or_sku").casefold().split()
    if words:
        tests.append(lambda product: _contains_all(words, product.name, product.sku))
    gtins = {gtin.strip() for gtin in params.text("global_unique_id").split(",") if gtin.strip()}
    if gtins:
        tests.append(lambda product: product.gtin in gtins)
    return tests


def _type_tests(params: Params) -> list[Test]:
    tests: list[Test] = []
    types = set(params.words("include_types")) or {params.text("type")} - {""}
    if types:
        tests.append(lambda product: product.type in types)
    unwanted = set(params.words("exclude_types"))
    if unwanted:
        tests.append(lambda product: product.type not in unwanted)
    parents, strangers = set(params.numbers("parent")), set(params.numbers("parent_exclude"))
    if parents:
        tests.append(lambda product: product.parent_id in parents)
    if strangers:
        tests.append(lambda product: product.parent_id not in strangers)
    if params.given("featured"):
        tests.append(_plain_test("featured", params.flag("featured")))
    return tests


def _term_tests(shop: Shop, params: Params) -> list[Test]:
    tests: list[Test] = []
    for name, taxonomy in (("category", CATEGORIES), ("tag", TAGS), ("brand", BRANDS)):
        if params.text(name):
            ids = {found for term_id in params.numbers(name) for found in shop.terms.below(taxonomy, term_id)}
            tests.append(_filed_under(shop, ids))
    if params.text("attribute") and params.text("attribute_term"):
        tests.append(_filed_under(shop, set(params.numbers("attribute_term"))))
    if params.text("shipping_class"):
        tests.append(_plain_test("shipping_class", params.text("shipping_class")))
    return tests


def _filed_under(shop: Shop, term_ids: set[int]) -> Test:
    ids = {product_id for term_id in term_ids for product_id in shop.products.with_term(term_id)}
    return lambda product: product.id in ids


def _contains_all(words: list[str], *texts: str) -> bool:
    whole = "\n".join(texts).casefold()
    return all(word in whole for word in words)


def _price(shop: Shop, product: Product) -> Decimal:
    return amount(price_of(shop, product)) or Decimal(0)


def _sorted(shop: Shop, rows: list[Product], params: Params) -> list[Product]:
    order = params.text("orderby")
    if order in {"include", "post__in"}:
        return in_include_order(rows, params, lambda row: row.id)
    return sorted(rows, key=_key_for(shop, order), reverse=params.text("order") != "asc")


def _key_for(shop: Shop, order: str) -> SortKey:
    keys: dict[str, SortKey] = {
        "id": lambda product: (product.id, 0),
        "title": lambda product: (product.name.casefold(), product.id),
        "slug": lambda product: (product.slug, product.id),
        "modified": lambda product: (product.modified, product.id),
        "price": lambda product: (_price(shop, product), product.id),
        "sales": lambda product: (product.total_sales, product.id),
        "popularity": lambda product: (product.total_sales, product.id),
        "menu_order": lambda product: (product.menu_order, product.id),
    }
    return keys.get(order, lambda product: (product.created, product.id))
