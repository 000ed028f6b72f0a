"""The fields that products and variations share, from a request onto a draft."""

from collections.abc import Callable
from datetime import UTC
from decimal import Decimal

from sandbox.woocommerce import dates, meta
from sandbox.woocommerce.catalogue import stock
from sandbox.woocommerce.catalogue.model import PLAIN_DEFAULTS, Product, amount
from sandbox.woocommerce.shop import Shop
from sandbox.woocommerce.texts import clean, price, simple_html
from sandbox.woocommerce.web.errors import RestError
from sandbox.woocommerce.web.wire import Params

_NOT_IN_GTIN = str.maketrans(
    "", "", "".join(chr(code) for code in range(128) if not chr(code).isdigit() and chr(code) != "-")
)
_SALE_DATES = (("date_on_sale_from", "sale_from"), ("date_on_sale_to", "sale_to"))
_AS_TEXT: dict[str, Callable[[str], str]] = {
    "description": simple_html,
    "status": str,
    "tax_status": str,
    "tax_class": lambda text: "" if text == "standard" else text,
    "weight": price,
}


def apply_shared(shop: Shop, draft: Product, params: Params) -> None:
    """Put the shared fields of `params` onto `draft`; raises RestError and leaves the shop as it was."""
    for name, convert in _AS_TEXT.items():
        if params.given(name):
            setattr(draft, name, convert(params.text(name)))
    if params.given("menu_order"):
        draft.menu_order = params.whole("menu_order")
    if params.given("dimensions"):
        size = params.record("dimensions")
        draft.dimensions = (price(size.text("length")), price(size.text("width")), price(size.text("height")))
    _apply_identity(shop, draft, params)
    _apply_plain(draft, params)
    _apply_stock(draft, params)
    draft.meta = meta.merged(draft.meta, params.records("meta_data"), shop.next_row_id)


def _apply_identity(shop: Shop, draft: Product, params: Params) -> None:
    if params.given("sku"):
        draft.sku = clean(params.text("sku"))
        _refuse_taken_sku(shop, draft)
    if params.given("global_unique_id"):
        draft.gtin = params.text("global_unique_id").translate(_NOT_IN_GTIN)
        _refuse_taken_gtin(shop, draft)


def _refuse_taken_sku(shop: Shop, draft: Product) -> None:
    """Refuse an SKU that another product or variation has; those in the trash are not seen by this check."""
    owner = next((p for p in shop.products.with_sku(draft.sku) if p.id != draft.id and p.status != "trash"), None)
    if owner is not None:
        free = _numbered(draft.sku, lambda sku: not shop.products.with_sku(sku))
        message = "The SKU is invalid or taken."
        raise RestError("product_invalid_sku", message, 400, resource_id=owner.id, unique_sku=free)


def refuse_sku_in_trash(shop: Shop, draft: Product, kind: str) -> None:
    """Refuse to create what shares an SKU with anything, for the shop's lookup table still knows trashed ones."""
    if shop.products.with_sku(draft.sku):
        message = f"The SKU {draft.sku} is already in the lookup table."
        raise RestError(f"woocommerce_rest_{kind}_not_created", message, 400)


def _refuse_taken_gtin(shop: Shop, draft: Product) -> None:
    owner = next((p for p in shop.products.with_gtin(draft.gtin) if p.id != draft.id and p.status != "trash"), None)
    if owner is not None:
        free = _numbered(draft.gtin, lambda gtin: not shop.products.with_gtin(gtin))
        raise RestError(
            "product_invalid_global_unique_id",
            "The GTIN, UPC, EAN or ISBN is invalid or taken.",
            400,
            resource_id=owner.id,
            unique_global_unique_id=free,
        )


def _numbered(taken: str, is_free: Callable[[str], bool]) -> str:
    number = 1
    while not is_free(f"{taken}-{number}"):
        number += 1
    return f"{taken}-{number}"


def _apply_plain(draft: Product, params: Params) -> None:
    given = {name: params.get(name) for name in PLAIN_DEFAULTS if params.given(name)}
    if given:
        draft.plain = {**draft.plain, **given}


def apply_prices(shop: Shop, draft: Product, params: Params) -> None:
    """Put prices onto a draft; a sale price that is not below the regular one is dropped without a word."""
    if params.given("regular_price"):
        draft.regular_price = price(params.text("regular_price"))
    if params.given("sale_price"):
        draft.sale_price = price(params.text("sale_price"))
    for name, attribute in _SALE_DATES:
        if params.sent(name):
            setattr(draft, attribute, dates.parse(params.text(name), shop.settings.time_zone))
        if params.sent(f"{name}_gmt"):
            setattr(draft, attribute, dates.parse(params.text(f"{name}_gmt"), UTC))
    regular, sale = amount(draft.regular_price), amount(draft.sale_price)
    if sale is not None and (regular is None or sale >= regular):
        draft.sale_price = ""


def _apply_stock(draft: Product, params: Params) -> None:
    if params.given("manage_stock"):
        draft.manage_stock = params.flag("manage_stock")
    if params.given("stock_status"):
        draft.stock_status = params.text("stock_status")
    if params.given("backorders"):
        draft.backorders = params.text("backorders")
    if params.given("stock_quantity"):
        draft.stock_quantity = params.whole("stock_quantity")
    if params.sent("low_stock_amount"):
        draft.low_stock_amount = params.whole("low_stock_amount") if params.given("low_stock_amount") else None
    stock.settle(draft)


def delta_resolved(current: Product, params: Params) -> Params:
    """Turn ``inventory_delta`` into the quantity it leads to as of now.

    The sum is stored later, so what others store in between is lost: the shop's own weakness, kept on purpose.
    """
    delta = params.get("inventory_delta")
    if delta is None or params.given("stock_quantity"):
        return params
    quantity = Decimal(current.stock_quantity or 0) + params.whole("inventory_delta")
    return Params({**params.values, "stock_quantity": int(quantity)})
