"""Web orders become sales: one in each shop, the stock of the others, and a refund."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from typing import Any

from local.demo.checkouts import BigCommerce, Bought, Checkout, Magento, Shopify, WooCommerce, checkouts
from local.demo.four_shops import LOOK_SECONDS, WIDTH
from local.demo.fronts import Front
from local.demo.goods import Article
from local.demo.opening import Opening
from local.demo.stage import TITLES
from local.demo.story import ARRIVAL_SECONDS, MERCHANT, Story

SELLER = "1"
"""The till's owner; a till proposes nobody in whose name to sell, unless the name speaks of the web."""


@dataclass(frozen=True, slots=True)
class Order:
    """What one shopper has bought in one shop."""

    checkout: Checkout
    article: Article
    bought: Bought


@dataclass(slots=True)
class Seen:
    """After how many seconds what was seen: a sale's number at its order, by its shop; fewer units, by shop and SKU."""

    tickets: dict[str, tuple[str, float]]
    fewer: dict[tuple[str, str], float]


@dataclass(frozen=True, slots=True)
class WebOrders:
    """Has orders imported, buys in each shop, and gives one thing back."""

    story: Story
    fronts: Sequence[Front]
    checkouts: tuple[WooCommerce, Shopify, BigCommerce, Magento]

    @classmethod
    def of(cls, story: Story, fronts: Sequence[Front]) -> "WebOrders":
        """Find the shops of the stage."""
        return cls(story, fronts, checkouts(story.stage))

    def turn_on(self) -> int:
        """Choose who sells, have the till propose the rest, and allow it at the till; gives the location that sells."""
        story, settings = self.story, ("merchant", "settings", MERCHANT)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        story.stage.tillbridge(*settings, f"orders_since={now}", f"orders_employee={SELLER}", live=True)
        story.say("\nSelling takes a right that stock does not, so the merchant approves once more at the till.")
        Opening(story).connect_till()
        told = story.stage.answer(*settings, f"orders_employee={SELLER}")
        missing = " ".join(told["missing"])
        story.hold(not missing, "whatever else a sale needs was proposed, and fits the till", missing)
        chosen = {one["name"]: one["value"] for one in told["settings"]}
        return int(dict(pair.split(":") for pair in chosen["orders_locations"].split(","))["*"])

    def buy(self, articles: Sequence[Article]) -> Sequence[Order]:
        """Buy another article in each shop; hold that each becomes a sale, and the other shops show one less."""
        story, began = self.story, time.monotonic()
        story.say("\nA shopper buys in each of the four shops, in the same second.")
        doors: Sequence[Checkout] = self.checkouts
        orders = [
            Order(checkout, article, checkout.buy(article.sku))
            for checkout, article in zip(doors, articles, strict=True)
        ]
        story.say("Three shops tell of it. Magento does not; it is asked every five minutes, and here at once.")
        story.stage.tillbridge("sync", "--merchant", MERCHANT, "--lane", "stock")
        seen = self._watch(orders, began)
        self._show_fewer(orders, seen)
        self._show_sales(orders, seen)
        self._are_done(orders)
        return orders

    def give_back(self, orders: Sequence[Order]) -> None:
        """Refund what was bought in Shopify: it is given back at the till, and on sale again everywhere."""
        story, shopify = self.story, self.checkouts[1]
        order = next(one for one in orders if one.checkout.system == shopify.system)
        article = order.article
        story.say(f"\nThe shopper of {order.bought.number} sends {article} back; Shopify refunds and restocks it.")
        shopify.give_back(order.bought, article.sku)
        total = -order.bought.total
        story.arrives(f"the till has given it back, {total:.2f},", lambda: self._given_back(order), [total])
        for front in self.fronts:
            what = f"{TITLES[front.system]} shows {article.shown} again"
            story.arrives(what, partial(front.quantities, [article.sku]), {article.sku: article.shown})
        story.stage.tillbridge("order", "show", order.bought.number, "--merchant", MERCHANT, live=True)

    def _watch(self, orders: Sequence[Order], began: float) -> Seen:
        """Look again and again until everything is seen that is expected, or it takes too long."""
        seen = Seen({}, {})
        while time.monotonic() - began < ARRIVAL_SECONDS:
            for order in orders:
                system = order.checkout.system
                if system not in seen.tickets and (ticket := order.checkout.noted(order.bought)):
                    seen.tickets[system] = ticket, time.monotonic() - began
            for front in self.fronts:
                for sku in _fewer(front, orders, seen):
                    seen.fewer[front.system, sku] = time.monotonic() - began
            if len(seen.tickets) == len(orders) and len(seen.fewer) == len(orders) * (len(self.fronts) - 1):
                break
            time.sleep(LOOK_SECONDS)
        return seen

    def _show_fewer(self, orders: Sequence[Order], seen: Seen) -> None:
        story, late = self.story, list[str]()
        story.say("\n" + _line("seconds until", "shown", *(TITLES[front.system] for front in self.fronts)))
        for order in orders:
            sku, cells = order.article.sku, list[str]()
            for front in self.fronts:
                if front.system == order.checkout.system:
                    cells.append("bought here")
                elif seconds := seen.fewer.get((front.system, sku)):
                    cells.append(f"{seconds:.1f}")
                else:
                    cells.append("-")
                    late.append(f"{sku} in {TITLES[front.system]}")
            story.say(_line(sku, order.article.shown - 1, *cells))
        what = "what one shop has sold, the other three show one less of"
        story.hold(not late, what, f"not {', '.join(late)} within {ARRIVAL_SECONDS:.0f} s")

    def _show_sales(self, orders: Sequence[Order], seen: Seen) -> None:
        """Hold each order against the till's sales: exactly one is its own, and comes to as much."""
        story, sales, wrong = self.story, self.story.stage.till_sales(), list[str]()
        story.say("\n" + _line("shop", "order", "total", "sale", "total", "difference", "noted after"))
        for order in orders:
            system, bought = order.checkout.system, order.bought
            ticket, seconds = seen.tickets.get(system, ("-", 0.0))
            found = [sale for sale in sales if sale["ticketNumber"] == ticket]
            total = Decimal(found[0]["total"]) if found else Decimal(0)
            difference = total - bought.total
            amounts = [f"{amount:.2f}" for amount in (bought.total, total, difference)]
            story.say(_line(TITLES[system], bought.number, amounts[0], ticket, *amounts[1:], f"{seconds:.1f} s"))
            if difference or _booked(sales, order) != found:
                wrong.append(f"{bought.number} of {TITLES[system]}")
        story.hold(not wrong, "each order is one sale, to the cent, whose number it shows", f"not {', '.join(wrong)}")

    def _are_done(self, orders: Sequence[Order]) -> None:
        """Hold that the till's figures contain the sales, so that nothing is kept off sale for them any more."""
        story, listed = self.story, ("orders", "--merchant", MERCHANT, "--state", "done")
        wanted = {(order.checkout.system, order.bought.number) for order in orders}

        def done() -> int:
            rows = story.stage.answer(*listed, quietly=True)
            return len(wanted & {(row["system"], row["number"]) for row in rows})

        story.arrives(f"all {len(wanted)} orders are done", done, len(wanted))
        story.stage.tillbridge(*listed, live=True)

    def _given_back(self, order: Order) -> Sequence[Decimal]:
        refunds = _booked(self.story.stage.till_sales(), order, refunds=True)
        units = [line["unitQuantity"] for sale in refunds for line in sale["lines"] if int(line["itemID"])]
        return [Decimal(sale["total"]) for sale in refunds] if units == [-1] else []


def _fewer(front: Front, orders: Sequence[Order], seen: Seen) -> Iterator[str]:
    """Name what one of the other shops has sold, and this one newly shows one less of."""
    wanted = {
        order.article.sku: order.article.shown - 1
        for order in orders
        if order.checkout.system != front.system and (front.system, order.article.sku) not in seen.fewer
    }
    shown = front.quantities(list(wanted)) if wanted else {}
    yield from (sku for sku, figure in wanted.items() if shown.get(sku) == figure)


def _booked(sales: Iterable[Mapping[str, Any]], order: Order, *, refunds: bool = False) -> Sequence[Mapping[str, Any]]:
    """Find the completed sales of an order, or its refunds, by the references that are written for people."""
    of_order = [
        sale
        for sale in sales
        if sale["completed"]
        and not sale["voided"]
        and sale["referenceNumberSource"].partition(":")[0] == order.checkout.system
        and sale["referenceNumber"].partition("/")[0] == order.bought.number
    ]
    return [sale for sale in of_order if ("/R" in sale["referenceNumber"]) is refunds]


def _line(first: str, *cells: object) -> str:
    return f"{first:<{WIDTH}}" + "".join(f"{cell!s:>{WIDTH}}" for cell in cells)
