"""Money of orders: in the shop's currency and in the shopper's."""

from decimal import Decimal

from sandbox.shopify.sales.model import Order, Tax, cents
from sandbox.shopify.shop import Shop


def bag(order: Order, amount: Decimal) -> dict[str, object]:
    """Write an amount in both currencies."""
    return {
        "shopMoney": {"amount": cents(amount), "currencyCode": order.currency_code},
        "presentmentMoney": {"amount": cents(amount * order.rate), "currencyCode": order.presentment_currency_code},
    }


def tax_lines(order: Order, taxes: tuple[Tax, ...]) -> list[dict[str, object]]:
    return [
        {
            "title": tax.title,
            "rate": float(tax.rate),
            "ratePercentage": float(tax.rate * 100),
            "priceSet": bag(order, tax.amount),
            "source": "shopify",
            "channelLiable": False,
        }
        for tax in taxes
    ]


def tax_on(shop: Shop, amount: Decimal) -> tuple[Tax, ...]:
    """Reckon the tax on or in an amount."""
    percent = shop.settings.tax_percent
    if not percent:
        return ()
    rate = percent / 100
    part = amount * rate / (1 + rate) if shop.settings.taxes_included else amount * rate
    return (Tax("Tax", rate, cents(part)),)
