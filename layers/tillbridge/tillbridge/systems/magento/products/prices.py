"""Change prices alone: many in one call, and none costs a product's whole save (facts/magento.md, section 3)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from tillbridge.domain.planning import decimal_text
from tillbridge.domain.product import Variant
from tillbridge.systems.common.wire import parsed
from tillbridge.systems.magento.api.refusals import RefusedError
from tillbridge.systems.magento.api.wire import PriceErrorRow, ProductRow
from tillbridge.systems.magento.products.names import amount
from tillbridge.systems.magento.products.payload import JsonBody
from tillbridge.systems.magento.products.progress import Progress
from tillbridge.systems.magento.tools import Tools

REGULAR, SALE = "regular_price", "sale_price"
ROUTES = {REGULAR: "products/base-prices", SALE: "products/special-price"}
GLOBAL = 0
NO_END = ""


@dataclass(eq=False, frozen=True, slots=True)
class Price:
    """One price on its way."""

    progress: Progress
    variant: Variant
    row: ProductRow
    field: str

    @property
    def amount(self) -> Decimal:
        """The price; a sale that ends is no price, and takes a save of the product."""
        sale = self.variant.sale_price
        return self.variant.regular_price if self.field == REGULAR or sale is None else sale

    def body(self, since: str) -> JsonBody:
        """Give it as the shop takes it; a sale begins the day before, so that it has begun in every time zone."""
        body: JsonBody = {"price": amount(self.amount), "store_id": GLOBAL, "sku": self.row.sku}
        return body if self.field == REGULAR else {**body, "price_from": since, "price_to": NO_END}

    def acknowledge(self) -> None:
        """Note that the shop has taken it."""
        item_id = self.variant.item_id
        known = self.progress.variants[item_id]
        fields = {**known.fields, self.field: decimal_text(self.amount)}
        self.progress.variants[item_id] = replace(known, fields=fields)
        self.progress.variants_todo[item_id].discard(self.field)


def put_prices(tools: Tools, progresses: Sequence[Progress]) -> None:
    """Write the prices of those in which nothing else changes.

    What the shop refuses, or answers unclearly, stays to be done: the product is saved by itself then, and whatever is
    wrong with it is told for it alone.
    """
    prices = [price for progress in progresses for price in _alone(progress)]
    for field in ROUTES:
        waiting = [price for price in prices if price.field == field]
        while waiting:
            piece, waiting = waiting[: tools.prices.now], waiting[tools.prices.now :]
            waiting = [*_put(tools, field, piece), *waiting]


def _put(tools: Tools, field: str, prices: Sequence[Price]) -> Sequence[Price]:
    """Send one call; gives those that are to be sent again, in smaller calls."""
    since = (tools.clock.now() - timedelta(days=1)).strftime("%Y-%m-%d 00:00:00")
    try:
        said = tools.client.write("POST", ROUTES[field], {"prices": [price.body(since) for price in prices]})
    except RefusedError as error:
        if error.refusal.too_many and len(prices) > 1:
            tools.prices.lower(error.refusal.limit)
            return prices
        return ()
    if not isinstance(said, list):
        return ()
    refused = parsed(list[PriceErrorRow], said, tools.client.subject, "A list of price errors")
    named = {text.casefold() for row in refused for text in _texts(row.parameters)}
    nameless = any(not _names_one(row, prices) for row in refused)
    for price in prices:
        if not nameless and price.row.sku.casefold() not in named:
            price.acknowledge()
    return ()


def _names_one(row: PriceErrorRow, prices: Sequence[Price]) -> bool:
    """Tell whether an error says which SKU it is about; some name the price that was wrong instead."""
    skus = {price.row.sku.casefold() for price in prices}
    return bool(skus & {text.casefold() for text in _texts(row.parameters)})


def _alone(progress: Progress) -> Iterator[Price]:
    """Find the prices that may go by themselves."""
    if progress.settled or (not progress.product.variable and progress.todo):
        return
    for item_id, names in progress.variants_todo.items():
        row = progress.child(item_id) if progress.product.variable else progress.row
        if not names or not names <= {*ROUTES} or item_id not in progress.variants or row is None:
            continue
        variant = progress.variant(item_id)
        if SALE not in names or variant.sale_price is not None:
            yield from (Price(progress, variant, row, name) for name in sorted(names))


def _texts(parameters: object) -> list[str]:
    values = list(parameters.values()) if isinstance(parameters, dict) else parameters
    return [str(value) for value in values] if isinstance(values, list) else []
